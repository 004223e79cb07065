/* The end of a private key. */
#ifndef RZ_KEYTOOL_DESTROY_H
#define RZ_KEYTOOL_DESTROY_H

#include "keytool/key.h"
#include "keytool/record.h"
#include "keytool/token.h"

/*
 * Destroy both halves in every token of the key's role (all of them open),
 * and say so in the state.  Refused by key_may_destroy, and before anything
 * is touched when a token holds another key under the names.  A token that
 * has it no longer is no failure, so that a run that was cut short can be
 * repeated.  gone: in how many tokens it was.
 */
int destroy_key(const struct record *r, const struct tokens *ts,
    const struct key *k, unsigned *gone, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
