#include "key_fixture.h"

#include "keytool/destroy.h"

static const uint8_t id[] = {7};

/* A recorded key whose pair lies in both tokens. */
static struct key
put(struct bench *t)
{
	EVP_PKEY *p = fake_pair();
	struct key k;

	EVP_PKEY_up_ref(p);
	fake_put(&t->a, p, "k", id, sizeof id);
	fake_put(&t->b, p, "k", id, sizeof id);
	k = bench_key(&t->a.key[0], KEY_ZSK);
	assert_int_equal(record_key(&t->record, &k, &t->e, "put"), 0);
	return k;
}

static bool
is_destroyed(struct bench *t)
{
	return bench_keys(t)->key[0].at[KEY_DESTROYED] == NOW;
}

static void
test_destroyed(void **state)
{
	struct bench *t = *state;
	struct key k = put(t);
	unsigned gone;

	if (destroy_key(&t->record, &t->two, &k, &gone, &t->e) == -1)
		fail_msg("%s", t->e.text);
	assert_int_equal(gone, 2);
	assert_int_equal(fake_count(&t->a) + fake_count(&t->b), 0);
	assert_true(is_destroyed(t));
	assert_int_equal(bench_events(t), 3); /* put, intent, outcome */
	/* The state knows: nothing is left to do. */
	bench_refused(t, destroy_key(&t->record, &t->two, &t->keys.key[0],
	    &gone, &t->e), STATUS_NO, "destroyed already");
	key_free(&k);
}

static void
test_needed(void **state)
{
	struct bench *t = *state;
	struct key k = put(t);
	unsigned gone;

	k.at[KEY_PUBLISHED] = NOW - 1;
	bench_refused(t, destroy_key(&t->record, &t->two, &k, &gone, &t->e),
	    STATUS_NO, "never removed");
	assert_int_equal(fake_count(&t->a) + fake_count(&t->b), 2);
	assert_false(is_destroyed(t));
	assert_int_equal(bench_events(t), 1);
	key_free(&k);
}

/* Cut short after the first token: the rest is done by the next run. */
static void
test_repeated(void **state)
{
	struct bench *t = *state;
	struct key k = put(t);
	unsigned gone;

	t->b.no_destroy = true;
	bench_refused(t, destroy_key(&t->record, &t->two, &k, &gone, &t->e),
	    STATUS_TROUBLE, "token second: write protected");
	assert_int_equal(fake_count(&t->a), 0);
	assert_false(is_destroyed(t));
	t->b.no_destroy = false;
	assert_int_equal(
	    destroy_key(&t->record, &t->two, &k, &gone, &t->e), 0);
	assert_int_equal(gone, 1);
	assert_int_equal(fake_count(&t->b), 0);
	assert_true(is_destroyed(t));
	key_free(&k);
}

/* Another key under the names, in any token: nothing at all is touched. */
static void
test_another(void **state)
{
	struct bench *t = *state;
	struct key k = put(t);
	unsigned gone;

	EVP_PKEY_free(t->b.key[0].pair);
	t->b.key[0].pair = fake_pair();
	bench_refused(t, destroy_key(&t->record, &t->two, &k, &gone, &t->e),
	    STATUS_TROUBLE, "token second: key k: another key");
	assert_int_equal(fake_count(&t->a) + fake_count(&t->b), 2);
	/* Hidden, so it has to sign: the wrong one is found out. */
	t->b.key[0].hides_public = true;
	bench_refused(t, destroy_key(&t->record, &t->two, &k, &gone, &t->e),
	    STATUS_TROUBLE, "another private key");
	/* Twice under the same names. */
	t->b.key[0].hides_public = false;
	fake_put(&t->a, fake_pair(), "k", id, sizeof id);
	bench_refused(t, destroy_key(&t->record, &t->one, &k, &gone, &t->e),
	    STATUS_TROUBLE, "held twice");
	t->a.no_list = true;
	bench_refused(t, destroy_key(&t->record, &t->one, &k, &gone, &t->e),
	    STATUS_TROUBLE, "device error");
	assert_int_equal(t->a.destroyed + t->b.destroyed, 0);
	assert_int_equal(bench_events(t), 1);
	assert_false(is_destroyed(t));
	key_free(&k);
}

/* Only the public half is left: the aim is reached. */
static void
test_public_alone(void **state)
{
	struct bench *t = *state;
	struct key k = put(t);
	unsigned gone;

	t->a.key[0].public_alone = true;
	assert_int_equal(
	    destroy_key(&t->record, &t->two, &k, &gone, &t->e), 0);
	assert_int_equal(gone, 1);
	assert_true(is_destroyed(t));
	key_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BENCH_TEST(test_destroyed),
	    BENCH_TEST(test_needed),
	    BENCH_TEST(test_repeated),
	    BENCH_TEST(test_another),
	    BENCH_TEST(test_public_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
