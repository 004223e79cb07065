#include "rollover/first_keys.h"

#include <stdlib.h>

#include "lib/algorithm.h"
#include "lib/xalloc.h"
#include "rollover/keyset.h"

struct choice {
	struct keys *keys;
	bool *named; /* by index into keys */
	bool any_named;
	int64_t now;
};

static const char *
role_name(enum key_role role)
{
	return role == KEY_KSK ? "KSK" : "ZSK";
}

static const char *
algorithm_name(uint8_t number)
{
	const struct algorithm *a = algorithm_by_number(number);

	return a != NULL ? a->name : "an unknown algorithm";
}

static int
check_unpublished(const struct keys *keys, struct error *e)
{
	char when[UTC_TEXT];

	for (size_t i = 0; i < keys->n; i++) {
		const struct key *k = &keys->key[i];

		if (k->at[KEY_PUBLISHED] != TIME_NEVER)
			return error_no(e,
			    "first keys: %s %s (%.16s) is published from %s: "
			    "this zone has had its first keys",
			    key_role_text(k->role), k->label, k->id,
			    utc_text(when, k->at[KEY_PUBLISHED]));
	}
	return 0;
}

static bool
is_candidate(const struct key *k, int64_t now)
{
	static const enum key_time used[] = {KEY_ACTIVATED, KEY_RETIRED,
	    KEY_REVOKED, KEY_REMOVED, KEY_DESTROYED};

	for (size_t i = 0; i < sizeof used / sizeof used[0]; i++)
		if (k->at[used[i]] != TIME_NEVER)
			return false;
	return key_state_at(k, now) == KEY_STATE_READY;
}

static int
mark_named(struct choice *c, const char *const *name, size_t n, struct error *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct key *k;

		if (keys_named(c->keys, name[i], &k, e) == -1)
			return error_prefix(e, "first keys");
		if (!is_candidate(k, c->now))
			return error_set(e,
			    "first keys: %s %s (%.16s) is %s, not ready",
			    key_role_text(k->role), k->label, k->id,
			    key_state_text(key_state_at(k, c->now)));
		c->named[k - c->keys->key] = true;
		c->any_named = true;
	}
	return 0;
}

/* The keys of a role and an algorithm; found gets the last of them. */
static size_t
count(const struct choice *c, enum key_role role, uint8_t algorithm, bool named,
    struct key **found)
{
	size_t n = 0;

	for (size_t i = 0; i < c->keys->n; i++) {
		struct key *k = &c->keys->key[i];

		if (k->role != role || k->algorithm != algorithm ||
		    !is_candidate(k, c->now) || (named && !c->named[i]))
			continue;
		*found = k;
		n++;
	}
	return n;
}

static int
choose_one(const struct choice *c, enum key_role role, uint8_t algorithm,
    struct first_keys *first, struct error *e)
{
	struct key *k = NULL;
	size_t n = count(c, role, algorithm, true, &k);

	if (n > 1)
		return error_set(e,
		    "first keys: %zu %ss of %s are named; one is wanted", n,
		    role_name(role), algorithm_name(algorithm));
	if (n == 0)
		n = count(c, role, algorithm, false, &k);
	if (n == 0)
		return error_set(e,
		    "first keys: no %s of %s; rz-keytool generate %s makes one",
		    role_name(role), algorithm_name(algorithm),
		    key_role_text(role));
	if (n > 1)
		return error_set(e,
		    "first keys: %zu %ss of %s may be meant; --key names one",
		    n, role_name(role), algorithm_name(algorithm));
	first->key[first->n++] = k;
	return 0;
}

static int
choose(const struct choice *c, struct first_keys *first, struct error *e)
{
	bool done[256] = {false};

	for (size_t i = 0; i < c->keys->n; i++) {
		uint8_t algorithm = c->keys->key[i].algorithm;

		if (!is_candidate(&c->keys->key[i], c->now) ||
		    (c->any_named && !c->named[i]) || done[algorithm])
			continue;
		done[algorithm] = true;
		if (first->n + 2 > FIRST_KEYS_MAX)
			return error_set(e,
			    "first keys: of more than %d algorithms",
			    FIRST_KEYS_MAX / 2);
		if (choose_one(c, KEY_KSK, algorithm, first, e) == -1 ||
		    choose_one(c, KEY_ZSK, algorithm, first, e) == -1)
			return -1;
	}
	if (first->n == 0)
		return error_set(e,
		    "first keys: there are none; rz-keytool generate makes "
		    "them");
	return 0;
}

int
first_keys_publish(struct first_keys *first, struct keys *keys,
    const char *const *name, size_t names, int64_t now, struct error *e)
{
	struct choice c = {keys, xcalloc(keys->n, sizeof(bool)), false, now};
	int rc = -1;

	first->n = 0;
	if (check_unpublished(keys, e) == -1 ||
	    mark_named(&c, name, names, e) == -1 || choose(&c, first, e) == -1)
		goto out;
	for (size_t i = 0; i < first->n; i++) {
		first->key[i]->at[KEY_PUBLISHED] = now;
		first->key[i]->at[KEY_ACTIVATED] = now;
	}
	rc = 0;
out:
	free(c.named);
	return rc;
}
