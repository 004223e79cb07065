/* Keys that are in the tokens already: into the state. */
#ifndef RZ_KEYTOOL_ADOPT_H
#define RZ_KEYTOOL_ADOPT_H

#include "keytool/key.h"
#include "keytool/record.h"
#include "keytool/token.h"

struct adopt {
	struct record record;
	const struct tokens *tokens; /* every one of the role */
	const struct keys *keys;     /* all of the state */
	enum key_role role;
	uint8_t algorithm; /* what the policy says: RSA keys do not tell */
	const char *label;  /* or NULL */
	const uint8_t *id; /* CKA_ID; id_len 0: by label alone */
	size_t id_len;
};

/*
 * Find the key and fill k: a no when the state has it, its tag or revoked
 * tag meets one in use, trouble when the algorithm cannot be its own.
 * Nothing is changed.  The caller frees k in every case.
 */
int adopt_find(const struct adopt *a, struct key *k, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* Prove it in every token of the role, then record it. */
int adopt_key(const struct adopt *a, const struct key *k, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* The checks of a key that is new to the state, wherever it comes from. */
int adopt_check(const struct key *k, const struct keys *keys, int64_t now,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/* The proof in each token. */
int adopt_prove(const struct tokens *ts, const struct key *k,
    struct error *e) __attribute__((nonnull, warn_unused_result));

#endif
