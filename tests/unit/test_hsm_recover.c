/* Losses of session, token, device and module, and what comes after them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "hsm/p11.h"
#include "hsm/patience.h"
#include "lib/clock.h"
#include "lib/parallel.h"
#include "lib/xalloc.h"
#include "tests/support/keys.h"
#include "tests/support/token.h"

#define WORKERS 4

static struct test_tokens tokens;
static char *uri;
static struct hsm *store;
static struct hsm_key *key;

static void
open_store(bool keep_trying)
{
	struct hsm_options o = test_options();
	struct error e = ERROR_INIT;

	o.sessions = WORKERS;
	o.keep_trying = keep_trying;
	store = test_open(uri, &o);
	if (hsm_find(store, NULL, 0, "key", &key, &e) == -1)
		key = test_generate(store, ALG_ECDSAP256SHA256, 0, "key");
}

static int
begin(void **state)
{
	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	test_tokens_begin(&tokens);
	patience_limits(5, 40, 300);
	uri = test_token_add(&tokens, "lossy", test_shim());
	return 0;
}

static int
end(void **state)
{
	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	free(uri);
	test_tokens_end(&tokens);
	return 0;
}

static int
each_begin(void **state)
{
	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	test_shim_set("RZ_SHIM", NULL);
	open_store(true);
	test_shim_set("RZ_SHIM", NULL); /* count from here */
	return 0;
}

static int
each_end(void **state)
{
	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	test_shim_set("RZ_SHIM", NULL);
	hsm_close(store);
	store = NULL;
	return 0;
}

/* One signature that fails, with this in its message. */
static void
sign_fails(const char *text)
{
	uint8_t sig[SIGNATURE_MAX];
	size_t n = sizeof sig;
	struct error e = ERROR_INIT;

	assert_int_equal(hsm_sign(key, 0, ALG_ECDSAP256SHA256,
			     (const uint8_t *)"x", 1, sig, &n, &e),
	    -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	if (strstr(e.text, text) == NULL)
		fail_msg("'%s' is not in: %s", text, e.text);
}

static const unsigned long losses[] = {0x02, 0x03, 0x05, 0x06, 0x30, 0x31, 0x32,
    0x50, 0x60, 0x82, 0x90, 0x91, 0xb0, 0xb3, 0xe0, 0xe1, 0x101, 0x190,
    0x80000134};
static const unsigned long failures[] = {0x07, 0x20, 0x21, 0x54, 0x62, 0x63,
    0x68, 0x70, 0x71, 0x150, 0x200, 0x7fffffff};

static void
test_every_loss_is_mended(void **state)
{
	static const char *const functions[] = {"C_SignInit", "C_Sign"};
	unsigned before;
	char *fault;

	TEST_NEEDS_SOFTHSM();
	for (size_t f = 0; f < 2; f++)
		for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++) {
			before = hsm_recoveries(store);
			fault =
			    xasprintf("%s:2:0x%lx", functions[f], losses[i]);
			test_shim_set("RZ_SHIM", fault);
			test_sign(key, ALG_ECDSAP256SHA256, 0);
			test_sign(key, ALG_ECDSAP256SHA256, 0);
			test_sign(key, ALG_ECDSAP256SHA256, 3);
			assert_int_equal(hsm_recoveries(store), before + 1);
			assert_int_equal(test_shim_calls("C_Login"), 1);
			/* Sessions were enough. */
			assert_int_equal(test_shim_calls("C_Initialize"), 0);
			free(fault);
		}
}

static void
test_no_loss_fails_at_once(void **state)
{
	char *fault;

	TEST_NEEDS_SOFTHSM();
	for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
		fault = xasprintf("C_Sign:1:0x%lx", failures[i]);
		test_shim_set("RZ_SHIM", fault);
		free(fault);
		fault = xasprintf("(0x%lx)", failures[i]);
		sign_fails(fault);
		free(fault);
		assert_int_equal(test_shim_calls("C_Sign"), 1);
		assert_int_equal(hsm_recoveries(store), 0);
		/* The interrupted operation is mended like a loss. */
		test_sign(key, ALG_ECDSAP256SHA256, 0);
		hsm_close(store);
		open_store(true);
	}
}

/* When sessions are not enough, the module starts anew. */
static void
test_module_restarts(void **state)
{
	TEST_NEEDS_SOFTHSM();
	test_shim_set("RZ_SHIM", "C_Sign:1:0x32,C_OpenSession:1:0x32");
	test_sign(key, ALG_ECDSAP256SHA256, 1);
	assert_int_equal(hsm_recoveries(store), 1);
	assert_int_equal(test_shim_calls("C_Finalize"), 1);
	assert_int_equal(test_shim_calls("C_Initialize"), 1);
	assert_int_equal(test_shim_calls("C_Login"), 1);
	/* And when the loss is still there after new sessions. */
	test_shim_set("RZ_SHIM", "C_Sign:1:0x30,C_Sign:2:0x30");
	test_sign(key, ALG_ECDSAP256SHA256, 1);
	assert_int_equal(hsm_recoveries(store), 3);
	assert_int_equal(test_shim_calls("C_Initialize"), 1);
	/* In the middle of it: login, objects, initialisation. */
	test_shim_set("RZ_SHIM",
	    "C_Sign:1:0x30,C_Login:1:0x32,C_FindObjectsInit:1:0xb3,"
	    "C_Initialize:2:0x6");
	test_sign(key, ALG_ECDSAP256SHA256, 1);
	assert_int_equal(hsm_recoveries(store), 4);
}

static void
test_lost_for_good(void **state)
{
	double start;

	TEST_NEEDS_SOFTHSM();
	test_shim_set("RZ_SHIM", "C_Sign:1+:0x32");
	start = clock_elapsed();
	sign_fails("CKR_DEVICE_REMOVED (0x32): check the device");
	assert_true(clock_elapsed() - start < 20);
	/* How often depends on the machine; the first time is at once. */
	assert_true(test_shim_calls("C_Sign") >= 2);
	/* Even the way back fails. */
	test_shim_set("RZ_SHIM", "C_Sign:1+:0x32,C_Initialize:1+:0x30");
	start = clock_elapsed();
	sign_fails("C_Initialize: CKR_DEVICE_ERROR (0x30)");
	assert_true(clock_elapsed() - start < 20);
	/* And then it is back after all. */
	test_shim_set("RZ_SHIM", NULL);
	test_sign(key, ALG_ECDSAP256SHA256, 0);
}

static void
test_impatient(void **state)
{
	TEST_NEEDS_SOFTHSM();
	hsm_close(store);
	open_store(false);
	test_shim_set("RZ_SHIM", "C_Sign:1:0xb3");
	test_sign(key, ALG_ECDSAP256SHA256, 0);
	assert_int_equal(hsm_recoveries(store), 1);
	test_shim_set("RZ_SHIM", "C_Sign:1+:0xb3");
	sign_fails("not back after 1 try");
	assert_int_equal(test_shim_calls("C_Sign"), 2);
}

/* A PIN that was changed meanwhile is sent once, and never again. */
static void
test_pin_wrong_on_the_way_back(void **state)
{
	char *other;

	TEST_NEEDS_SOFTHSM();
	other = uri;
	hsm_close(store);
	uri = test_token_add(&tokens, "pin-changed", test_shim());
	open_store(true);
	test_shim_set("RZ_SHIM", "C_Sign:1+:0x32,C_Login:1:0xa0");
	sign_fails("CKR_PIN_INCORRECT");
	assert_int_equal(test_shim_calls("C_Login"), 1);
	sign_fails("");
	assert_int_equal(test_shim_calls("C_Login"), 1);
	hsm_close(store);
	free(uri);
	uri = other;
	test_shim_set("RZ_SHIM", NULL);
	open_store(true);
}

static void
test_management_is_mended(void **state)
{
	struct hsm_key *k;
	struct error e;
	struct hsm_key_spec spec = {
	    ALG_ED25519, 0, "unsure", (const uint8_t *)"un", 2, false};

	TEST_NEEDS_SOFTHSM();
	test_shim_set("RZ_SHIM", "C_FindObjectsInit:1:0xb3");
	assert_int_equal(hsm_find(store, NULL, 0, "key", &k, &e), 0);
	assert_ptr_equal(k, key);
	assert_int_equal(hsm_recoveries(store), 1);
	/* Nobody knows whether this one was made: not made twice. */
	test_shim_set("RZ_SHIM", "C_GenerateKeyPair:1:0x30");
	assert_int_equal(hsm_generate(store, &spec, &k, &e), -1);
	assert_non_null(strstr(e.text, "C_GenerateKeyPair: CKR_DEVICE_ERROR"));
	assert_int_equal(test_shim_calls("C_GenerateKeyPair"), 1);
	/* A key that cannot be read back is taken away again. */
	test_shim_set("RZ_SHIM", "C_GetAttributeValue:1+:0x6");
	assert_int_equal(hsm_generate(store, &spec, &k, &e), -1);
	assert_int_equal(test_shim_calls("C_DestroyObject"), 2);
	test_shim_set("RZ_SHIM", NULL);
	assert_int_equal(hsm_find(store, NULL, 0, "unsure", &k, &e), -1);
}

static int
sign_piece(
    void *arg, unsigned worker, size_t first, size_t last, struct error *e)
{
	uint8_t sig[SIGNATURE_MAX];
	size_t n;

	(void)arg;
	for (size_t i = first; i < last; i++) {
		n = sizeof sig;
		if (hsm_sign(key, worker, ALG_ECDSAP256SHA256,
			(const uint8_t *)"data", 4, sig, &n, e) == -1)
			return -1;
	}
	return 0;
}

static void
test_threads_share_a_recovery(void **state)
{
	struct error e = ERROR_INIT;

	TEST_NEEDS_SOFTHSM();
	test_shim_set("RZ_SHIM",
	    "C_Sign:50:0x32,C_SignInit:120:0xb3,C_Sign:200:0x190,"
	    "C_OpenSession:12:0xe0,C_Sign:333:0x82,C_Sign:334:0x5");
	if (parallel(WORKERS, 600, 5, sign_piece, NULL, &e) == -1)
		fail_msg("%s", e.text);
	assert_in_range(hsm_recoveries(store), 3, 8);
	test_shim_set("RZ_SHIM", "C_SignInit:100+:0xe0");
	assert_int_equal(parallel(WORKERS, 600, 5, sign_piece, NULL, &e), -1);
	assert_non_null(strstr(e.text, "CKR_TOKEN_NOT_PRESENT"));
}

/* Restarting a module closes its other tokens; they come back unasked. */
static void
test_other_token_of_the_module(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *other;
	struct hsm_key *k;
	char *second;

	TEST_NEEDS_SOFTHSM();
	second = test_token_add(&tokens, "second", test_shim());
	other = test_open(second, &o);
	k = test_generate(other, ALG_ED25519, 0, "other");
	test_shim_set("RZ_SHIM", "C_Sign:1:0x32,C_OpenSession:1:0x32");
	test_sign(key, ALG_ECDSAP256SHA256, 0);
	assert_int_equal(hsm_recoveries(other), 0);
	/* No handle of before may lead to what has its number now. */
	assert_false(((struct p11_store *)other)->token->open);
	test_sign(k, ALG_ED25519, 0);
	assert_int_equal(hsm_recoveries(other), 1);
	hsm_close(other);
	free(second);
}

struct mover {
	char from[TEST_PATH + 8], to[TEST_PATH + 8];
	unsigned after_ms;
};

static void *
move_later(void *arg)
{
	const struct mover *m = arg;

	clock_sleep_ms(m->after_ms);
	if (rename(m->from, m->to) == -1)
		abort();
	return NULL;
}

static void
test_token_directory_goes_and_comes(void **state)
{
	struct mover back = {.after_ms = 60};
	pthread_t thread;

	TEST_NEEDS_SOFTHSM();
	snprintf(back.to, sizeof back.to, "%s", tokens.store);
	snprintf(back.from, sizeof back.from, "%s.away", tokens.store);
	test_sign(key, ALG_ECDSAP256SHA256, 0);
	assert_int_equal(rename(back.to, back.from), 0);
	assert_int_equal(pthread_create(&thread, NULL, move_later, &back), 0);
	test_sign(key, ALG_ECDSAP256SHA256, 0);
	test_sign(key, ALG_ECDSAP256SHA256, 1);
	pthread_join(thread, NULL);
	assert_int_equal(hsm_recoveries(store), 1);
}

static void
test_token_directory_goes_for_good(void **state)
{
	char away[TEST_PATH + 8];
	double start;

	TEST_NEEDS_SOFTHSM();
	snprintf(away, sizeof away, "%s.away", tokens.store);
	assert_int_equal(rename(tokens.store, away), 0);
	start = clock_elapsed();
	sign_fails("lost, and not back");
	assert_true(clock_elapsed() - start < 20);
	assert_int_equal(rename(away, tokens.store), 0);
	test_sign(key, ALG_ECDSAP256SHA256, 2);
}

static void
copy_directory(const char *from, const char *to)
{
	char *command = xasprintf("cp -r '%s' '%s'", from, to);

	assert_int_equal(system(command), 0);
	free(command);
}

/* After the loss, the same names lead to another key. */
static void
test_another_key_under_the_name(void **state)
{
	char a[TEST_PATH + 8], b[TEST_PATH + 8];
	struct error e;

	TEST_NEEDS_SOFTHSM();
	snprintf(a, sizeof a, "%s.a", tokens.store);
	snprintf(b, sizeof b, "%s.b", tokens.store);
	copy_directory(tokens.store, b);
	assert_int_equal(hsm_destroy(key, &e), 0);
	key = test_generate(store, ALG_ECDSAP256SHA256, 0, "key");
	test_sign(key, ALG_ECDSAP256SHA256, 0);
	assert_int_equal(rename(tokens.store, a), 0);
	assert_int_equal(rename(b, tokens.store), 0);
	sign_fails("another key under this name");
	/* The right one is back. */
	assert_int_equal(rename(tokens.store, b), 0);
	assert_int_equal(rename(a, tokens.store), 0);
	test_shim_set("RZ_SHIM", "C_SignInit:1:0x32");
	hsm_close(store);
	open_store(true);
	test_sign(key, ALG_ECDSAP256SHA256, 0);
	test_remove(b);
}

/* A key that is gone, in a token that is not. */
static void
test_key_is_gone(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *second;
	struct hsm_key *k, *same;
	struct error e;
	uint8_t sig[SIGNATURE_MAX];
	size_t n = sizeof sig;

	TEST_NEEDS_SOFTHSM();
	k = test_generate(store, ALG_ED25519, 0, "short-lived");
	second = test_open(uri, &o);
	assert_int_equal(
	    hsm_find(second, NULL, 0, "short-lived", &same, &e), 0);
	assert_int_equal(hsm_destroy(k, &e), 0);
	assert_int_equal(
	    hsm_sign(same, 0, ALG_ED25519, sig, 1, sig, &n, &e), -1);
	assert_non_null(strstr(e.text, "still holds the key"));
	test_sign(key, ALG_ECDSAP256SHA256, 0);
	hsm_close(second);
}

/* A token that lies: not noticed here, but by who verifies. */
static void
test_shim_lies_and_stalls(void **state)
{
	uint8_t sig[3][SIGNATURE_MAX];
	struct hsm_key *k;
	struct error e;
	double start;
	size_t n;

	TEST_NEEDS_SOFTHSM();
	k = test_generate(store, ALG_ED25519, 0, "liar");
	test_shim_set("RZ_SHIM_LIE", "C_Sign:2");
	test_shim_set("RZ_SHIM", "C_Sign:3:stall80");
	start = clock_elapsed();
	for (int i = 0; i < 3; i++) {
		n = SIGNATURE_MAX;
		assert_int_equal(hsm_sign(k, 0, ALG_ED25519,
				     (const uint8_t *)"x", 1, sig[i], &n, &e),
		    0);
		assert_int_equal(n, 64);
	}
	assert_true(clock_elapsed() - start >= 0.08);
	assert_memory_equal(sig[0], sig[2], 64);
	assert_memory_equal(sig[0], sig[1], 63);
	assert_int_equal(sig[0][63] ^ sig[1][63], 1);
	test_shim_set("RZ_SHIM_LIE", NULL);
	test_shim_set("RZ_SHIM_SHORT", "C_Sign:1");
	assert_int_equal(hsm_sign(k, 0, ALG_ED25519, (const uint8_t *)"x", 1,
			     sig[0], &n, &e),
	    -1);
	assert_non_null(strstr(e.text, "wrong length"));
	test_shim_set("RZ_SHIM_SHORT", NULL);
	assert_int_equal(hsm_destroy(k, &e), 0);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, each_begin, each_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_every_loss_is_mended),
	    TEST(test_no_loss_fails_at_once),
	    TEST(test_module_restarts),
	    TEST(test_lost_for_good),
	    TEST(test_impatient),
	    TEST(test_pin_wrong_on_the_way_back),
	    TEST(test_management_is_mended),
	    TEST(test_threads_share_a_recovery),
	    TEST(test_other_token_of_the_module),
	    TEST(test_token_directory_goes_and_comes),
	    TEST(test_token_directory_goes_for_good),
	    TEST(test_another_key_under_the_name),
	    TEST(test_key_is_gone),
	    TEST(test_shim_lies_and_stalls),
	};

	return cmocka_run_group_tests_name("hsm_recover", tests, begin, end);
}
