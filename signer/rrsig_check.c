#include "signer/rrsig.h"

#include <string.h>

#include "keytool/name.h"
#include "lib/algorithm.h"
#include "lib/utc.h"

#define CLASS_IN 1

static uint16_t
u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t
u32(const uint8_t *p)
{
	return (uint32_t)u16(p) << 16 | u16(p + 2);
}

static uint8_t *
put_u16(uint8_t *p, uint16_t v)
{
	*p++ = v >> 8;
	*p++ = v & 0xff;
	return p;
}

static uint8_t *
put_u32(uint8_t *p, uint32_t v)
{
	return put_u16(put_u16(p, v >> 16), v & 0xffff);
}

static uint8_t *
put(uint8_t *p, const void *data, size_t len)
{
	memcpy(p, data, len);
	return p + len;
}

int
rrsig_parse(struct rrsig *s, const uint8_t *rdata, size_t len)
{
	size_t name;

	if (len <= RRSIG_FIXED)
		return -1;
	name = name_check(rdata + RRSIG_FIXED, len - RRSIG_FIXED);
	if (name == 0)
		return -1;
	*s = (struct rrsig){
	    .covered = u16(rdata),
	    .algorithm = rdata[2],
	    .labels = rdata[3],
	    .original_ttl = u32(rdata + 4),
	    .expiration = u32(rdata + 8),
	    .inception = u32(rdata + 12),
	    .tag = u16(rdata + 16),
	    .signer = rdata + RRSIG_FIXED,
	    .signer_len = name,
	    .signature = rdata + RRSIG_FIXED + name,
	    .signature_len = len - RRSIG_FIXED - name,
	};
	return 0;
}

const char *
rrsig_verdict_text(enum rrsig_verdict v)
{
	static const char *const text[] = {
	    [RRSIG_VALID] = "valid",
	    [RRSIG_WRONG] = "does not verify",
	    [RRSIG_EXPIRED] = "expired",
	    [RRSIG_NOT_YET] = "not valid yet",
	    [RRSIG_BACKWARD] = "ends before it begins",
	    [RRSIG_BAD_SIGNER] = "signer is not the apex",
	    [RRSIG_BAD_LABELS] = "wrong number of labels",
	    [RRSIG_BAD_TTL] = "original TTL is not that of the RRset",
	    [RRSIG_BAD_LENGTH] = "length does not fit the key",
	};

	return text[v];
}

static size_t
signature_size(const struct rrsig *s, const struct verifier *key)
{
	const struct algorithm *a = algorithm_by_number(s->algorithm);

	if (a == NULL)
		return 0;
	return a->signature ? a->signature : (verifier_bits(key) + 7) / 8;
}

/* All that can be wrong without looking at the key's arithmetic or at now. */
static enum rrsig_verdict
check_fields(const struct zone *z, const struct rrset *rs,
    const struct rrsig *s, const struct verifier *key)
{
	if (s->signer_len != z->apex_len || !name_equal(s->signer, z->apex))
		return RRSIG_BAD_SIGNER;
	if (s->labels != name_labels_rrsig(owner_wire(rs->node->owner)))
		return RRSIG_BAD_LABELS;
	if (s->original_ttl != rs->ttl)
		return RRSIG_BAD_TTL;
	if (s->expiration != s->inception &&
	    !serial_after(s->expiration, s->inception))
		return RRSIG_BACKWARD;
	if (s->signature_len != signature_size(s, key))
		return RRSIG_BAD_LENGTH;
	return RRSIG_VALID;
}

/* RFC 4034 section 3.1.8.1: RRSIG RDATA without the signature | RR(1) | … */
static void
signed_octets(struct buf *out, const struct rrset *rs, const struct rrsig *s,
    const struct record *rrsig)
{
	const struct owner *owner = rs->node->owner;
	size_t head = RRSIG_FIXED + s->signer_len, len = head;
	const struct record *r;
	uint8_t *p;

	for (uint32_t i = 0; i < rs->n; i++)
		len += owner->wire_len + 10u + rrset_record(rs, i)->rdlen;
	buf_clear(out);
	p = put(buf_room(out, len), rrsig->rdata, head);
	for (uint32_t i = 0; i < rs->n; i++) {
		r = rrset_record(rs, i);
		p = put(p, owner_wire(owner), owner->wire_len);
		p = put_u16(p, rs->type);
		p = put_u16(p, CLASS_IN);
		p = put_u32(p, s->original_ttl);
		p = put_u16(p, r->rdlen);
		p = put(p, r->rdata, r->rdlen);
	}
	out->len = len;
}

/* RFC 4034 section 3.1.5: serial arithmetic; both ends are inside. */
static enum rrsig_verdict
check_window(const struct rrsig *s, int64_t now)
{
	uint32_t wire = utc_to_wire(now);

	if (wire != s->inception && !serial_after(wire, s->inception))
		return RRSIG_NOT_YET;
	if (wire != s->expiration && !serial_after(s->expiration, wire))
		return RRSIG_EXPIRED;
	return RRSIG_VALID;
}

enum rrsig_verdict
rrsig_check(const struct zone *z, const struct rrset *rs,
    const struct rrsig *s, const struct record *rrsig_record,
    struct verifier *key, int64_t now, struct buf *scratch)
{
	enum rrsig_verdict v = check_fields(z, rs, s, key);

	if (v != RRSIG_VALID)
		return v;
	signed_octets(scratch, rs, s, rrsig_record);
	if (!verifier_check(key, scratch->data, scratch->len, s->signature,
		s->signature_len))
		return RRSIG_WRONG;
	return check_window(s, now);
}
