#include "signer/zonemd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "lib/buf.h"

#define CLASS_IN   1
#define RDATA_HEAD 6 /* serial, scheme, hash (RFC 8976 section 2.2) */
#define BATCH	   65536

int
zonemd_hash_by_name(const char *name)
{
	int n, end = 0;

	if (strcmp(name, "sha384") == 0)
		return ZONEMD_SHA384;
	if (strcmp(name, "sha512") == 0)
		return ZONEMD_SHA512;
	if (sscanf(name, "private-%3d%n", &n, &end) == 1 && name[end] == '\0' &&
	    n >= 240 && n <= 254)
		return n;
	return -1;
}

size_t
zonemd_digest_len(uint8_t hash)
{
	return hash == ZONEMD_SHA512 ? 64 : 48;
}

static bool
is_private(uint8_t hash)
{
	return hash != ZONEMD_SHA384 && hash != ZONEMD_SHA512;
}

/* The apex ZONEMD RRset and the RRSIG over it are left out (3.3.1.2). */
static bool
is_included(const struct zone *z, const struct rrset *rs,
    const struct record *r)
{
	if (rs->node != zone_apex(z))
		return true;
	if (rs->type == TYPE_RRSIG)
		return (r->rdata[0] << 8 | r->rdata[1]) != TYPE_ZONEMD;
	return rs->type != TYPE_ZONEMD;
}

/* One record in canonical wire form (3.3.1). */
static void
add_record(struct buf *b, const struct owner *o, const struct record *r)
{
	buf_add(b, owner_wire(o), o->wire_len);
	buf_u16(b, r->type);
	buf_u16(b, CLASS_IN);
	buf_u32(b, r->ttl);
	buf_u16(b, r->rdlen);
	buf_add(b, r->rdata, r->rdlen);
}

static bool
flush(EVP_MD_CTX *sum, struct buf *b)
{
	bool ok = EVP_DigestUpdate(sum, b->data, b->len) == 1;

	buf_clear(b);
	return ok;
}

static bool
add_rrset(EVP_MD_CTX *sum, struct buf *b, const struct zone *z,
    const struct rrset *rs)
{
	bool ok = true;

	for (uint32_t i = 0; i < rs->n && ok; i++) {
		if (!is_included(z, rs, rrset_record(rs, i)))
			continue;
		add_record(b, rs->node->owner, rrset_record(rs, i));
		if (b->len > BATCH)
			ok = flush(sum, b);
	}
	return ok;
}

/* Scheme SIMPLE (3.3.1) over the whole zone; false: OpenSSL failed. */
static bool
digest_zone(const struct zone *z, const EVP_MD *md, uint8_t *digest)
{
	EVP_MD_CTX *sum = EVP_MD_CTX_new();
	struct buf b = BUF_INIT;
	struct rrset rs;
	bool ok = sum != NULL && EVP_DigestInit_ex2(sum, md, NULL) == 1;

	for (size_t i = 0; i < z->nodes; i++)
		for (bool more = rrset_first(z, &z->node[i], &rs); more && ok;
		    more = rrset_next(z, &rs))
			ok = add_rrset(sum, &b, z, &rs);
	ok = ok && flush(sum, &b) &&
	     EVP_DigestFinal_ex(sum, digest, NULL) == 1;
	EVP_MD_CTX_free(sum);
	buf_free(&b);
	return ok;
}

/* A private algorithm's digest can't be mistaken for one of the zone. */
static bool
digest_text(const EVP_MD *md, uint8_t *digest)
{
	static const char text[] = "rz: a ZONEMD of a private hash algorithm, "
				   "which is not a digest of the zone";

	return EVP_Digest(text, sizeof text - 1, digest, NULL, md, NULL) == 1;
}

static int
fill_one(const struct zone *z, struct record *r, struct error *e)
{
	uint8_t hash = r->rdata[5], digest[EVP_MAX_MD_SIZE];
	EVP_MD *md = EVP_MD_fetch(NULL,
	    hash == ZONEMD_SHA512 ? "SHA512" : "SHA384", NULL);
	bool ok = md != NULL;

	if (ok)
		ok = is_private(hash) ? digest_text(md, digest)
				      : digest_zone(z, md, digest);
	EVP_MD_free(md);
	if (!ok)
		return error_openssl(e, "ZONEMD: hash algorithm %u", hash);
	memcpy(r->rdata + RDATA_HEAD, digest, r->rdlen - RDATA_HEAD);
	return 0;
}

int
zonemd_fill(struct zone *z, struct error *e)
{
	struct rrset rs;

	if (!rrset_find(z, zone_apex(z), TYPE_ZONEMD, &rs))
		return 0;
	for (uint32_t i = 0; i < rs.n; i++)
		if (fill_one(z, rs.entry[i].record, e) == -1)
			return -1;
	return 0;
}
