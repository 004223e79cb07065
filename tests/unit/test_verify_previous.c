/* Against the version before: bounds, serial, keys. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/utc.h"
#include "signer/zonemd.h"
#include "tests/support/signed_zone.h"
#include "tests/support/zone_text.h"

#define SOA(serial) "@ 60 SOA a. b. " serial " 1 2 3 60\n@ 60 NS a.\n"

/* Names of many delegations, of which some have another name server. */
static void
delegations(struct buf *b, unsigned n, unsigned changed)
{
	for (unsigned i = 0; i < n; i++)
		buf_printf(b, "d%u 60 NS %s.test.\n", i,
		    i < changed ? "b" : "a");
}

static void
bound(struct verify_report *r, unsigned n, unsigned changed, unsigned txt,
    const struct config *cfg)
{
	struct signed_zone a, b;
	struct buf text = BUF_INIT;

	buf_str(&text, SOA("1"));
	delegations(&text, n, 0);
	sz_make_text(&a, "example.", buf_cstr(&text), "");
	buf_clear(&text);
	buf_str(&text, SOA("2"));
	delegations(&text, n, changed);
	for (unsigned i = 0; i < txt; i++)
		buf_printf(&text, "t 60 TXT \"%u\"\n", i);
	sz_make_text(&b, "example.", buf_cstr(&text), "");
	sz_compare(r, &b.z, NULL, &a.z, cfg);
	sz_end(&a);
	sz_end(&b);
	buf_free(&text);
}

static void
test_bounds(void **state)
{
	struct verify_report r;
	struct config cfg;

	(void)state;
	bound(&r, 200, 2, 496, NULL); /* 1 %; 500 lines */
	assert_int_equal(r.errors, 0);
	assert_int_equal(r.changed_delegations, 2);
	assert_int_equal(r.changed_lines, 500);
	verify_report_free(&r);
	bound(&r, 200, 2, 497, NULL);
	assert_int_equal(r.errors, 1);
	assert_int_equal(sz_count(&r, "change-lines", NULL, 0), 1);
	verify_report_free(&r);
	bound(&r, 200, 3, 0, NULL);
	assert_int_equal(r.errors, 1);
	assert_int_equal(sz_count(&r, "change-delegations", NULL, 0), 1);
	verify_report_free(&r);
	bound(&r, 3, 1, 0, NULL); /* one may always change */
	assert_int_equal(r.errors, 0);
	verify_report_free(&r);
	sz_config(&cfg);
	cfg.policy.zonemd_n = 0;
	cfg.policy.ttl.dnskey = 3600;
	cfg.verify.max_change.delegations = 0; /* any */
	cfg.verify.max_change.lines = 19;
	bound(&r, 10, 10, 0, &cfg);
	assert_int_equal(r.errors, 1);
	assert_int_equal(sz_count(&r, "change-lines", NULL, 0), 1);
	verify_report_free(&r);
	cfg.verify.max_change.lines = 20;
	bound(&r, 10, 10, 0, &cfg);
	assert_int_equal(r.errors, 0);
	verify_report_free(&r);
}

/* RFC 1982, and the one exception: the very same file. */
static void
serials(const char *before, const char *after, bool good)
{
	struct signed_zone a, b;
	struct verify_report r;

	sz_make_text(&a, "example.", before, "");
	sz_make_text(&b, "example.", after, "");
	sz_compare(&r, &b.z, NULL, &a.z, NULL);
	assert_int_equal(sz_count(&r, "serial-previous", "example.", TYPE_SOA),
	    !good);
	assert_int_equal(r.errors, !good);
	verify_report_free(&r);
	sz_end(&a);
	sz_end(&b);
}

static void
test_serial(void **state)
{
	struct signed_zone a, b;
	struct verify_report r;

	(void)state;
	serials(SOA("1"), SOA("2"), true);
	serials(SOA("2"), SOA("1"), false);
	serials(SOA("1"), SOA("1"), true);
	serials(SOA("1"), SOA("1") "x 60 TXT x\n", false);
	serials(SOA("4294967295"), SOA("0"), true);
	serials(SOA("0"), SOA("2147483647"), true);
	serials(SOA("0"), SOA("2147483648"), false);
	/* New signatures under the old serial reach nobody. */
	sz_make(&a);
	sz_make(&b);
	sz_resign(&b, "gamma.example.", TYPE_TXT, 1,
	    &(const struct sz_lie){NULL, SZ_NOW - 1, 0, -1, -1, -1, -1, 0,
		false});
	sz_compare(&r, &b.z, NULL, &a.z, NULL);
	assert_int_equal(sz_count(&r, "serial-previous", NULL, 0), 1);
	verify_report_free(&r);
	sz_end(&a);
	sz_end(&b);
}

/* Keys: number and role of those published, and whether they sign. */
struct keys {
	struct {
		uint32_t number;
		uint16_t flags;
		bool signs;
	} key[5];
	unsigned n;
};

static void
sign_with(struct signed_zone *s, const char *serial, const struct keys *k)
{
	char text[200];
	unsigned i, n;

	snprintf(text, sizeof text,
	    "@ 60 SOA a. b. %s 1 2 3 60\n@ 60 NS a.\nx 60 TXT x\n", serial);
	sz_begin(s, "example.", text);
	for (i = 0; i < k->n; i++) {
		n = sz_key_number(s, k->key[i].number, k->key[i].flags);
		if (!k->key[i].signs)
			s->key[n].signs_dnskey = s->key[n].signs_zone = false;
	}
	sz_sign(s, 0);
}

#define K(n, signs) {n, 257, signs}
#define Z(n, signs) {n, 256, signs}
#define R(n) {n, 385, true}

/* Steps of rolls: what one version publishes, then the next. */
static const struct {
	const char *name;
	struct keys before, after;
	size_t early, removed, changes; /* findings of each rule */
} steps[] = {
    {"nothing", {{K(1, true), Z(2, true)}, 2}, {{K(1, true), Z(2, true)}, 2},
	0, 0, 0},
    {"ZSK is pre-published", {{K(1, true), Z(2, true)}, 2},
	{{K(1, true), Z(2, true), Z(3, false)}, 3}, 0, 0, 1},
    {"then signs", {{K(1, true), Z(2, true), Z(3, false)}, 3},
	{{K(1, true), Z(2, false), Z(3, true)}, 3}, 0, 0, 0},
    {"then the old one goes", {{K(1, true), Z(2, false), Z(3, true)}, 3},
	{{K(1, true), Z(3, true)}, 2}, 0, 0, 1},
    {"APNIC 2012: another ZSK", {{K(1, true), Z(2, true)}, 2},
	{{K(1, true), Z(3, true)}, 2}, 1, 1, 2},
    {"signs at once", {{K(1, true), Z(2, true)}, 2},
	{{K(1, true), Z(2, false), Z(3, true)}, 3}, 1, 0, 1},
    {"old one goes at once", {{K(1, true), Z(2, true), Z(3, false)}, 3},
	{{K(1, true), Z(3, true)}, 2}, 0, 1, 1},
    {"double signature", {{K(1, true), Z(2, true)}, 2},
	{{K(1, true), Z(2, true), Z(3, true)}, 3}, 0, 0, 1},
    {"KSK is pre-published", {{K(1, true), Z(2, true)}, 2},
	{{K(1, true), K(4, false), Z(2, true)}, 3}, 0, 0, 1},
    {"and signs", {{K(1, true), K(4, false), Z(2, true)}, 3},
	{{K(1, false), K(4, true), Z(2, true)}, 3}, 0, 0, 0},
    {"the old one is revoked", {{K(1, false), K(4, true), Z(2, true)}, 3},
	{{R(1), K(4, true), Z(2, true)}, 3}, 0, 0, 1},
    {"and goes", {{R(1), K(4, true), Z(2, true)}, 3},
	{{K(4, true), Z(2, true)}, 2}, 0, 0, 1},
    {"revoked when the other signs", {{K(1, true), K(4, false),
	Z(2, true)}, 3}, {{R(1), K(4, true), Z(2, true)}, 3}, 0, 0, 1},
    {"both KSKs sign", {{K(1, true), Z(2, true)}, 2},
	{{K(1, true), K(4, true), Z(2, true)}, 3}, 0, 0, 1},
    {"another KSK", {{K(1, true), Z(2, true)}, 2},
	{{K(4, true), Z(2, true)}, 2}, 1, 1, 2},
    {"ZSKs of one tag", {{K(1, true), Z(262, true), Z(320, false)}, 3},
	{{K(1, true), Z(262, true)}, 2}, 0, 0, 1},
    {"the wrong one of two", {{K(1, true), Z(262, true), Z(320, false)}, 3},
	{{K(1, true), Z(320, true)}, 2}, 0, 1, 1},
};

static void
run_step(size_t i)
{
	struct signed_zone a, b;
	struct verify_report r;

	sign_with(&a, "1", &steps[i].before);
	sign_with(&b, "2", &steps[i].after);
	sz_compare(&r, &b.z, NULL, &a.z, NULL);
	if (sz_count(&r, "key-not-prepublished", NULL, 0) != steps[i].early ||
	    sz_count(&r, "key-removed-early", NULL, 0) != steps[i].removed ||
	    sz_count(&r, "key-change", NULL, 0) != steps[i].changes ||
	    r.errors != steps[i].early + steps[i].removed) {
		verify_report_print(stderr, "zone", &r, SEVERITY_INFO);
		fail_msg("%s", steps[i].name);
	}
	verify_report_free(&r);
	sz_end(&a);
	sz_end(&b);
}

static void
test_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		run_step(i);
}

/* A ZSK with REVOKE is published, but what it signed is lost. */
static void
test_revoked_zsk(void **state)
{
	static const struct keys before = {{K(1, true), Z(2, true),
	    Z(3, false)}, 3}, after = {{K(1, true), {2, 384, false},
	    Z(3, true)}, 3};
	struct signed_zone a, b;
	struct verify_report r;

	(void)state;
	sign_with(&a, "1", &before);
	sign_with(&b, "2", &after);
	sz_compare(&r, &b.z, NULL, &a.z, NULL);
	assert_int_equal(sz_count(&r, "key-removed-early", NULL, 0), 1);
	assert_int_equal(sz_count(&r, "key-not-prepublished", NULL, 0), 0);
	verify_report_free(&r);
	sz_end(&a);
	sz_end(&b);
}

/* An unsigned zone becomes a signed one: nobody has keys of it. */
static void
test_first_signing(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct zone before;

	(void)state;
	sz_make_text(&s, "example.", SOA("2"), "");
	zone_from_text(&before, "example.", SOA("1"));
	sz_compare(&r, &s.z, NULL, &before, NULL);
	assert_int_equal(r.errors + r.warnings, 0);
	verify_report_free(&r);
	zone_free(&before);
	sz_end(&s);
}

static void
test_apex_ns(void **state)
{
	struct signed_zone a, b;
	struct verify_report r;

	(void)state;
	sz_make_text(&a, "example.", SOA("1"), "");
	sz_make_text(&b, "example.", "@ 60 SOA a. b. 2 1 2 3 60\n@ 60 NS c.\n",
	    "");
	sz_compare(&r, &b.z, NULL, &a.z, NULL);
	assert_int_equal(sz_count(&r, "apex-ns-change", "example.", TYPE_NS),
	    1);
	assert_int_equal(r.errors, 0);
	for (size_t i = 0; i < r.findings; i++)
		if (strcmp(r.finding[i].rule, "apex-ns-change") == 0)
			assert_string_equal(r.finding[i].text, "-a., +c.");
	verify_report_free(&r);
	sz_end(&a);
	sz_end(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_serial),
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_revoked_zsk),
	    cmocka_unit_test(test_first_signing),
	    cmocka_unit_test(test_apex_ns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
