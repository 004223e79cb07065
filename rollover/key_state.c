/* The state of one key at a moment, from its times alone. */
#include "rollover/keyset.h"

static const char *const state_text[] = {
    [KEY_STATE_NONE] = "none",
    [KEY_STATE_READY] = "ready",
    [KEY_STATE_PUBLISHED] = "published",
    [KEY_STATE_ACTIVE] = "active",
    [KEY_STATE_RETIRED] = "retired",
    [KEY_STATE_REVOKED] = "revoked",
    [KEY_STATE_REMOVED] = "removed",
    [KEY_STATE_DESTROYED] = "destroyed",
};

const char *
key_state_text(enum key_state s)
{
	return state_text[s];
}

/*
 * The latest step counts.  A key that is not in the DNSKEY RRset neither
 * signs nor retires nor revokes: those times wait for its publication.
 */
enum key_state
key_state_at(const struct key *k, int64_t t)
{
	if (k->at[KEY_DESTROYED] <= t)
		return KEY_STATE_DESTROYED;
	if (k->at[KEY_REMOVED] <= t)
		return KEY_STATE_REMOVED;
	if (k->at[KEY_CREATED] > t)
		return KEY_STATE_NONE;
	if (k->at[KEY_PUBLISHED] > t)
		return KEY_STATE_READY;
	if (k->at[KEY_REVOKED] <= t)
		return KEY_STATE_REVOKED;
	if (k->at[KEY_RETIRED] <= t)
		return KEY_STATE_RETIRED;
	if (k->at[KEY_ACTIVATED] <= t)
		return KEY_STATE_ACTIVE;
	return KEY_STATE_PUBLISHED;
}

static bool
changes_at(const struct key *k, int64_t t)
{
	return key_state_at(k, t - 1) != key_state_at(k, t);
}

int64_t
key_state_since(const struct key *k, int64_t t)
{
	int64_t since = TIME_NEVER;

	for (int w = 0; w < KEY_TIMES; w++)
		if (k->at[w] <= t && k->at[w] != TIME_NEVER &&
		    (since == TIME_NEVER || k->at[w] > since) &&
		    changes_at(k, k->at[w]))
			since = k->at[w];
	return since;
}

int64_t
key_state_until(const struct key *k, int64_t t)
{
	int64_t until = TIME_NEVER;

	for (int w = 0; w < KEY_TIMES; w++)
		if (k->at[w] > t && k->at[w] < until && changes_at(k, k->at[w]))
			until = k->at[w];
	return until;
}
