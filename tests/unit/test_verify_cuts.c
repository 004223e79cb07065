/* Against the version before: which delegations changed. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/signed_zone.h"

#define SOA(serial) "@ 60 SOA ns.a. b. " serial " 1 2 3 60\n@ 60 NS ns.a.\n"
#define NS(name)    name " 60 NS ns.test.\n"
#define DS(name)    name " 60 DS 1 13 2 " HEX32 "\n"
#define HEX32                                                         \
	"00112233445566778899aabbccddeeff00112233445566778899aabbccdd" \
	"eeff"

static const struct {
	const char *before, *after;
	size_t changed;
} cases[] = {
    {"", "", 0},
    {NS("a"), NS("a"), 0},
    {NS("a"), "", 1},
    {"", NS("a"), 1},
    {NS("a"), "a 60 NS ns2.test.\n", 1},
    {NS("a"), "a 61 NS ns.test.\n", 1},
    {NS("a"), NS("a") "a 60 NS ns2.test.\n", 1},
    {NS("a"), NS("a") DS("a"), 1},
    {NS("a") DS("a"), NS("a") DS("a"), 0},
    {NS("a") DS("a"), NS("a"), 1},
    {NS("a") DS("a"), "", 1}, /* a name counts once */
    {NS("a"), "a 60 A 192.0.2.1\n", 1},
    {"a 60 A 192.0.2.1\n", NS("a"), 1},
    {NS("a"), NS("a") "x.a 60 A 192.0.2.1\n", 0},
    /* A new cut or DNAME above hides them; one that goes shows them. */
    {NS("x.b") NS("y.b"), NS("x.b") NS("y.b") NS("b"), 3},
    {NS("x.b") NS("y.b") NS("b"), NS("x.b") NS("y.b"), 3},
    {NS("x.b") NS("y.b"), NS("x.b") NS("y.b") "b 60 DNAME c.\n", 2},
    {NS("b") NS("x.b"), NS("b"), 0}, /* hidden all along */
    {NS("b") NS("x.b"), NS("b") "x.b 60 NS ns2.test.\n", 0},
};

static void
compare(struct verify_report *r, const char *before, const char *after)
{
	struct signed_zone a, b;

	sz_make_text(&a, "example.", SOA("1"), before);
	sz_make_text(&b, "example.", SOA("2"), after);
	sz_compare(r, &b.z, NULL, &a.z, NULL);
	sz_end(&a);
	sz_end(&b);
}

static void
test_changes(void **state)
{
	struct verify_report r;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		compare(&r, cases[i].before, cases[i].after);
		if (r.changed_delegations != cases[i].changed)
			fail_msg("%s->\n%s: %zu", cases[i].before,
			    cases[i].after, r.changed_delegations);
		verify_report_free(&r);
	}
}

/* One new line, and 200 of 250 delegations are gone: refused. */
static void
test_hidden(void **state)
{
	struct verify_report r;
	struct buf b = BUF_INIT;
	char *before;

	(void)state;
	for (unsigned i = 0; i < 250; i++)
		buf_printf(&b, "d%u%s 60 NS ns.test.\n", i,
		    i < 200 ? ".ent2" : "");
	before = strdup(buf_cstr(&b));
	assert_non_null(before);
	buf_str(&b, "ent2 60 NS ns.evil.\n");
	compare(&r, before, buf_cstr(&b));
	assert_int_equal(r.changed_delegations, 201);
	assert_int_equal(sz_count(&r, "change-delegations", NULL, 0), 1);
	assert_int_equal(r.errors, 1);
	verify_report_free(&r);
	free(before);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_changes),
	    cmocka_unit_test(test_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
