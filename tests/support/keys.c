#include "tests/support/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "lib/hex.h"
#include "lib/pubkey.h"
#include "lib/xalloc.h"

struct hsm_options
test_options(void)
{
	return (struct hsm_options){.pin_fd = -1};
}

struct hsm *
test_open(const char *uri, const struct hsm_options *o)
{
	struct error e = ERROR_INIT;
	struct hsm *h = NULL;

	if (hsm_open(&h, uri, o, &e) == -1)
		fail_msg("%s", e.text);
	return h;
}

void
test_refused(const char *uri, const struct hsm_options *o, const char *text)
{
	struct hsm *h = NULL;
	struct error e = ERROR_INIT;

	if (hsm_open(&h, uri, o, &e) == 0)
		fail_msg("opened: %s", uri);
	assert_int_equal(e.status, STATUS_TROUBLE);
	if (strstr(e.text, text) == NULL)
		fail_msg("'%s' is not in: %s", text, e.text);
}

struct hsm_key *
test_generate(
    struct hsm *h, uint8_t algorithm, unsigned bits, const char *label)
{
	struct hsm_key_spec spec = {algorithm, bits, label,
	    (const uint8_t *)label, strlen(label), false};
	struct error e = ERROR_INIT;
	struct hsm_key *k = NULL;

	if (hsm_generate(h, &spec, &k, &e) == -1)
		fail_msg("%s", e.text);
	return k;
}

void
test_sign(struct hsm_key *k, uint8_t algorithm, unsigned worker)
{
	static const uint8_t data[] = "what is to be signed";
	uint8_t sig[SIGNATURE_MAX];
	size_t n = sizeof sig;
	struct hsm_key_info i;
	struct verifier *v = NULL;
	struct error e = ERROR_INIT;

	if (hsm_sign(k, worker, algorithm, data, sizeof data, sig, &n, &e) ==
	    -1)
		fail_msg("%s", e.text);
	assert_int_equal(hsm_key_info(k, &i, &e), 0);
	if (verifier_new(
		&v, algorithm, i.public_key.data, i.public_key.len, &e) == -1)
		fail_msg("%s", e.text);
	assert_int_equal(verifier_check(v, data, sizeof data, sig, n), 1);
	verifier_free(v);
	hsm_key_info_free(&i);
}

char *
test_bind_rsa(unsigned bits)
{
	static const char *const names[][2] = {
	    {"Modulus", OSSL_PKEY_PARAM_RSA_N},
	    {"PublicExponent", OSSL_PKEY_PARAM_RSA_E},
	    {"PrivateExponent", OSSL_PKEY_PARAM_RSA_D},
	    {"Prime1", OSSL_PKEY_PARAM_RSA_FACTOR1},
	    {"Prime2", OSSL_PKEY_PARAM_RSA_FACTOR2},
	    {"Exponent1", OSSL_PKEY_PARAM_RSA_EXPONENT1},
	    {"Exponent2", OSSL_PKEY_PARAM_RSA_EXPONENT2},
	    {"Coefficient", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
	};
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
	struct buf text = BUF_INIT;
	uint8_t octets[512];
	BIGNUM *n;

	buf_str(&text, "Private-key-format: v1.3\nAlgorithm: 8 (RSASHA256)\n");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		n = NULL;
		assert_int_equal(
		    EVP_PKEY_get_bn_param(key, names[i][1], &n), 1);
		buf_printf(&text, "%s: ", names[i][0]);
		base64_add(&text, octets, (size_t)BN_bn2bin(n, octets));
		buf_str(&text, "\n");
		BN_clear_free(n);
	}
	buf_str(&text, "Created: 20250101000000\nPublish: 20250101000000\n");
	buf_cstr(&text);
	EVP_PKEY_free(key);
	return (char *)text.data;
}
