/* The size of the DNSKEY response: DO set, nothing but the answer. */
#include "signer/verify_run.h"

#define HEADER	 12 /* RFC 1035 section 4.1.1 */
#define QUESTION 4  /* QTYPE, QCLASS, after the name */
#define RR_FIXED 10 /* TYPE, CLASS, TTL, RDLENGTH, after the owner */
#define POINTER	 2  /* RFC 1035 section 4.1.4 */
#define OPT	 11 /* RFC 6891 section 6.1.2, without options */

static bool
covers_dnskey(const struct record *r)
{
	return r->rdlen > 2 && (r->rdata[0] << 8 | r->rdata[1]) == TYPE_DNSKEY;
}

unsigned
dnskey_response(const struct zone *z)
{
	/* A pointer to the root's name would be longer than the name. */
	unsigned owner = z->apex_len > 1 ? POINTER : 1;
	unsigned size = HEADER + (unsigned)z->apex_len + QUESTION + OPT;
	struct rrset rs;

	if (!rrset_find(z, zone_apex(z), TYPE_DNSKEY, &rs))
		return size;
	for (uint32_t i = 0; i < rs.n; i++)
		size += owner + RR_FIXED + rrset_record(&rs, i)->rdlen;
	if (!rrset_find(z, zone_apex(z), TYPE_RRSIG, &rs))
		return size;
	for (uint32_t i = 0; i < rs.n; i++)
		if (covers_dnskey(rrset_record(&rs, i)))
			size += owner + RR_FIXED + rrset_record(&rs, i)->rdlen;
	return size;
}
