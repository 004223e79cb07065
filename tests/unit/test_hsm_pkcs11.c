/* Keys in a token: made, found, listed, used, destroyed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hsm/p11.h"
#include "lib/parallel.h"
#include "tests/support/keys.h"
#include "tests/support/token.h"

#define WORKERS 4

static struct test_tokens tokens;
static char *uri;
static struct hsm *store;

static const struct {
	uint8_t algorithm;
	unsigned bits, made;
	const char *label;
} kinds[] = {
    {ALG_RSASHA256, 2048, 2048, "rsa2048"},
    {ALG_RSASHA512, 3072, 3072, "rsa3072"},
    {ALG_RSASHA256, 4096, 4096, "rsa4096"},
    {ALG_ECDSAP256SHA256, 0, 256, "p256"},
    {ALG_ECDSAP384SHA384, 384, 384, "p384"},
    {ALG_ED25519, 0, 256, "ed25519"},
};

#define N_KINDS (sizeof kinds / sizeof kinds[0])

static struct hsm_key *keys[N_KINDS];

static int
begin(void **state)
{
	struct hsm_options o = test_options();

	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	o.sessions = WORKERS;
	test_tokens_begin(&tokens);
	uri = test_token_add(&tokens, "rz-one", NULL);
	store = test_open(uri, &o);
	for (size_t i = 0; i < N_KINDS; i++)
		keys[i] = test_generate(
		    store, kinds[i].algorithm, kinds[i].bits, kinds[i].label);
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

static void
test_identity(void **state)
{
	const struct hsm_identity *i;

	TEST_NEEDS_SOFTHSM();
	i = hsm_identity(store);
	assert_string_equal(i->name, "rz-one");
	assert_int_equal(strlen(i->serial), 16);
	assert_non_null(strstr(i->model, "SoftHSM"));
	assert_false(i->hardware);
	assert_int_equal(hsm_sessions(store), WORKERS);
	assert_int_equal(hsm_recoveries(store), 0);
}

static void
test_attributes(void **state)
{
	struct token *t;
	struct hsm_key_info info;
	struct buf b = BUF_INIT;
	struct error e;
	bool yes;

	TEST_NEEDS_SOFTHSM();
	t = ((struct p11_store *)store)->token;
	for (size_t i = 0; i < N_KINDS; i++) {
		CK_OBJECT_HANDLE o = ((struct p11_key *)keys[i])->private;

		assert_int_equal(hsm_key_info(keys[i], &info, &e), 0);
		assert_string_equal(info.label, kinds[i].label);
		assert_int_equal(info.bits, kinds[i].made);
		assert_true(info.has_private && info.sensitive &&
			    info.sign_only && info.never_extractable);
		assert_false(info.extractable || info.modifiable);
		hsm_key_info_free(&info);
		/* The token itself, not what we remember. */
		assert_int_equal(
		    attribute_get(t, o,
			kinds[i].made >= 2048 ? CKA_PRIVATE_EXPONENT
					      : CKA_VALUE,
			&b),
		    CKR_ATTRIBUTE_SENSITIVE);
		assert_int_equal(
		    attribute_bool(t, o, CKA_DECRYPT, true, &yes), CKR_OK);
		assert_false(yes);
		assert_int_equal(
		    attribute_bool(t, o, CKA_ALWAYS_SENSITIVE, false, &yes),
		    CKR_OK);
		assert_true(yes);
		o = ((struct p11_key *)keys[i])->public;
		assert_int_equal(
		    attribute_bool(t, o, CKA_ENCRYPT, true, &yes), CKR_OK);
		assert_false(yes);
		assert_int_equal(
		    attribute_bool(t, o, CKA_VERIFY, false, &yes), CKR_OK);
		assert_true(yes);
	}
	buf_free(&b);
}

static void
test_sizes_of_public_keys(void **state)
{
	/* RFC 3110: 1 + 3 + modulus; RFC 6605; RFC 8080. */
	static const size_t sizes[] = {260, 388, 516, 64, 96, 32};
	struct hsm_key_info info;
	struct error e;

	TEST_NEEDS_SOFTHSM();
	for (size_t i = 0; i < N_KINDS; i++) {
		assert_int_equal(hsm_key_info(keys[i], &info, &e), 0);
		assert_int_equal(info.public_key.len, sizes[i]);
		if (kinds[i].made >= 2048)
			assert_memory_equal(
			    info.public_key.data, "\x03\x01\x00\x01", 4);
		hsm_key_info_free(&info);
	}
}

static int
sign_some(
    void *arg, unsigned worker, size_t first, size_t last, struct error *e)
{
	const size_t *kind = arg;

	(void)e;
	for (size_t i = first; i < last; i++)
		test_sign(keys[*kind], kinds[*kind].algorithm, worker);
	return 0;
}

static void
test_signs_in_threads(void **state)
{
	struct error e;

	TEST_NEEDS_SOFTHSM();
	for (size_t i = 0; i < N_KINDS; i++)
		assert_int_equal(
		    parallel(WORKERS, 40, 2, sign_some, &i, &e), 0);
}

static void
test_both_rsa_digests(void **state)
{
	TEST_NEEDS_SOFTHSM();
	test_sign(keys[0], ALG_RSASHA512, 1);
	test_sign(keys[0], ALG_RSASHA256, 1);
	test_sign(keys[1], ALG_RSASHA256, 1);
}

static void
test_sign_refusals(void **state)
{
	uint8_t sig[SIGNATURE_MAX];
	size_t n = sizeof sig;
	struct error e;

	TEST_NEEDS_SOFTHSM();
	assert_int_equal(
	    hsm_sign(keys[0], 0, ALG_ED25519, sig, 1, sig, &n, &e), -1);
	assert_int_equal(
	    hsm_sign(keys[3], 0, ALG_ECDSAP384SHA384, sig, 1, sig, &n, &e), -1);
	assert_int_equal(
	    hsm_sign(keys[0], 0, ALG_RSASHA1, sig, 1, sig, &n, &e), -1);
	assert_int_equal(
	    hsm_sign(keys[0], WORKERS, ALG_RSASHA256, sig, 1, sig, &n, &e), -1);
	n = 255;
	assert_int_equal(
	    hsm_sign(keys[0], 0, ALG_RSASHA256, sig, 1, sig, &n, &e), -1);
	n = 256;
	assert_int_equal(
	    hsm_sign(keys[0], 0, ALG_RSASHA256, sig, 1, sig, &n, &e), 0);
	n = 63;
	assert_int_equal(
	    hsm_sign(keys[3], 0, ALG_ECDSAP256SHA256, sig, 1, sig, &n, &e), -1);
}

/* CKM_RSA_PKCS is used where the token does not hash itself. */
static void
test_digestinfo_gives_the_same(void **state)
{
	struct token *t;
	uint8_t a[256], b[256];
	size_t n = sizeof a;
	struct error e;

	TEST_NEEDS_SOFTHSM();
	t = ((struct p11_store *)store)->token;
	assert_true(t->rsa_hashes);
	for (uint8_t alg = ALG_RSASHA256; alg <= ALG_RSASHA512; alg += 2) {
		assert_int_equal(hsm_sign(keys[0], 0, alg,
				     (const uint8_t *)"abc", 3, a, &n, &e),
		    0);
		t->rsa_hashes = false;
		assert_int_equal(hsm_sign(keys[0], 0, alg,
				     (const uint8_t *)"abc", 3, b, &n, &e),
		    0);
		t->rsa_hashes = true;
		assert_memory_equal(a, b, sizeof a);
	}
}

static void
test_find(void **state)
{
	struct hsm_key *k, *other;
	struct hsm_key_spec twin = {
	    ALG_ED25519, 0, "twin", (const uint8_t *)"a", 1, false};
	struct error e;

	TEST_NEEDS_SOFTHSM();
	assert_int_equal(hsm_find(store, NULL, 0, "p256", &k, &e), 0);
	assert_ptr_equal(k, keys[3]);
	assert_int_equal(
	    hsm_find(store, (const uint8_t *)"p256", 4, NULL, &k, &e), 0);
	assert_ptr_equal(k, keys[3]);
	assert_int_equal(
	    hsm_find(store, (const uint8_t *)"p256", 4, "p256", &k, &e), 0);
	assert_int_equal(
	    hsm_find(store, (const uint8_t *)"p256", 4, "p384", &k, &e), -1);
	assert_int_equal(hsm_find(store, NULL, 0, "none", &k, &e), -1);
	assert_non_null(strstr(e.text, "no private key none"));
	assert_int_equal(hsm_find(store, NULL, 0, NULL, &k, &e), -1);

	/* Two keys of one label: the second as other tools would make it. */
	assert_int_equal(hsm_generate(store, &twin, &k, &e), 0);
	twin.id = (const uint8_t *)"b";
	assert_int_equal(backend_pkcs11.generate(store, &twin, &e), -1);
	twin.bits = 256;
	assert_int_equal(backend_pkcs11.generate(store, &twin, &e), 0);
	assert_int_equal(hsm_find(store, NULL, 0, "twin", &other, &e), -1);
	assert_non_null(strstr(e.text, "2 private keys match twin"));
	assert_int_equal(
	    hsm_find(store, (const uint8_t *)"b", 1, "twin", &other, &e), 0);
	assert_ptr_not_equal(k, other);
	assert_int_equal(hsm_destroy(k, &e), 0);
	assert_int_equal(hsm_destroy(other, &e), 0);
	assert_int_equal(hsm_find(store, NULL, 0, "twin", &other, &e), -1);
}

static void
test_generate_refusals(void **state)
{
	static const struct {
		uint8_t algorithm;
		unsigned bits;
		const char *label;
		size_t id_len;
	} bad[] = {
	    {ALG_RSASHA256, 2048, "p256", 1}, /* label is taken */
	    {ALG_RSASHA256, 1024, "new", 1},  /* size */
	    {ALG_RSASHA256, 0, "new", 1},
	    {ALG_RSASHA256, 2047, "new", 1},
	    {ALG_ECDSAP256SHA256, 384, "new", 1},
	    {ALG_RSASHA1, 2048, "new", 1}, /* never made */
	    {ALG_ED448, 0, "new", 1},
	    {99, 0, "new", 1},
	    {ALG_ED25519, 0, "", 1}, /* label */
	    {ALG_ED25519, 0, "a\nb", 1},
	    {ALG_ED25519, 0, "new", 0}, /* id */
	    {ALG_ED25519, 0, "new", HSM_ID_MAX + 1},
	};
	uint8_t id[HSM_ID_MAX + 1] = {7};
	struct hsm_key *k;
	struct error e;

	TEST_NEEDS_SOFTHSM();
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct hsm_key_spec s = {bad[i].algorithm, bad[i].bits,
		    bad[i].label, id, bad[i].id_len, false};

		assert_int_equal(hsm_generate(store, &s, &k, &e), -1);
		assert_int_equal(e.status, STATUS_TROUBLE);
	}
	/* The id is taken; and both edges of its length. */
	{
		struct hsm_key_spec s = {
		    ALG_ED25519, 0, "new", (const uint8_t *)"p256", 4, false};

		assert_int_equal(hsm_generate(store, &s, &k, &e), -1);
		s.id = id;
		s.id_len = HSM_ID_MAX;
		assert_int_equal(hsm_generate(store, &s, &k, &e), 0);
		assert_int_equal(hsm_destroy(k, &e), 0);
	}
}

static void
test_extractable_on_purpose(void **state)
{
	struct hsm_key_spec s = {
	    ALG_ED25519, 0, "backup", (const uint8_t *)"bk", 2, true};
	struct hsm_key_info i;
	struct hsm_key *k;
	struct error e;

	TEST_NEEDS_SOFTHSM();
	assert_int_equal(hsm_generate(store, &s, &k, &e), 0);
	assert_int_equal(hsm_key_info(k, &i, &e), 0);
	assert_true(i.extractable && i.sensitive);
	assert_false(i.never_extractable);
	hsm_key_info_free(&i);
	assert_int_equal(hsm_destroy(k, &e), 0);
}

static size_t
count(struct hsm *h, const char *label, struct hsm_key_info *out)
{
	struct hsm_key_info *list;
	struct error e;
	size_t n, found = 0;

	assert_int_equal(hsm_list(h, &list, &n, &e), 0);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i].label, label) == 0) {
			if (found++ == 0 && out != NULL)
				key_info_copy(out, &list[i]);
		}
		hsm_key_info_free(&list[i]);
	}
	free(list);
	return found;
}

static void
test_list(void **state)
{
	struct hsm_key_info *list;
	struct error e;
	size_t n;

	TEST_NEEDS_SOFTHSM();
	assert_int_equal(hsm_list(store, &list, &n, &e), 0);
	assert_int_equal(n, N_KINDS);
	for (size_t i = 0; i < n; i++) {
		assert_true(list[i].has_private);
		assert_true(list[i].public_key.len > 0);
		hsm_key_info_free(&list[i]);
	}
	free(list);
}

/* Halves that lost their other half are shown, and their names are taken. */
static void
test_half_a_pair(void **state)
{
	struct hsm_key_spec s = {
	    ALG_ED25519, 0, "half", (const uint8_t *)"hf", 2, false};
	struct p11_store *p;
	struct hsm_key_info i;
	struct hsm_key *k, *again;
	struct error e;

	TEST_NEEDS_SOFTHSM();
	p = (struct p11_store *)store;
	assert_int_equal(hsm_generate(store, &s, &k, &e), 0);
	assert_int_equal(p->token->module->f->C_DestroyObject(
			     p->token->anchor, ((struct p11_key *)k)->private),
	    CKR_OK);
	assert_int_equal(count(store, "half", &i), 1);
	assert_false(i.has_private);
	assert_int_equal(i.public_key.len, 32);
	hsm_key_info_free(&i);
	assert_int_equal(hsm_find(store, NULL, 0, "half", &again, &e), -1);
	assert_int_equal(hsm_generate(store, &s, &again, &e), -1);
	assert_non_null(strstr(e.text, "there is a key already"));
	assert_int_equal(p->token->module->f->C_DestroyObject(
			     p->token->anchor, ((struct p11_key *)k)->public),
	    CKR_OK);
	assert_int_equal(count(store, "half", NULL), 0);
}

static void
test_public_only(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *h;
	struct hsm_key *k;
	uint8_t sig[SIGNATURE_MAX];
	size_t n = sizeof sig;
	struct error e;

	TEST_NEEDS_SOFTHSM();
	/* No login: the other store's is the whole process's, so end it. */
	hsm_close(store);
	o.public_only = true;
	h = test_open(uri, &o);
	assert_int_equal(hsm_find(h, NULL, 0, "p256", &k, &e), 0);
	assert_int_equal(
	    hsm_sign(k, 0, ALG_ECDSAP256SHA256, sig, 1, sig, &n, &e), -1);
	assert_int_equal(count(h, "rsa2048", NULL), 1);
	hsm_close(h);
	o.public_only = false;
	o.sessions = WORKERS;
	store = test_open(uri, &o);
	for (size_t i = 0; i < N_KINDS; i++)
		assert_int_equal(
		    hsm_find(store, NULL, 0, kinds[i].label, &keys[i], &e), 0);
}

/* Both roles on one token: two stores, one login. */
static void
test_two_stores(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *second;
	struct hsm_key *k;
	struct error e;

	TEST_NEEDS_SOFTHSM();
	second = test_open(uri, &o);
	assert_int_equal(hsm_find(second, NULL, 0, "p256", &k, &e), 0);
	test_sign(k, ALG_ECDSAP256SHA256, 0);
	test_sign(keys[3], ALG_ECDSAP256SHA256, 0);
	hsm_close(second);
	test_sign(keys[3], ALG_ECDSAP256SHA256, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_identity),
	    cmocka_unit_test(test_attributes),
	    cmocka_unit_test(test_sizes_of_public_keys),
	    cmocka_unit_test(test_signs_in_threads),
	    cmocka_unit_test(test_both_rsa_digests),
	    cmocka_unit_test(test_sign_refusals),
	    cmocka_unit_test(test_digestinfo_gives_the_same),
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_generate_refusals),
	    cmocka_unit_test(test_extractable_on_purpose),
	    cmocka_unit_test(test_list),
	    cmocka_unit_test(test_half_a_pair),
	    cmocka_unit_test(test_public_only),
	    cmocka_unit_test(test_two_stores),
	};

	return cmocka_run_group_tests_name("hsm_pkcs11", tests, begin, end);
}
