/* A module that tells lengths and numbers which cannot be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hsm/p11.h"
#include "hsm/patience.h"
#include "lib/xalloc.h"
#include "tests/support/keys.h"
#include "tests/support/token.h"

static struct test_tokens tokens;
static char *uri;
static struct hsm *store;
static struct hsm_key *key;
static struct token *token;
static CK_OBJECT_HANDLE object;

static int
begin(void **state)
{
	struct hsm_options o = test_options();

	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	test_tokens_begin(&tokens);
	patience_limits(5, 20, 200);
	uri = test_token_add(&tokens, "lengths", test_shim());
	store = test_open(uri, &o);
	key = test_generate(store, ALG_ED25519, 0, "long");
	token = ((struct p11_store *)store)->token;
	object = ((struct p11_key *)key)->private;
	return 0;
}

static int
end(void **state)
{
	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	hsm_close(store);
	free(uri);
	test_tokens_end(&tokens);
	return 0;
}

static int
each_end(void **state)
{
	(void)state;
	if (test_softhsm() != NULL)
		test_shim_set("RZ_SHIM_LENGTH", NULL);
	return 0;
}

static void
tell(const char *function, const char *when, unsigned long length)
{
	char *s = xasprintf("%s:%s:%lu", function, when, length);

	test_shim_set("RZ_SHIM_LENGTH", s);
	free(s);
}

/* First the room is asked for, then the value. */
static void
test_value_longer_than_its_room(void **state)
{
	static const struct {
		const char *when;
		unsigned long length;
		CK_RV rv;
		size_t got;
	} cases[] = {
	    {"2", 3, CKR_OK, 3},
	    {"2", 4, CKR_OK, 4},
	    {"2", 5, P11_LENGTH, 0},
	    {"2", 4096, P11_LENGTH, 0},
	    {"2", (unsigned long)-1, P11_LENGTH, 0},
	    {"1", ATTRIBUTE_MAX, CKR_OK, 4},
	    {"1", ATTRIBUTE_MAX + 1, CKR_ATTRIBUTE_VALUE_INVALID, 0},
	    {"1", (unsigned long)-1, CKR_ATTRIBUTE_VALUE_INVALID, 0},
	};
	struct buf b = BUF_INIT;

	TEST_NEEDS_SOFTHSM();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		tell("C_GetAttributeValue", cases[i].when, cases[i].length);
		assert_int_equal(
		    attribute_get(token, object, CKA_LABEL, &b), cases[i].rv);
		assert_int_equal(b.len, cases[i].got);
		if (b.len > 0)
			assert_memory_equal(b.data, "long", b.len);
	}
	buf_free(&b);
}

static void
test_number_of_another_size(void **state)
{
	static const unsigned long wrong[] = {0, 1, 4, 7, 9, (unsigned long)-1};
	CK_ULONG type;

	TEST_NEEDS_SOFTHSM();
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		tell("C_GetAttributeValue", "1", wrong[i]);
		assert_int_equal(
		    attribute_ulong(token, object, CKA_KEY_TYPE, &type),
		    P11_LENGTH);
	}
	tell("C_GetAttributeValue", "1", sizeof type);
	assert_int_equal(
	    attribute_ulong(token, object, CKA_KEY_TYPE, &type), CKR_OK);
	assert_int_equal(type, CKK_EC_EDWARDS);
}

/* What cannot be read is neither yes nor no. */
static void
test_bool_of_another_size(void **state)
{
	static const unsigned long wrong[] = {0, 2, 8, (unsigned long)-1};
	bool yes;

	TEST_NEEDS_SOFTHSM();
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		tell("C_GetAttributeValue", "1", wrong[i]);
		assert_int_equal(
		    attribute_bool(token, object, CKA_DECRYPT, false, &yes),
		    P11_LENGTH);
	}
	tell("C_GetAttributeValue", "1", 1);
	assert_int_equal(
	    attribute_bool(token, object, CKA_SENSITIVE, false, &yes), CKR_OK);
	assert_true(yes);
}

static void
test_more_slots_than_asked_for(void **state)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	struct hsm_options o = test_options();
	CK_ULONG n;

	TEST_NEEDS_SOFTHSM();
	tell("C_GetSlotList", "2", SLOTS_MAX);
	assert_int_equal(slots_list(token->module, slots, &n), CKR_OK);
	assert_int_equal(n, SLOTS_MAX);
	tell("C_GetSlotList", "2", SLOTS_MAX + 1);
	assert_int_equal(slots_list(token->module, slots, &n), P11_LENGTH);
	/* The number that is told first decides nothing. */
	tell("C_GetSlotList", "1", 1000000);
	assert_int_equal(slots_list(token->module, slots, &n), CKR_OK);
	assert_in_range(n, 1, SLOTS_MAX);
	tell("C_GetSlotList", "2", SLOTS_MAX + 1);
	test_refused(uri, &o, "C_GetSlotList: the module tells a length");
}

static void
test_more_objects_than_asked_for(void **state)
{
	const struct wanted any = {NULL, 0, NULL};
	struct handles *h;
	struct error e;
	struct hsm_key *k;

	TEST_NEEDS_SOFTHSM();
	h = xmalloc(sizeof *h);
	tell("C_FindObjects", "1", HSM_KEYS_MAX + 2);
	assert_int_equal(
	    objects_find(token, CKO_PRIVATE_KEY, &any, h), P11_LENGTH);
	assert_int_equal(h->n, 0);
	/* All but the one that was found before. */
	tell("C_FindObjects", "2", HSM_KEYS_MAX + 1);
	assert_int_equal(
	    objects_find(token, CKO_PRIVATE_KEY, &any, h), P11_LENGTH);
	assert_int_equal(h->n, 1);
	tell("C_FindObjects", "1", HSM_KEYS_MAX + 1);
	assert_int_equal(
	    objects_find(token, CKO_PRIVATE_KEY, &any, h), P11_TOO_MANY);
	tell("C_FindObjects", "1", (unsigned long)-1);
	assert_int_equal(hsm_find(store, NULL, 0, "none", &k, &e), -1);
	assert_non_null(
	    strstr(e.text, "C_FindObjects: the module tells a length"));
	test_shim_set("RZ_SHIM_LENGTH", NULL);
	assert_int_equal(objects_find(token, CKO_PRIVATE_KEY, &any, h), CKR_OK);
	assert_int_equal(h->n, 1);
	free(h);
}

static void
test_length_of_a_signature(void **state)
{
	static const unsigned long wrong[] = {
	    0, 63, 65, SIGNATURE_MAX + 1, (unsigned long)-1};
	uint8_t sig[SIGNATURE_MAX];
	struct error e;
	size_t n;

	TEST_NEEDS_SOFTHSM();
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		tell("C_Sign", "1", wrong[i]);
		n = sizeof sig;
		assert_int_equal(hsm_sign(key, 0, ALG_ED25519,
				     (const uint8_t *)"x", 1, sig, &n, &e),
		    -1);
		assert_non_null(strstr(e.text, "wrong length"));
		assert_int_equal(n, sizeof sig);
	}
	tell("C_Sign", "1", 64);
	test_sign(key, ALG_ED25519, 0);
}

#define TEST(t) cmocka_unit_test_teardown(t, each_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_value_longer_than_its_room),
	    TEST(test_number_of_another_size),
	    TEST(test_bool_of_another_size),
	    TEST(test_more_slots_than_asked_for),
	    TEST(test_more_objects_than_asked_for),
	    TEST(test_length_of_a_signature),
	};

	return cmocka_run_group_tests_name("hsm_lengths", tests, begin, end);
}
