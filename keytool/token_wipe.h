/* Whether a token may lose all that it holds. */
#ifndef RZ_KEYTOOL_TOKEN_WIPE_H
#define RZ_KEYTOOL_TOKEN_WIPE_H

#include "hsm/hsm.h"
#include "keytool/key.h"

/* Is there a key that may not be destroyed (key_may_destroy) at this time? */
bool keys_needed(const struct keys *ks, int64_t now) __attribute__((nonnull));

/*
 * A no when the open token holds one of these, or what may be one: its public
 * half is hidden, or another key has its names.
 */
int token_may_wipe(struct hsm *h, const struct keys *ks, int64_t now,
    struct error *e) __attribute__((nonnull, warn_unused_result));

#endif
