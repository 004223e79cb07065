#include "key_fixture.h"

#include "keytool/generate.h"

static unsigned said;

static void
say(void *arg, const char *text)
{
	(void)arg, (void)text;
	said++;
}

static struct generate
order(struct bench *t, const struct tokens *ts)
{
	said = 0;
	return (struct generate){.record = t->record, .tokens = ts,
	    .keys = bench_keys(t), .role = KEY_ZSK,
	    .algorithm = ALG_ED25519, .bits = 256, .say = say};
}

static void
test_made(void **state)
{
	struct bench *t = *state;
	const struct generate g = order(t, &t->one);
	struct key k;

	if (generate_key(&g, &k, &t->e) == -1)
		fail_msg("%s", t->e.text);
	assert_int_equal(fake_count(&t->a), 1);
	assert_string_equal(t->a.key[0].label, k.label);
	assert_int_equal(k.cka_id_len, 16);
	assert_int_equal(t->a.key[0].id_len, 16);
	assert_memory_equal(t->a.key[0].id, k.cka_id, 16);
	assert_int_equal(strncmp(k.label, "zsk-20250615-", 13), 0);
	assert_int_equal(strlen(k.label), 13 + 8);
	assert_int_equal(k.role, KEY_ZSK);
	assert_true(k.at[KEY_CREATED] == NOW);
	assert_true(k.at[KEY_PUBLISHED] == TIME_NEVER);
	assert_int_equal(bench_keys(t)->n, 1);
	assert_string_equal(t->keys.key[0].id, k.id);
	assert_int_equal(bench_events(t), 2); /* intent, outcome */
	assert_int_equal(said, 0);
	key_free(&k);
}

/* Next in the store: a pair, and a key of the state that meets its tag. */
static struct key
queue_collision(struct bench *t)
{
	struct hsm_key as = {.pair = fake_pair()};
	struct key k;

	t->a.next[t->a.nexts++] = as.pair;
	k = bench_key(&as, KEY_ZSK);
	/* Another key: its tag alone is the same. */
	k.id[0] = k.id[0] == '0' ? '1' : '0';
	snprintf(k.label, sizeof k.label, "old-%u", t->a.nexts);
	return k;
}

static void
test_collision(void **state)
{
	struct bench *t = *state;
	struct key old = queue_collision(t), k;
	const struct keys in_use = {&old, 1};
	struct generate g = order(t, &t->one);

	g.keys = &in_use;
	if (generate_key(&g, &k, &t->e) == -1)
		fail_msg("%s", t->e.text);
	assert_int_equal(t->a.generated, 2);
	assert_int_equal(t->a.destroyed, 1);
	assert_int_equal(said, 1);
	assert_int_equal(fake_count(&t->a), 1);
	assert_int_not_equal(k.tag, old.tag);
	assert_string_equal(bench_keys(t)->key[0].id, k.id);
	key_free(&k);
	key_free(&old);
}

/* It stops, with nothing left, when that happens again and again. */
static void
test_collision_for_ever(void **state)
{
	struct bench *t = *state;
	struct key old[GENERATE_TRIES], k;
	const struct keys in_use = {old, GENERATE_TRIES};
	struct generate g = order(t, &t->one);

	for (int i = 0; i < GENERATE_TRIES; i++)
		old[i] = queue_collision(t);
	g.keys = &in_use;
	bench_refused(t, generate_key(&g, &k, &t->e), STATUS_TROUBLE,
	    "random numbers");
	assert_int_equal(t->a.generated, GENERATE_TRIES);
	assert_int_equal(fake_count(&t->a), 0);
	assert_string_equal(k.id, "");
	assert_int_equal(bench_keys(t)->n, 0);
	key_free(&k);
	for (int i = 0; i < GENERATE_TRIES; i++)
		key_free(&old[i]);
}

/* A pair that should go and does not: its label is told. */
static void
test_collision_stays(void **state)
{
	struct bench *t = *state;
	struct key old = queue_collision(t), k;
	const struct keys in_use = {&old, 1};
	struct generate g = order(t, &t->one);

	g.keys = &in_use;
	g.label = "mine";
	t->a.no_destroy = true;
	bench_refused(t, generate_key(&g, &k, &t->e), STATUS_TROUBLE,
	    "key mine");
	assert_int_equal(bench_keys(t)->n, 0);
	key_free(&k);
	key_free(&old);
}

/* A second token without a copy: made once, in the first, not recorded. */
static void
test_no_copy(void **state)
{
	struct bench *t = *state;
	const struct generate g = order(t, &t->two);
	struct key k;

	bench_refused(t, generate_key(&g, &k, &t->e), STATUS_NO,
	    "token second has no copy");
	assert_string_not_equal(k.id, "");
	assert_int_equal(t->a.generated, 1);
	assert_int_equal(t->b.generated, 0);
	assert_int_equal(fake_count(&t->a), 1);
	assert_int_equal(fake_count(&t->b), 0);
	assert_int_equal(bench_keys(t)->n, 0);
	assert_int_equal(bench_events(t), 2);
	key_free(&k);
}

static void
test_copy(void **state)
{
	struct bench *t = *state;
	const struct generate g = order(t, &t->two);
	struct key k;

	t->a.replica = &t->b;
	if (generate_key(&g, &k, &t->e) == -1)
		fail_msg("%s", t->e.text);
	assert_int_equal(bench_keys(t)->n, 1);
	key_free(&k);
}

/* .de in 2026: each token made its own pair under the same names. */
static void
test_twin(void **state)
{
	struct bench *t = *state;
	const struct generate g = order(t, &t->two);
	struct key k;

	t->a.twin = &t->b;
	bench_refused(t, generate_key(&g, &k, &t->e), STATUS_TROUBLE,
	    "token second holds another private key");
	assert_int_equal(bench_keys(t)->n, 0);
	key_free(&k);
}

static void
test_liar(void **state)
{
	struct bench *t = *state;
	const struct generate g = order(t, &t->one);
	struct key k;

	t->a.lies = true;
	bench_refused(t, generate_key(&g, &k, &t->e), STATUS_TROUBLE,
	    "token first holds another private key");
	assert_int_equal(bench_keys(t)->n, 0);
	key_free(&k);
}

static void
test_hidden(void **state)
{
	struct bench *t = *state;
	const struct generate g = order(t, &t->one);
	struct key k;

	t->a.hides_public = true;
	bench_refused(t, generate_key(&g, &k, &t->e), STATUS_TROUBLE,
	    "shows no public key");
	assert_int_equal(bench_keys(t)->n, 0);
	key_free(&k);
}

static void
test_label(void **state)
{
	struct bench *t = *state;
	struct generate g = order(t, &t->one);
	struct key k;

	g.label = "root_KSK.1-a";
	assert_int_equal(generate_key(&g, &k, &t->e), 0);
	assert_string_equal(k.label, "root_KSK.1-a");
	key_free(&k);
	g.keys = bench_keys(t);
	bench_refused(t, generate_key(&g, &k, &t->e), STATUS_TROUBLE,
	    "another key has it");
	assert_int_equal(fake_count(&t->a), 1);
	key_free(&k);
}

static void
test_check_label(void **state)
{
	static const char *const bad[] = {"", "a b", "a/b", "a\n", "\xc3\xa4"};
	const struct keys none = {NULL, 0};
	struct error e = ERROR_INIT;
	char label[80];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(generate_check_label(bad[i], &none, &e), -1);
	memset(label, 'x', sizeof label);
	label[63] = '\0';
	assert_int_equal(generate_check_label(label, &none, &e), 0);
	label[63] = 'x';
	label[64] = '\0';
	assert_int_equal(generate_check_label(label, &none, &e), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BENCH_TEST(test_made),
	    BENCH_TEST(test_collision),
	    BENCH_TEST(test_collision_for_ever),
	    BENCH_TEST(test_collision_stays),
	    BENCH_TEST(test_no_copy),
	    BENCH_TEST(test_copy),
	    BENCH_TEST(test_twin),
	    BENCH_TEST(test_liar),
	    BENCH_TEST(test_hidden),
	    BENCH_TEST(test_label),
	    cmocka_unit_test(test_check_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
