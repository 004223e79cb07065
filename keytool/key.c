#include "keytool/key.h"

#include <string.h>

#include "lib/hex.h"

/* After this no cache nor resolver state can still know a key's tag. */
#define TAG_REST (60 * DAY)

static const char *const time_text[KEY_TIMES] = {
    [KEY_CREATED] = "created",
    [KEY_ANNOUNCED] = "announced",
    [KEY_PUBLISHED] = "published",
    [KEY_ACTIVATED] = "activated",
    [KEY_RETIRED] = "retired",
    [KEY_REVOKED] = "revoked",
    [KEY_REMOVED] = "removed",
    [KEY_DESTROYED] = "destroyed",
    [KEY_DS_SUBMITTED] = "ds_submitted",
    [KEY_DS_SEEN] = "ds_seen",
    [KEY_DS_WITHDRAWN] = "ds_withdrawn",
    [KEY_DS_GONE] = "ds_gone",
};

const char *
key_role_text(enum key_role role)
{
	return role == KEY_KSK ? "ksk" : "zsk";
}

int
key_role_by_text(const char *text)
{
	if (strcmp(text, "ksk") == 0)
		return KEY_KSK;
	return strcmp(text, "zsk") == 0 ? KEY_ZSK : -1;
}

const char *
key_time_text(enum key_time t)
{
	return time_text[t];
}

int
key_time_by_text(const char *text)
{
	for (int t = 0; t < KEY_TIMES; t++)
		if (strcmp(text, time_text[t]) == 0)
			return t;
	return -1;
}

uint16_t
key_flags(const struct key *k)
{
	return k->role == KEY_KSK ? DNSKEY_ZONE | DNSKEY_SEP : DNSKEY_ZONE;
}

struct dnskey
key_dnskey(const struct key *k)
{
	return (struct dnskey){
	    .flags = key_flags(k),
	    .algorithm = k->algorithm,
	    .key = k->public_key.data,
	    .len = k->public_key.len,
	};
}

/* The flags are no part of it: a revoked key is the same key. */
static void
compute_id(struct key *k)
{
	struct buf b = BUF_INIT;

	buf_u8(&b, k->algorithm);
	buf_add(&b, k->public_key.data, k->public_key.len);
	sha256_text(k->id, b.data, b.len);
	buf_free(&b);
}

void
key_init(struct key *k, enum key_role role, uint8_t algorithm,
    const uint8_t *public_key, size_t len)
{
	struct dnskey d;

	memset(k, 0, sizeof *k);
	k->role = role;
	k->algorithm = algorithm;
	buf_add(&k->public_key, public_key, len);
	compute_id(k);
	d = key_dnskey(k);
	k->bits = dnskey_bits(&d);
	k->tag = dnskey_tag_flags(&d, d.flags);
	k->tag_revoked = dnskey_tag_flags(&d, d.flags | DNSKEY_REVOKE);
	for (int t = 0; t < KEY_TIMES; t++)
		k->at[t] = TIME_NEVER;
}

void
key_free(struct key *k)
{
	buf_free(&k->public_key);
}

static bool
out_of_use(const struct key *k, int64_t now)
{
	int64_t since = k->at[KEY_REMOVED];

	if (!key_was_used(k))
		since = k->at[KEY_DESTROYED];
	return since <= now && now - since >= TAG_REST;
}

const struct key *
keys_tag_collision(const struct keys *ks, const struct key *k, int64_t now)
{
	for (size_t i = 0; i < ks->n; i++) {
		const struct key *o = &ks->key[i];

		if (strcmp(o->id, k->id) == 0 || out_of_use(o, now))
			continue;
		if (o->tag == k->tag || o->tag == k->tag_revoked ||
		    o->tag_revoked == k->tag ||
		    o->tag_revoked == k->tag_revoked)
			return o;
	}
	return NULL;
}

bool
key_was_used(const struct key *k)
{
	static const enum key_time use[] = {KEY_ANNOUNCED, KEY_PUBLISHED,
	    KEY_ACTIVATED, KEY_REVOKED, KEY_DS_SUBMITTED, KEY_DS_SEEN};

	for (size_t i = 0; i < sizeof use / sizeof *use; i++)
		if (k->at[use[i]] != TIME_NEVER)
			return true;
	return false;
}

int
key_may_destroy(const struct key *k, int64_t now, struct error *e)
{
	char when[UTC_TEXT];

	if (k->at[KEY_DESTROYED] != TIME_NEVER)
		return error_no(e, "key %s: destroyed already, %s", k->label,
		    utc_text(when, k->at[KEY_DESTROYED]));
	if (!key_was_used(k))
		return 0;
	if (k->at[KEY_REMOVED] == TIME_NEVER)
		return error_no(e,
		    "key %s: announced, published or in use, never removed",
		    k->label);
	if (k->at[KEY_REMOVED] >= now)
		return error_no(e, "key %s: in the zone until %s", k->label,
		    utc_text(when, k->at[KEY_REMOVED]));
	return 0;
}
