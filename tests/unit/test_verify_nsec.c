/* The NSEC chain and its bitmaps: one damage, one rule. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/signed_zone.h"

#define GAMMA "gamma.example."

static const struct sz_lie honest = SZ_HONEST;

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

/* Types at the last octet of a window, and in the last window. */
static void
far_types(struct signed_zone *s)
{
	sz_add(s, "gamma 60 IN TYPE511 \\# 0");
	sz_add(s, "gamma 60 IN TYPE65534 \\# 0");
	sz_countersign(s, GAMMA, 511, 1, &honest);
	sz_countersign(s, GAMMA, 65534, 1, &honest);
}

static void
far_types_listed(struct signed_zone *s)
{
	far_types(s);
	nsec_to(s, GAMMA,
	    "gamma 600 IN NSEC ns TXT RRSIG NSEC TYPE511 TYPE65534");
}

/* It lists what is far away, and lacks it. */
static void
far_types_lie(struct signed_zone *s)
{
	nsec_to(s, GAMMA,
	    "gamma 600 IN NSEC ns TXT RRSIG NSEC TYPE511 TYPE65534");
}

/* RFC 4034 section 4.1.2: what no bitmap is. */
static void
raw_nsec(struct signed_zone *s, const char *bitmap, size_t len)
{
	char rdata[64] = "\2ns\7example";

	memcpy(rdata + 12, bitmap, len);
	sz_remove(s, GAMMA, TYPE_NSEC, 0);
	sz_add_raw(s, GAMMA, TYPE_NSEC, 600, rdata, 12 + len);
	resign_nsec(s, GAMMA);
}

static void
trailing_zero(struct signed_zone *s)
{
	raw_nsec(s, "\0\7\0\0\200\0\0\3\0", 9);
}

static void
same_window(struct signed_zone *s)
{
	raw_nsec(s, "\0\3\0\0\200\0\6\0\0\0\0\0\3", 13);
}

static void
empty_window(struct signed_zone *s)
{
	raw_nsec(s, "\0\6\0\0\200\0\0\3\1\0\1", 11);
}

static void
cut_window(struct signed_zone *s)
{
	raw_nsec(s, "\0\7\0\0\200\0\0\3", 8);
}

static void
wide_window(struct signed_zone *s)
{
	char bitmap[35] = {0, 33, [34] = 1};

	raw_nsec(s, bitmap, sizeof bitmap);
}

static void
no_next(struct signed_zone *s)
{
	sz_remove(s, GAMMA, TYPE_NSEC, 0);
	sz_add_raw(s, GAMMA, TYPE_NSEC, 600, "\77x", 2);
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

static const struct {
	const char *name;
	void (*damage)(struct signed_zone *);
	const char *rules; /* all of warning or error, in the table's order */
	const char *owner; /* of a finding of the first rule */
	uint16_t type;
} cases[] = {
    {"no NSEC", no_nsec, "nsec-missing", GAMMA, TYPE_NSEC},
    {"two NSEC", two_nsecs, "nsec-multiple nsec-chain", GAMMA, TYPE_NSEC},
    {"NSEC skips a name", skipped, "nsec-chain", "example.", TYPE_NSEC},
    {"chain is open", open_chain, "nsec-chain", "zz.example.", TYPE_NSEC},
    {"type too many", type_too_many, "nsec-bitmap", GAMMA, TYPE_NSEC},
    {"type missing", type_missing, "nsec-bitmap", GAMMA, TYPE_NSEC},
    {"a type that is not ours", type_not_ours, "nsec-bitmap occluded",
	"alpha.example.", TYPE_NSEC},
    {"far types", far_types, "nsec-bitmap", GAMMA, TYPE_NSEC},
    {"far types, listed", far_types_listed, "", NULL, 0},
    {"far types, a lie", far_types_lie, "nsec-bitmap", GAMMA, TYPE_NSEC},
    {"trailing zero", trailing_zero, "nsec-malformed", GAMMA, TYPE_NSEC},
    {"a window twice", same_window, "nsec-malformed", GAMMA, TYPE_NSEC},
    {"empty window", empty_window, "nsec-malformed", GAMMA, TYPE_NSEC},
    {"cut window", cut_window, "nsec-malformed", GAMMA, TYPE_NSEC},
    {"33 octets", wide_window, "nsec-malformed", GAMMA, TYPE_NSEC},
    {"no next name", no_next, "nsec-malformed", GAMMA, TYPE_NSEC},
    {"NSEC at glue", nsec_at_glue, "nsec-misplaced occluded",
	"ns.alpha.example.", TYPE_NSEC},
    {"NSEC TTL", nsec_ttl, "nsec-ttl", NULL, 0},
    {"NSEC3", nsec3, "nsec3-unsupported", "example.", TYPE_NSEC3PARAM},
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
