/* What one RRset, one signature may ask for: both edges of each bound. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/algorithm.h"
#include "lib/xalloc.h"
#include "tests/support/signed_zone.h"

#define GAMMA "gamma.example." /* 15 octets */
#define GLUE  "ns.alpha.example."

/* 15 for the name, 2 RRs of TXT, an RRSIG of Ed25519 by "example.". */
#define RDATA_ROOM (65535 - (12 + 15 + 4 + 11) - 2 * 12 - (12 + 18 + 9 + 64))

static const struct sz_lie honest = SZ_HONEST;

/* A TXT of that many octets that is not that of another `first`. */
static void
add_text(struct signed_zone *s, size_t len, char first)
{
	uint8_t *rdata = xmalloc(len);

	memset(rdata, first, len);
	for (size_t i = 0; i < len; i += 256)
		rdata[i] = (uint8_t)(len - i > 256 ? 255 : len - i - 1);
	sz_add_raw(s, GAMMA, TYPE_TXT, 3600, rdata, len);
	free(rdata);
}

/* Two records, so that pointers and fixed parts of each count. */
static void
texts(struct signed_zone *s, size_t room)
{
	sz_remove(s, GAMMA, TYPE_TXT, 0);
	add_text(s, 40000, 'a');
	add_text(s, room - 40000, 'b');
	sz_resign(s, GAMMA, TYPE_TXT, 1, &honest);
}

static void
text_fits(struct signed_zone *s)
{
	texts(s, RDATA_ROOM);
}

static void
text_too_large(struct signed_zone *s)
{
	texts(s, RDATA_ROOM + 1);
}

/* Nothing is verified of it, wrong or not. */
static void
text_too_large_wrong(struct signed_zone *s)
{
	struct sz_lie lie = SZ_HONEST;

	lie.flip = true;
	texts(s, RDATA_ROOM + 1);
	sz_resign(s, GAMMA, TYPE_TXT, 1, &lie);
}

static void
text_too_large_not_signed(struct signed_zone *s)
{
	texts(s, RDATA_ROOM + 300);
	sz_remove(s, GAMMA, TYPE_RRSIG, TYPE_TXT);
}

static void
glue_too_large(struct signed_zone *s)
{
	uint8_t address[4] = {10, 1};

	for (unsigned i = 0; i < 65535 / 16; i++) {
		struct record *r = zone_record(&s->z, 0, TYPE_A, 3600, 4);

		address[2] = i >> 8;
		address[3] = i & 0xff;
		memcpy(r->rdata, address, 4);
		zone_add_record(&s->z, zone_apex(&s->z)->owner, r);
	}
	/* Under the name of the glue. */
	for (size_t i = s->z.sorted; i < s->z.n; i++)
		s->z.entry[i].owner = zone_find(&s->z,
		    (const uint8_t *)"\2ns\5alpha\7example")->owner;
	zone_index(&s->z, 1);
}

static void
signatures(struct signed_zone *s, unsigned n)
{
	struct sz_lie lie = SZ_HONEST;

	for (unsigned i = 1; i < n; i++) {
		lie.inception = SZ_NOW - 7200 - i;
		sz_countersign(s, GAMMA, TYPE_TXT, 1, &lie);
	}
}

static void
signatures_64(struct signed_zone *s)
{
	signatures(s, 64);
}

static void
signatures_65(struct signed_zone *s)
{
	signatures(s, 65);
}

static const struct {
	const char *name;
	void (*change)(struct signed_zone *);
	const char *rules;
	const char *owner;
	uint16_t type;
	size_t skipped; /* RRsets, of 20, of which nothing is verified */
} cases[] = {
    {"65535 octets", text_fits, "", NULL, 0, 0},
    {"65536 octets", text_too_large, "rrset-size", GAMMA, TYPE_TXT, 1},
    {"too large, wrong", text_too_large_wrong, "rrset-size", GAMMA, TYPE_TXT,
	1},
    {"too large, not signed", text_too_large_not_signed,
	"rrset-size signature-missing", GAMMA, TYPE_TXT, 1},
    {"glue", glue_too_large, "rrset-size", GLUE, TYPE_A, 0},
    {"64 signatures", signatures_64, "", NULL, 0, 0},
    {"65 signatures", signatures_65, "signature-many", GAMMA, TYPE_TXT, 1},
};

static void
test_rrset(void **state)
{
	struct signed_zone s;
	struct verify_report r;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		sz_make_plain(&s);
		cases[i].change(&s);
		sz_expect(&s.z, cases[i].name, cases[i].rules, cases[i].owner,
		    cases[i].type);
		sz_verify(&r, &s.z, NULL);
		if (cases[i].skipped > 0)
			assert_int_equal(r.signatures,
			    r.rrsets - cases[i].skipped);
		verify_report_free(&r);
		sz_end(&s);
	}
}

#define RSA_HEAD 8   /* of DNSKEY RDATA: to the modulus, e = 65537 */
#define MODULUS	 128 /* octets */

/* RSA keys of one tag: the same words in another order. */
static uint16_t
twins(struct signed_zone *s, unsigned n)
{
	uint8_t rdata[RSA_HEAD + MODULUS] = {1, 0, 3, ALG_RSASHA256, 3, 1, 0,
	    1};

	for (unsigned i = 0; i < n; i++) {
		memset(rdata + RSA_HEAD, 0xc3, MODULUS);
		rdata[RSA_HEAD + 2 * i + 2] = 1;
		sz_add_raw(s, "example.", TYPE_DNSKEY, 3600, rdata,
		    sizeof rdata);
	}
	sz_resign(s, "example.", TYPE_DNSKEY, 0, &honest);
	return dnskey_tag(rdata, sizeof rdata);
}

static void
add_rsa_signature(struct signed_zone *s, uint16_t tag)
{
	uint8_t rdata[27 + MODULUS] = {0, TYPE_TXT, ALG_RSASHA256, 2, 0, 0, 14,
	    16, 0x6b, 0x5a, 0, 0, 0x6b, 0x49, 0xd2, 0, tag >> 8, tag & 0xff, 7,
	    'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 1};

	sz_add_raw(s, GAMMA, TYPE_RRSIG, 3600, rdata, sizeof rdata);
}

/* What was found wrong with the signature. */
static const char *
wrong_text(const struct verify_report *r)
{
	for (size_t i = 0; i < r->findings; i++)
		if (strcmp(r->finding[i].rule, "signature-wrong") == 0)
			return r->finding[i].text;
	fail_msg("no signature-wrong");
	return NULL;
}

/* CVE-2023-50387: so many keys are tried for a signature, and no more. */
static void
test_twins(void **state)
{
	struct signed_zone s;
	struct verify_report r;

	(void)state;
	for (unsigned n = 15; n <= 18; n++) {
		sz_make_plain(&s);
		add_rsa_signature(&s, twins(&s, n));
		sz_verify(&r, &s.z, NULL);
		assert_int_equal(sz_count(&r, "dnskey-many", "example.",
				     TYPE_DNSKEY), n > 16);
		assert_int_equal(sz_count(&r, "signature-wrong", GAMMA,
				     TYPE_TXT), 1);
		assert_non_null(strstr(wrong_text(&r), n == 15
			? "any of the 15 published"
			: "any of the 16 published"));
		verify_report_free(&r);
		sz_end(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rrset),
	    cmocka_unit_test(test_twins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
