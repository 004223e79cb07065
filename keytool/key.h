/*
 * What a key is: public facts and timestamps, never private material.  A key
 * is identified by the SHA-256 over its algorithm and public key, never by
 * its tag: two keys may share a tag.
 */
#ifndef RZ_KEYTOOL_KEY_H
#define RZ_KEYTOOL_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "keytool/dnskey.h"
#include "lib/buf.h"
#include "lib/utc.h"

enum key_role { KEY_KSK, KEY_ZSK };

/*
 * Each is the first moment at which it holds; TIME_NEVER when it does not.
 * The state of a key at a moment is derived from these (rollover/).
 */
enum key_time {
	KEY_CREATED,	/* the pair exists in a token */
	KEY_ANNOUNCED,	/* published outside DNS (RFC 9718): trust-from */
	KEY_PUBLISHED,	/* the DNSKEY RRset holds it */
	KEY_ACTIVATED,	/* it signs */
	KEY_RETIRED,	/* it no longer signs, still published */
	KEY_REVOKED,	/* published with REVOKE, signs for its revocation */
	KEY_REMOVED,	/* no longer in the zone */
	KEY_DESTROYED,	/* the private half is gone from every token */
	KEY_DS_SUBMITTED,
	KEY_DS_SEEN,
	KEY_DS_WITHDRAWN,
	KEY_DS_GONE,
	KEY_TIMES
};

#define KEY_ID_TEXT 65

struct key {
	char id[KEY_ID_TEXT]; /* hex SHA-256(algorithm octet, public key) */
	enum key_role role;
	uint8_t algorithm;
	unsigned bits;
	struct buf public_key; /* last field of the DNSKEY; owned */
	uint16_t tag;	      /* as published */
	uint16_t tag_revoked; /* with REVOKE: another number */
	char label[128];      /* CKA_LABEL */
	uint8_t cka_id[64];   /* CKA_ID */
	size_t cka_id_len;
	int64_t at[KEY_TIMES];
};

/* A growing array of keys; keys_free frees what they own. */
struct keys {
	struct key *key;
	size_t n;
};

/* A key with its id and tags computed, all times TIME_NEVER. */
void key_init(struct key *k, enum key_role role, uint8_t algorithm,
    const uint8_t *public_key, size_t len) __attribute__((nonnull));
void key_free(struct key *k) __attribute__((nonnull));
void keys_free(struct keys *ks) __attribute__((nonnull));
/* Takes over what k owns. */
struct key *keys_add(struct keys *ks, const struct key *k)
    __attribute__((nonnull));
/* By id; by a prefix of it or label when that names one key alone. */
const struct key *keys_by_id(const struct keys *ks, const char *id)
    __attribute__((nonnull));
int keys_named(const struct keys *ks, const char *name,
    const struct key **found, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* The DNSKEY without REVOKE (256 or 257); points into the key. */
struct dnskey key_dnskey(const struct key *k) __attribute__((nonnull));
uint16_t key_flags(const struct key *k) __attribute__((nonnull));

const char *key_role_text(enum key_role role);	/* "ksk", "zsk" */
int key_role_by_text(const char *text);		/* -1: no such */
const char *key_time_text(enum key_time t);	/* "created", … */
int key_time_by_text(const char *text);		/* -1: no such */

/*
 * The key already in use whose tag or revoked tag is one of k's two (any
 * role, any algorithm; destroyed and removed keys are not in use at `now`
 * once 60 days have passed since, so that no cache or resolver state can
 * still know the tag); NULL: none.
 */
const struct key *keys_tag_collision(const struct keys *ks,
    const struct key *k, int64_t now) __attribute__((nonnull));

/*
 * Was the key ever shown to the world, or is it planned to be: announced,
 * published, active, revoked, or its DS submitted?
 */
bool key_was_used(const struct key *k) __attribute__((nonnull));

/*
 * May the private half be destroyed at this time?  Only when the key was
 * never published, or was removed before `now` (RFC 5011 2.4.2: removed
 * after revocation).  -1 with a no: the reason.
 */
int key_may_destroy(const struct key *k, int64_t now, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
