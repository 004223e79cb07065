/* The NSEC chain (RFC 4034 section 4), the signer's side. */
#ifndef RZ_SIGNER_NSEC_H
#define RZ_SIGNER_NSEC_H

#include "signer/zone.h"

/*
 * Add an NSEC to each authoritative node and delegation of an indexed zone:
 * its types as they will be once signed (delegations: NS, DS if there, RRSIG,
 * NSEC), ttl as given.  Index the zone again.  Returns how many.
 */
size_t nsec_chain(struct zone *z, uint32_t ttl, unsigned threads)
    __attribute__((nonnull));

#endif
