#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <strings.h>

#include "lib/words.h"

/*
 * The example of the list's own documentation, a PGP fingerprint.
 */
static void
fingerprint(void **state)
{
	static const uint8_t octets[] = {0xe5, 0x82, 0x94, 0xf2, 0xe9, 0xa2,
	    0x27, 0x48, 0x6e, 0x8b, 0x06, 0x1b, 0x31, 0xcc, 0x52, 0x8f, 0xd7,
	    0xfa, 0x3f, 0x19};
	struct buf b = BUF_INIT;

	(void)state;
	words_add(&b, octets, sizeof octets);
	assert_string_equal(buf_cstr(&b),
	    "topmost Istanbul Pluto vagabond treadmill Pacific brackish "
	    "dictator goldfish Medusa afflict bravado chatter revolver "
	    "Dupont midsummer stopwatch whimsical cowbell bottomless");
	buf_clear(&b);
	words_add(&b, octets, 1);
	words_add(&b, octets, 0);
	assert_string_equal(buf_cstr(&b), "topmost");
	buf_free(&b);
}

static void
known(void **state)
{
	static const struct {
		uint8_t octet;
		const char *even, *odd;
	} rows[] = {{0x00, "aardvark", "adroitness"},
	    {0x09, "Algol", "applicant"}, {0x0a, "allow", "Apollo"},
	    {0x1f, "billiard", "businessman"}, {0x20, "bison", "butterfat"},
	    {0x7f, "lockup", "integrate"}, {0x80, "merit", "intention"},
	    {0x96, "prefer", "monument"}, {0xc8, "spaniel", "retrieval"},
	    {0xff, "Zulu", "Yucatan"}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_string_equal(words_of(rows[i].octet, 0), rows[i].even);
		assert_string_equal(words_of(rows[i].octet, 1), rows[i].odd);
		assert_string_equal(words_of(rows[i].octet, 62), rows[i].even);
		assert_string_equal(words_of(rows[i].octet, 63), rows[i].odd);
	}
}

/*
 * 512 distinct words, sorted but for "applicant Apollo", which the list has
 * in this order; and each word leads back to its octet, in its place only.
 */
static void
lists(void **state)
{
	(void)state;
	for (size_t list = 0; list < 2; list++)
		for (int i = 0; i < 256; i++) {
			const char *w = words_of((uint8_t)i, list);

			assert_in_range(strlen(w), 4, 11);
			assert_int_equal(words_octet(w, list), i);
			assert_int_equal(words_octet(w, list + 1), -1);
			if (i > 0 && !(list == 1 && i == 0x0a))
				assert_true(
				    strcasecmp(w,
					words_of((uint8_t)(i - 1), list)) > 0);
		}
}

static void
read_back(void **state)
{
	(void)state;
	assert_int_equal(words_octet("ZULU", 0), 255);
	assert_int_equal(words_octet("zulu", 2), 255);
	assert_int_equal(words_octet("apollo", 1), 0x0a);
	assert_int_equal(words_octet("", 0), -1);
	assert_int_equal(words_octet("zul", 0), -1);
	assert_int_equal(words_octet("zulus", 0), -1);
	assert_int_equal(words_octet("aardvark ", 0), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fingerprint),
	    cmocka_unit_test(known),
	    cmocka_unit_test(lists),
	    cmocka_unit_test(read_back),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
