#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "keytool/name.h"
#include "ldns_types.h"

static size_t
parse(uint8_t wire[NAME_MAX_WIRE], const char *text)
{
	struct error e = ERROR_INIT;
	size_t len;

	if (name_parse(wire, &len, text, &e) == -1)
		fail_msg("%s", e.text);
	return len;
}

static void
refuse(const char *text, const char *reason)
{
	struct error e = ERROR_INIT;
	uint8_t wire[NAME_MAX_WIRE];
	size_t len;

	assert_int_equal(name_parse(wire, &len, text, &e), -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	if (strstr(e.text, reason) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", e.text, reason);
}

static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		const char *wire;
		size_t len;
	} t[] = {
	    {".", "\0", 1},
	    {"se.", "\2se\0", 4},
	    {"se", "\2se\0", 4},
	    {"Example.COM.", "\7example\3com\0", 13},
	    {"a\\.b.c.", "\3a.b\1c\0", 7},
	    {"\\065\\090.", "\2az\0", 4},
	    {"\\000\\255.", "\2\0\377\0", 4},
	    {"\\\\.", "\1\\\0", 3},
	    {"*.x.", "\1*\1x\0", 5},
	    {"\\@.", "\1@\0", 3},
	};
	uint8_t wire[NAME_MAX_WIRE];

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		assert_int_equal(parse(wire, t[i].text), t[i].len);
		assert_memory_equal(wire, t[i].wire, t[i].len);
	}
}

static void
test_parse_refuses(void **state)
{
	(void)state;
	refuse("", "empty");
	refuse("..", "empty label");
	refuse(".com.", "empty label");
	refuse("a..b.", "empty label");
	refuse("a.b..", "empty label");
	refuse("\\", "bad escape");
	refuse("a\\1.", "bad escape");
	refuse("a\\12", "bad escape");
	refuse("a\\256.", "bad escape");
	refuse("a b.", "must be escaped");
	refuse("a\tb.", "must be escaped");
	refuse("a;b.", "must be escaped");
	refuse("b\xc3\xbc.", "must be escaped");
}

/* 63 octets in a label pass and 64 do not; 255 in a name, 256 not. */
static void
test_parse_edges(void **state)
{
	char text[512];
	uint8_t wire[NAME_MAX_WIRE];

	(void)state;
	memset(text, 'a', sizeof text);
	text[63] = '\0';
	assert_int_equal(parse(wire, text), 65);
	text[63] = 'a';
	text[64] = '\0';
	refuse(text, "63");

	memset(text, 'a', sizeof text);
	text[63] = text[127] = text[191] = '.';
	text[191 + 62] = '\0';
	assert_int_equal(parse(wire, text), 255);
	assert_int_equal(name_check(wire, sizeof wire), 255);
	assert_int_equal(name_len(wire), 255);
	text[191 + 62] = 'a';
	text[191 + 63] = '\0';
	refuse(text, "255");

	for (int i = 0; i < 127; i++)
		memcpy(text + 2 * i, "a.", 3);
	assert_int_equal(parse(wire, text), 255);
	assert_int_equal(name_labels(wire), 127);
	memcpy(text + 2 * 127, "a.", 3);
	refuse(text, "255");
}

static void
test_text(void **state)
{
	static const struct {
		const char *in, *out;
	} t[] = {
	    {".", "."},
	    {"Se", "se."},
	    {"a\\.b\\;\\(\\)\\\"\\@\\$\\\\.c",
		"a\\.b\\;\\(\\)\\\"\\@\\$\\\\.c."},
	    {"\\000\\032\\127\\255", "\\000\\032\\127\\255."},
	    {"!#~_-", "!#~_-."},
	};
	struct buf b = BUF_INIT;
	uint8_t wire[NAME_MAX_WIRE];
	char text[NAME_MAX_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		parse(wire, t[i].in);
		assert_string_equal(name_text(text, wire), t[i].out);
		buf_clear(&b);
		name_add_text(&b, wire);
		assert_string_equal(buf_cstr(&b), t[i].out);
	}
	buf_free(&b);
}

/* The longest text there is: every octet needs four characters. */
static void
test_text_longest(void **state)
{
	uint8_t wire[NAME_MAX_WIRE] = {0};
	char text[NAME_MAX_TEXT];

	(void)state;
	wire[0] = wire[64] = wire[128] = 63;
	wire[192] = 61;
	assert_int_equal(name_check(wire, sizeof wire), 255);
	assert_int_equal(strlen(name_text(text, wire)), 250 * 4 + 4);
}

static void
test_check(void **state)
{
	uint8_t wire[300];

	(void)state;
	assert_int_equal(name_check((const uint8_t *)"\0", 1), 1);
	assert_int_equal(name_check((const uint8_t *)"\0", 0), 0);
	assert_int_equal(name_check((const uint8_t *)"\2se\0", 4), 4);
	assert_int_equal(name_check((const uint8_t *)"\2se\0", 3), 0);
	assert_int_equal(name_check((const uint8_t *)"\2se\0", 2), 0);
	assert_int_equal(name_check((const uint8_t *)"\300\14", 2), 0);
	memset(wire, 0, sizeof wire);
	wire[0] = 63;
	assert_int_equal(name_check(wire, sizeof wire), 65);
	wire[0] = 64;
	assert_int_equal(name_check(wire, sizeof wire), 0);
	for (size_t i = 0; i < 256; i += 2)
		wire[i] = 1;
	assert_int_equal(name_check(wire, sizeof wire), 0);
	wire[254] = 0;
	assert_int_equal(name_check(wire, sizeof wire), 255);
}

static void
test_labels(void **state)
{
	uint8_t wire[NAME_MAX_WIRE];

	(void)state;
	parse(wire, ".");
	assert_int_equal(name_labels(wire), 0);
	assert_int_equal(name_labels_rrsig(wire), 0);
	parse(wire, "*.a.b.");
	assert_int_equal(name_labels(wire), 3);
	assert_int_equal(name_labels_rrsig(wire), 2);
	parse(wire, "a.*.b.");
	assert_int_equal(name_labels_rrsig(wire), 3);
	parse(wire, "**.b.");
	assert_int_equal(name_labels_rrsig(wire), 2);
}

static void
test_equal(void **state)
{
	const uint8_t *a = (const uint8_t *)"\3a[z\3COM\0";
	const uint8_t *b = (const uint8_t *)"\3A[Z\3com\0";

	(void)state;
	assert_true(name_equal(a, b));
	assert_true(name_equal(a, a));
	/* '[' and '{' differ by 32, as letters of two cases do. */
	assert_false(name_equal(a, (const uint8_t *)"\3a{z\3com\0"));
	assert_false(name_equal(a, (const uint8_t *)"\3a[z\2co\0"));
	assert_false(name_equal(a, (const uint8_t *)"\3a[z\3coo\0"));
	assert_false(name_equal(a, (const uint8_t *)"\0"));
	/* The same octets, cut into labels in another way. */
	assert_false(name_equal((const uint8_t *)"\3a\1b\0",
	    (const uint8_t *)"\1a\1b\0"));
}

static void
test_lower(void **state)
{
	uint8_t all[256];

	(void)state;
	for (unsigned i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	name_lower(all, sizeof all);
	for (unsigned i = 0; i < 256; i++)
		assert_int_equal(all[i],
		    i >= 'A' && i <= 'Z' ? i + 'a' - 'A' : i);
}

/* RFC 4034 section 6.1, in its order. */
static void
test_order_of_rfc(void **state)
{
	static const char *const name[] = {"example", "a.example",
	    "yljkjljk.a.example", "Z.a.example", "zABC.a.EXAMPLE", "z.example",
	    "\\001.z.example", "*.z.example", "\\200.z.example"};
	uint8_t wire[NAME_MAX_WIRE], a[NAME_MAX_KEY], b[NAME_MAX_KEY];
	size_t alen = 0, blen;

	(void)state;
	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		parse(wire, name[i]);
		blen = name_key(b, wire);
		if (i > 0)
			assert_true(name_key_compare(a, alen, b, blen) < 0);
		memcpy(a, b, blen);
		alen = blen;
	}
}

static uint64_t seed = 20260101;

static unsigned
draw(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

/* Labels few and alike, of the octets where an order goes wrong. */
static size_t
draw_name(uint8_t *wire)
{
	static const uint8_t octet[] = {0, 1, 2, 'a', 'B', 'b', 254, 255};
	size_t at = 0;

	for (unsigned labels = draw(5); labels > 0; labels--) {
		uint8_t n = (uint8_t)(1 + draw(3));

		wire[at++] = n;
		while (n-- > 0)
			wire[at++] = octet[draw(sizeof octet)];
	}
	wire[at++] = 0;
	return at;
}

static int
sign(int v)
{
	return (v > 0) - (v < 0);
}

static void
compare_pair(uint8_t *aw, size_t an, uint8_t *bw, size_t bn)
{
	uint8_t a[NAME_MAX_KEY], b[NAME_MAX_KEY];
	ldns_rdf *ra, *rb;
	size_t alen, blen;

	name_lower(aw, an);
	name_lower(bw, bn);
	alen = name_key(a, aw);
	blen = name_key(b, bw);
	ra = ldns_dname_new_frm_data((uint16_t)an, aw);
	rb = ldns_dname_new_frm_data((uint16_t)bn, bw);
	assert_int_equal(sign(name_key_compare(a, alen, b, blen)),
	    sign(ldns_dname_compare(ra, rb)));
	/* ldns calls only what is strictly below a subdomain. */
	assert_int_equal(name_key_below(a, alen, b, blen),
	    name_equal(aw, bw) || ldns_dname_is_subdomain(ra, rb));
	ldns_rdf_deep_free(ra);
	ldns_rdf_deep_free(rb);
}

static void
test_order_random(void **state)
{
	uint8_t aw[NAME_MAX_WIRE], bw[NAME_MAX_WIRE];

	(void)state;
	for (int i = 0; i < 50000; i++) {
		size_t an = draw_name(aw), bn = draw_name(bw);

		if (draw(3) == 0) { /* b is a, or what a lies below */
			size_t cut = 0;

			for (unsigned n = draw(3); n > 0 && aw[cut]; n--)
				cut += aw[cut] + 1U;
			memcpy(bw, aw + cut, an - cut);
			bn = an - cut;
		}
		compare_pair(aw, an, bw, bn);
	}
}

/* Text and back gives the same octets, and ldns reads the text alike. */
static void
test_text_round(void **state)
{
	uint8_t wire[NAME_MAX_WIRE], back[NAME_MAX_WIRE];
	char text[NAME_MAX_TEXT];
	ldns_rdf *r;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		size_t n = draw_name(wire);

		name_lower(wire, n);
		assert_int_equal(name_check(wire, sizeof wire), n);
		assert_int_equal(parse(back, name_text(text, wire)), n);
		assert_memory_equal(back, wire, n);
		assert_int_equal(ldns_str2rdf_dname(&r, text), LDNS_STATUS_OK);
		assert_int_equal(ldns_rdf_size(r), n);
		assert_memory_equal(ldns_rdf_data(r), wire, n);
		ldns_rdf_deep_free(r);
	}
}

/* The longest key: every octet of the longest name needs two. */
static void
test_key_longest(void **state)
{
	uint8_t wire[NAME_MAX_WIRE] = {0}, key[NAME_MAX_KEY];

	(void)state;
	wire[0] = wire[64] = wire[128] = 63;
	wire[192] = 61;
	assert_int_equal(name_key(key, wire), 2 * 250 + 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_parse_refuses),
	    cmocka_unit_test(test_parse_edges),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_text_longest),
	    cmocka_unit_test(test_check),
	    cmocka_unit_test(test_labels),
	    cmocka_unit_test(test_equal),
	    cmocka_unit_test(test_lower),
	    cmocka_unit_test(test_order_of_rfc),
	    cmocka_unit_test(test_order_random),
	    cmocka_unit_test(test_text_round),
	    cmocka_unit_test(test_key_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
