/* ZONEMD (RFC 8976 section 4): verified, failed, or not to be checked. */
#include <string.h>

#include <openssl/evp.h>

#include "signer/verify_run.h"
#include "signer/zonemd.h"

#define CLASS_IN     1
#define DIGEST_START 6		   /* after serial, scheme, hash */
#define PIECE	     (256 * 1024) /* octets handed over at a time */

struct zonemd {
	uint32_t serial;
	uint8_t scheme, hash;
	const uint8_t *digest;
	size_t len;
};

static int
parse(struct zonemd *m, const struct record *r)
{
	const uint8_t *p = r->rdata;

	if (r->rdlen < ZONEMD_MIN_RDATA)
		return -1;
	m->serial = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		    (uint32_t)p[2] << 8 | p[3];
	m->scheme = p[4];
	m->hash = p[5];
	m->digest = p + DIGEST_START;
	m->len = r->rdlen - DIGEST_START;
	return 0;
}

static const char *
hash_name(const struct zonemd *m)
{
	if (m->scheme != ZONEMD_SIMPLE)
		return NULL;
	return m->hash == ZONEMD_SHA384 ? "SHA384"
		: m->hash == ZONEMD_SHA512 ? "SHA512" : NULL;
}

/* RFC 8976 section 3.3.1.2: the RRset at the apex, and its signature. */
static bool
left_out(const struct zone *z, const struct entry *en)
{
	const struct record *r = en->record;

	if (r->type == TYPE_ZONEMD ||
	    (r->type == TYPE_RRSIG && r->rdlen >= 2 &&
		(r->rdata[0] << 8 | r->rdata[1]) == TYPE_ZONEMD))
		return en->owner->wire_len == z->apex_len &&
		       memcmp(owner_wire(en->owner), z->apex, z->apex_len) == 0;
	return false;
}

static void
octets(struct buf *out, const struct entry *en)
{
	const struct record *r = en->record;

	buf_add(out, owner_wire(en->owner), en->owner->wire_len);
	buf_u16(out, r->type);
	buf_u16(out, CLASS_IN);
	buf_u32(out, r->ttl);
	buf_u16(out, r->rdlen);
	buf_add(out, r->rdata, r->rdlen);
}

static bool
digest(uint8_t out[EVP_MAX_MD_SIZE], unsigned *len, const struct zone *z,
    const char *hash, struct buf *scratch)
{
	EVP_MD *md = EVP_MD_fetch(NULL, hash, NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = md && ctx && EVP_DigestInit_ex2(ctx, md, NULL) == 1;

	buf_clear(scratch);
	for (size_t i = 0; ok && i < z->sorted; i++) {
		if (!left_out(z, &z->entry[i]))
			octets(scratch, &z->entry[i]);
		if (scratch->len < PIECE && i + 1 < z->sorted)
			continue;
		ok = EVP_DigestUpdate(ctx, scratch->data, scratch->len) == 1;
		buf_clear(scratch);
	}
	ok = ok && EVP_DigestFinal_ex(ctx, out, len) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
	return ok;
}

/* The digest of one record: does it fit? */
static bool
compare(struct verify *v, struct verify_worker *w, const struct zonemd *m)
{
	const struct owner *apex = zone_apex(v->z)->owner;
	uint8_t sum[EVP_MAX_MD_SIZE];
	unsigned len;

	if (m->len != zonemd_digest_len(m->hash)) {
		verify_note(v, w, RULE_ZONEMD_MALFORMED, apex, TYPE_ZONEMD,
		    "%s with a digest of %zu octets", hash_name(m), m->len);
		return false;
	}
	if (digest(sum, &len, v->z, hash_name(m), &w->scratch) &&
	    len == m->len && memcmp(sum, m->digest, len) == 0)
		return true;
	verify_note(v, w, RULE_ZONEMD_WRONG, apex, TYPE_ZONEMD,
	    "the %s digest is not that of the zone: something was changed "
	    "after it was made", hash_name(m));
	return false;
}

static bool
check_serial(struct verify *v, struct verify_worker *w,
    const struct zonemd *m)
{
	const struct owner *apex = zone_apex(v->z)->owner;

	if (m->serial == v->r->serial)
		return true;
	verify_note(v, w, RULE_ZONEMD_SERIAL, apex, TYPE_ZONEMD,
	    "serial %u, that of the SOA is %u", m->serial, v->r->serial);
	return false;
}

/* RFC 8976 section 2.2.1: a scheme and hash must not stand twice. */
static bool
check_single(struct verify *v, struct verify_worker *w,
    const struct zonemd *m, uint8_t seen[UINT16_MAX + 1])
{
	const struct owner *apex = zone_apex(v->z)->owner;

	if (!seen[m->scheme << 8 | m->hash]++)
		return true;
	verify_note(v, w, RULE_ZONEMD_DUPLICATE, apex, TYPE_ZONEMD,
	    "scheme %u, hash %u stands more than once", m->scheme, m->hash);
	return false;
}

static enum zonemd_result
check_record(struct verify *v, struct verify_worker *w,
    const struct record *r, uint8_t *seen)
{
	const struct owner *apex = zone_apex(v->z)->owner;
	struct zonemd m;
	bool good;

	if (parse(&m, r) != 0) {
		verify_note(v, w, RULE_ZONEMD_MALFORMED, apex, TYPE_ZONEMD,
		    "RDATA of %u octets: a digest has 12 at least", r->rdlen);
		return ZONEMD_FAILED;
	}
	good = check_serial(v, w, &m);
	good = check_single(v, w, &m, seen) && good;
	if (hash_name(&m) != NULL)
		good = compare(v, w, &m) && good;
	else
		verify_note(v, w, RULE_ZONEMD_UNSUPPORTED, apex, TYPE_ZONEMD,
		    "scheme %u, hash %u: the digest cannot be checked",
		    m.scheme, m.hash);
	if (!good)
		return ZONEMD_FAILED;
	return hash_name(&m) ? ZONEMD_VERIFIED : ZONEMD_CANNOT_CHECK;
}

void
zonemd_check(struct verify *v, struct verify_worker *w)
{
	uint8_t seen[UINT16_MAX + 1] = {0};
	enum zonemd_result result, all = ZONEMD_ABSENT;
	struct rrset rs;

	if (!rrset_find(v->z, zone_apex(v->z), TYPE_ZONEMD, &rs))
		rs.n = 0;
	for (uint32_t i = 0; i < rs.n; i++) {
		result = check_record(v, w, rrset_record(&rs, i), seen);
		if (result == ZONEMD_FAILED || all == ZONEMD_ABSENT)
			all = result;
		else if (result == ZONEMD_VERIFIED && all != ZONEMD_FAILED)
			all = result;
	}
	v->r->zonemd = all;
}
