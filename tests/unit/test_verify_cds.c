/* CDS and CDNSKEY at the apex: what a parent may be told. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/signed_zone.h"

#define APEX "example."

enum { KSK, ZSK };

static const struct sz_lie honest = SZ_HONEST;

static void
key_rdata(struct buf *out, const struct signed_zone *s, unsigned key)
{
	buf_clear(out);
	dnskey_rdata(out, &s->key[key].dnskey);
}

/* Publish one more key, and sign the RRset again. */
static unsigned
publish(struct signed_zone *s, uint32_t number, uint16_t flags)
{
	unsigned k = sz_key_number(s, number, flags);
	struct buf rdata = BUF_INIT;

	key_rdata(&rdata, s, k);
	sz_add_raw(s, APEX, TYPE_DNSKEY, 3600, rdata.data, rdata.len);
	sz_resign(s, APEX, TYPE_DNSKEY, KSK, &honest);
	if (flags & DNSKEY_REVOKE)
		sz_countersign(s, APEX, TYPE_DNSKEY, k, &honest);
	buf_free(&rdata);
	return k;
}

static void
add_cds(struct signed_zone *s, unsigned key, uint8_t digest, uint8_t flip)
{
	struct buf rdata = BUF_INIT;
	struct ds ds;

	key_rdata(&rdata, s, key);
	assert_int_equal(ds_make(&ds, s->z.apex, rdata.data, rdata.len,
			     digest), 0);
	ds.digest[0] ^= flip;
	buf_clear(&rdata);
	ds_rdata(&rdata, &ds);
	sz_add_raw(s, APEX, TYPE_CDS, 3600, rdata.data, rdata.len);
	buf_free(&rdata);
}

static void
add_cdnskey(struct signed_zone *s, unsigned key, uint8_t flip)
{
	struct buf rdata = BUF_INIT;

	key_rdata(&rdata, s, key);
	rdata.data[1] ^= flip;
	sz_add_raw(s, APEX, TYPE_CDNSKEY, 3600, rdata.data, rdata.len);
	buf_free(&rdata);
}

/* An RRset that is there is signed, and NSEC tells of it. */
static void
finish(struct signed_zone *s)
{
	const struct node *apex = zone_apex(&s->z);
	struct rrset rs;
	bool cds = rrset_find(&s->z, apex, TYPE_CDS, &rs);
	bool cdnskey = rrset_find(&s->z, apex, TYPE_CDNSKEY, &rs);

	sz_remove(s, APEX, TYPE_NSEC, 0);
	sz_add(s, !cdnskey ? "@ 600 IN NSEC alpha NS SOA RRSIG NSEC DNSKEY CDS"
		  : !cds   ? "@ 600 IN NSEC alpha NS SOA RRSIG NSEC DNSKEY "
			     "CDNSKEY"
			   : "@ 600 IN NSEC alpha NS SOA RRSIG NSEC DNSKEY "
			     "CDS CDNSKEY");
	sz_resign(s, APEX, TYPE_NSEC, ZSK, &honest);
	if (cds)
		sz_resign(s, APEX, TYPE_CDS, KSK, &honest);
	if (cdnskey)
		sz_resign(s, APEX, TYPE_CDNSKEY, KSK, &honest);
}

static void
cds_two_digests(struct signed_zone *s)
{
	add_cds(s, KSK, DS_SHA256, 0);
	add_cds(s, KSK, DS_SHA384, 0);
}

static void
cds_flipped(struct signed_zone *s)
{
	add_cds(s, KSK, DS_SHA256, 1);
}

static void
cds_foreign_too(struct signed_zone *s)
{
	add_cds(s, KSK, DS_SHA256, 0);
	add_cds(s, sz_key_number(s, 9, 257), DS_SHA256, 0);
}

static void
cds_short(struct signed_zone *s)
{
	sz_add_raw(s, APEX, TYPE_CDS, 3600, "\0\1\17\2", 4);
}

static void
cds_long(struct signed_zone *s)
{
	static const uint8_t rdata[4 + 65] = {0, 1, 15, 2};

	sz_add_raw(s, APEX, TYPE_CDS, 3600, rdata, sizeof rdata);
}

static void
cds_digest_unknown(struct signed_zone *s)
{
	static const uint8_t rdata[4 + 32] = {0, 1, 15, 200};

	sz_add_raw(s, APEX, TYPE_CDS, 3600, rdata, sizeof rdata);
}

static void
cds_revoked(struct signed_zone *s)
{
	add_cds(s, publish(s, 3, 257 | DNSKEY_REVOKE), DS_SHA256, 0);
}

static void
cdnskey_no_zone_key(struct signed_zone *s)
{
	add_cdnskey(s, KSK, 0);
	add_cdnskey(s, publish(s, 3, DNSKEY_SEP), 0);
}

/* As DS it would leave nobody who can validate the DNSKEY RRset. */
static void
cds_silent(struct signed_zone *s)
{
	add_cds(s, publish(s, 3, 257), DS_SHA256, 0);
}

/* The next one, beside the one that signs. */
static void
both_two_keys(struct signed_zone *s)
{
	unsigned k = publish(s, 3, 257);

	add_cds(s, KSK, DS_SHA256, 0);
	add_cds(s, k, DS_SHA256, 0);
	add_cdnskey(s, KSK, 0);
	add_cdnskey(s, k, 0);
}

static void
both_differ(struct signed_zone *s)
{
	both_two_keys(s);
	sz_remove(s, APEX, TYPE_CDNSKEY, 0);
	add_cdnskey(s, KSK, 0);
}

static void
cdnskey_right(struct signed_zone *s)
{
	add_cdnskey(s, KSK, 0);
}

static void
cdnskey_other_flags(struct signed_zone *s)
{
	add_cdnskey(s, KSK, DNSKEY_SEP);
}

static void
cdnskey_short(struct signed_zone *s)
{
	sz_add_raw(s, APEX, TYPE_CDNSKEY, 3600, "\1\1\3", 3);
}

static void
delete_both(struct signed_zone *s)
{
	sz_add(s, "@ 3600 IN CDS 0 0 0 00");
	sz_add(s, "@ 3600 IN CDNSKEY 0 3 0 AA==");
}

static void
delete_cds_only(struct signed_zone *s)
{
	sz_add(s, "@ 3600 IN CDS 0 0 0 00");
	add_cdnskey(s, KSK, 0);
}

static void
delete_and_more(struct signed_zone *s)
{
	sz_add(s, "@ 3600 IN CDS 0 0 0 00");
	add_cds(s, KSK, DS_SHA256, 0);
}

static void
delete_two_octets(struct signed_zone *s)
{
	sz_add_raw(s, APEX, TYPE_CDS, 3600, "\0\0\0\0\0", 6);
}

static void
delete_not_zero(struct signed_zone *s)
{
	sz_add_raw(s, APEX, TYPE_CDNSKEY, 3600, "\0\0\3\0\1", 5);
}

static const struct {
	const char *name;
	void (*change)(struct signed_zone *);
	const char *rules;
	uint16_t type; /* of a finding */
} cases[] = {
    {"one key, two digests", cds_two_digests, "", 0},
    {"digest of another", cds_flipped, "cds", TYPE_CDS},
    {"not published", cds_foreign_too, "cds", TYPE_CDS},
    {"no digest", cds_short, "cds", TYPE_CDS},
    {"digest too long", cds_long, "cds", TYPE_CDS},
    {"digest type", cds_digest_unknown, "cds", TYPE_CDS},
    {"revoked", cds_revoked, "cds", TYPE_CDS},
    {"no zone key", cdnskey_no_zone_key, "dnskey-flags cds", 0},
    {"breaks", cds_silent, "cds", TYPE_CDS},
    {"two keys", both_two_keys, "", 0},
    {"CDNSKEY has one", both_differ, "cds", TYPE_CDS},
    {"CDNSKEY", cdnskey_right, "", 0},
    {"flags", cdnskey_other_flags, "cds", TYPE_CDNSKEY},
    {"CDNSKEY short", cdnskey_short, "cds", TYPE_CDNSKEY},
    {"delete", delete_both, "", 0},
    {"CDS deletes", delete_cds_only, "cds", TYPE_CDS},
    {"deletes and not", delete_and_more, "cds", TYPE_CDS},
    {"delete, long", delete_two_octets, "cds", TYPE_CDS},
    {"delete, not zero", delete_not_zero, "cds", TYPE_CDNSKEY},
};

static void
test_cases(void **state)
{
	struct signed_zone s;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		sz_make_plain(&s);
		cases[i].change(&s);
		finish(&s);
		sz_expect(&s.z, cases[i].name, cases[i].rules,
		    cases[i].type ? APEX : NULL, cases[i].type);
		sz_end(&s);
	}
}

static void
test_place(void **state)
{
	struct signed_zone s;
	struct verify_report r;

	(void)state;
	sz_make_text(&s, APEX, sz_text, "gamma CDS 0 0 0 00\n"
	    "zz CDNSKEY 0 3 0 AA==\n");
	sz_verify(&r, &s.z, NULL);
	assert_int_equal(sz_count(&r, "cds", "gamma.example.", TYPE_CDS), 1);
	assert_int_equal(sz_count(&r, "cds", "zz.example.", TYPE_CDNSKEY), 1);
	assert_int_equal(r.errors, 2);
	verify_report_free(&r);
	sz_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
