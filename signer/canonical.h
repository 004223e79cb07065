/* RDATA in canonical form (RFC 4034 section 6.2, RFC 6840 section 5.1). */
#ifndef RZ_SIGNER_CANONICAL_H
#define RZ_SIGNER_CANONICAL_H

#include <stddef.h>
#include <stdint.h>

/*
 * Lower the case of the domain names in the RDATA of a type of that list, in
 * place.  -1: RDATA of a known type (signer/rdata_field.h) that is not well
 * formed, is too short, or has octets left over.
 */
int canonical_rdata(uint16_t type, uint8_t *rdata, size_t len)
    __attribute__((nonnull, warn_unused_result));

#endif
