/* ZONEMD (RFC 8976), the signer's side: placeholders, then digests. */
#ifndef RZ_SIGNER_ZONEMD_H
#define RZ_SIGNER_ZONEMD_H

#include "signer/zone.h"

#define ZONEMD_SIMPLE	 1
#define ZONEMD_SHA384	 1
#define ZONEMD_SHA512	 2
#define ZONEMD_MIN_RDATA 18 /* serial, scheme, hash, 12 octets of digest */

/* "sha384", "sha512", "private-240" … "private-254" to the number; -1. */
int zonemd_hash_by_name(const char *name) __attribute__((nonnull));
/* Octets of digest that we write; private algorithms: 48, as SHA-384 (so
 * that nobody mistakes them for a digest that can be checked, they hold
 * the SHA-384 digest of a text that says so, not of the zone). */
size_t zonemd_digest_len(uint8_t hash);

/*
 * Fill in the digests of the apex ZONEMD RRset of an indexed zone, in which
 * they are placeholders, over everything but that RRset and its RRSIG.
 */
int zonemd_fill(struct zone *z, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
