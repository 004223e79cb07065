/*
 * Outages of real zones that a verifier would have stopped, each with its
 * year: the zone as it was published, in small, and the rule that refuses it.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/algorithm.h"
#include "lib/utc.h"
#include "tests/support/signed_zone.h"
#include "tests/support/zone_text.h"

#define NAMES 30

static const struct sz_lie honest = SZ_HONEST;

/* A registry: many delegations with DS, their name servers elsewhere. */
static void
registry(struct buf *text, const char *serial)
{
	buf_printf(text, "$TTL 3600\n@ SOA ns.nic hostmaster %s 1800 900 "
	    "604800 600\n@ NS ns.nic\nns.nic A 192.0.2.1\n", serial);
	for (unsigned i = 0; i < NAMES; i++)
		buf_printf(text, "d%02u NS ns1.d%02u\nns1.d%02u A 192.0.2.1\n"
		    "d%02u DS %u 13 2 00112233445566778899aabbccddeeff"
		    "00112233445566778899aabbccddeeff\n", i, i, i, i, i);
}

static void
registry_begin(struct signed_zone *s, const char *origin, const char *serial)
{
	struct buf text = BUF_INIT;

	registry(&text, serial);
	sz_begin(s, origin, buf_cstr(&text));
	buf_free(&text);
}

static void
judge(struct verify_report *r, const struct zone *z,
    const struct zone *previous)
{
	const struct verify_options o = {.now = SZ_NOW, .threads = 2,
	    .previous = previous};

	sz_verify(r, z, &o);
}

/*
 * Three HSMs, each with a key pair of its own under one tag, of which one is
 * published: two thirds of the signatures are by keys that nobody has.
 */
static void
test_de_2026(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	char name[32];

	(void)state;
	registry_begin(&s, "de.", "1");
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 2521, 256);
	for (unsigned i = 0; i < 2; i++) {
		sz_key_number(&s, i ? 3312 : 3151, 256);
		assert_int_equal(s.key[2 + i].tag, s.key[1].tag);
		s.published[2 + i] = false;
		s.key[2 + i].signs_zone = false;
	}
	sz_sign(&s, 0);
	judge(&r, &s.z, NULL);
	assert_int_equal(r.errors, 0);
	verify_report_free(&r);
	for (unsigned i = 0; i < NAMES; i++) {
		snprintf(name, sizeof name, "d%02u.de.", i);
		sz_resign(&s, name, TYPE_DS, 1 + i % 3, &honest);
	}
	judge(&r, &s.z, NULL);
	assert_int_equal(sz_count(&r, "signature-wrong", NULL, TYPE_DS),
	    NAMES / 3 * 2);
	assert_int_equal(r.errors, NAMES / 3 * 2);
	verify_report_free(&r);
	sz_end(&s);
}

/* Several published keys with one tag: each signature by its own is valid. */
static void
test_one_tag_valid(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct config cfg;
	const struct verify_options o = {.now = SZ_NOW, .threads = 2,
	    .cfg = &cfg};

	(void)state;
	registry_begin(&s, "de.", "1");
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 2521, 256);
	sz_key_number(&s, 3151, 256);
	sz_key_number(&s, 3312, 256);
	s.key[2].signs_zone = s.key[3].signs_zone = false;
	sz_sign(&s, 0);
	sz_resign(&s, "d00.de.", TYPE_DS, 2, &honest);
	sz_resign(&s, "d01.de.", TYPE_DS, 3, &honest);
	judge(&r, &s.z, NULL);
	assert_int_equal(r.errors, 0);
	assert_int_equal(sz_count(&r, "dnskey-tag", "de.", TYPE_DNSKEY), 1);
	verify_report_free(&r);
	/* Where a configuration says that keys are managed, an error. */
	sz_config(&cfg);
	cfg.policy.zonemd_n = 0;
	sz_verify(&r, &s.z, &o);
	assert_int_equal(r.errors, 1);
	verify_report_free(&r);
	sz_end(&s);
}

/* At the ZSK roll the new key had the tag of the old; the wrong one signed. */
static void
test_ru_2024(void **state)
{
	struct signed_zone before, s;
	struct verify_report r;

	(void)state;
	registry_begin(&before, "ru.", "1");
	sz_key_number(&before, 1, 257);
	sz_key_number(&before, 262, 256);
	sz_sign(&before, 0);
	registry_begin(&s, "ru.", "2");
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 262, 256);
	sz_key_number(&s, 320, 256);
	assert_int_equal(s.key[1].tag, s.key[2].tag);
	s.published[2] = false;
	s.key[1].signs_zone = false;
	sz_sign(&s, 0);
	judge(&r, &s.z, &before.z);
	assert_int_equal(sz_count(&r, "signature-wrong", NULL, TYPE_DS),
	    NAMES);
	assert_int_equal(r.errors, r.rrsets - 1);
	verify_report_free(&r);
	sz_end(&before);
	sz_end(&s);
}

/* Wrong signatures over some DS and NSEC; the others, and the apex, good. */
static void
test_se_2022(void **state)
{
	static const struct sz_lie flip = {NULL, 0, 0, -1, -1, -1, -1, 0,
	    true};
	struct signed_zone s;
	struct verify_report r;

	(void)state;
	registry_begin(&s, "se.", "1");
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 2, 256);
	sz_sign(&s, 0);
	sz_resign(&s, "d07.se.", TYPE_DS, 1, &flip);
	sz_resign(&s, "d07.se.", TYPE_NSEC, 1, &flip);
	sz_resign(&s, "d23.se.", TYPE_NSEC, 1, &flip);
	judge(&r, &s.z, NULL);
	assert_int_equal(r.errors, 3);
	assert_int_equal(sz_count(&r, "signature-wrong", "d07.se.", TYPE_DS),
	    1);
	assert_int_equal(sz_count(&r, "signature-wrong", "d07.se.", TYPE_NSEC),
	    1);
	assert_int_equal(sz_count(&r, "signature-wrong", "d23.se.", TYPE_NSEC),
	    1);
	assert_int_equal(r.signatures, r.rrsets - 3);
	verify_report_free(&r);
	sz_end(&s);
}

/* Two algorithms are published, one signs (RFC 4035 section 2.2). */
static void
test_gov_2013(void **state)
{
	struct signed_zone s;
	struct verify_report r;

	(void)state;
	registry_begin(&s, "gov.", "1");
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 2, 256);
	sz_key(&s, ALG_ECDSAP256SHA256, 257);
	sz_key(&s, ALG_ECDSAP256SHA256, 256);
	s.key[0].signs_dnskey = s.key[1].signs_zone = false;
	sz_sign(&s, 0);
	judge(&r, &s.z, NULL);
	assert_int_equal(sz_count(&r, "algorithm-missing", NULL, 0), r.rrsets);
	assert_int_equal(sz_count(&r, "algorithm-missing", "d00.gov.",
			     TYPE_DS), 1);
	assert_int_equal(r.errors, r.rrsets);
	verify_report_free(&r);
	sz_end(&s);
}

/* A fail-over: the other signer's ZSK, a zone that is valid on its own. */
static void
test_apnic_2012(void **state)
{
	struct signed_zone before, s;
	struct verify_report r;

	(void)state;
	registry_begin(&before, "in-addr.arpa.", "1");
	sz_key_number(&before, 1, 257);
	sz_key_number(&before, 2, 256);
	sz_sign(&before, 0);
	registry_begin(&s, "in-addr.arpa.", "2");
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 3, 256);
	sz_sign(&s, 0);
	judge(&r, &s.z, NULL);
	assert_int_equal(r.errors, 0);
	verify_report_free(&r);
	judge(&r, &s.z, &before.z);
	assert_int_equal(r.errors, 2);
	assert_int_equal(sz_count(&r, "key-not-prepublished", NULL, 0), 1);
	assert_int_equal(sz_count(&r, "key-removed-early", NULL, 0), 1);
	verify_report_free(&r);
	sz_end(&before);
	sz_end(&s);
}

/* The generator lost the dots: ns1.d00.se becomes ns1.d00.se.se. */
static void
test_se_2009(void **state)
{
	struct signed_zone before, s;
	struct verify_report r;
	struct buf text = BUF_INIT;

	(void)state;
	registry_begin(&before, "se.", "1");
	sz_key_number(&before, 1, 257);
	sz_key_number(&before, 2, 256);
	sz_sign(&before, 0);
	buf_str(&text, "$TTL 3600\n@ SOA ns.nic.se hostmaster 2 1800 900 "
	    "604800 600\n@ NS ns.nic\nns.nic A 192.0.2.1\n");
	for (unsigned i = 0; i < NAMES; i++)
		buf_printf(&text, "d%02u NS ns1.d%02u.se\n", i, i);
	sz_begin(&s, "se.", buf_cstr(&text));
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 2, 256);
	sz_sign(&s, 0);
	judge(&r, &s.z, NULL); /* without anything to compare with */
	assert_int_equal(r.errors, 1);
	assert_int_equal(sz_count(&r, "lost-dots", NULL, 0), 1);
	verify_report_free(&r);
	judge(&r, &s.z, &before.z);
	assert_int_equal(sz_count(&r, "change-delegations", NULL, 0), 1);
	assert_int_equal(r.changed_delegations, NAMES);
	assert_int_equal(r.errors, 2);
	verify_report_free(&r);
	sz_end(&before);
	sz_end(&s);
	buf_free(&text);
}

/* se.se. is a real name: one such delegation is a warning. */
static void
test_one_dot(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct buf text = BUF_INIT;

	(void)state;
	registry(&text, "1");
	buf_str(&text, "se NS ns.nic\n");
	sz_begin(&s, "se.", buf_cstr(&text));
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 2, 256);
	sz_sign(&s, 0);
	judge(&r, &s.z, NULL);
	assert_int_equal(r.errors, 0);
	assert_int_equal(sz_count(&r, "lost-dot", NULL, 0), 1);
	verify_report_free(&r);
	sz_end(&s);
	buf_free(&text);
}

/* names: of delegations and their servers; twice: delegations like se.se. */
static size_t
dots(unsigned names, unsigned twice)
{
	struct signed_zone s;
	struct verify_report r;
	struct buf text = BUF_INIT;
	size_t n;

	buf_str(&text, "@ 60 SOA a. b. 1 1 1 1 60\n");
	names -= 2; /* the apex and its server */
	buf_str(&text, "@ 60 NS a.\n");
	for (unsigned i = 0; i < names / 2; i++)
		buf_printf(&text, "d%u%s 60 NS a.\n", i,
		    i < twice ? ".se" : "");
	sz_begin(&s, "se.", buf_cstr(&text));
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 2, 256);
	sz_sign(&s, 0);
	judge(&r, &s.z, NULL);
	n = sz_count(&r, "lost-dots", NULL, 0);
	assert_int_equal(r.errors, n);
	assert_int_equal(sz_count(&r, "lost-dot", NULL, 0), twice > 0);
	verify_report_free(&r);
	sz_end(&s);
	buf_free(&text);
	return n;
}

/* Two at least, and one in a hundred. */
static void
test_dots(void **state)
{
	(void)state;
	assert_int_equal(dots(200, 0), 0);
	assert_int_equal(dots(4, 1), 0);
	assert_int_equal(dots(6, 2), 1);
	assert_int_equal(dots(200, 2), 1);
	assert_int_equal(dots(202, 2), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_de_2026),
	    cmocka_unit_test(test_one_tag_valid),
	    cmocka_unit_test(test_ru_2024),
	    cmocka_unit_test(test_se_2022),
	    cmocka_unit_test(test_gov_2013),
	    cmocka_unit_test(test_apnic_2012),
	    cmocka_unit_test(test_se_2009),
	    cmocka_unit_test(test_one_dot),
	    cmocka_unit_test(test_dots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
