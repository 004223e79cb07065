/* One damage, one rule: what each breaks, and nothing else it sets off. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/algorithm.h"
#include "lib/utc.h"
#include "signer/rrsig.h"
#include "signer/zone_check.h"
#include "tests/support/signed_zone.h"
#include "tests/support/zone_text.h"

#define GAMMA "gamma.example."

static const struct sz_lie honest = SZ_HONEST;

/* RDATA as it is, where zone_add would refuse it. */
static void
add_raw(struct signed_zone *s, const char *name, uint16_t type, uint32_t ttl,
    const void *rdata, size_t len)
{
	const struct owner *o = zone_node(&s->z, name)->owner;
	struct record *r = zone_record(&s->z, 0, type, ttl, len);

	memcpy(r->rdata, rdata, len);
	zone_add_record(&s->z, o, r);
	zone_index(&s->z, 1);
}

static void
lie_about(struct signed_zone *s, const char *name, uint16_t type,
    struct sz_lie lie)
{
	sz_resign(s, name, type, 1, &lie);
}

static void
nothing(struct signed_zone *s)
{
	(void)s;
}

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
many_dnskeys(struct signed_zone *s)
{
	uint8_t rdata[36] = {1, 0, 3, 15};

	for (rdata[4] = 0; rdata[4] < 65; rdata[4]++)
		add_raw(s, "example.", TYPE_DNSKEY, 3600, rdata, sizeof rdata);
	resign_dnskey(s);
}

static void
dnskey_of(struct signed_zone *s, uint16_t flags, uint8_t protocol,
    uint8_t algorithm, size_t len)
{
	uint8_t rdata[300] = {flags >> 8, flags & 0xff, protocol, algorithm};

	rdata[4] = 3;
	rdata[5] = rdata[7] = 1; /* RSA: exponent 65537 */
	memset(rdata + 8, 0xc3, len - 8);
	add_raw(s, "example.", TYPE_DNSKEY, 3600, rdata, len);
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
	add_raw(s, "example.", TYPE_DNSKEY, 3600, rdata.data, rdata.len);
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

static void
not_signed(struct signed_zone *s)
{
	sz_remove(s, GAMMA, TYPE_RRSIG, TYPE_TXT);
}

static void
ds_not_signed(struct signed_zone *s)
{
	sz_remove(s, "alpha.example.", TYPE_RRSIG, TYPE_DS);
}

static void
unknown_key(struct signed_zone *s)
{
	sz_resign(s, GAMMA, TYPE_TXT, sz_key_number(s, 4, 256), &honest);
}

static void
unknown_beside_good(struct signed_zone *s)
{
	sz_countersign(s, GAMMA, TYPE_TXT, sz_key_number(s, 4, 256), &honest);
}

static void
flipped(struct signed_zone *s)
{
	lie_about(s, GAMMA, TYPE_TXT,
	    (struct sz_lie){NULL, 0, 0, -1, -1, -1, -1, 0, true});
}

static void
flipped_beside_good(struct signed_zone *s)
{
	struct sz_lie lie = SZ_HONEST;

	lie.flip = true;
	sz_countersign(s, GAMMA, TYPE_TXT, 1, &lie);
}

static void
expired(struct signed_zone *s)
{
	lie_about(s, GAMMA, TYPE_TXT, (struct sz_lie){NULL, 0, SZ_NOW - 1, -1,
	    -1, -1, -1, 0, false});
}

static void
not_yet(struct signed_zone *s)
{
	lie_about(s, GAMMA, TYPE_TXT, (struct sz_lie){NULL, SZ_NOW + 1, 0, -1,
	    -1, -1, -1, 0, false});
}

static void
backward(struct signed_zone *s)
{
	lie_about(s, GAMMA, TYPE_TXT, (struct sz_lie){NULL, SZ_NOW,
	    SZ_NOW - 1, -1, -1, -1, -1, 0, false});
}

static void
other_signer(struct signed_zone *s)
{
	lie_about(s, GAMMA, TYPE_TXT,
	    (struct sz_lie){"test.", 0, 0, -1, -1, -1, -1, 0, false});
}

static void
labels(struct signed_zone *s)
{
	lie_about(s, "*.wild.example.", TYPE_TXT,
	    (struct sz_lie){NULL, 0, 0, 3, -1, -1, -1, 0, false});
}

static void
original_ttl(struct signed_zone *s)
{
	lie_about(s, GAMMA, TYPE_TXT,
	    (struct sz_lie){NULL, 0, 0, -1, 300, -1, -1, 0, false});
}

static void
rrsig_ttl(struct signed_zone *s)
{
	lie_about(s, GAMMA, TYPE_TXT,
	    (struct sz_lie){NULL, 0, 0, -1, -1, 300, -1, 0, false});
}

static void
length(struct signed_zone *s)
{
	lie_about(s, GAMMA, TYPE_TXT,
	    (struct sz_lie){NULL, 0, 0, -1, -1, -1, -1, 1, false});
}

static void
malformed_rrsig(struct signed_zone *s)
{
	static const uint8_t rdata[RRSIG_FIXED] = {0, TYPE_TXT, 15};

	add_raw(s, GAMMA, TYPE_RRSIG, 3600, rdata, sizeof rdata);
}

static void
ttl_at_edge(struct signed_zone *s)
{
	lie_about(s, GAMMA, TYPE_TXT, (struct sz_lie){NULL, 0, SZ_NOW + 3600,
	    -1, -1, -1, -1, 0, false});
}

static void
ttl_over_edge(struct signed_zone *s)
{
	lie_about(s, GAMMA, TYPE_TXT, (struct sz_lie){NULL, 0, SZ_NOW + 3599,
	    -1, -1, -1, -1, 0, false});
}

static void
orphan(struct signed_zone *s)
{
	sz_remove(s, GAMMA, TYPE_TXT, 0);
}

static void
signed_glue(struct signed_zone *s)
{
	sz_countersign(s, "ns.alpha.example.", TYPE_A, 1, &honest);
}

static void
signed_delegation(struct signed_zone *s)
{
	sz_countersign(s, "alpha.example.", TYPE_NS, 1, &honest);
}

static void
signed_rrsig(struct signed_zone *s)
{
	sz_countersign(s, GAMMA, TYPE_RRSIG, 1, &honest);
}

static void
resign_nsec(struct signed_zone *s, const char *name)
{
	sz_resign(s, name, TYPE_NSEC, 1, &honest);
}

static void
no_nsec(struct signed_zone *s)
{
	sz_remove(s, GAMMA, TYPE_NSEC, 0);
	sz_remove(s, GAMMA, TYPE_RRSIG, TYPE_NSEC);
}

static void
nsec_to(struct signed_zone *s, const char *name, const char *line)
{
	sz_remove(s, name, TYPE_NSEC, 0);
	sz_add(s, line);
	resign_nsec(s, name);
}

static void
two_nsecs(struct signed_zone *s)
{
	sz_add(s, "gamma 600 IN NSEC zz TXT RRSIG NSEC");
	resign_nsec(s, GAMMA);
}

static void
skipped(struct signed_zone *s)
{
	nsec_to(s, "example.",
	    "@ 600 IN NSEC beta NS SOA RRSIG NSEC DNSKEY");
}

static void
open_chain(struct signed_zone *s)
{
	nsec_to(s, "zz.example.", "zz 600 IN NSEC zz MX RRSIG NSEC");
}

static void
type_too_many(struct signed_zone *s)
{
	nsec_to(s, GAMMA, "gamma 600 IN NSEC ns A TXT RRSIG NSEC");
}

static void
type_missing(struct signed_zone *s)
{
	nsec_to(s, GAMMA, "gamma 600 IN NSEC ns RRSIG NSEC");
}

static void
type_not_ours(struct signed_zone *s)
{
	sz_add(s, "alpha 3600 IN A 192.0.2.8");
	nsec_to(s, "alpha.example.",
	    "alpha 600 IN NSEC beta A NS DS RRSIG NSEC");
}

static void
malformed_nsec(struct signed_zone *s)
{
	/* A window whose bitmap ends in a zero octet. */
	static const uint8_t rdata[] = "\2ns\7example\0\0\7\0\0\200\0\0\3\0";

	sz_remove(s, GAMMA, TYPE_NSEC, 0);
	add_raw(s, GAMMA, TYPE_NSEC, 600, rdata, sizeof rdata - 1);
	resign_nsec(s, GAMMA);
}

static void
nsec_at_glue(struct signed_zone *s)
{
	sz_add(s, "ns.alpha 600 IN NSEC beta A RRSIG NSEC");
}

static void
nsec_ttl(struct signed_zone *s)
{
	nsec_to(s, GAMMA, "gamma 3600 IN NSEC ns TXT RRSIG NSEC");
}

static void
nsec3(struct signed_zone *s)
{
	sz_add(s, "@ 0 IN NSEC3PARAM 1 0 0 -");
	sz_countersign(s, "example.", TYPE_NSEC3PARAM, 1, &honest);
	nsec_to(s, "example.",
	    "@ 600 IN NSEC alpha NS SOA RRSIG NSEC DNSKEY NSEC3PARAM");
}

static void
short_ds(struct signed_zone *s)
{
	sz_remove(s, "alpha.example.", TYPE_DS, 0);
	sz_add(s, "alpha 3600 IN TYPE43 \\# 8 3039 0d 02 00112233");
	sz_resign(s, "alpha.example.", TYPE_DS, 1, &honest);
}

static void
old_ds(struct signed_zone *s)
{
	sz_remove(s, "alpha.example.", TYPE_DS, 0);
	sz_add(s, "alpha 3600 IN DS 1 3 1 "
		  "00112233445566778899aabbccddeeff00112233");
	sz_resign(s, "alpha.example.", TYPE_DS, 1, &honest);
}

static void
no_glue(struct signed_zone *s)
{
	sz_remove(s, "ns.alpha.example.", TYPE_A, 0);
}

static void
occluded(struct signed_zone *s)
{
	sz_add(s, "www.alpha 3600 IN TXT x");
}

static void
two_ttls(struct signed_zone *s)
{
	sz_add(s, "ns.alpha 300 IN A 192.0.2.22");
}

static void
twice(struct signed_zone *s)
{
	sz_add(s, "gamma 3600 IN TXT x");
}

static const struct {
	const char *name;
	void (*damage)(struct signed_zone *);
	const char *rules; /* all of warning or error, in the table's order */
	const char *owner; /* of a finding of the first rule */
	uint16_t type;
} cases[] = {
    {"nothing", nothing, "", NULL, 0},
    {"no DNSKEY", no_dnskey,
	"dnskey-missing signature-missing key-not-published nsec-bitmap",
	"example.", TYPE_DNSKEY},
    {"65 keys", many_dnskeys, "dnskey-many dnskey-malformed dnskey-unsigned "
	"dnskey-size key-not-published", "example.", TYPE_DNSKEY},
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
    {"KSK signs zone", ksk_signs_zone, "ksk-signs-zone", NULL, 0},
    {"TXT not signed", not_signed, "signature-missing", GAMMA, TYPE_TXT},
    {"DS not signed", ds_not_signed, "signature-missing", "alpha.example.",
	TYPE_DS},
    {"unknown key", unknown_key, "key-not-published", GAMMA, TYPE_TXT},
    {"unknown key beside", unknown_beside_good, "key-not-published", GAMMA,
	TYPE_TXT},
    {"a bit", flipped, "signature-wrong", GAMMA, TYPE_TXT},
    {"a bit beside good", flipped_beside_good, "signature-wrong", GAMMA,
	TYPE_TXT},
    {"expired", expired, "signature-expired", GAMMA, TYPE_TXT},
    {"not yet", not_yet, "signature-not-yet", GAMMA, TYPE_TXT},
    {"backward", backward, "signature-window", GAMMA, TYPE_TXT},
    {"signer", other_signer, "signature-signer", GAMMA, TYPE_TXT},
    {"labels", labels, "signature-labels", "*.wild.example.", TYPE_TXT},
    {"original TTL", original_ttl, "signature-ttl", GAMMA, TYPE_TXT},
    {"RRSIG TTL", rrsig_ttl, "rrsig-ttl", GAMMA, TYPE_TXT},
    {"length", length, "signature-length", GAMMA, TYPE_TXT},
    {"RRSIG of 18 octets", malformed_rrsig, "signature-malformed", GAMMA,
	TYPE_TXT},
    {"TTL = validity", ttl_at_edge, "", NULL, 0},
    {"TTL > validity", ttl_over_edge, "ttl-validity", GAMMA, TYPE_TXT},
    {"orphan", orphan, "signature-orphan nsec-bitmap", GAMMA, TYPE_TXT},
    {"signed glue", signed_glue, "signature-misplaced occluded",
	"ns.alpha.example.", TYPE_A},
    {"signed delegation", signed_delegation, "signature-misplaced",
	"alpha.example.", TYPE_NS},
    {"signed RRSIG", signed_rrsig, "signature-misplaced", GAMMA, TYPE_RRSIG},
    {"no NSEC", no_nsec, "nsec-missing", GAMMA, TYPE_NSEC},
    {"two NSEC", two_nsecs, "nsec-multiple nsec-chain", GAMMA, TYPE_NSEC},
    {"NSEC skips a name", skipped, "nsec-chain", "example.", TYPE_NSEC},
    {"chain is open", open_chain, "nsec-chain", "zz.example.", TYPE_NSEC},
    {"type too many", type_too_many, "nsec-bitmap", GAMMA, TYPE_NSEC},
    {"type missing", type_missing, "nsec-bitmap", GAMMA, TYPE_NSEC},
    {"a type that is not ours", type_not_ours, "nsec-bitmap occluded",
	"alpha.example.", TYPE_NSEC},
    {"bitmap", malformed_nsec, "nsec-malformed", GAMMA, TYPE_NSEC},
    {"NSEC at glue", nsec_at_glue, "nsec-misplaced occluded",
	"ns.alpha.example.", TYPE_NSEC},
    {"NSEC TTL", nsec_ttl, "nsec-ttl", NULL, 0},
    {"NSEC3", nsec3, "nsec3-unsupported", "example.", TYPE_NSEC3PARAM},
    {"DS length", short_ds, "ds-length", "alpha.example.", TYPE_DS},
    {"old DS", old_ds, "ds-digest ds-algorithm", NULL, 0},
    {"no glue", no_glue, "glue-missing", "alpha.example.", TYPE_NS},
    {"occluded", occluded, "occluded", "www.alpha.example.", 0},
    {"TTLs differ", two_ttls, "ttl-differs", "ns.alpha.example.", TYPE_A},
    {"twice", twice, "", NULL, 0},
};

/* Names of the rules that were found, in the table's order. */
static void
rules_found(struct buf *out, const struct verify_report *r)
{
	for (const struct verify_rule *rule = verify_rules; rule->name; rule++)
		for (size_t i = 0; i < r->findings; i++) {
			if (strcmp(r->finding[i].rule, rule->name) != 0 ||
			    r->finding[i].severity == SEVERITY_INFO)
				continue;
			buf_printf(out, "%s%s", out->len ? " " : "",
			    rule->name);
			break;
		}
}

static void
run_case(size_t i)
{
	struct verify_report r;
	struct signed_zone s;
	struct buf found = BUF_INIT;

	sz_begin(&s, "example.", sz_text);
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 2, 256);
	sz_sign(&s, 0);
	cases[i].damage(&s);
	sz_verify(&r, &s.z, NULL);
	rules_found(&found, &r);
	if (strcmp(buf_cstr(&found), cases[i].rules) != 0) {
		sz_print(&r);
		fail_msg("%s: \"%s\", not \"%s\"", cases[i].name,
		    buf_cstr(&found), cases[i].rules);
	}
	found.len = strcspn(buf_cstr(&found), " ");
	if (found.len > 0 && sz_count(&r, buf_cstr(&found), cases[i].owner,
				 cases[i].type) == 0) {
		sz_print(&r);
		fail_msg("%s: not at its place", cases[i].name);
	}
	buf_free(&found);
	verify_report_free(&r);
	sz_end(&s);
}

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		run_case(i);
}

/* The rules of zone_check are among ours, by the same names. */
static void
test_zone_faults(void **state)
{
	(void)state;
	for (int f = 0; f < ZONE_FAULTS; f++)
		assert_non_null(verify_rule_by_name(
		    zone_fault_rule((enum zone_fault)f)));
}

/* No rule without a name, a help line, a name of its own. */
static void
test_table(void **state)
{
	(void)state;
	for (const struct verify_rule *r = verify_rules; r->name; r++) {
		assert_ptr_equal(verify_rule_by_name(r->name), r);
		assert_non_null(r->help);
		assert_true(!r->cryptographic ||
		    r->severity == SEVERITY_ERROR);
	}
	assert_null(verify_rule_by_name("no-such-rule"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_zone_faults),
	    cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
