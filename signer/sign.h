/*
 * Whole-zone signing: the order of the work.
 */
#ifndef RZ_SIGNER_SIGN_H
#define RZ_SIGNER_SIGN_H

#include "lib/config.h"
#include "lib/hex.h"
#include "lib/progress.h"
#include "signer/signing_key.h"
#include "signer/zone.h"

struct sign_options {
	const struct config *cfg; /* policy: TTLs, validity, denial, ZONEMD */
	int64_t now;
	uint32_t serial;  /* the serial to publish */
	unsigned threads; /* = workers of the keys; >= 1 */
	bool show;	  /* a bar, when stderr is a terminal */
};

struct sign_report {
	size_t rrsets;	   /* signed */
	size_t signatures; /* made; equals what was expected, or failure */
	size_t nsec;
	size_t ds_ttls; /* of DS that the policy changed */
	int64_t inception, expiration;		     /* of the zone's data */
	int64_t dnskey_inception, dnskey_expiration;
	double prepare_s, sign_s, zonemd_s; /* wall clock */
};

/* The record types that signing makes anew: stripped from the input. */
bool sign_strips(const struct zone *z, const uint8_t *owner, uint16_t type)
    __attribute__((nonnull));

/*
 * The serial to publish (RFC 1982) by policy, from the one of the input and
 * the last published one (has_last).  A no when `keep` is not ahead; the
 * caller may still publish when nothing at all differs (sign_digest).
 */
int sign_serial(uint32_t *serial, enum config_serial policy, uint32_t input,
    bool has_last, uint32_t last, int64_t now, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/*
 * Everything before the first signature: SOA serial, policy's DS TTL, the
 * DNSKEY RRset, ZONEMD placeholders, NSEC chain.
 */
int sign_prepare(struct zone *z, const struct signing_keys *keys,
    const struct sign_options *o, struct sign_report *r, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/*
 * SHA-256 over all that a prepared zone's signing depends on: the content as
 * it will be published, the keys, the signature times.  Equal for equal
 * outputs, up to the randomness of ECDSA.
 */
int sign_digest(const struct zone *z, const struct signing_keys *keys,
    const struct sign_report *r, uint8_t digest[SHA256_SIZE],
    struct error *e) __attribute__((nonnull, warn_unused_result));

/*
 * SHA-256 over all of an indexed zone but what signing makes (sign_strips):
 * equal for a prepared zone and for the finished file when nothing was lost,
 * nothing added, and nothing changed.
 */
int sign_fingerprint(const struct zone *z, uint8_t digest[SHA256_SIZE],
    struct error *e) __attribute__((nonnull, warn_unused_result));

/*
 * Sign a prepared zone: all RRsets, then ZONEMD over them, then ZONEMD's own
 * signature.  Afterwards the zone is indexed and complete.
 */
int sign_zone(struct zone *z, const struct signing_keys *keys,
    const struct sign_options *o, struct sign_report *r, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
