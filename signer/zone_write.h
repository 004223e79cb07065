/*
 * The zone store as a zone file: absolute names, a TTL and class on each
 * line, canonical order but for SOA, which comes first; each RRset followed
 * by its RRSIGs.  The same octets for any number of threads.
 */
#ifndef RZ_SIGNER_ZONE_WRITE_H
#define RZ_SIGNER_ZONE_WRITE_H

#include <stdint.h>

#include "lib/file.h"
#include "lib/hex.h"
#include "signer/zone.h"

/* sha256 of what was written. */
int zone_write(const struct zone *z, struct file_new *f, unsigned threads,
    uint8_t sha256[SHA256_SIZE], struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
