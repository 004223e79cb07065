/* Private keys from outside, brought into a token. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "hsm/hsm.h"
#include "hsm/pkcs8.h"
#include "lib/pubkey.h"
#include "tests/support/keys.h"
#include "tests/support/token.h"

static struct test_tokens tokens;
static struct hsm *store;

static int
begin(void **state)
{
	struct hsm_options o = test_options();
	char *uri;

	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	o.sessions = 3;
	test_tokens_begin(&tokens);
	uri = test_token_add(&tokens, "imports", NULL);
	store = test_open(uri, &o);
	free(uri);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	hsm_close(store);
	test_tokens_end(&tokens);
	return 0;
}

static void
import(uint8_t algorithm, unsigned bits, EVP_PKEY *pkey)
{
	struct hsm_key_spec s = {
	    algorithm, bits, "imported", (const uint8_t *)"im", 2, false};
	struct hsm_key_info i;
	struct hsm_key *k = NULL;
	struct buf der = BUF_INIT, raw = BUF_INIT;
	struct error e = ERROR_INIT;

	assert_non_null(pkey);
	assert_int_equal(pkcs8_encode(&der, pkey, &e), 0);
	assert_int_equal(pubkey_encode(&raw, algorithm, pkey, &e), 0);
	if (hsm_import(store, &s, &der, &k, &e) == -1)
		fail_msg("%s", e.text);
	assert_int_equal(hsm_key_info(k, &i, &e), 0);
	assert_int_equal(i.public_key.len, raw.len);
	assert_memory_equal(i.public_key.data, raw.data, raw.len);
	assert_true(i.sensitive && i.sign_only);
	assert_false(i.extractable || i.modifiable);
	hsm_key_info_free(&i);
	test_sign(k, algorithm, 2);
	/* The same names a second time. */
	assert_int_equal(hsm_import(store, &s, &der, &k, &e), -1);
	assert_int_equal(hsm_find(store, NULL, 0, "imported", &k, &e), 0);
	assert_int_equal(hsm_destroy(k, &e), 0);
	buf_wipe(&der);
	buf_free(&raw);
	EVP_PKEY_free(pkey);
}

static void
test_import(void **state)
{
	TEST_NEEDS_SOFTHSM();
	import(ALG_RSASHA256, 2048,
	    EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048));
	import(ALG_ECDSAP256SHA256, 0,
	    EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"));
	import(ALG_ECDSAP384SHA384, 0,
	    EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384"));
	import(ALG_ED25519, 0, EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
}

static void
test_import_refusals(void **state)
{
	static const struct {
		uint8_t algorithm;
		unsigned bits;
	} bad[] = {
	    {ALG_RSASHA256, 2048}, {ALG_ECDSAP384SHA384, 0}, {ALG_ED25519, 0}};
	EVP_PKEY *pkey;
	struct hsm_key *k;
	struct buf der = BUF_INIT;
	struct error e;

	TEST_NEEDS_SOFTHSM();
	pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	assert_int_equal(pkcs8_encode(&der, pkey, &e), 0);
	for (size_t i = 0; i < 3; i++) {
		struct hsm_key_spec s = {bad[i].algorithm, bad[i].bits, "x",
		    (const uint8_t *)"x", 1, false};

		assert_int_equal(hsm_import(store, &s, &der, &k, &e), -1);
	}
	{
		struct hsm_key_spec s = {ALG_ECDSAP256SHA256, 0, "x",
		    (const uint8_t *)"x", 1, false};

		der.len--;
		assert_int_equal(hsm_import(store, &s, &der, &k, &e), -1);
		der.len++;
		buf_u8(&der, 0);
		assert_int_equal(hsm_import(store, &s, &der, &k, &e), -1);
	}
	assert_int_equal(hsm_find(store, NULL, 0, "x", &k, &e), -1);
	EVP_PKEY_free(pkey);
	buf_wipe(&der);
}

/* From BIND's text into the token. */
static void
test_import_bind(void **state)
{
	struct hsm_key_spec s = {
	    ALG_RSASHA256, 2048, "bind", (const uint8_t *)"bind", 4, false};
	char path[TEST_PATH + 16], *text;
	struct buf der = BUF_INIT;
	struct hsm_key *k;
	struct error e = ERROR_INIT;
	uint8_t algorithm;

	TEST_NEEDS_SOFTHSM();
	text = test_bind_rsa(2048);
	snprintf(path, sizeof path, "%s/K.private", tokens.dir);
	test_write(path, text, 0600);
	if (hsm_read_key_file(path, NULL, &der, &algorithm, &e) == -1 ||
	    hsm_import(store, &s, &der, &k, &e) == -1)
		fail_msg("%s", e.text);
	test_sign(k, ALG_RSASHA256, 1);
	assert_int_equal(hsm_destroy(k, &e), 0);
	buf_wipe(&der);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_import),
	    cmocka_unit_test(test_import_refusals),
	    cmocka_unit_test(test_import_bind),
	};

	return cmocka_run_group_tests_name("hsm_import", tests, begin, end);
}
