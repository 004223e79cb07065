/*
 * The version that is published now, kept beside the state database as
 * "STATE.published": a hard link to the output, or a copy where a link can't
 * be.  The output itself is moved and replaced by whoever distributes it.
 */
#ifndef RZ_SIGNER_PUBLISHED_H
#define RZ_SIGNER_PUBLISHED_H

#include "lib/error.h"
#include "signer/output_store.h"

/* Keep what now lies at this path; a failure leaves the one kept before. */
int published_keep(const char *state_path, const char *path, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* The same octets under another name, whole or not at all. */
int published_copy(const char *path, const char *to, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/*
 * Where the last output can still be read, as it was verified (by its hash):
 * its own path, else beside the state.  NULL: nowhere.  The caller frees it.
 */
char *published_find(const char *state_path, const struct output *last)
    __attribute__((nonnull));

#endif
