/* One damage, one rule: what each breaks, and nothing else it sets off. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/file.h"
#include "lib/utc.h"
#include "signer/rrsig.h"
#include "signer/zone_check.h"
#include "tests/support/signed_zone.h"
#include "tests/support/zone_text.h"

#define GAMMA "gamma.example."

static const struct sz_lie honest = SZ_HONEST;

static void
nothing(struct signed_zone *s)
{
	(void)s;
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
flipped_beside_good(struct signed_zone *s)
{
	struct sz_lie lie = SZ_HONEST;

	lie.flip = true;
	sz_countersign(s, GAMMA, TYPE_TXT, 1, &lie);
}

static void
malformed_rrsig(struct signed_zone *s)
{
	static const uint8_t rdata[RRSIG_FIXED] = {0, TYPE_TXT, 15};

	sz_add_raw(s, GAMMA, TYPE_RRSIG, 3600, rdata, sizeof rdata);
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
nsec_to(struct signed_zone *s, const char *name, const char *line)
{
	sz_remove(s, name, TYPE_NSEC, 0);
	sz_add(s, line);
	resign_nsec(s, name);
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

/* The first digest type that is not known: any length will do. */
static void
new_ds(struct signed_zone *s)
{
	sz_remove(s, "alpha.example.", TYPE_DS, 0);
	sz_add(s, "alpha 3600 IN TYPE43 \\# 7 3039 0d 07 001122");
	sz_resign(s, "alpha.example.", TYPE_DS, 1, &honest);
}

static void
tiny_ds(struct signed_zone *s)
{
	sz_remove(s, "alpha.example.", TYPE_DS, 0);
	sz_add_raw(s, "alpha.example.", TYPE_DS, 3600, "\1\2\15\2", 4);
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
sibling_glue(struct signed_zone *s)
{
	sz_remove(s, "ns.delta.example.", TYPE_A, 0);
	sz_add(s, "alpha 3600 IN NS ns.delta");
	sz_remove(s, "delta.example.", TYPE_NS, 0);
	sz_add(s, "delta 3600 IN NS ns");
}

static void
cname(struct signed_zone *s)
{
	sz_add(s, "gamma 3600 IN CNAME ns");
	sz_countersign(s, GAMMA, TYPE_CNAME, 1, &honest);
	nsec_to(s, GAMMA, "gamma 600 IN NSEC ns CNAME TXT RRSIG NSEC");
}

static void
two_cnames(struct signed_zone *s)
{
	sz_add(s, "gamma 3600 IN DNAME a.");
	sz_add(s, "gamma 3600 IN DNAME b.");
	sz_countersign(s, GAMMA, TYPE_DNAME, 1, &honest);
	nsec_to(s, GAMMA, "gamma 600 IN NSEC ns TXT DNAME RRSIG NSEC");
}

static void
misplaced_ds(struct signed_zone *s)
{
	sz_add(s, "gamma 3600 IN DS 1 13 2 00112233445566778899aabbccddeeff"
		  "00112233445566778899aabbccddeeff");
	sz_countersign(s, GAMMA, TYPE_DS, 1, &honest);
	nsec_to(s, GAMMA, "gamma 600 IN NSEC ns TXT DS RRSIG NSEC");
}

static void
no_apex_ns(struct signed_zone *s)
{
	sz_remove(s, "example.", TYPE_NS, 0);
	sz_remove(s, "example.", TYPE_RRSIG, TYPE_NS);
	nsec_to(s, "example.", "@ 600 IN NSEC alpha SOA RRSIG NSEC DNSKEY");
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
    {"TXT not signed", not_signed, "signature-missing", GAMMA, TYPE_TXT},
    {"DS not signed", ds_not_signed, "signature-missing", "alpha.example.",
	TYPE_DS},
    {"unknown key", unknown_key, "key-not-published", GAMMA, TYPE_TXT},
    {"unknown key beside", unknown_beside_good, "key-not-published", GAMMA,
	TYPE_TXT},
    {"a bit beside good", flipped_beside_good, "signature-wrong", GAMMA,
	TYPE_TXT},
    {"RRSIG of 18 octets", malformed_rrsig, "signature-malformed", GAMMA,
	TYPE_TXT},
    {"orphan", orphan, "signature-orphan nsec-bitmap", GAMMA, TYPE_TXT},
    {"signed glue", signed_glue, "signature-misplaced occluded",
	"ns.alpha.example.", TYPE_A},
    {"signed delegation", signed_delegation, "signature-misplaced",
	"alpha.example.", TYPE_NS},
    {"signed RRSIG", signed_rrsig, "signature-misplaced", GAMMA, TYPE_RRSIG},
    {"DS length", short_ds, "ds-length", "alpha.example.", TYPE_DS},
    {"DS without digest", tiny_ds, "ds-length", "alpha.example.", TYPE_DS},
    {"new DS", new_ds, "ds-digest", NULL, 0},
    {"old DS", old_ds, "ds-digest ds-algorithm", NULL, 0},
    {"no glue", no_glue, "glue-missing", "alpha.example.", TYPE_NS},
    {"occluded", occluded, "occluded", "www.alpha.example.", 0},
    {"TTLs differ", two_ttls, "ttl-differs", "ns.alpha.example.", TYPE_A},
    {"sibling glue", sibling_glue, "glue-sibling", "alpha.example.",
	TYPE_NS},
    {"CNAME", cname, "cname", GAMMA, TYPE_TXT},
    {"two DNAME", two_cnames, "cname-single", GAMMA, TYPE_DNAME},
    {"DS of no delegation", misplaced_ds, "ds-place", GAMMA, TYPE_DS},
    {"no NS", no_apex_ns, "apex-ns", "example.", TYPE_NS},
    {"twice", twice, "", NULL, 0},
};

/* Lies in the RRSIG over one TXT RRset. */
static const struct {
	struct sz_lie lie;
	const char *name, *rules, *owner;
	const char *end; /* of the text of the first finding there */
} lies[] = {
    {{NULL, 0, 0, -1, -1, -1, -1, 0, true},
	"a bit", "signature-wrong", GAMMA,
	"(ED25519): does not verify"},
    {{NULL, 0, SZ_NOW - 1, -1, -1, -1, -1, 0, false},
	"expired", "signature-expired", GAMMA,
	": expired: at 2027-01-15T07:59:59Z, 1s before "
	"2027-01-15T08:00:00Z"},
    {{NULL, SZ_NOW + 1, 0, -1, -1, -1, -1, 0, false},
	"not yet", "signature-not-yet", GAMMA,
	": not valid yet: from 2027-01-15T08:00:01Z, 1s after "
	"2027-01-15T08:00:00Z"},
    {{NULL, SZ_NOW, SZ_NOW - 1, -1, -1, -1, -1, 0, false},
	"backward", "signature-window", GAMMA,
	": from 2027-01-15T08:00:00Z until 2027-01-15T07:59:59Z"},
    {{"test.", 0, 0, -1, -1, -1, -1, 0, false},
	"signer", "signature-signer", GAMMA,
	": test."},
    {{NULL, 0, 0, 3, -1, -1, -1, 0, false},
	"labels", "signature-labels", "*.wild.example.",
	": 3, the owner has 2"},
    {{NULL, 0, 0, -1, 300, -1, -1, 0, false},
	"original TTL", "signature-ttl", GAMMA,
	": 300, the RRset has 3600"},
    {{NULL, 0, 0, -1, -1, 300, -1, 0, false},
	"RRSIG TTL", "rrsig-ttl", GAMMA,
	"has TTL 300, the RRset 3600"},
    {{NULL, 0, 0, -1, -1, -1, -1, 1, false},
	"length", "signature-length", GAMMA,
	": 63 octets"},
    {{NULL, 0, SZ_NOW + 3600, -1, -1, -1, -1, 0, false},
	"TTL = validity", "", GAMMA,
	NULL},
    {{NULL, 0, SZ_NOW + 3599, -1, -1, -1, -1, 0, false},
	"TTL > validity", "ttl-validity", GAMMA,
	"TTL 3600, valid for only 59m59s"},
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

/* The text says what was found, with its values. */
static void
expect_text(const struct zone *z, const char *owner, const char *end)
{
	struct verify_report r;
	const char *text;

	sz_verify(&r, z, NULL);
	for (size_t i = 0; i < r.findings; i++) {
		text = r.finding[i].text;
		if (r.finding[i].owner == NULL ||
		    strcmp(r.finding[i].owner, owner) != 0)
			continue;
		if (strlen(text) < strlen(end) ||
		    strcmp(text + strlen(text) - strlen(end), end) != 0)
			fail_msg("\"%s\", not \"… %s\"", text, end);
		verify_report_free(&r);
		return;
	}
	fail_msg("nothing at %s", owner);
}

static void
test_lies(void **state)
{
	struct signed_zone s;

	(void)state;
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		sz_make_plain(&s);
		sz_resign(&s, lies[i].owner, TYPE_TXT, 1, &lies[i].lie);
		sz_expect(&s.z, lies[i].name, lies[i].rules, lies[i].owner,
		    TYPE_TXT);
		if (lies[i].end != NULL)
			expect_text(&s.z, lies[i].owner, lies[i].end);
		sz_end(&s);
	}
}

/* Told, and no fault: a record that stands twice counts once. */
static void
test_duplicates(void **state)
{
	struct signed_zone s;
	struct verify_report r;

	(void)state;
	sz_make_plain(&s);
	sz_verify(&r, &s.z, NULL);
	assert_int_equal(sz_count(&r, "duplicate", NULL, 0), 0);
	verify_report_free(&r);
	twice(&s);
	sz_verify(&r, &s.z, NULL);
	assert_int_equal(sz_count(&r, "duplicate", NULL, 0), 1);
	verify_report_free(&r);
	sz_end(&s);
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

/* rz-signer(8) has each rule, where it belongs, with the same words. */
static void
test_manual(void **state)
{
	static const char *const severity[] = {"info", "warning", "error"};
	struct buf page = BUF_INIT;
	struct error e = ERROR_INIT;
	const char *text;
	char item[300];
	size_t items = 0;

	(void)state;
	if (file_read(&page, "man/rz-signer.8", 1 << 20, &e) != 0)
		fail_msg("%s", e.text);
	text = strstr(buf_cstr(&page), "\n.Sh RULES\n");
	assert_non_null(text);
	for (const struct verify_rule *r = verify_rules; r->name; r++) {
		if (r->cryptographic)
			snprintf(item, sizeof item, "\n.It %s\n%c%s.\n",
			    r->name, toupper((unsigned char)*r->help),
			    r->help + 1);
		else
			snprintf(item, sizeof item,
			    "\n.It %s Pq %s\n%c%s.\n", r->name,
			    severity[r->severity],
			    toupper((unsigned char)*r->help), r->help + 1);
		if (strstr(text, item) == NULL)
			fail_msg("not in the page: %s", item);
		items++;
	}
	for (text = strstr(text, "\n.It "); text != NULL &&
	    text < strstr(buf_cstr(&page), "\n.Sh ENVIRONMENT\n");
	    text = strstr(text + 1, "\n.It "))
		items--;
	assert_int_equal(items, 0); /* and no other */
	buf_free(&page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_manual),
	    cmocka_unit_test(test_zone_faults),
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_lies),
	    cmocka_unit_test(test_duplicates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
