/* What tokens hold beside what the state says. */
#ifndef RZ_KEYTOOL_INVENTORY_H
#define RZ_KEYTOOL_INVENTORY_H

#include "hsm/hsm.h"
#include "keytool/key.h"

/* What a store says of a key of the state. */
enum holding {
	HOLDING_NONE,	/* neither its label with its CKA_ID, nor its key */
	HOLDING_SAME,	/* this key */
	HOLDING_HIDDEN, /* its label and CKA_ID; no public half is shown */
	HOLDING_PUBLIC, /* the public half alone */
	HOLDING_MOVED,	/* this key, under another label or CKA_ID */
	HOLDING_TWICE,	/* more than one under its label and CKA_ID */
	HOLDING_OTHER	/* another key under its label and CKA_ID */
};

const char *holding_text(enum holding h);
enum holding holding_of(const struct hsm_key_info *held, size_t n,
    const struct key *k) __attribute__((nonnull(3)));
/* Is this the public half of the key? */
bool holding_is(const struct hsm_key_info *held, const struct key *k)
    __attribute__((nonnull));

/* What is weaker than what we make, as words added to out: true if any. */
bool holding_weakness(const struct hsm_key_info *held,
    const struct hsm_identity *store, struct buf *out)
    __attribute__((nonnull));

struct inventory_token {
	enum key_role role;
	struct hsm_identity identity;
	struct hsm_key_info *held;
	size_t n;
};

struct inventory_difference {
	bool error; /* else a warning */
	char *text;
};

struct inventory {
	struct inventory_token *token;
	unsigned tokens;
	struct inventory_difference *difference;
	size_t differences;
};

/* Read what an open store of a role holds. */
int inventory_add(struct inventory *inv, enum key_role role, struct hsm *h,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/*
 * Find every difference: errors are keys that a token lacks, has in another
 * form, or still has after they were destroyed; warnings are keys that the
 * state does not know, and attributes weaker than those we make.
 */
void inventory_compare(struct inventory *inv, const struct keys *keys)
    __attribute__((nonnull));
/* Is a key in a token that no key of the state stands for? */
bool inventory_unknown(const struct hsm_key_info *held,
    const struct keys *keys) __attribute__((nonnull));
void inventory_free(struct inventory *inv) __attribute__((nonnull));
/* What hsm_list gave. */
void inventory_free_list(struct hsm_key_info *held, size_t n);

#endif
