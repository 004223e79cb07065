/*
 * Small signed zones for tests, and ways to damage them.  The signatures are
 * made here, not by the code under test.
 */
#ifndef RZ_TESTS_SUPPORT_SIGNED_ZONE_H
#define RZ_TESTS_SUPPORT_SIGNED_ZONE_H

#include "lib/config.h"
#include "signer/verify.h"
#include "tests/support/soft_key.h"

#define SZ_NOW	INT64_C(1800000000) /* 2027-01-15T08:00:00Z */
#define SZ_KEYS 8

struct signed_zone {
	struct zone z;
	struct soft_key soft[SZ_KEYS];
	struct signing_key key[SZ_KEYS]; /* change signs_* before sz_sign */
	bool published[SZ_KEYS];
	unsigned keys;
};

/* A zone with delegations, glue, a wildcard: enough to break. */
extern const char sz_text[];

/* Zone text of the zone `origin`; not signed yet. */
void sz_begin(struct signed_zone *s, const char *origin, const char *text);
void sz_end(struct signed_zone *s);
/* A key pair that will be published and signs by its flags; its index. */
unsigned sz_key(struct signed_zone *s, uint8_t algorithm, uint16_t flags);
/* Ed25519, the private half made of a number: the same in every run. */
unsigned sz_key_number(struct signed_zone *s, uint32_t number,
    uint16_t flags);
/* Publish, deny, sign, and digest (hash 0: no ZONEMD). */
void sz_sign(struct signed_zone *s, uint8_t hash);
/* All of it for sz_text as example., with a KSK 1 and a ZSK 2. */
void sz_make(struct signed_zone *s);
void sz_make_plain(struct signed_zone *s); /* without ZONEMD */
/* The same keys, other text (in two parts), without ZONEMD. */
void sz_make_text(struct signed_zone *s, const char *origin,
    const char *text, const char *more);

/* What to say in an RRSIG instead of the truth. */
struct sz_lie {
	const char *signer;	       /* NULL: the apex */
	int64_t inception, expiration; /* 0: an hour ago, in 13 days */
	int labels;		       /* -1: as they are */
	int64_t ttl;		       /* original TTL; -1: as it is */
	int64_t rr_ttl;		       /* of the RRSIG record; -1: as it is */
	int tag;		       /* -1: the key's */
	int cut;		       /* octets of signature to leave out */
	bool flip;		       /* a bit of the signature */
};
#define SZ_HONEST {NULL, 0, 0, -1, -1, -1, -1, 0, false}

/* Replace the RRSIGs over an RRset by one. */
void sz_resign(struct signed_zone *s, const char *name, uint16_t type,
    unsigned key, const struct sz_lie *lie);
/* Add one more. */
void sz_countersign(struct signed_zone *s, const char *name, uint16_t type,
    unsigned key, const struct sz_lie *lie);
/* A record as a line of a zone file, absolute owner, TTL, class. */
void sz_add(struct signed_zone *s, const char *line);
/* At a name that is there; RDATA as it is, where zone_add would refuse it. */
void sz_add_raw(struct signed_zone *s, const char *name, uint16_t type,
    uint32_t ttl, const void *rdata, size_t len);
/* Records of a type; of RRSIG those that cover a type (0: all). */
void sz_remove(struct signed_zone *s, const char *name, uint16_t type,
    uint16_t covered);

/* Verify; trouble ends the test.  o NULL: at SZ_NOW, two threads. */
void sz_verify(struct verify_report *r, const struct zone *z,
    const struct verify_options *o);
/* Verify at SZ_NOW against others; each may be NULL. */
void sz_compare(struct verify_report *r, const struct zone *z,
    const struct zone *unsigned_zone, const struct zone *previous,
    const struct config *cfg);
/* How many findings of a rule; owner NULL or type 0: any. */
size_t sz_count(const struct verify_report *r, const char *rule,
    const char *owner, uint16_t type);
/*
 * Verify at SZ_NOW: rules are the names of all that are found as warnings or
 * errors, in the table's order; the first of them at this owner and type.
 */
void sz_expect(const struct zone *z, const char *name, const char *rules,
    const char *owner, uint16_t type);
/* Every finding of at least warning, for the message of a failed test. */
void sz_print(const struct verify_report *r);
/* A configuration as the manual describes its defaults. */
void sz_config(struct config *cfg);

#endif
