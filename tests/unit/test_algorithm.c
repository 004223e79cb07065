#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/algorithm.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
	uint8_t number;
	const char *name;
	const char *digest;
	size_t signature, key;
	bool signs, deterministic;
} rows[] = {
    {5, "RSASHA1", "SHA1", 0, 0, false, true},
    {7, "RSASHA1-NSEC3-SHA1", "SHA1", 0, 0, false, true},
    {8, "RSASHA256", "SHA256", 0, 0, true, true},
    {10, "RSASHA512", "SHA512", 0, 0, true, true},
    {13, "ECDSAP256SHA256", "SHA256", 64, 64, true, false},
    {14, "ECDSAP384SHA384", "SHA384", 96, 96, true, false},
    {15, "ED25519", NULL, 64, 32, true, true},
    {16, "ED448", NULL, 114, 57, false, true},
};

static void
table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct algorithm *a = algorithm_by_number(rows[i].number);

		assert_non_null(a);
		assert_ptr_equal(a, algorithm_by_name(rows[i].name));
		assert_int_equal(a->number, rows[i].number);
		assert_string_equal(a->name, rows[i].name);
		assert_int_equal(a->signature, rows[i].signature);
		assert_int_equal(a->key, rows[i].key);
		assert_int_equal(a->signs, rows[i].signs);
		assert_int_equal(a->deterministic, rows[i].deterministic);
		assert_int_equal(a->curve == NULL, a->family == FAMILY_RSA);
		assert_true(a->signature <= SIGNATURE_MAX);
		if (rows[i].digest != NULL)
			assert_string_equal(a->digest, rows[i].digest);
		else
			assert_null(a->digest);
	}
}

/* Nothing else is known: not DSA, not GOST, not the private ones. */
static void
unknown(void **state)
{
	size_t known = 0;

	(void)state;
	for (unsigned n = 0; n <= 255; n++)
		known += algorithm_by_number((uint8_t)n) != NULL;
	assert_int_equal(known, COUNT(rows));
	assert_null(algorithm_by_number(0));
	assert_null(algorithm_by_number(6));
	assert_null(algorithm_by_number(12));
	assert_null(algorithm_by_number(253));
	assert_null(algorithm_by_name(""));
	assert_null(algorithm_by_name("RSASHA25"));
	assert_null(algorithm_by_name("RSASHA2566"));
	assert_null(algorithm_by_name("8"));
	assert_int_equal(algorithm_by_name("rsasha256")->number, 8);
	assert_int_equal(algorithm_by_name("eD25519")->number, 15);
}

static void
sizes(void **state)
{
	static const struct {
		uint8_t number;
		unsigned bits;
		bool allowed;
	} cases[] = {{8, 0, false}, {8, 1024, false}, {8, 2047, false},
	    {8, 2048, true}, {8, 2049, false}, {8, 3072, true}, {8, 4096, true},
	    {8, 4097, false}, {10, 2048, true}, {10, 8192, false},
	    {13, 0, true}, {13, 256, true}, {13, 384, false}, {13, 2048, false},
	    {14, 0, true}, {14, 384, true}, {14, 256, false}, {15, 0, true},
	    {15, 256, true}, {15, 255, false}, {16, 456, true},
	    {16, 448, false}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (algorithm_allows_bits(algorithm_by_number(cases[i].number),
			cases[i].bits) != cases[i].allowed)
			fail_msg("algorithm %u, %u bits", cases[i].number,
			    cases[i].bits);
	assert_int_equal(algorithm_bits(algorithm_by_number(8), 3072), 3072);
	assert_int_equal(algorithm_bits(algorithm_by_number(13), 0), 256);
	assert_int_equal(algorithm_bits(algorithm_by_number(14), 0), 384);
	assert_int_equal(algorithm_bits(algorithm_by_number(15), 0), 256);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(table),
	    cmocka_unit_test(unknown),
	    cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests_name("algorithm", tests, NULL, NULL);
}
