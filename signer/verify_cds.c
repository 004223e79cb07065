/*
 * CDS and CDNSKEY (RFC 7344, RFC 8078): what the parent may take for DS.  A
 * set that is wrong would break the delegation.
 */
#include <string.h>

#include "signer/verify_run.h"

#define DS_FIXED 4 /* tag, algorithm, digest type: RFC 4034 section 5.1 */

/* RFC 8078 section 4: "0 0 0 00" and "0 3 0 AA==", each alone. */
static bool
asks_deletion(const struct rrset *rs)
{
	static const uint8_t cds[] = {0, 0, 0, 0, 0}, cdnskey[] = {0, 0, 3, 0,
	    0};
	const struct record *r = rrset_record(rs, 0);

	return rs->n == 1 && r->rdlen == sizeof cds &&
	       memcmp(r->rdata, rs->type == TYPE_CDS ? cds : cdnskey,
		   sizeof cds) == 0;
}

static bool
cds_matches(const struct verify *v, const struct record *r,
    const struct verify_key *k)
{
	struct ds ds = {.len = r->rdlen - (size_t)DS_FIXED};

	if (r->rdlen <= DS_FIXED || ds.len > sizeof ds.digest)
		return false;
	ds.tag = (uint16_t)(r->rdata[0] << 8 | r->rdata[1]);
	ds.algorithm = r->rdata[2];
	ds.digest_type = r->rdata[3];
	memcpy(ds.digest, r->rdata + DS_FIXED, ds.len);
	return ds_matches(&ds, v->z->apex, k->record->rdata,
	    k->record->rdlen);
}

static bool
cdnskey_matches(const struct record *r, const struct verify_key *k)
{
	return r->rdlen == k->record->rdlen &&
	       memcmp(r->rdata, k->record->rdata, r->rdlen) == 0;
}

/* The key that a record stands for: as a set; 0 none that a DS may name. */
static uint64_t
key_of(const struct verify *v, const struct record *r)
{
	const struct verify_key *k;

	for (unsigned i = 0; i < v->keys.n; i++) {
		k = &v->keys.key[i];
		if (!k->zone || k->revoked)
			continue;
		if (r->type == TYPE_CDS ? cds_matches(v, r, k)
					: cdnskey_matches(r, k))
			return UINT64_C(1) << i;
	}
	return 0;
}

static void
note(struct verify *v, uint16_t type, const char *text)
{
	verify_note(v, &v->worker[0], RULE_CDS, zone_apex(v->z)->owner, type,
	    "%s", text);
}

static void
note_foreign(struct verify *v, const struct record *r)
{
	struct dnskey k;

	if (r->type == TYPE_CDS && r->rdlen > DS_FIXED)
		verify_note(v, &v->worker[0], RULE_CDS,
		    zone_apex(v->z)->owner, r->type, "key %u with algorithm "
		    "%u, digest type %u: that of no published zone key",
		    r->rdata[0] << 8 | r->rdata[1], r->rdata[2], r->rdata[3]);
	else if (r->type == TYPE_CDNSKEY &&
	    dnskey_parse(&k, r->rdata, r->rdlen) == 0)
		verify_note(v, &v->worker[0], RULE_CDS,
		    zone_apex(v->z)->owner, r->type, "key %u with algorithm "
		    "%u, flags %u: no published zone key",
		    dnskey_tag(r->rdata, r->rdlen), k.algorithm, k.flags);
	else
		note(v, r->type, "a record that does not parse");
}

/* The keys of an RRset; it must not break what resolvers can follow now. */
static uint64_t
check_set(struct verify *v, const struct rrset *rs)
{
	uint64_t keys = 0, key;

	if (asks_deletion(rs))
		return 0;
	for (uint32_t i = 0; i < rs->n; i++) {
		key = key_of(v, rrset_record(rs, i));
		if (key == 0)
			note_foreign(v, rrset_record(rs, i));
		keys |= key;
	}
	if (keys != 0 && (keys & v->worker[0].dnskey_by) == 0)
		note(v, rs->type, "none of its keys signs the DNSKEY RRset");
	return keys;
}

/* RFC 7344 section 4.1: nowhere but at the apex. */
static void
check_place(struct verify *v, const struct node *nd)
{
	static const uint16_t types[] = {TYPE_CDS, TYPE_CDNSKEY};
	struct rrset rs;

	for (unsigned i = 0; i < 2; i++)
		if (rrset_find(v->z, nd, types[i], &rs))
			verify_note(v, &v->worker[0], RULE_CDS, nd->owner,
			    types[i], "not at the apex");
}

void
cds_check(struct verify *v)
{
	const struct node *apex = zone_apex(v->z);
	struct rrset cds, cdnskey;
	bool a = rrset_find(v->z, apex, TYPE_CDS, &cds);
	bool b = rrset_find(v->z, apex, TYPE_CDNSKEY, &cdnskey);
	uint64_t ds_keys = a ? check_set(v, &cds) : 0;
	uint64_t keys = b ? check_set(v, &cdnskey) : 0;

	if (a && b && (ds_keys != keys ||
	    asks_deletion(&cds) != asks_deletion(&cdnskey)))
		note(v, TYPE_CDS, "the keys of CDS and CDNSKEY differ");
	for (size_t i = 1; i < v->z->nodes; i++)
		check_place(v, &v->z->node[i]);
}
