/*
 * Which keys the apex DNSKEY RRset holds at a moment, and which of them sign
 * what.  Pure: timestamps in, set out.
 */
#ifndef RZ_ROLLOVER_KEYSET_H
#define RZ_ROLLOVER_KEYSET_H

#include <stdbool.h>
#include <stddef.h>

#include "keytool/key.h"

/* What a key is to the zone at a moment; derived, never stored. */
enum key_state {
	KEY_STATE_NONE,	     /* not created yet */
	KEY_STATE_READY,     /* exists, not published */
	KEY_STATE_PUBLISHED, /* in the DNSKEY RRset, does not sign */
	KEY_STATE_ACTIVE,    /* in the DNSKEY RRset, signs */
	KEY_STATE_RETIRED,   /* in the DNSKEY RRset, no longer signs */
	KEY_STATE_REVOKED,   /* in it with REVOKE, signs it (RFC 5011 2.1) */
	KEY_STATE_REMOVED,   /* no longer in it */
	KEY_STATE_DESTROYED  /* the private half is gone */
};

enum key_state key_state_at(const struct key *k, int64_t t)
    __attribute__((nonnull));
const char *key_state_text(enum key_state s);
/* When the state at t began; TIME_NEVER when nothing has happened yet. */
int64_t key_state_since(const struct key *k, int64_t t)
    __attribute__((nonnull));
/* When it ends, as far as the times say; TIME_NEVER. */
int64_t key_state_until(const struct key *k, int64_t t)
    __attribute__((nonnull));

struct keyset_member {
	const struct key *key; /* not owned */
	uint16_t flags;	       /* 256, 257, or 385 when revoked */
	uint16_t tag;	       /* with these flags */
	bool signs_dnskey;
	bool signs_zone;
};

struct keyset {
	struct keyset_member *member; /* owned */
	size_t n;
};

/*
 * The set at time t: published keys in the order KSK before ZSK, then tag,
 * then id.  A no when the set cannot make a valid zone: no key that signs
 * the DNSKEY RRset, none that signs the zone, an algorithm that does not do
 * both (RFC 4035 section 2.2), two members with one tag, only a revoked key
 * signs the DNSKEY RRset, a revoked ZSK (RFC 5011 knows none), a key that
 * was destroyed before it was removed.  On failure the set is empty.
 */
int keyset_at(struct keyset *set, const struct keys *keys, int64_t t,
    struct error *e) __attribute__((nonnull, warn_unused_result));
void keyset_free(struct keyset *set) __attribute__((nonnull));

/* The next moment after t at which the set changes; TIME_NEVER. */
int64_t keyset_next_change(const struct keys *keys, int64_t t)
    __attribute__((nonnull));

#endif
