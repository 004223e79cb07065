#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/algorithm.h"
#include "rollover/keyset.h"

#define T INT64_C(1000000)

/* Created at 0, nothing else. */
static struct key
new_key(void)
{
	static const uint8_t data[32] = {1, 2, 3};
	struct key k;

	key_init(&k, KEY_KSK, ALG_ED25519, data, sizeof data);
	k.at[KEY_CREATED] = 0;
	return k;
}

static void
test_states(void **arg)
{
	/* In the order in which a key goes through them, one a time unit. */
	static const enum key_time step[] = {KEY_CREATED, KEY_PUBLISHED,
	    KEY_ACTIVATED, KEY_RETIRED, KEY_REVOKED, KEY_REMOVED,
	    KEY_DESTROYED};
	static const enum key_state state[] = {KEY_STATE_READY,
	    KEY_STATE_PUBLISHED, KEY_STATE_ACTIVE, KEY_STATE_RETIRED,
	    KEY_STATE_REVOKED, KEY_STATE_REMOVED, KEY_STATE_DESTROYED};
	struct key key = new_key(), *k = &key;
	enum key_state before = KEY_STATE_NONE;

	(void)arg;
	for (int i = 0; i < 7; i++)
		k->at[step[i]] = T + 10 * i;
	assert_int_equal(key_state_since(k, T - 1), TIME_NEVER);
	for (int i = 0; i < 7; i++) {
		int64_t t = T + 10 * i;

		assert_int_equal(key_state_at(k, t - 1), before);
		assert_int_equal(key_state_at(k, t), state[i]);
		assert_int_equal(key_state_since(k, t), t);
		assert_int_equal(key_state_since(k, t + 9), t);
		assert_int_equal(key_state_until(k, t - 1), t);
		assert_int_equal(key_state_until(k, t),
		    i == 6 ? TIME_NEVER : t + 10);
		before = state[i];
	}
	assert_int_equal(key_state_at(k, TIME_NEVER - 1), KEY_STATE_DESTROYED);
	key_free(k);
}

/* Steps that were left out, and times that wait for another. */
static void
test_states_partial(void **arg)
{
	static const struct {
		int64_t published, activated, retired, revoked, removed;
		enum key_state state;
		int64_t since;
	} c[] = {
#define N TIME_NEVER
	    {N, N, N, N, N, KEY_STATE_READY, 0},
	    {N, T, N, N, N, KEY_STATE_READY, 0},
	    {N, T, T, T, N, KEY_STATE_READY, 0},
	    {T, 5, N, N, N, KEY_STATE_ACTIVE, T},
	    {5, T, N, N, N, KEY_STATE_ACTIVE, T},
	    {5, T + 1, N, N, N, KEY_STATE_PUBLISHED, 5},
	    {5, N, T, N, N, KEY_STATE_RETIRED, T},
	    {5, N, N, T, N, KEY_STATE_REVOKED, T},
	    {5, 6, N, T, N, KEY_STATE_REVOKED, T},
	    {5, 6, T, 7, N, KEY_STATE_REVOKED, 7},
	    {5, 6, N, N, T, KEY_STATE_REMOVED, T},
	    {N, N, N, N, T, KEY_STATE_REMOVED, T},
	    {T + 1, N, N, N, N, KEY_STATE_READY, 0},
#undef N
	};
	struct key key = new_key(), *k = &key;

	(void)arg;
	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		k->at[KEY_PUBLISHED] = c[i].published;
		k->at[KEY_ACTIVATED] = c[i].activated;
		k->at[KEY_RETIRED] = c[i].retired;
		k->at[KEY_REVOKED] = c[i].revoked;
		k->at[KEY_REMOVED] = c[i].removed;
		assert_int_equal(key_state_at(k, T), c[i].state);
		assert_int_equal(key_state_since(k, T), c[i].since);
	}
	key_free(k);
}

static void
test_state_text(void **arg)
{
	(void)arg;
	for (int s = KEY_STATE_NONE; s <= KEY_STATE_DESTROYED; s++)
		for (int o = KEY_STATE_NONE; o < s; o++)
			assert_string_not_equal(
			    key_state_text((enum key_state)s),
			    key_state_text((enum key_state)o));
	assert_string_equal(key_state_text(KEY_STATE_ACTIVE), "active");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_states),
	    cmocka_unit_test(test_states_partial),
	    cmocka_unit_test(test_state_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
