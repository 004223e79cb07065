/* A module that is ended and started again, or does not let itself end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hsm/p11.h"
#include "hsm/patience.h"
#include "tests/support/keys.h"
#include "tests/support/token.h"

static struct test_tokens tokens;
static char *uri;
static struct hsm *store;
static struct hsm_key *key;

static int
begin(void **state)
{
	struct hsm_options o = test_options();

	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	test_tokens_begin(&tokens);
	patience_limits(5, 20, 200);
	uri = test_token_add(&tokens, "module", test_shim());
	o.keep_trying = true;
	store = test_open(uri, &o);
	key = test_generate(store, ALG_ED25519, 0, "k");
	return 0;
}

static int
end(void **state)
{
	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	test_shim_set("RZ_SHIM", NULL);
	hsm_close(store);
	free(uri);
	test_tokens_end(&tokens);
	return 0;
}

/* Sessions are not enough: the module has to start anew. */
#define LOST "C_Sign:1:0x32,C_OpenSession:1:0x32,"

static void
test_finalize_fails(void **state)
{
	static const struct {
		const char *faults;
		unsigned long initialised;
	} cases[] = {
	    {LOST "C_Finalize:1:0x5", 1},
	    {LOST "C_Finalize:1+:0x30", 1},
	    /* And then initialising fails, too. */
	    {LOST "C_Finalize:1:0x5,C_Initialize:1:0x30", 2},
	    {LOST "C_Finalize:1:0x5,C_Initialize:1:0x30,C_Initialize:2:0x5", 3},
	    /* It was ended before. */
	    {LOST "C_Initialize:1:0x30", 2},
	};
	unsigned before;

	TEST_NEEDS_SOFTHSM();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		test_shim_set("RZ_SHIM", cases[i].faults);
		before = hsm_recoveries(store);
		test_sign(key, ALG_ED25519, 0);
		assert_int_equal(hsm_recoveries(store), before + 1);
		assert_int_equal(
		    test_shim_calls("C_Initialize"), cases[i].initialised);
		assert_int_equal(test_shim_calls("C_Finalize"), 1);
	}
	/* Later it ends as it should. */
	test_shim_set("RZ_SHIM", "C_Sign:1:0x32,C_OpenSession:1:0x32");
	test_sign(key, ALG_ED25519, 0);
	assert_false(((struct p11_store *)store)->token->module->unfinished);
}

/* What somebody else of the process has started is not ours to use. */
static void
test_initialised_by_another(void **state)
{
	struct hsm_options o = test_options();
	struct error e;
	struct hsm *h;
	CK_FUNCTION_LIST *f;

	TEST_NEEDS_SOFTHSM();
	test_shim_set("RZ_SHIM", NULL);
	f = ((struct p11_store *)store)->token->module->f;
	hsm_close(store);
	hsm_exit();
	assert_int_equal(f->C_Initialize(NULL), CKR_OK);
	assert_int_equal(hsm_open(&h, uri, &o, &e), -1);
	assert_non_null(strstr(e.text, "CKR_CRYPTOKI_ALREADY_INITIALIZED"));
	assert_int_equal(f->C_Finalize(NULL), CKR_OK);
	/* An end that failed is one that may be gone back on. */
	o.keep_trying = true;
	store = test_open(uri, &o);
	hsm_close(store);
	test_shim_set("RZ_SHIM", "C_Finalize:1:0x5");
	hsm_exit();
	assert_int_equal(test_shim_calls("C_Finalize"), 1);
	store = test_open(uri, &o);
	assert_int_equal(hsm_find(store, NULL, 0, "k", &key, &e), 0);
	test_sign(key, ALG_ED25519, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_finalize_fails),
	    cmocka_unit_test(test_initialised_by_another),
	};

	return cmocka_run_group_tests_name("hsm_module", tests, begin, end);
}
