/* The verifier as a whole: trust, severities, policy, sizes. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/algorithm.h"
#include "lib/utc.h"
#include "lib/xalloc.h"
#include "signer/zonemd.h"
#include "tests/support/signed_zone.h"
#include "tests/support/zone_text.h"

#define GAMMA "gamma.example."

static const struct sz_lie honest = SZ_HONEST;
static const struct sz_lie flip = {NULL, 0, 0, -1, -1, -1, -1, 0, true};

static struct verify_options
usual(void)
{
	return (struct verify_options){.now = SZ_NOW, .threads = 2};
}

/* The trust anchor of a key. */
static void
anchor_of(struct anchor *a, const struct signed_zone *s, unsigned key)
{
	struct buf rdata = BUF_INIT;

	*a = (struct anchor){.valid_from = SZ_NOW, .valid_until = SZ_NOW + 1};
	dnskey_rdata(&rdata, &s->key[key].dnskey);
	assert_int_equal(ds_make(&a->ds, s->z.apex, rdata.data, rdata.len,
			     DS_SHA256), 0);
	buf_free(&rdata);
}

static void
test_good(void **state)
{
	struct signed_zone s;
	struct verify_report r;

	(void)state;
	sz_make(&s);
	sz_verify(&r, &s.z, NULL);
	assert_int_equal(r.errors, 0);
	assert_int_equal(r.warnings, 0);
	assert_int_equal(r.records, s.z.n);
	assert_int_equal(r.delegations, 3);
	assert_int_equal(r.secure_delegations, 2);
	/* SOA NS DNSKEY ZONEMD, A AAAA, 2 DS, TXT, TXT, A, MX, and 9 NSEC */
	assert_int_equal(r.nsec, 9);
	assert_int_equal(r.rrsets, 12 + 9);
	assert_int_equal(r.signatures, r.rrsets);
	assert_int_equal(r.serial, 7);
	assert_int_equal(r.first_expiration, SZ_NOW + 13 * DAY);
	assert_int_equal(r.last_inception, SZ_NOW - HOUR);
	assert_int_equal(r.zonemd, ZONEMD_VERIFIED);
	assert_false(r.anchored);
	assert_int_equal(sz_count(&r, "trust-unchecked", NULL, 0), 1);
	assert_int_equal(r.keys, 2);
	for (size_t i = 0; i < r.keys; i++) {
		assert_int_equal(r.key[i].bits, 256);
		assert_int_equal(r.key[i].signs_dnskey, r.key[i].flags & 1);
		assert_int_equal(r.key[i].signatures,
		    r.key[i].flags & 1 ? 0 : r.rrsets - 1);
	}
	verify_report_free(&r);
	sz_end(&s);
}

/* Who is trusted decides, not who signs. */
static void
test_anchors(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct anchor anchor[2];
	struct anchors as = {anchor, 1};
	struct verify_options o = usual();

	(void)state;
	sz_make(&s);
	o.anchors = &as;
	anchor_of(&anchor[0], &s, 0);
	sz_verify(&r, &s.z, &o);
	assert_true(r.anchored);
	assert_int_equal(r.errors, 0);
	for (size_t i = 0; i < r.keys; i++)
		assert_int_equal(r.key[i].anchor, r.key[i].flags & DNSKEY_SEP);
	assert_int_equal(sz_count(&r, "trust-unchecked", NULL, 0), 0);
	verify_report_free(&r);
	o.now = SZ_NOW - 1; /* the anchor is not valid yet */
	sz_verify(&r, &s.z, &o);
	assert_int_equal(sz_count(&r, "dnskey-untrusted", NULL, 0), 1);
	verify_report_free(&r);
	o.now = SZ_NOW + 1; /* no more */
	sz_verify(&r, &s.z, &o);
	assert_int_equal(sz_count(&r, "dnskey-untrusted", NULL, 0), 1);
	verify_report_free(&r);
	o.now = SZ_NOW;
	anchor_of(&anchor[0], &s, 1); /* published, does not sign DNSKEY */
	sz_verify(&r, &s.z, &o);
	assert_false(r.anchored);
	assert_int_equal(sz_count(&r, "dnskey-untrusted", NULL, 0), 1);
	verify_report_free(&r);
	anchor_of(&anchor[1], &s, 0); /* one of two is enough */
	as.n = 2;
	sz_verify(&r, &s.z, &o);
	assert_true(r.anchored);
	verify_report_free(&r);
	anchor_of(&anchor[0], &s, sz_key_number(&s, 9, 257));
	as.n = 1;
	sz_verify(&r, &s.z, &o);
	assert_int_equal(sz_count(&r, "dnskey-untrusted", "example.",
			     TYPE_DNSKEY), 1);
	assert_int_equal(r.errors, 1);
	verify_report_free(&r);
	as.n = 0; /* a file of anchors that is empty trusts nobody */
	sz_verify(&r, &s.z, &o);
	assert_int_equal(r.errors, 1);
	verify_report_free(&r);
	sz_end(&s);
}

/* The configuration changes a severity, never a cryptographic one. */
static void
test_severity(void **state)
{
	static char weak[] = "dnskey-size", wrong[] = "signature-wrong",
		    none[] = "no-such";
	struct config_severity_rule rule = {weak, SEVERITY_ERROR};
	struct error e = ERROR_INIT;
	struct signed_zone s;
	struct verify_report r;
	struct config cfg;
	struct verify_options o = usual();

	(void)state;
	sz_make(&s);
	sz_config(&cfg);
	o.cfg = &cfg;
	sz_verify(&r, &s.z, &o);
	assert_int_equal(r.errors + r.warnings, 0);
	cfg.verify.dnskey_size = r.dnskey_response;
	verify_report_free(&r);
	sz_verify(&r, &s.z, &o);
	assert_int_equal(r.warnings, 0);
	cfg.verify.dnskey_size--;
	verify_report_free(&r);
	sz_verify(&r, &s.z, &o);
	assert_int_equal(r.warnings, 1);
	assert_int_equal(r.errors, 0);
	verify_report_free(&r);
	cfg.verify.severity = &rule;
	cfg.verify.severity_n = 1;
	sz_verify(&r, &s.z, &o);
	assert_int_equal(r.warnings, 0);
	assert_int_equal(r.errors, 1);
	verify_report_free(&r);
	rule.severity = SEVERITY_INFO;
	sz_verify(&r, &s.z, &o);
	assert_int_equal(r.errors + r.warnings, 0);
	assert_int_equal(sz_count(&r, "dnskey-size", "example.", TYPE_DNSKEY),
	    1);
	verify_report_free(&r);
	rule.rule = wrong;
	assert_int_equal(verify_zone(&s.z, &o, &r, &e), -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	assert_non_null(strstr(e.text, "signature-wrong"));
	rule.rule = none;
	assert_int_equal(verify_zone(&s.z, &o, &r, &e), -1);
	assert_non_null(strstr(e.text, "no-such"));
	sz_end(&s);
}

static void
test_override(void **state)
{
	static const char *const name[] = {"glue-missing"};
	static const char *const bad[] = {"glue-missing", "signature-wrong"};
	struct error e = ERROR_INIT;
	struct signed_zone s;
	struct verify_report r;
	struct verify_options o = usual();

	(void)state;
	sz_begin(&s, "example.", sz_text);
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 2, 256);
	sz_sign(&s, 0);
	sz_remove(&s, "ns.alpha.example.", TYPE_A, 0);
	sz_verify(&r, &s.z, &o);
	assert_int_equal(r.errors, 1);
	verify_report_free(&r);
	o.override = name;
	o.overrides = 1;
	sz_verify(&r, &s.z, &o);
	assert_int_equal(r.errors, 0);
	assert_int_equal(sz_count(&r, "glue-missing", "alpha.example.",
			     TYPE_NS), 1);
	verify_report_free(&r);
	sz_resign(&s, GAMMA, TYPE_TXT, 1, &flip);
	sz_verify(&r, &s.z, &o); /* it passes no other rule */
	assert_int_equal(r.errors, 1);
	verify_report_free(&r);
	o.override = bad;
	o.overrides = 2;
	assert_int_equal(verify_zone(&s.z, &o, &r, &e), -1);
	assert_non_null(strstr(e.text, "cryptographic"));
	sz_end(&s);
}

static void
test_next_signing(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct config cfg;
	struct verify_options o = usual();

	(void)state;
	sz_make(&s);
	sz_config(&cfg);
	cfg.verify.next_signing = 13 * DAY;
	o.cfg = &cfg;
	sz_verify(&r, &s.z, &o);
	assert_int_equal(r.warnings, 0);
	verify_report_free(&r);
	o.now++;
	sz_verify(&r, &s.z, &o);
	assert_int_equal(sz_count(&r, "next-signing", NULL, 0), 1);
	assert_int_equal(r.warnings, 1);
	verify_report_free(&r);
	o.cfg = NULL;
	sz_verify(&r, &s.z, &o);
	assert_int_equal(sz_count(&r, "next-signing", NULL, 0), 0);
	verify_report_free(&r);
	sz_end(&s);
}

static void
test_policy(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct config cfg;
	struct verify_options o = usual();

	(void)state;
	sz_make(&s);
	sz_config(&cfg);
	cfg.policy.ttl.dnskey = 172800;
	cfg.policy.ttl.ds = 86400;
	cfg.policy.ksk.algorithm = ALG_RSASHA256;
	cfg.policy.zonemd[0] = ZONEMD_SHA512;
	o.cfg = &cfg;
	sz_verify(&r, &s.z, &o);
	assert_int_equal(sz_count(&r, "policy-ttl", "example.", TYPE_DNSKEY),
	    1);
	assert_int_equal(sz_count(&r, "policy-ttl", NULL, 0), 2);
	assert_int_equal(sz_count(&r, "policy-algorithm", NULL, 0), 1);
	assert_int_equal(sz_count(&r, "policy-zonemd", NULL, 0), 2);
	verify_report_free(&r);
	cfg.policy.ttl.ds = 3600;
	cfg.policy.ttl.dnskey = 3600;
	cfg.policy.ksk.algorithm = ALG_ED25519;
	cfg.policy.zonemd[0] = ZONEMD_SHA384;
	sz_verify(&r, &s.z, &o);
	assert_int_equal(r.errors + r.warnings, 0);
	verify_report_free(&r);
	/* Roles are apart where a configuration says so. */
	sz_countersign(&s, GAMMA, TYPE_TXT, 0, &honest);
	sz_verify(&r, &s.z, &o);
	assert_int_equal(sz_count(&r, "ksk-signs-zone", NULL, 0), 1);
	assert_int_equal(r.errors, 2); /* and ZONEMD */
	verify_report_free(&r);
	sz_end(&s);
}

/* Sizes that the root's real DNSKEY responses had. */
static void
test_size(void **state)
{
	static const struct {
		unsigned keys, signers, octets;
	} real[] = {{2, 1, 864}, {3, 1, 1139}, {4, 1, 1414}, {3, 2, 1425},
	    {4, 2, 1700}};
	struct signed_zone s;
	struct verify_report r;

	(void)state;
	for (size_t i = 0; i < sizeof real / sizeof *real; i++) {
		sz_begin(&s, ".", "@ 1 SOA a. b. 1 1 1 1 1\n@ 1 NS a.\n");
		for (unsigned k = 0; k < real[i].keys; k++) {
			sz_key(&s, ALG_RSASHA256, k < 2 ? 257 : 256);
			s.key[k].signs_dnskey = k < real[i].signers;
		}
		sz_sign(&s, 0);
		sz_verify(&r, &s.z, NULL);
		assert_int_equal(r.dnskey_response, real[i].octets);
		assert_int_equal(sz_count(&r, "dnskey-weak", NULL, 0), 0);
		verify_report_free(&r);
		sz_end(&s);
	}
	/* Below the root the owner becomes a pointer. */
	sz_make(&s);
	sz_verify(&r, &s.z, NULL);
	assert_int_equal(r.dnskey_response,
	    12 + 9 + 4 + 2 * (12 + 36) + 12 + 18 + 9 + 64 + 11);
	verify_report_free(&r);
	sz_end(&s);
}

/* A zone without an SOA is trouble, not a verdict. */
static void
test_no_soa(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct verify_options o = usual();
	struct error e = ERROR_INIT;

	(void)state;
	sz_make(&s);
	sz_remove(&s, "example.", TYPE_SOA, 0);
	assert_int_equal(verify_zone(&s.z, &o, &r, &e), -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	sz_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_anchors),
	    cmocka_unit_test(test_severity),
	    cmocka_unit_test(test_override),
	    cmocka_unit_test(test_next_signing),
	    cmocka_unit_test(test_policy),
	    cmocka_unit_test(test_size),
	    cmocka_unit_test(test_no_soa),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
