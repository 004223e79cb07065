/* What single modules do in their own way, and the forms of public keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "hsm/p11.h"
#include "hsm/patience.h"
#include "lib/hex.h"
#include "tests/support/keys.h"
#include "tests/support/token.h"

static struct test_tokens tokens;
static char *uri;

static int
begin(void **state)
{
	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	test_tokens_begin(&tokens);
	patience_limits(5, 20, 200);
	uri = test_token_add(&tokens, "quirks", test_shim());
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

static struct token *
token_of(struct hsm *h)
{
	return ((struct p11_store *)h)->token;
}

static void
test_table(void **state)
{
	static const struct {
		const char *manufacturer, *model;
		CK_VERSION library;
		unsigned quirks;
	} cases[] = {
	    {"SoftHSM project", "SoftHSM v2", {2, 6},
		QUIRK_SOFTWARE | QUIRK_SESSION_COPY | QUIRK_LOGIN_RACES},
	    {"SoftHSM project", "SoftHSM v2", {2, 0},
		QUIRK_SOFTWARE | QUIRK_SESSION_COPY | QUIRK_LOGIN_RACES},
	    {"SoftHSM project", "SoftHSM v2", {2, 7},
		QUIRK_SOFTWARE | QUIRK_SESSION_COPY | QUIRK_LOGIN_RACES},
	    {"SoftHSM project", "SoftHSM v2", {3, 0},
		QUIRK_SOFTWARE | QUIRK_SESSION_COPY | QUIRK_LOGIN_RACES},
	    {"SoftHSM", "SoftHSM v2", {2, 6}, 0},
	    {"SoftHSM project", "HardHSM", {2, 6}, 0},
	    {"ACME", "SoftHSM v2", {2, 6}, 0},
	    {"", "", {0, 0}, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(quirks_find(cases[i].manufacturer,
				     cases[i].model, cases[i].library),
		    cases[i].quirks);
}

/* A key as other tools make it: its attributes may be changed. */
static void
make_modifiable(struct token *t)
{
	struct hsm_key_spec spec = {ALG_ECDSAP256SHA256, 256, "adopted",
	    (const uint8_t *)"ad", 2, false};
	CK_MECHANISM m = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
	struct template private = {.n = 0}, public = {.n = 0};
	CK_OBJECT_HANDLE a, b;

	template_private(&private, &spec);
	template_public(&public, &spec);
	private.n--; /* CKA_MODIFIABLE is the last one */
	kind_params(&public, kind_by_spec(&spec));
	assert_int_equal(t->module->f->C_GenerateKeyPair(t->anchor, &m,
			     public.a, public.n, private.a, private.n, &a, &b),
	    CKR_OK);
}

/* Without its quirks SoftHSM is a module like any other, but slower. */
static void
test_softhsm_without_quirks(void **state)
{
	struct hsm_options o = test_options();
	struct hsm_key *k;
	struct hsm *h;
	struct error e;

	TEST_NEEDS_SOFTHSM();
	test_shim_set("RZ_SHIM_MANUFACTURER", "ACME");
	h = test_open(uri, &o);
	assert_int_equal(token_of(h)->quirks, 0);
	make_modifiable(token_of(h));
	assert_int_equal(hsm_find(h, NULL, 0, "adopted", &k, &e), 0);
	test_sign(k, ALG_ECDSAP256SHA256, 0);
	assert_int_equal(test_shim_calls("C_CopyObject"), 0);
	assert_int_equal(hsm_destroy(k, &e), 0);
	hsm_close(h);
	/* 0x102 is a race with SoftHSM; elsewhere it means what it says. */
	o.keep_trying = true;
	test_shim_set("RZ_SHIM", "C_Login:1:0x102");
	assert_int_equal(hsm_open(&h, uri, &o, &e), -1);
	assert_int_equal(test_shim_calls("C_Login"), 1);
	test_shim_set("RZ_SHIM_MANUFACTURER", NULL);
	h = test_open(uri, &o);
	assert_int_equal(test_shim_calls("C_Login"), 2);
	hsm_close(h);
	test_shim_set("RZ_SHIM", NULL);
}

static void
test_session_copy(void **state)
{
	struct hsm_options o = test_options();
	struct hsm_key_info i;
	struct hsm_key *k;
	struct p11_key *p;
	struct hsm *h;
	struct error e;
	bool yes;

	TEST_NEEDS_SOFTHSM();
	o.sessions = 2;
	o.keep_trying = true;
	h = test_open(uri, &o);
	/* Ours cannot be copied: the token object signs. */
	k = test_generate(h, ALG_ECDSAP256SHA256, 0, "fixed");
	p = (struct p11_key *)k;
	assert_int_equal(p->signs[0], p->private);
	test_sign(k, ALG_ECDSAP256SHA256, 0);
	assert_int_equal(hsm_destroy(k, &e), 0);

	make_modifiable(token_of(h));
	assert_int_equal(hsm_find(h, NULL, 0, "adopted", &k, &e), 0);
	assert_int_equal(hsm_key_info(k, &i, &e), 0);
	assert_true(i.modifiable && i.sensitive);
	hsm_key_info_free(&i);
	p = (struct p11_key *)k;
	for (unsigned w = 0; w < 2; w++) {
		assert_int_not_equal(p->signs[w], p->private);
		test_sign(k, ALG_ECDSAP256SHA256, w);
		/* As well guarded as the key itself. */
		assert_int_equal(attribute_bool(token_of(h), p->signs[w],
				     CKA_TOKEN, true, &yes),
		    CKR_OK);
		assert_false(yes);
		assert_int_equal(attribute_bool(token_of(h), p->signs[w],
				     CKA_SENSITIVE, false, &yes),
		    CKR_OK);
		assert_true(yes);
		assert_int_equal(attribute_bool(token_of(h), p->signs[w],
				     CKA_EXTRACTABLE, true, &yes),
		    CKR_OK);
		assert_false(yes);
	}
	assert_int_not_equal(p->signs[0], p->signs[1]);
	/* Copies are made anew after a loss, and never seen as keys. */
	test_shim_set("RZ_SHIM", "C_Sign:1:0xb3");
	test_sign(k, ALG_ECDSAP256SHA256, 1);
	test_shim_set("RZ_SHIM", NULL);
	assert_int_equal(hsm_recoveries(h), 1);
	assert_int_not_equal(p->signs[1], p->private);
	hsm_close(h);

	h = test_open(uri, &o);
	assert_int_equal(hsm_find(h, NULL, 0, "adopted", &k, &e), 0);
	assert_int_equal(hsm_find(h, NULL, 0, "adopted", &k, &e), 0);
	assert_int_equal(hsm_destroy(k, &e), 0);
	assert_int_equal(hsm_find(h, NULL, 0, "adopted", &k, &e), -1);
	hsm_close(h);
}

/* Where the token does not hash, we do. */
static void
test_no_hash_mechanism(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *h;
	struct hsm_key *k;
	struct error e;
	char *other;

	TEST_NEEDS_SOFTHSM();
	test_shim_set("RZ_SHIM", "C_GetMechanismInfo:1+:0x70");
	other = test_token_add(&tokens, "no-hash", test_shim());
	h = test_open(other, &o);
	free(other);
	assert_false(token_of(h)->rsa_hashes);
	k = test_generate(h, ALG_RSASHA512, 2048, "rsa");
	test_sign(k, ALG_RSASHA256, 0);
	test_sign(k, ALG_RSASHA512, 0);
	assert_int_equal(hsm_destroy(k, &e), 0);
	hsm_close(h);
	test_shim_set("RZ_SHIM", NULL);
}

static const struct kind *
kind(uint8_t algorithm)
{
	struct hsm_key_spec spec = {.algorithm = algorithm};

	return kind_by_spec(&spec);
}

/* RFC 6605 section 6.1, RFC 8080 section 6.1. */
#define P256_POINT                                                             \
	"1a88c88615d437fbb8bf9e1942a1929f28562706ae6c2bd399e7b1bfb6d1e9e7"     \
	"5b92b4aa42917ae1c61b701ef035c3fe7be3009cbafe5a2f713164b02dcf0d00"
#define ED25519_POINT                                                          \
	"974d96a22d224bc01adb915091477d44ccd91c9a41a11430010117d52c59240e"

/* One octet less, one more, other wrapping. */
static void
refuse_points(const struct kind *k, struct buf *der)
{
	struct buf got = BUF_INIT;

	assert_int_equal(point_decode(&got, k, der->data, der->len - 1), -1);
	assert_int_equal(
	    point_decode(&got, k, der->data + 2, der->len - 3), -1);
	buf_u8(der, 0);
	assert_int_equal(point_decode(&got, k, der->data, der->len), -1);
	der->len--;
	der->data[0] = 0x03;
	assert_int_equal(point_decode(&got, k, der->data, der->len), -1);
	der->data[0] = 0x04;
	der->data[1]++;
	assert_int_equal(point_decode(&got, k, der->data, der->len), -1);
	assert_int_equal(got.len, 0);
}

/* With and without wrapping. */
static void
test_points(void **state)
{
	static const struct {
		uint8_t algorithm;
		const char *der, *dnskey;
	} cases[] = {
	    {ALG_ECDSAP256SHA256, "044104" P256_POINT, P256_POINT},
	    {ALG_ED25519, "0420" ED25519_POINT, ED25519_POINT},
	};
	struct buf der = BUF_INIT, want = BUF_INIT, got = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct kind *k = kind(cases[i].algorithm);

		buf_clear(&der);
		buf_clear(&want);
		buf_clear(&got);
		assert_int_equal(hex_decode(&der, cases[i].der), 0);
		assert_int_equal(hex_decode(&want, cases[i].dnskey), 0);
		assert_int_equal(point_decode(&got, k, der.data, der.len), 0);
		assert_int_equal(got.len, want.len);
		assert_memory_equal(got.data, want.data, want.len);
		buf_clear(&got);
		assert_int_equal(
		    point_decode(&got, k, der.data + 2, der.len - 2), 0);
		assert_memory_equal(got.data, want.data, want.len);
		buf_clear(&got);
		point_encode(&got, k, &want);
		assert_int_equal(got.len, der.len);
		assert_memory_equal(got.data, der.data, der.len);
		buf_clear(&got);
		refuse_points(k, &der);
	}
	/* A compressed point has no DNSKEY form. */
	buf_clear(&der);
	assert_int_equal(hex_decode(&der, cases[0].der), 0);
	der.data[2] = 0x02;
	assert_int_equal(
	    point_decode(&got, kind(ALG_ECDSAP256SHA256), der.data, der.len),
	    -1);
	buf_free(&der);
	buf_free(&want);
	buf_free(&got);
}

static void
test_curve_parameters(void **state)
{
	static const struct {
		CK_KEY_TYPE type;
		const char *params;
		uint8_t algorithm; /* 0: none of ours */
	} cases[] = {
	    {CKK_EC, "06082a8648ce3d030107", ALG_ECDSAP256SHA256},
	    {CKK_EC, "06052b81040022", ALG_ECDSAP384SHA384},
	    {CKK_EC, "06052b8104000a", 0}, /* secp256k1 */
	    {CKK_EC, "06032b6570", 0},
	    {CKK_EC, "", 0},
	    {CKK_EC_EDWARDS, "06032b6570", ALG_ED25519},
	    {CKK_EC_EDWARDS, "130c656477617264733235353139", ALG_ED25519},
	    {CKK_EC_EDWARDS, "06032b6571", 0}, /* Ed448 */
	    {CKK_EC_EDWARDS, "", 0},
	    {CKK_RSA, "", ALG_RSASHA256},
	    {CKK_AES, "", 0},
	};
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		buf_clear(&b);
		assert_int_equal(hex_decode(&b, cases[i].params), 0);
		assert_ptr_equal(kind_by_params(cases[i].type, &b),
		    cases[i].algorithm ? kind(cases[i].algorithm) : NULL);
	}
	assert_null(kind(ALG_RSASHA1));
	assert_null(kind(ALG_ED448));
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_softhsm_without_quirks),
	    cmocka_unit_test(test_session_copy),
	    cmocka_unit_test(test_no_hash_mechanism),
	    cmocka_unit_test(test_points),
	    cmocka_unit_test(test_curve_parameters),
	};

	return cmocka_run_group_tests_name("hsm_quirks", tests, begin, end);
}
