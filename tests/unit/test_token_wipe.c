#include "key_fixture.h"

#include "keytool/token_wipe.h"

static const uint8_t id[] = {7};

/* A key whose pair lies in the first token; in the state's list alone. */
static struct key *
put(struct bench *t)
{
	struct key k;

	fake_put(&t->a, fake_pair(), "k", id, sizeof id);
	k = bench_key(&t->a.key[0], KEY_KSK);
	return keys_add(&t->keys, &k);
}

static int
may_wipe(struct bench *t, struct hsm *h)
{
	return token_may_wipe(h, &t->keys, NOW, &t->e);
}

/* Each moment of a key, and both sides of its removal. */
static void
test_times(void **state)
{
	struct bench *t = *state;
	struct key *k = put(t);

	assert_int_equal(may_wipe(t, &t->a), 0); /* never used */
	assert_false(keys_needed(&t->keys, NOW));
	k->at[KEY_PUBLISHED] = NOW + DAY; /* planned */
	assert_true(keys_needed(&t->keys, NOW));
	bench_refused(t, may_wipe(t, &t->a), STATUS_NO, "never removed");
	k->at[KEY_PUBLISHED] = NOW - DAY;
	bench_refused(t, may_wipe(t, &t->a), STATUS_NO, "nothing was done");
	k->at[KEY_REMOVED] = NOW;
	bench_refused(t, may_wipe(t, &t->a), STATUS_NO, "in the zone until");
	k->at[KEY_REMOVED] = NOW - 1;
	assert_int_equal(may_wipe(t, &t->a), 0);
	assert_false(keys_needed(&t->keys, NOW));
	k->at[KEY_REMOVED] = TIME_NEVER;
	k->at[KEY_DESTROYED] = NOW - 1; /* what is still there is a rest */
	assert_int_equal(may_wipe(t, &t->a), 0);
	assert_false(keys_needed(&t->keys, NOW));
}

/* Another token, and every form in which it may be the key. */
static void
test_forms(void **state)
{
	struct bench *t = *state;
	struct key *k = put(t);

	k->at[KEY_ACTIVATED] = NOW;
	assert_int_equal(may_wipe(t, &t->b), 0);
	fake_put(&t->b, fake_pair(), "other", id, sizeof id);
	assert_int_equal(may_wipe(t, &t->b), 0);
	bench_refused(t, may_wipe(t, &t->a), STATUS_NO, "key k");
	t->a.key[0].public_alone = true;
	assert_int_equal(may_wipe(t, &t->a), 0);
	t->a.key[0].public_alone = false;
	t->a.key[0].hides_public = true;
	bench_refused(t, may_wipe(t, &t->a), STATUS_NO, "key k");
	t->a.key[0].hides_public = false;
	snprintf(t->a.key[0].label, sizeof t->a.key[0].label, "moved");
	bench_refused(t, may_wipe(t, &t->a), STATUS_NO, "key k");
	t->a.no_list = true;
	bench_refused(t, may_wipe(t, &t->a), STATUS_TROUBLE, "device error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BENCH_TEST(test_times),
	    BENCH_TEST(test_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
