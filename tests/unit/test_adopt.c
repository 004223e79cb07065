#include "key_fixture.h"

#include "keytool/adopt.h"

static const uint8_t id[] = {0xa, 0xb};

static struct adopt
order(struct bench *t, const struct tokens *ts)
{
	return (struct adopt){.record = t->record, .tokens = ts,
	    .keys = bench_keys(t), .role = KEY_KSK, .algorithm = ALG_ED25519,
	    .label = "old", .id = NULL, .id_len = 0};
}

/* The same pair in both tokens. */
static void
put_both(struct bench *t)
{
	EVP_PKEY *p = fake_pair();

	EVP_PKEY_up_ref(p);
	fake_put(&t->a, p, "old", id, sizeof id);
	fake_put(&t->b, p, "old", id, sizeof id);
}

static void
test_adopted(void **state)
{
	struct bench *t = *state;
	struct adopt a;
	struct key k;

	put_both(t);
	a = order(t, &t->two);
	if (adopt_find(&a, &k, &t->e) == -1 || adopt_key(&a, &k, &t->e) == -1)
		fail_msg("%s", t->e.text);
	assert_int_equal(bench_keys(t)->n, 1);
	assert_string_equal(t->keys.key[0].label, "old");
	assert_int_equal(t->keys.key[0].role, KEY_KSK);
	assert_int_equal(t->keys.key[0].cka_id_len, 2);
	assert_memory_equal(t->keys.key[0].cka_id, id, 2);
	key_free(&k);
	/* Again, by its id: the state has it. */
	a = order(t, &t->two);
	a.label = NULL;
	a.id = id;
	a.id_len = sizeof id;
	bench_refused(t, adopt_find(&a, &k, &t->e), STATUS_NO,
	    "the state has this key: ksk old");
	key_free(&k);
}

/* In one of two tokens, or another key in the second: not recorded. */
static void
test_not_everywhere(void **state)
{
	struct bench *t = *state;
	struct adopt a;
	struct key k;

	fake_put(&t->a, fake_pair(), "old", id, sizeof id);
	a = order(t, &t->two);
	assert_int_equal(adopt_find(&a, &k, &t->e), 0);
	bench_refused(t, adopt_key(&a, &k, &t->e), STATUS_TROUBLE,
	    "token second");
	fake_put(&t->b, fake_pair(), "old", id, sizeof id);
	bench_refused(t, adopt_key(&a, &k, &t->e), STATUS_TROUBLE,
	    "token second holds another private key");
	assert_int_equal(bench_keys(t)->n, 0);
	assert_int_equal(bench_events(t), 0);
	key_free(&k);
}

static void
test_collision(void **state)
{
	struct bench *t = *state;
	struct adopt a;
	struct keys in_use;
	struct key k, other;

	put_both(t);
	other = bench_key(&t->a.key[0], KEY_KSK);
	other.id[0] = other.id[0] == '0' ? '1' : '0';
	snprintf(other.label, sizeof other.label, "other");
	in_use = (struct keys){&other, 1};
	a = order(t, &t->two);
	a.keys = &in_use;
	bench_refused(t, adopt_find(&a, &k, &t->e), STATUS_NO,
	    "of key other, which is in use");
	key_free(&k);
	other.tag = other.tag_revoked = 0;
	snprintf(other.label, sizeof other.label, "old");
	bench_refused(t, adopt_find(&a, &k, &t->e), STATUS_NO,
	    "label old: another key has it");
	key_free(&k);
	key_free(&other);
}

static void
test_unfit(void **state)
{
	struct bench *t = *state;
	struct adopt a = order(t, &t->one);
	struct key k;

	bench_refused(t, adopt_find(&a, &k, &t->e), STATUS_TROUBLE,
	    "token first");
	put_both(t);
	a.algorithm = ALG_RSASHA256;
	bench_refused(t, adopt_find(&a, &k, &t->e), STATUS_TROUBLE,
	    "is not one for RSASHA256");
	a.algorithm = ALG_ED448;
	bench_refused(t, adopt_find(&a, &k, &t->e), STATUS_TROUBLE,
	    "no keys are made");
	a.algorithm = ALG_ED25519;
	t->a.key[0].hides_public = true;
	bench_refused(t, adopt_find(&a, &k, &t->e), STATUS_TROUBLE,
	    "public half is not shown");
	t->a.key[0].hides_public = false;
	t->a.key[0].label[0] = '\0';
	a.label = NULL;
	a.id = id;
	a.id_len = sizeof id;
	bench_refused(t, adopt_find(&a, &k, &t->e), STATUS_TROUBLE,
	    "it has no label");
	key_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BENCH_TEST(test_adopted),
	    BENCH_TEST(test_not_everywhere),
	    BENCH_TEST(test_collision),
	    BENCH_TEST(test_unfit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
