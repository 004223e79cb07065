/*
 * New key pairs.
 *
 * A pair is made in one token, the first of its role, and never in two: two
 * tokens that each made their own under one name and one tag sign with a key
 * that nobody published.  Every other token must have got a copy, by the
 * means of its HSM, and prove it, before the state knows the key; until then
 * the pair is in the token and the log of events, and nothing can use it.
 * Afterwards adopt_key records it.
 */
#ifndef RZ_KEYTOOL_GENERATE_H
#define RZ_KEYTOOL_GENERATE_H

#include "keytool/key.h"
#include "keytool/record.h"
#include "keytool/token.h"

#define GENERATE_TRIES 8 /* pairs whose tag meets another that is in use */

struct generate {
	struct record record;
	const struct tokens *tokens; /* every one of the role */
	const struct keys *keys;     /* all of the state */
	enum key_role role;
	uint8_t algorithm;
	unsigned bits;
	const char *label; /* NULL: one is chosen */
	void (*say)(void *arg, const char *text); /* or NULL */
	void *arg;
};

/*
 * made is freed by the caller in every case; its id is empty when no pair
 * was left in the token.  A no (with made filled): a token of the role has
 * no copy yet, so the key is not recorded.
 */
int generate_key(const struct generate *g, struct key *made, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* "zsk-20261011-1f0c22b7": not in the state yet. */
int generate_label(char label[HSM_LABEL_MAX], enum key_role role,
    const struct keys *keys, int64_t now, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* May a person give this label: letters, digits, . _ - and none has it? */
int generate_check_label(const char *label, const struct keys *keys,
    struct error *e) __attribute__((nonnull, warn_unused_result));
#define KEY_CKA_ID 16 /* random octets: the id exists before the key */
int generate_cka_id(uint8_t id[KEY_CKA_ID], struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
