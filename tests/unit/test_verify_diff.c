/* Against the unsigned zone, and against the version before. */
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

static void
compare(struct verify_report *r, const struct zone *z,
    const struct zone *unsigned_zone, const struct zone *previous,
    const struct config *cfg)
{
	const struct verify_options o = {.now = SZ_NOW, .threads = 2,
	    .cfg = cfg, .unsigned_zone = unsigned_zone, .previous = previous};

	sz_verify(r, z, &o);
}

/* --- the unsigned zone --------------------------------------------------- */

/* sz_text and more, signed; the same text and other more, unsigned. */
static const struct {
	const char *zone, *input; /* lines added to either */
	const char *rule, *owner; /* NULL: no difference */
	uint16_t type;
	size_t findings;
} changes[] = {
    {"", "", NULL, NULL, 0, 0},
    /* What signing makes may be in the input. */
    {"", "@ 1 IN DNSKEY 256 3 15 AAAA\n@ 1 IN CDS 0 0 0 00\n"
	"@ 1 IN CDNSKEY 0 3 0 AA==\n@ 1 IN ZONEMD 7 1 1 " \
	"00112233445566778899AABB\n"
	"gamma 1 IN NSEC alpha TXT\n@ 1 IN NSEC3PARAM 1 0 0 -\n", NULL, NULL, 0,
	0},
    /* Elsewhere these are content. */
    {"", "zz 1 IN CDS 0 0 0 00\n", "record-lost", "zz.example.", TYPE_CDS, 1},
    {"", "x 60 IN A 192.0.2.1\n", "record-lost", "x.example.", TYPE_A, 1},
    {"x 60 IN A 192.0.2.1\n", "", "record-added", "x.example.", TYPE_A, 1},
    {"x 60 IN A 192.0.2.1\n", "x 60 IN A 192.0.2.2\n", "record-lost",
	"x.example.", TYPE_A, 2},
    {"x 60 IN A 192.0.2.1\n", "x 61 IN A 192.0.2.1\n", "ttl-changed",
	"x.example.", TYPE_A, 1},
    {"x 60 IN A 192.0.2.1\nx 60 IN A 192.0.2.2\n",
	"x 60 IN A 192.0.2.1\nx 90 IN A 192.0.2.2\n", "ttl-lowered",
	"x.example.", TYPE_A, 1},
    {"x 90 IN A 192.0.2.1\nx 90 IN A 192.0.2.2\n",
	"x 60 IN A 192.0.2.1\nx 90 IN A 192.0.2.2\n", "ttl-changed",
	"x.example.", TYPE_A, 1},
    /* Glue is content, and the last names of either zone. */
    {"", "ns.alpha 3600 IN A 192.0.2.99\n", "record-lost",
	"ns.alpha.example.", TYPE_A, 1},
    {"zzz 60 IN TXT a\n", "", "record-added", "zzz.example.", TYPE_TXT, 1},
    {"", "zzz 60 IN TXT a\n", "record-lost", "zzz.example.", TYPE_TXT, 1},
};

static void
sign_text(struct signed_zone *s, const char *origin, const char *text,
    const char *more)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s%s", text, more);
	sz_begin(s, origin, buf_cstr(&b));
	sz_key_number(s, 1, 257);
	sz_key_number(s, 2, 256);
	sz_sign(s, 0);
	buf_free(&b);
}

static void
run_change(size_t i)
{
	struct signed_zone s;
	struct verify_report r;
	struct buf b = BUF_INIT;
	struct zone input;
	size_t n;

	sign_text(&s, "example.", sz_text, changes[i].zone);
	buf_printf(&b, "%s%s", sz_text, changes[i].input);
	zone_from_text(&input, "example.", buf_cstr(&b));
	compare(&r, &s.z, &input, NULL, NULL);
	n = sz_count(&r, "record-lost", NULL, 0) +
	    sz_count(&r, "record-added", NULL, 0) +
	    sz_count(&r, "ttl-changed", NULL, 0) +
	    sz_count(&r, "ttl-lowered", NULL, 0);
	if (n != changes[i].findings || (changes[i].rule != NULL &&
		sz_count(&r, changes[i].rule, changes[i].owner,
		    changes[i].type) != 1)) {
		sz_print(&r);
		fail_msg("change %zu", i);
	}
	assert_int_equal(r.unsigned_same, changes[i].rule == NULL ||
	    strcmp(changes[i].rule, "ttl-lowered") == 0);
	assert_int_equal(r.errors > 0, !r.unsigned_same);
	verify_report_free(&r);
	zone_free(&input);
	sz_end(&s);
	buf_free(&b);
}

static void
test_unsigned(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		run_change(i);
}

/* The serial may differ, nothing else of the SOA; DS TTL by policy only. */
static void
test_unsigned_soa_ds(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct config cfg;
	struct zone input;

	(void)state;
	sz_config(&cfg);
	cfg.policy.zonemd_n = 0;
	sign_text(&s, "example.",
	    "@ 60 SOA a. b. 9 1 2 3 600\n@ 60 NS a.\nx 60 NS a.\n"
	    "x 600 DS 1 13 4 " \
	    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	    "00112233445566778899aabbccddeeff\n", "");
#define INPUT(soa, ttl)                                                  \
	zone_from_text(&input, "example.", soa "@ 60 NS a.\nx 60 NS a.\n" \
	    "x " ttl " DS 1 13 4 "                                       \
	    "00112233445566778899aabbccddeeff00112233445566778899aabbccdd" \
	    "eeff00112233445566778899aabbccddeeff\n")
	INPUT("@ 60 SOA a. b. 8 1 2 3 600\n", "3600");
	compare(&r, &s.z, &input, NULL, &cfg);
	assert_int_equal(sz_count(&r, "ttl-changed", "x.example.", TYPE_DS), 1);
	verify_report_free(&r);
	cfg.policy.ttl.ds = 600;
	compare(&r, &s.z, &input, NULL, &cfg);
	assert_true(r.unsigned_same);
	verify_report_free(&r);
	cfg.policy.ttl.ds = 601;
	compare(&r, &s.z, &input, NULL, &cfg);
	assert_false(r.unsigned_same);
	verify_report_free(&r);
	zone_free(&input);
	INPUT("@ 60 SOA a. b. 8 1 2 4 600\n", "600");
	compare(&r, &s.z, &input, NULL, NULL);
	assert_int_equal(sz_count(&r, "record-lost", "example.", TYPE_SOA), 1);
	verify_report_free(&r);
	zone_free(&input);
	INPUT("@ 61 SOA a. b. 8 1 2 3 600\n", "600");
	compare(&r, &s.z, &input, NULL, NULL);
	assert_int_equal(sz_count(&r, "ttl-changed", "example.", TYPE_SOA), 1);
	verify_report_free(&r);
	zone_free(&input);
	sz_end(&s);
}

static void
test_other_zone(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct zone other;

	(void)state;
	sign_text(&s, "example.", sz_text, "");
	zone_from_text(&other, "test.", sz_text);
	compare(&r, &s.z, &other, &other, NULL);
	assert_int_equal(sz_count(&r, "other-zone", NULL, 0), 2);
	assert_false(r.unsigned_same);
	assert_false(r.compared_previous);
	verify_report_free(&r);
	zone_free(&other);
	sz_end(&s);
}

/* --- the previous version ------------------------------------------------ */

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
	sign_text(&a, "example.", buf_cstr(&text), "");
	buf_clear(&text);
	buf_str(&text, SOA("2"));
	delegations(&text, n, changed);
	for (unsigned i = 0; i < txt; i++)
		buf_printf(&text, "t 60 TXT \"%u\"\n", i);
	sign_text(&b, "example.", buf_cstr(&text), "");
	compare(r, &b.z, NULL, &a.z, cfg);
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

	sign_text(&a, "example.", before, "");
	sign_text(&b, "example.", after, "");
	compare(&r, &b.z, NULL, &a.z, NULL);
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
	compare(&r, &b.z, NULL, &a.z, NULL);
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
	compare(&r, &b.z, NULL, &a.z, NULL);
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

/* An unsigned zone becomes a signed one: nobody has keys of it. */
static void
test_first_signing(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct zone before;

	(void)state;
	sign_text(&s, "example.", SOA("2"), "");
	zone_from_text(&before, "example.", SOA("1"));
	compare(&r, &s.z, NULL, &before, NULL);
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
	sign_text(&a, "example.", SOA("1"), "");
	sign_text(&b, "example.", "@ 60 SOA a. b. 2 1 2 3 60\n@ 60 NS c.\n",
	    "");
	compare(&r, &b.z, NULL, &a.z, NULL);
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
	    cmocka_unit_test(test_unsigned),
	    cmocka_unit_test(test_unsigned_soa_ds),
	    cmocka_unit_test(test_other_zone),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_serial),
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_first_signing),
	    cmocka_unit_test(test_apex_ns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
