#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_hsm.h"
#include "keytool/possession.h"
#include "lib/pubkey.h"

static const uint8_t id[] = {1, 2, 3};

struct test {
	struct hsm h;
	struct hsm_key *held;
	struct key k;
	struct error e;
};

static int
setup(void **state)
{
	struct test *t = calloc(1, sizeof *t);
	struct buf pub = BUF_INIT;

	fake_init(&t->h, "rz-zsk");
	t->held = fake_put(&t->h, fake_pair(), "k", id, sizeof id);
	fake_public(t->held->pair, &pub);
	key_init(&t->k, KEY_ZSK, ALG_ED25519, pub.data, pub.len);
	snprintf(t->k.label, sizeof t->k.label, "k");
	memcpy(t->k.cka_id, id, sizeof id);
	t->k.cka_id_len = sizeof id;
	buf_free(&pub);
	*state = t;
	return 0;
}

static int
teardown(void **state)
{
	struct test *t = *state;

	fake_free(&t->h);
	key_free(&t->k);
	free(t);
	return 0;
}

static void
refused(struct test *t, const char *says)
{
	struct hsm_key *found = NULL;

	assert_int_equal(possession_prove(&t->h, &t->k, &found, &t->e), -1);
	assert_int_equal(t->e.status, STATUS_TROUBLE);
	assert_null(found);
	assert_non_null(strstr(t->e.text, "rz-zsk"));
	if (strstr(t->e.text, says) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", t->e.text, says);
}

static void
test_proved(void **state)
{
	struct test *t = *state;
	struct hsm_key *found = NULL;

	if (possession_prove(&t->h, &t->k, &found, &t->e) == -1)
		fail_msg("%s", t->e.text);
	assert_ptr_equal(found, t->held);
	assert_int_equal(
	    possession_prove_key(&t->h, found, &t->k, &t->e), 0);
	/* A key without CKA_ID is found by its label. */
	t->k.cka_id_len = 0;
	assert_int_equal(possession_prove(&t->h, &t->k, &found, &t->e), 0);
}

/* Same label, same CKA_ID, another private key: .de in 2026. */
static void
test_another_private_key(void **state)
{
	struct test *t = *state;

	t->held->signs_with = fake_pair();
	refused(t, "holds another private key under label k");
}

static void
test_another_public_key(void **state)
{
	struct test *t = *state;
	EVP_PKEY *p = fake_pair();
	struct buf pub = BUF_INIT;

	fake_public(p, &pub);
	buf_free(&t->k.public_key);
	t->k.public_key = pub;
	refused(t, "holds another private key under label k");
	EVP_PKEY_free(p);
}

static void
test_not_found(void **state)
{
	struct test *t = *state;

	t->k.cka_id[0] ^= 1;
	refused(t, "key k");
	t->k.cka_id[0] ^= 1;
	fake_put(&t->h, fake_pair(), "k", id, sizeof id);
	refused(t, "key k");
}

static void
test_unusable_public_key(void **state)
{
	struct test *t = *state;
	struct hsm_key *found;

	t->k.public_key.len = 31;
	assert_int_equal(possession_prove(&t->h, &t->k, &found, &t->e), -1);
	assert_non_null(strstr(t->e.text, "key k"));
}

/* The challenge: fresh each time, at least 32 octets after its context. */
static void
test_challenge(void **state)
{
	struct test *t = *state;
	struct buf saw[2] = {BUF_INIT, BUF_INIT};
	struct hsm_key *found;

	for (unsigned i = 0; i < 2; i++) {
		t->h.saw = &saw[i];
		assert_int_equal(
		    possession_prove(&t->h, &t->k, &found, &t->e), 0);
	}
	assert_true(saw[0].len >= 32 + strlen("rz possession"));
	assert_memory_equal(saw[0].data, "rz possession", 13);
	assert_int_equal(saw[0].len, saw[1].len);
	assert_memory_not_equal(saw[0].data + 13,
	    saw[1].data + 13, 32);
	buf_free(&saw[0]);
	buf_free(&saw[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_proved, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_another_private_key, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(test_another_public_key, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(test_not_found, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_unusable_public_key, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(test_challenge, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
