#include "key_fixture.h"

#include "keytool/inventory.h"

static const uint8_t id[] = {7}, other_id[] = {8};

static void
take(struct bench *t, struct inventory *inv, enum key_role role)
{
	memset(inv, 0, sizeof *inv);
	if (inventory_add(inv, role, &t->a, &t->e) == -1)
		fail_msg("%s", t->e.text);
}

/* What is found is this alone (NULL: nothing). */
static void
finds(struct bench *t, const struct key *k, bool error, const char *says)
{
	const struct keys ks = {(struct key *)k, 1};
	struct inventory inv;

	take(t, &inv, KEY_ZSK);
	inventory_compare(&inv, &ks);
	if (inv.differences != (says != NULL))
		fail_msg("%zu findings, the first: %s", inv.differences,
		    inv.differences > 0 ? inv.difference[0].text : "none");
	if (says != NULL) {
		if (strstr(inv.difference[0].text, says) == NULL)
			fail_msg("%s", inv.difference[0].text);
		assert_int_equal(inv.difference[0].error, error);
		assert_non_null(strstr(inv.difference[0].text, "token first"));
	}
	inventory_free(&inv);
}

static void
test_key(void **state)
{
	struct bench *t = *state;
	struct hsm_key *held = fake_put(&t->a, fake_pair(), "k", id, 1);
	struct key k = bench_key(held, KEY_ZSK);

	finds(t, &k, false, NULL);
	held->hides_public = true;
	finds(t, &k, false, "public half not shown");
	held->hides_public = false;
	held->public_alone = true;
	finds(t, &k, true, "public half only");
	held->public_alone = false;
	memcpy(held->id, other_id, 1);
	finds(t, &k, true, "under another label or CKA_ID");
	memcpy(held->id, id, 1);
	held->extractable = true;
	finds(t, &k, false, "key k: extractable");
	held->extractable = false;
	/* A key of the other role is not missed here. */
	k.role = KEY_KSK;
	finds(t, &k, false, NULL);
	k.role = KEY_ZSK;
	fake_clear(held);
	finds(t, &k, true, "missing");
	k.at[KEY_DESTROYED] = NOW;
	finds(t, &k, false, NULL);
	key_free(&k);
}

static void
test_twice_and_other(void **state)
{
	struct bench *t = *state;
	struct hsm_key *held = fake_put(&t->a, fake_pair(), "k", id, 1);
	struct key k = bench_key(held, KEY_ZSK);
	struct hsm_key_info *list;
	size_t n;

	fake_put(&t->a, fake_pair(), "k", id, 1);
	assert_int_equal(hsm_list(&t->a, &list, &n, &t->e), 0);
	assert_int_equal(holding_of(list, n, &k), HOLDING_TWICE);
	inventory_free_list(list, n);
	fake_clear(held);
	assert_int_equal(hsm_list(&t->a, &list, &n, &t->e), 0);
	assert_int_equal(holding_of(list, n, &k), HOLDING_OTHER);
	assert_true(inventory_unknown(list, &(struct keys){&k, 1}));
	inventory_free_list(list, n);
	assert_int_equal(holding_of(NULL, 0, &k), HOLDING_NONE);
	key_free(&k);
}

static void
test_destroyed_but_there(void **state)
{
	struct bench *t = *state;
	struct hsm_key *held = fake_put(&t->a, fake_pair(), "k", id, 1);
	struct key k = bench_key(held, KEY_ZSK);

	k.at[KEY_DESTROYED] = NOW;
	finds(t, &k, true, "is destroyed, says the state, but it is here");
	held->public_alone = true;
	finds(t, &k, false, "but it is here: public half only");
	key_free(&k);
}

/* A token that serves both roles tells what nobody knows once. */
static void
test_unknown(void **state)
{
	struct bench *t = *state;
	const struct keys none = {NULL, 0};
	struct inventory inv;

	fake_put(&t->a, fake_pair(), "stranger", id, 1);
	take(t, &inv, KEY_KSK);
	assert_int_equal(inventory_add(&inv, KEY_ZSK, &t->a, &t->e), 0);
	inventory_compare(&inv, &none);
	assert_int_equal(inv.differences, 1);
	assert_false(inv.difference[0].error);
	assert_non_null(strstr(inv.difference[0].text,
	    "key stranger (CKA_ID 07, 256 bits): not in the state"));
	inventory_free(&inv);
	t->a.no_list = true;
	memset(&inv, 0, sizeof inv);
	bench_refused(t, inventory_add(&inv, KEY_ZSK, &t->a, &t->e),
	    STATUS_TROUBLE, "token first: device error");
	inventory_free(&inv);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BENCH_TEST(test_key),
	    BENCH_TEST(test_twice_and_other),
	    BENCH_TEST(test_destroyed_but_there),
	    BENCH_TEST(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
