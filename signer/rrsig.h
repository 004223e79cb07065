/*
 * RRSIG (RFC 4034 section 3): the only place that builds one, and the only
 * place that checks one.  The two share no code: rrsig_make.c, rrsig_check.c.
 */
#ifndef RZ_SIGNER_RRSIG_H
#define RZ_SIGNER_RRSIG_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/pubkey.h"
#include "signer/signing_key.h"
#include "signer/zone.h"

#define RRSIG_FIXED 18 /* octets of RDATA before the signer's name */

/* RDATA taken apart; pointers into it. */
struct rrsig {
	uint16_t covered;
	uint8_t algorithm;
	uint8_t labels;
	uint32_t original_ttl;
	uint32_t expiration, inception; /* of the wire (RFC 1982) */
	uint16_t tag;
	const uint8_t *signer; /* wire */
	size_t signer_len;
	const uint8_t *signature;
	size_t signature_len;
};

/* -1: RDATA is too short, or its name does not end. */
int rrsig_parse(struct rrsig *s, const uint8_t *rdata, size_t len)
    __attribute__((nonnull, warn_unused_result));

/*
 * Sign an RRset of an authoritative node with a key: the record (not yet
 * added) comes from the worker's arena.  Times are UTC seconds.  scratch is
 * the worker's own.
 */
int rrsig_make(struct zone *z, const struct rrset *rs,
    const struct signing_key *key, unsigned worker, int64_t inception,
    int64_t expiration, struct buf *scratch, struct record **made,
    struct error *e) __attribute__((nonnull, warn_unused_result));

enum rrsig_verdict {
	RRSIG_VALID,
	RRSIG_WRONG,	    /* the signature does not verify */
	RRSIG_EXPIRED,	    /* at now */
	RRSIG_NOT_YET,	    /* inception is after now */
	RRSIG_BACKWARD,	    /* expiration is before inception */
	RRSIG_BAD_SIGNER,   /* signer's name is not the apex */
	RRSIG_BAD_LABELS,   /* labels is not that of the owner */
	RRSIG_BAD_TTL,	    /* original TTL is not the RRset's */
	RRSIG_BAD_LENGTH    /* signature length does not fit the key */
};
const char *rrsig_verdict_text(enum rrsig_verdict v);

/*
 * Check everything RFC 4035 section 5.3 asks of one RRSIG over an RRset with
 * one key (whose tag and algorithm the caller has compared).  scratch and
 * key are the calling thread's own.
 */
enum rrsig_verdict rrsig_check(const struct zone *z, const struct rrset *rs,
    const struct rrsig *s, const struct record *rrsig_record,
    struct verifier *key, int64_t now, struct buf *scratch)
    __attribute__((nonnull));

#endif
