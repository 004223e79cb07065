/* A record in presentation form (RFC 1035 section 5.1). */
#ifndef RZ_SIGNER_RECORD_TEXT_H
#define RZ_SIGNER_RECORD_TEXT_H

#include "lib/buf.h"
#include "signer/zone.h"

/* "OWNER TTL IN TYPE RDATA" with tabs between them and a newline. */
void record_text(struct buf *out, const uint8_t *owner,
    const struct record *r) __attribute__((nonnull));

#endif
