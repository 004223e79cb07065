/* Which public keys are taken: both edges of each rule. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/err.h>

#include "lib/edwards.h"
#include "lib/hex.h"
#include "lib/pubkey.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static bool
taken(uint8_t algorithm, const uint8_t *key, size_t len)
{
	struct error e = ERROR_INIT;
	struct verifier *v = NULL;
	int rc = verifier_new(&v, algorithm, key, len, &e);

	assert_int_equal(ERR_peek_error(), 0);
	assert_int_equal(rc == 0, v != NULL);
	assert_int_equal(rc == 0, e.status == STATUS_OK);
	assert_int_equal(rc == 0, e.text[0] == '\0');
	verifier_free(v);
	return rc == 0;
}

/* A modulus: its first octet, zeros, its last octet. */
static const struct {
	const char *exponent; /* hexadecimal, with its length */
	size_t octets;
	uint8_t first, last;
	bool ok;
} rsa_keys[] = {
    /* 511, 512, 4096, 4097 bits */
    {"03010001", 64, 0x7f, 1, false},
    {"03010001", 64, 0x80, 1, true},
    {"03010001", 512, 0xff, 1, true},
    {"03010001", 513, 0x01, 1, false},
    {"03010001", 600, 0xff, 1, false},
    {"03010001", 65, 0x01, 1, true},
    /* even, leading zero, no modulus */
    {"03010001", 256, 0x80, 2, false},
    {"03010001", 256, 0x00, 1, false},
    {"03010001", 0, 0, 0, false},
    {"03010001", 1, 0x80, 0x81, false},
    /* exponents: 0, 1, 2, 3, 4, of 35 bits, of 36, of 64 */
    {"0100", 256, 0x80, 1, false},
    {"0101", 256, 0x80, 1, false},
    {"0102", 256, 0x80, 1, false},
    {"0103", 256, 0x80, 1, true},
    {"0104", 256, 0x80, 1, false},
    {"020010", 256, 0x80, 1, false},
    {"0507ffffffff", 256, 0x80, 1, true},
    {"0507fffffffe", 256, 0x80, 1, false},
    {"050800000001", 256, 0x80, 1, false},
    {"05ffffffffff", 256, 0x80, 1, false},
    {"06010000000001", 256, 0x80, 1, false},
    {"08ffffffffffffffff", 256, 0x80, 1, false},
    {"020003", 256, 0x80, 1, false},
    /* the length of the exponent: none, in three octets, beyond the end */
    {"00", 256, 0x80, 1, false},
    {"000003010001", 256, 0x80, 1, false},
    {"", 0, 0, 0, false},
    {"03", 0, 0, 0, false},
    {"0301", 0, 0, 0, false},
    {"030100", 0, 0, 0, false},
    {"ff01", 100, 0x80, 1, false},
};

static void
rsa(void **state)
{
	static const uint8_t algorithms[] = {5, 7, 8, 10};

	(void)state;
	for (size_t i = 0; i < COUNT(rsa_keys) * COUNT(algorithms); i++) {
		size_t row = i / COUNT(algorithms);
		size_t len = rsa_keys[row].octets;
		struct buf key = BUF_INIT;

		assert_int_equal(hex_decode(&key, rsa_keys[row].exponent), 0);
		if (len > 0) {
			memset(buf_room(&key, len), 0, len);
			key.data[key.len + len - 1] = rsa_keys[row].last;
			key.data[key.len] = rsa_keys[row].first;
			key.len += len;
		}
		if (taken(algorithms[i % COUNT(algorithms)], key.data,
			key.len) != rsa_keys[row].ok)
			fail_msg("row %zu", row);
		buf_free(&key);
	}
}

static void
rsa_numbers(void **state)
{
	uint8_t key[6 + 128] = {5, 0x06, 0xdc, 0xba, 0x98, 0x77, 0x01};
	struct error e = ERROR_INIT;
	struct verifier *v;

	(void)state;
	key[sizeof key - 1] = 1;
	assert_int_equal(verifier_new(&v, 8, key, sizeof key, &e), 0);
	assert_true(verifier_exponent(v) == UINT64_C(0x06dcba9877));
	assert_int_equal(verifier_bits(v), 1017);
	verifier_free(v);
}

/* The keys of RFC 6605 6.1 and 6.2. */
static const char p256[] =
    "1a88c88615d437fbb8bf9e1942a1929f28562706ae6c2bd399e7b1bfb6d1e9e7"
    "5b92b4aa42917ae1c61b701ef035c3fe7be3009cbafe5a2f71316c902dcf0d00";
static const char p384[] =
    "c4a61a36159d18e7c9fa73eb2fcfdaae4c1fd8463730327e484aca8af0554ae9"
    "b5c3f7a0b17bd2003b4d261c9e9b94423a9810e8af17d43452124adb610f8e07"
    "ebfcfee5f8e4d07063cae9eb917a1a5babf08fe695536017a5bfa93237ee6e34";

static void
point(uint8_t algorithm, const char *hex)
{
	struct buf key = BUF_INIT;
	size_t len;

	assert_int_equal(hex_decode(&key, hex), 0);
	len = key.len;
	assert_true(taken(algorithm, key.data, len));
	for (size_t bit = 0; bit < len * 8; bit += 3) {
		key.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (taken(algorithm, key.data, len))
			fail_msg("bit %zu flipped", bit);
		key.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_false(taken(algorithm, key.data, len - 1));
	assert_false(taken(algorithm, key.data, 0));
	buf_u8(&key, 0);
	assert_false(taken(algorithm, key.data, len + 1));
	memset(key.data, 0, len);
	assert_false(taken(algorithm, key.data, len));
	memset(key.data, 0xff, len);
	assert_false(taken(algorithm, key.data, len));
	buf_free(&key);
}

static void
ecdsa(void **state)
{
	(void)state;
	point(13, p256);
	point(14, p384);
}

/*
 * RFC 8032 section 5.1.3: the first octet of y, all others the same, and the
 * last; y = 2 has no x, and 1 and p - 1 have x = 0, which has no sign.
 */
static const struct {
	uint8_t algorithm;
	size_t len;
	uint8_t first, middle, last;
	bool ok;
} edwards[] = {
    {15, 32, 0, 0, 0, true},
    {15, 32, 0, 0, 0x80, true},
    {15, 32, 1, 0, 0, true},
    {15, 32, 1, 0, 0x80, false},
    {15, 32, 2, 0, 0, false},
    {15, 32, 2, 0, 0x80, false},
    {15, 32, 3, 0, 0, true},
    {15, 32, 3, 0, 0x80, true},
    {15, 32, 7, 0, 0, false},
    {15, 32, 0xec, 0xff, 0x7f, true},
    {15, 32, 0xec, 0xff, 0xff, false},
    {15, 32, 0xed, 0xff, 0x7f, false},
    {15, 32, 0xf0, 0xff, 0x7f, false},
    {15, 32, 0xff, 0xff, 0xff, false},
    {15, 31, 3, 0, 0, false},
    {15, 33, 3, 0, 0, false},
    {16, 57, 0, 0, 0, true},
    {16, 57, 0, 0, 0x80, true},
    {16, 57, 1, 0, 0, true},
    {16, 57, 1, 0, 0x80, false},
    {16, 57, 2, 0, 0, false},
    {16, 57, 6, 0, 0x80, false},
    {16, 57, 5, 0, 0x80, true},
    {16, 57, 5, 0, 1, false},
    {16, 57, 0xff, 0xff, 0, false},
    {16, 57, 0xff, 0xff, 0xff, false},
    {16, 56, 5, 0, 0, false},
    {16, 58, 5, 0, 0, false},
};

static void
eddsa(void **state)
{
	uint8_t key[64];

	(void)state;
	for (size_t i = 0; i < COUNT(edwards); i++) {
		size_t len = edwards[i].len;

		memset(key, edwards[i].middle, sizeof key);
		key[0] = edwards[i].first;
		key[len - 1] = edwards[i].last;
		if (taken(edwards[i].algorithm, key, len) != edwards[i].ok)
			fail_msg("row %zu", i);
		if (edwards_point_valid(key, len) != edwards[i].ok)
			fail_msg("point of row %zu", i);
	}
}

/* p - 1 and p of edwards448, whose middle is not all the same. */
static void
ed448_prime(void **state)
{
	uint8_t y[57];

	(void)state;
	memset(y, 0xff, 56);
	y[28] = 0xfe;
	y[56] = 0;
	assert_false(edwards_point_valid(y, sizeof y));
	y[0] = 0xfe;
	assert_true(edwards_point_valid(y, sizeof y));
	y[56] = 0x80;
	assert_false(edwards_point_valid(y, sizeof y));
}

static void
unknown(void **state)
{
	struct buf key = BUF_INIT;

	(void)state;
	assert_int_equal(hex_decode(&key, p256), 0);
	for (unsigned n = 0; n <= 255; n++)
		if (n != 13 && taken((uint8_t)n, key.data, key.len))
			fail_msg("algorithm %u", n);
	verifier_free(NULL);
	buf_free(&key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rsa),
	    cmocka_unit_test(rsa_numbers),
	    cmocka_unit_test(ecdsa),
	    cmocka_unit_test(eddsa),
	    cmocka_unit_test(ed448_prime),
	    cmocka_unit_test(unknown),
	};

	return cmocka_run_group_tests_name("verifier", tests, NULL, NULL);
}
