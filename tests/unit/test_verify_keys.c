/* The DNSKEY RRset: what is wrong with it, and who may sign what. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/algorithm.h"
#include "tests/support/signed_zone.h"

#define GAMMA "gamma.example."

static const struct sz_lie honest = SZ_HONEST;

static void
no_dnskey(struct signed_zone *s)
{
	sz_remove(s, "example.", TYPE_DNSKEY, 0);
	sz_remove(s, "example.", TYPE_RRSIG, 0);
}

static void
resign_dnskey(struct signed_zone *s)
{
	sz_resign(s, "example.", TYPE_DNSKEY, 0, &honest);
}

static void
more_dnskeys(struct signed_zone *s, unsigned n)
{
	uint8_t rdata[36] = {1, 0, 3, 200};

	for (rdata[4] = 0; rdata[4] < n; rdata[4]++)
		sz_add_raw(s, "example.", TYPE_DNSKEY, 3600, rdata,
		    sizeof rdata);
	resign_dnskey(s);
}

static void
many_dnskeys(struct signed_zone *s)
{
	more_dnskeys(s, 62);
}

static void
too_many_dnskeys(struct signed_zone *s)
{
	more_dnskeys(s, 63);
}

static void
dnskey_of(struct signed_zone *s, uint16_t flags, uint8_t protocol,
    uint8_t algorithm, size_t len)
{
	uint8_t rdata[300] = {flags >> 8, flags & 0xff, protocol, algorithm};

	rdata[4] = 3;
	rdata[5] = rdata[7] = 1; /* RSA: exponent 65537 */
	memset(rdata + 8, 0xc3, len - 8);
	sz_add_raw(s, "example.", TYPE_DNSKEY, 3600, rdata, len);
	resign_dnskey(s);
}

static void
dnskey_protocol(struct signed_zone *s)
{
	dnskey_of(s, 256, 4, 15, 36);
}

static void
dnskey_length(struct signed_zone *s)
{
	dnskey_of(s, 0, 3, 15, 35);
}

static void
dnskey_unknown(struct signed_zone *s)
{
	dnskey_of(s, 0, 3, 200, 36);
}

static void
dnskey_1024(struct signed_zone *s)
{
	dnskey_of(s, 256, 3, ALG_RSASHA256, 8 + 128);
}

static void
dnskey_sha1(struct signed_zone *s)
{
	dnskey_of(s, 256, 3, ALG_RSASHA1, 8 + 256);
}

static void
dnskey_reserved(struct signed_zone *s)
{
	dnskey_of(s, 256 | 2, 3, 15, 36);
}

static void
dnskey_by_zsk(struct signed_zone *s)
{
	sz_resign(s, "example.", TYPE_DNSKEY, 1, &honest);
}

static void
dnskey_by_both(struct signed_zone *s)
{
	sz_countersign(s, "example.", TYPE_DNSKEY, 1, &honest);
}

/* A key that is published with REVOKE. */
static unsigned
revoked_key(struct signed_zone *s)
{
	struct buf rdata = BUF_INIT;
	unsigned k = sz_key_number(s, 3, 257 | DNSKEY_REVOKE);

	dnskey_rdata(&rdata, &s->key[k].dnskey);
	sz_add_raw(s, "example.", TYPE_DNSKEY, 3600, rdata.data, rdata.len);
	buf_free(&rdata);
	resign_dnskey(s);
	return k;
}

static void
revoked_silent(struct signed_zone *s)
{
	revoked_key(s);
}

static void
revoked_right(struct signed_zone *s)
{
	sz_countersign(s, "example.", TYPE_DNSKEY, revoked_key(s), &honest);
}

static void
revoked_alone(struct signed_zone *s)
{
	sz_resign(s, "example.", TYPE_DNSKEY, revoked_key(s), &honest);
}

static void
revoked_signs_zone(struct signed_zone *s)
{
	unsigned k = revoked_key(s);

	sz_countersign(s, "example.", TYPE_DNSKEY, k, &honest);
	sz_resign(s, GAMMA, TYPE_TXT, k, &honest);
}

static void
ksk_signs_zone(struct signed_zone *s)
{
	sz_countersign(s, GAMMA, TYPE_TXT, 0, &honest);
}

/* RFC 7344 section 4.1: these a KSK signs. */
static void
ksk_signs_cds(struct signed_zone *s)
{
	sz_add(s, "@ 60 IN CDS 0 0 0 00");
	sz_resign(s, "example.", TYPE_CDS, 0, &honest);
	sz_remove(s, "example.", TYPE_NSEC, 0);
	sz_add(s, "@ 600 IN NSEC alpha NS SOA RRSIG NSEC DNSKEY CDS");
	sz_resign(s, "example.", TYPE_NSEC, 1, &honest);
}

static const struct {
	const char *name;
	void (*damage)(struct signed_zone *);
	const char *rules; /* all of warning or error, in the table's order */
	const char *owner; /* of a finding of the first rule */
	uint16_t type;
} cases[] = {
    {"no DNSKEY", no_dnskey,
	"dnskey-missing signature-missing key-not-published nsec-bitmap",
	"example.", TYPE_DNSKEY},
    {"64 keys", many_dnskeys, "dnskey-algorithm dnskey-size "
	"algorithm-missing", "example.", TYPE_DNSKEY},
    {"65 keys", too_many_dnskeys, "dnskey-many dnskey-algorithm "
	"dnskey-unsigned dnskey-size algorithm-missing key-not-published",
	"example.", TYPE_DNSKEY},
    {"protocol 4", dnskey_protocol, "dnskey-malformed", "example.",
	TYPE_DNSKEY},
    {"31 octets of key", dnskey_length, "dnskey-malformed dnskey-flags",
	"example.", TYPE_DNSKEY},
    {"algorithm 200", dnskey_unknown, "dnskey-algorithm dnskey-flags",
	"example.", TYPE_DNSKEY},
    {"RSA 1024", dnskey_1024, "dnskey-weak algorithm-missing", "example.",
	TYPE_DNSKEY},
    {"SHA-1", dnskey_sha1, "dnskey-weak algorithm-missing", "example.",
	TYPE_DNSKEY},
    {"DNSKEY by ZSK", dnskey_by_zsk, "dnskey-unsigned", "example.",
	TYPE_DNSKEY},
    {"DNSKEY by both", dnskey_by_both, "", NULL, 0},
    {"reserved flag", dnskey_reserved, "dnskey-flags", "example.",
	TYPE_DNSKEY},
    {"revoked, does not sign", revoked_silent, "revoked-unsigned", "example.",
	TYPE_DNSKEY},
    {"revoked, signs", revoked_right, "", NULL, 0},
    {"revoked signs alone", revoked_alone,
	"dnskey-unsigned algorithm-missing", "example.", TYPE_DNSKEY},
    {"revoked signs zone", revoked_signs_zone, "key-may-not-sign", GAMMA,
	TYPE_TXT},
    {"KSK signs CDS", ksk_signs_cds, "", NULL, 0},
    {"KSK signs zone", ksk_signs_zone, "ksk-signs-zone", NULL, 0},
};

static void
test_cases(void **state)
{
	struct signed_zone s;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		sz_make_plain(&s);
		cases[i].damage(&s);
		sz_expect(&s.z, cases[i].name, cases[i].rules, cases[i].owner,
		    cases[i].type);
		sz_end(&s);
	}
}

/* Allowed, but told: it makes the response larger. */
static void
test_zsk_signs_dnskey(void **state)
{
	struct signed_zone s;
	struct verify_report r;

	(void)state;
	sz_make_plain(&s);
	dnskey_by_both(&s);
	sz_verify(&r, &s.z, NULL);
	assert_int_equal(sz_count(&r, "zsk-signs-dnskey", "example.",
			     TYPE_DNSKEY), 1);
	verify_report_free(&r);
	sz_end(&s);
}

/* One key for all is a choice, until a configuration says otherwise. */
static void
test_single_key(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct config cfg;
	const struct verify_options o = {.now = SZ_NOW, .threads = 1,
	    .cfg = &cfg};

	(void)state;
	sz_begin(&s, "example.", sz_text);
	sz_key_number(&s, 1, 257);
	s.key[0].signs_zone = true;
	sz_sign(&s, 0);
	sz_expect(&s.z, "one key", "", NULL, 0);
	sz_config(&cfg);
	cfg.policy.zonemd_n = 0;
	sz_verify(&r, &s.z, &o);
	assert_int_equal(sz_count(&r, "ksk-signs-zone", NULL, 0), 1);
	assert_int_equal(r.errors, 1);
	verify_report_free(&r);
	sz_end(&s);
}

/* A signature by a published key that cannot be used is not passed over. */
static void
test_unusable(void **state)
{
	static const struct {
		uint8_t algorithm;
		size_t len;
		const char *rule;
	} keys[] = {{200, 36, "dnskey-algorithm"},
	    {ALG_ED25519, 35, "dnskey-malformed"}};
	uint8_t rrsig[] = {0, TYPE_TXT, 0, 2, 0, 0, 14, 16, 0x6b, 0x5a, 0, 0,
	    0x6b, 0x49, 0xd2, 0, 0, 0, 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0,
	    1, 2, 3};
	struct signed_zone s;
	struct verify_report r;
	struct rrset rs;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		sz_make_plain(&s);
		dnskey_of(&s, 256, 3, keys[i].algorithm, keys[i].len);
		assert_true(rrset_find(&s.z, zone_apex(&s.z), TYPE_DNSKEY,
		    &rs));
		rrsig[2] = keys[i].algorithm;
		for (uint32_t k = 0; k < rs.n; k++) {
			const struct record *rr = rrset_record(&rs, k);
			uint16_t tag = dnskey_tag(rr->rdata, rr->rdlen);

			if (rr->rdata[4] != 3 || rr->rdlen != keys[i].len)
				continue;
			rrsig[16] = tag >> 8;
			rrsig[17] = tag & 0xff;
		}
		sz_add_raw(&s, GAMMA, TYPE_RRSIG, 3600, rrsig, sizeof rrsig);
		sz_verify(&r, &s.z, NULL);
		assert_int_equal(sz_count(&r, keys[i].rule, GAMMA, TYPE_TXT),
		    1);
		verify_report_free(&r);
		sz_end(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_zsk_signs_dnskey),
	    cmocka_unit_test(test_single_key),
	    cmocka_unit_test(test_unusable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
