/* How often a PIN is sent, when a login fails or a token is short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hsm/hsm.h"
#include "hsm/patience.h"
#include "lib/xalloc.h"
#include "tests/support/keys.h"
#include "tests/support/token.h"

static struct test_tokens tokens;

static int
begin(void **state)
{
	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	test_tokens_begin(&tokens);
	patience_limits(5, 20, 200);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	if (test_softhsm() != NULL)
		test_tokens_end(&tokens);
	return 0;
}

static int
each_end(void **state)
{
	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	test_shim_set("RZ_SHIM", NULL);
	test_shim_set("RZ_SHIM_MANUFACTURER", NULL);
	return 0;
}

/* A token of its own for each case: a refused PIN is remembered. */
static char *
token(void)
{
	static unsigned n;
	char label[16];

	test_shim_set("RZ_SHIM", NULL);
	snprintf(label, sizeof label, "login-%u", n++);
	return test_token_add(&tokens, label, test_shim());
}

static void
fault(const char *function, const char *when, unsigned long rv)
{
	char *s = xasprintf("%s:%s:0x%lx", function, when, rv);

	test_shim_set("RZ_SHIM", s);
	free(s);
}

/* The first login fails with rv: it is the last one, too. */
static void
sent_once(unsigned long rv)
{
	struct hsm_options o = test_options();
	char *uri = token(), *text = xasprintf("(0x%lx)", rv);

	o.keep_trying = true;
	fault("C_Login", "1", rv);
	test_refused(uri, &o, text);
	assert_int_equal(test_shim_calls("C_Login"), 1);
	test_refused(uri, &o, "not tried again");
	assert_int_equal(test_shim_calls("C_Login"), 1);
	free(text);
	free(uri);
}

/* It fails with rv, and then it is tried again. */
static void
sent_again(unsigned long rv)
{
	struct hsm_options o = test_options();
	char *uri = token();
	struct hsm *h;

	o.keep_trying = true;
	fault("C_Login", "1", rv);
	h = test_open(uri, &o);
	assert_int_equal(test_shim_calls("C_Login"), 2);
	hsm_close(h);
	free(uri);
}

/* A token may have counted the PIN: it would be locked by more of that. */
static void
test_failed_login_is_the_last(void **state)
{
	static const unsigned long values[] = {0x02, 0x05, 0x06, 0x07, 0x30,
	    0x31, 0x50, 0x54, 0x90, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0x102,
	    0x7fffffff, 0x80000001, 0xfffffffe};

	TEST_NEEDS_SOFTHSM();
	test_shim_set("RZ_SHIM_MANUFACTURER", "Acme HSM");
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		sent_once(values[i]);
}

static void
test_no_token_has_seen_the_pin(void **state)
{
	static const unsigned long values[] = {0x32, 0xb0, 0xb3, 0xe0, 0x190};

	TEST_NEEDS_SOFTHSM();
	test_shim_set("RZ_SHIM_MANUFACTURER", "Acme HSM");
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		sent_again(values[i]);
}

/* Logins of two processes collide there; of its other failures it is not. */
static void
test_races_of_softhsm(void **state)
{
	TEST_NEEDS_SOFTHSM();
	sent_again(0x05);
	sent_again(0x102);
	sent_once(0x06);
	sent_once(0x30);
	sent_once(0x80000001);
}

static void
sign_fails(struct hsm_key *k, const char *text)
{
	uint8_t sig[SIGNATURE_MAX];
	size_t n = sizeof sig;
	struct error e = ERROR_INIT;

	assert_int_equal(
	    hsm_sign(k, 0, ALG_ED25519, (const uint8_t *)"x", 1, sig, &n, &e),
	    -1);
	if (strstr(e.text, text) == NULL)
		fail_msg("'%s' is not in: %s", text, e.text);
}

/* After a loss, too, however often somebody signs. */
static void
test_failed_login_on_the_way_back(void **state)
{
	static const char *const faults[] = {
	    "C_Sign:1+:0x30,C_Login:1+:0x80000001",
	    "C_Sign:1+:0x30,C_Login:1+:0x5",
	    "C_Sign:1+:0x30,C_OpenSession:1:0x32,C_Login:1+:0x6",
	};
	struct hsm_options o = test_options();
	struct hsm_key *k;
	struct hsm *h;
	char *uri;

	TEST_NEEDS_SOFTHSM();
	test_shim_set("RZ_SHIM_MANUFACTURER", "Acme HSM");
	o.keep_trying = true;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		uri = token();
		h = test_open(uri, &o);
		k = test_generate(h, ALG_ED25519, 0, "k");
		test_shim_set("RZ_SHIM", faults[i]);
		sign_fails(k, "C_Login");
		sign_fails(k, "not tried again");
		sign_fails(k, "not tried again");
		assert_int_equal(test_shim_calls("C_Login"), 1);
		hsm_close(h);
		free(uri);
	}
}

/* The others of the token keep what they have, and nobody logs in anew. */
static void
test_second_store_finds_no_session(void **state)
{
	struct hsm_options o = test_options();
	struct hsm_key *k;
	struct hsm *a, *b;
	char *uri;

	TEST_NEEDS_SOFTHSM();
	uri = token();
	o.keep_trying = true;
	a = test_open(uri, &o);
	k = test_generate(a, ALG_ED25519, 0, "k");
	test_shim_set("RZ_SHIM", "C_OpenSession:1+:0xb1");
	test_refused(uri, &o, "C_OpenSession: CKR_SESSION_COUNT");
	assert_int_equal(test_shim_calls("C_OpenSession"), 1);
	assert_int_equal(test_shim_calls("C_CloseAllSessions"), 0);
	test_sign(k, ALG_ED25519, 0);
	assert_int_equal(hsm_recoveries(a), 0);
	assert_int_equal(test_shim_calls("C_Login"), 0);
	/* One is enough to join with. */
	o.sessions = 4;
	test_shim_set("RZ_SHIM", "C_OpenSession:2+:0xb1");
	b = test_open(uri, &o);
	assert_int_equal(hsm_sessions(b), 1);
	hsm_close(b);
	test_sign(k, ALG_ED25519, 0);
	assert_int_equal(hsm_recoveries(a), 0);
	assert_int_equal(test_shim_calls("C_Login"), 0);
	hsm_close(a);
	free(uri);
}

/* Who fails while joining leaves no session behind. */
static void
test_joining_half_way(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *a;
	char *uri;

	TEST_NEEDS_SOFTHSM();
	uri = token();
	a = test_open(uri, &o);
	o.sessions = 4;
	test_shim_set("RZ_SHIM", "C_OpenSession:3:0x54");
	test_refused(uri, &o, "CKR_FUNCTION_NOT_SUPPORTED");
	assert_int_equal(test_shim_calls("C_OpenSession"), 3);
	assert_int_equal(test_shim_calls("C_CloseSession"), 2);
	hsm_close(a);
	free(uri);
}

#define TEST(t) cmocka_unit_test_teardown(t, each_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_failed_login_is_the_last),
	    TEST(test_no_token_has_seen_the_pin),
	    TEST(test_races_of_softhsm),
	    TEST(test_failed_login_on_the_way_back),
	    TEST(test_second_store_finds_no_session),
	    TEST(test_joining_half_way),
	};

	return cmocka_run_group_tests_name("hsm_login", tests, begin, end);
}
