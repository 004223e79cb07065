/* The size of a response: DO set, nothing but the answer. */
#include "signer/verify_run.h"

#define HEADER	    12 /* RFC 1035 section 4.1.1 */
#define QUESTION    4  /* QTYPE, QCLASS, after the name */
#define RR_FIXED    10 /* TYPE, CLASS, TTL, RDLENGTH, after the owner */
#define POINTER	    2  /* RFC 1035 section 4.1.4 */
#define OPT	    11 /* RFC 6891 section 6.1.2, without options */
#define MESSAGE_MAX 65535 /* over TCP: RFC 1035 section 4.2.2 */

static uint16_t
covers(const struct entry *sig)
{
	const struct record *r = sig->record;

	return r->rdlen < 2 ? 0 : (uint16_t)(r->rdata[0] << 8 | r->rdata[1]);
}

static size_t
response(const struct rrset *rs, const struct entry *sig, uint32_t n)
{
	size_t name = rs->node->owner->wire_len;
	/* A pointer to the root's name would be longer than the name. */
	size_t owner = name > 1 ? POINTER : 1;
	size_t size = HEADER + name + QUESTION + OPT;

	for (uint32_t i = 0; i < rs->n; i++)
		size += owner + RR_FIXED + rrset_record(rs, i)->rdlen;
	for (uint32_t i = 0; i < n; i++)
		size += owner + RR_FIXED + sig[i].record->rdlen;
	return size;
}

unsigned
dnskey_response(const struct zone *z)
{
	uint32_t first = 0, end;
	struct rrset rs, sigs;

	if (!rrset_find(z, zone_apex(z), TYPE_DNSKEY, &rs))
		return HEADER + (unsigned)z->apex_len + QUESTION + OPT;
	if (!rrset_find(z, zone_apex(z), TYPE_RRSIG, &sigs))
		return (unsigned)response(&rs, NULL, 0);
	while (first < sigs.n && covers(&sigs.entry[first]) < TYPE_DNSKEY)
		first++;
	for (end = first; end < sigs.n &&
	    covers(&sigs.entry[end]) == TYPE_DNSKEY; end++)
		;
	return (unsigned)response(&rs, sigs.entry + first, end - first);
}

/* No server could answer with what is too large, nor a validator take it. */
bool
rrset_bounded(struct verify *v, struct verify_worker *w,
    const struct rrset *rs, const struct entry *sig, uint32_t n)
{
	size_t size = response(rs, sig, n);

	if (size > MESSAGE_MAX)
		verify_note(v, w, RULE_RRSET_SIZE, rs->node->owner, rs->type,
		    "%u records and %u signatures: a response has %zu octets, "
		    "more than %d", rs->n, n, size, MESSAGE_MAX);
	if (n > VERIFY_SIGNATURES_MAX)
		verify_note(v, w, RULE_SIGNATURE_MANY, rs->node->owner,
		    rs->type, "%u signatures, more than %d: none of them was "
		    "verified", n, VERIFY_SIGNATURES_MAX);
	return size <= MESSAGE_MAX && n <= VERIFY_SIGNATURES_MAX;
}
