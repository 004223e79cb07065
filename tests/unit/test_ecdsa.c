#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/hex.h"
#include "lib/pubkey.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* With half = 2. */
static const struct {
	const char *raw, *der;
} pairs[] = {
    {"00010002", "3006020101020102"},
    {"007f0080", "300702017f02020080"},
    {"00ff0100", "3008020200ff02020100"},
    {"7fff8000", "300902027fff0203008000"},
    {"ffffffff", "300a020300ffff020300ffff"},
    {"00000000", "3006020100020100"},
};

static void
both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct buf raw = BUF_INIT, der = BUF_INIT;
		uint8_t out[2 * 2 + 9];

		assert_int_equal(hex_decode(&raw, pairs[i].raw), 0);
		assert_int_equal(hex_decode(&der, pairs[i].der), 0);
		assert_int_equal(ecdsa_raw_to_der(raw.data, 2, out), der.len);
		assert_memory_equal(out, der.data, der.len);
		memset(out, 0x55, sizeof out);
		assert_int_equal(
		    ecdsa_der_to_raw(der.data, der.len, 2, out), 0);
		assert_memory_equal(out, raw.data, 4);
		assert_int_equal(out[4], 0x55);
		/* Cut anywhere, or longer than it says. */
		for (size_t n = 0; n < der.len; n++)
			assert_int_equal(
			    ecdsa_der_to_raw(der.data, n, 2, out), -1);
		buf_u8(&der, 0);
		assert_int_equal(
		    ecdsa_der_to_raw(der.data, der.len, 2, out), -1);
		buf_free(&raw);
		buf_free(&der);
	}
}

/* The longest form for each size in use, P-521 included. */
static void
sizes(void **state)
{
	static const size_t halves[] = {32, 48, 66};
	uint8_t raw[2 * 66], back[2 * 66], der[2 * 66 + 9];

	(void)state;
	memset(raw, 0xfe, sizeof raw);
	for (size_t i = 0; i < COUNT(halves); i++) {
		size_t half = halves[i];
		size_t len = ecdsa_raw_to_der(raw, half, der);

		assert_int_equal(len, 2 * half + (half < 60 ? 8 : 9));
		assert_int_equal(ecdsa_der_to_raw(der, len, half, back), 0);
		assert_memory_equal(back, raw, 2 * half);
		assert_int_equal(
		    ecdsa_der_to_raw(der, len, half - 1, back), -1);
	}
}

/* DER has one form for each value (X.690 sections 8.3.2 and 10.1). */
static void
not_der(void **state)
{
	static const char *const rows[] = {
	    "",
	    "30",
	    "3000",
	    "3003020101",
	    "3106020101020102", /* not a SEQUENCE */
	    "3006030101020102", /* not an INTEGER */
	    "3006020101030102",
	    "30050200020102",	/* of no octets */
	    "3006020181020102", /* negative */
	    "3006020101020180",
	    "300702020001020102", /* zeros in front */
	    "300702010102020002",
	    "30080203010001020102", /* too long */
	    "300802010102030100ff",
	    "3009020101020102020103", /* a third one */
	    "308106020101020102",     /* length not in the shortest form */
	    "30820006020101020102",
	    "300702810101020102",
	    "30800201010201020000", /* indefinite */
	    "3006020101020302",	    /* beyond the end */
	    "3006020601020102",
	    "3007020101020102",
	    "3081",
	    "3081ff",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf der = BUF_INIT;
		uint8_t out[4];

		buf_room(&der, 1);
		assert_int_equal(hex_decode(&der, rows[i]), 0);
		if (ecdsa_der_to_raw(der.data, der.len, 2, out) != -1)
			fail_msg("accepted: %s", rows[i]);
		buf_free(&der);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_ways),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(not_der),
	};

	return cmocka_run_group_tests_name("ecdsa", tests, NULL, NULL);
}
