/* Keys in the state database: the tables that keytool/ owns. */
#ifndef RZ_KEYTOOL_KEY_STORE_H
#define RZ_KEYTOOL_KEY_STORE_H

#include "keytool/key.h"
#include "lib/state.h"

extern const struct state_schema key_store_schema;

/* All keys, by role, then creation, then id. */
int key_store_load(struct state *s, struct keys *ks, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* Inside a transaction. */
int key_store_add(struct state *s, const struct key *k, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* Inside a transaction; a time that is set to another moment: trouble. */
int key_store_set_time(struct state *s, const struct key *k,
    enum key_time which, int64_t t, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* The key as JSON for events and --json; the caller owns the reference. */
json_t *key_json(const struct key *k) __attribute__((nonnull));

#endif
