/* Building RRSIGs (RFC 4034 section 3); checking is in rrsig_check.c. */
#include "signer/rrsig.h"

#include <string.h>

#include "lib/algorithm.h"
#include "lib/utc.h"

#define CLASS_IN 1

/* RRSIG RDATA up to the signature: what is hashed first (3.1.8.1). */
static void
add_fixed(struct buf *b, const struct zone *z, const struct rrset *rs,
    const struct signing_key *key, int64_t inception, int64_t expiration)
{
	buf_u16(b, rs->type);
	buf_u8(b, key->dnskey.algorithm);
	buf_u8(b, (uint8_t)name_labels_rrsig(owner_wire(rs->node->owner)));
	buf_u32(b, rs->ttl);
	buf_u32(b, utc_to_wire(expiration));
	buf_u32(b, utc_to_wire(inception));
	buf_u16(b, key->tag);
	buf_add(b, z->apex, z->apex_len);
}

/* The RRset in canonical form and order, as the store has it. */
static void
add_rrset(struct buf *b, const struct rrset *rs)
{
	const struct owner *o = rs->node->owner;

	for (uint32_t i = 0; i < rs->n; i++) {
		const struct record *r = rrset_record(rs, i);

		buf_add(b, owner_wire(o), o->wire_len);
		buf_u16(b, rs->type);
		buf_u16(b, CLASS_IN);
		buf_u32(b, rs->ttl);
		buf_u16(b, r->rdlen);
		buf_add(b, r->rdata, r->rdlen);
	}
}

int
rrsig_make(struct zone *z, const struct rrset *rs,
    const struct signing_key *key, unsigned worker, int64_t inception,
    int64_t expiration, struct buf *scratch, struct record **made,
    struct error *e)
{
	uint8_t signature[SIGNATURE_MAX];
	size_t len = sizeof signature, fixed;

	buf_clear(scratch);
	add_fixed(scratch, z, rs, key, inception, expiration);
	fixed = scratch->len;
	add_rrset(scratch, rs);
	if (key->sign(key->arg, worker, scratch->data, scratch->len, signature,
		&len, e) == -1)
		return -1;
	*made = zone_record(z, worker, TYPE_RRSIG, rs->ttl, fixed + len);
	memcpy((*made)->rdata, scratch->data, fixed);
	memcpy((*made)->rdata + fixed, signature, len);
	return 0;
}
