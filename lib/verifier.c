/* A public key ready to verify; declared in lib/pubkey.h. */
#include "lib/pubkey.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "lib/algorithm.h"
#include "lib/edwards.h"
#include "lib/xalloc.h"

#define RSA_BITS_MIN   512
#define RSA_BITS_MAX   4096
#define EXPONENT_MAX   5  /* octets */
#define EXPONENT_BITS  35 /* validators in use take no more */
#define COORDINATE_MAX 48 /* octets: P-384 */
#define UNCOMPRESSED   4  /* the form x || y of a point (SEC 1, 2.3.3) */

struct verifier {
	const struct algorithm *alg;
	EVP_PKEY *key;	    /* shared by all duplicates, only read */
	EVP_MD *md;	    /* NULL for EdDSA */
	EVP_MD_CTX *digest; /* of EdDSA: the whole verification */
	EVP_PKEY_CTX *ctx;  /* NULL for EdDSA */
	size_t signature;   /* octets of each */
	uint64_t exponent;
};

/* Make a key of OpenSSL's type from numbers or octets. */
static EVP_PKEY *
key_make(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *
rsa_make(const uint8_t *modulus, size_t len, uint64_t exponent)
{
	uint8_t native[RSA_BITS_MAX / 8];
	BIGNUM *n = BN_bin2bn(modulus, (int)len, NULL);
	EVP_PKEY *key = NULL;

	if (n != NULL && BN_bn2nativepad(n, native, (int)len) == (int)len) {
		OSSL_PARAM params[] = {
		    OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, native, len),
		    OSSL_PARAM_uint64(OSSL_PKEY_PARAM_RSA_E, &exponent),
		    OSSL_PARAM_END};

		key = key_make("RSA", params);
	}
	BN_free(n);
	return key;
}

static unsigned
rsa_bits(const uint8_t *modulus, size_t len)
{
	unsigned bits = (unsigned)len * 8;

	for (uint8_t top = modulus[0]; (top & 0x80) == 0; top <<= 1)
		bits--;
	return bits;
}

/*
 * RFC 3110 section 2.  Its three-octet length of the exponent is for 256
 * octets and more, hence never for one that we take.
 */
static int
decode_rsa(struct verifier *v, const uint8_t *key, size_t len, struct error *e)
{
	size_t elen = len > 0 ? key[0] : 0, mlen;
	const uint8_t *modulus;
	unsigned bits;

	if (elen == 0 || elen > EXPONENT_MAX)
		return error_set(e, "RSA key: exponent not of 1 to %d bits",
		    EXPONENT_BITS);
	if (len < 1 + elen + 1)
		return error_set(e, "RSA key: too short");
	modulus = key + 1 + elen;
	mlen = len - 1 - elen;
	if (key[1] == 0 || modulus[0] == 0)
		return error_set(e, "RSA key: zero in front (RFC 3110 2)");
	for (size_t i = 1; i <= elen; i++)
		v->exponent = v->exponent << 8 | key[i];
	if (v->exponent >> EXPONENT_BITS != 0)
		return error_set(e, "RSA key: exponent of more than %d bits",
		    EXPONENT_BITS);
	if (v->exponent < 3 || v->exponent % 2 == 0)
		return error_set(e, "RSA key: exponent even or under 3");
	bits = mlen > RSA_BITS_MAX / 8 ? UINT32_MAX : rsa_bits(modulus, mlen);
	if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX)
		return error_set(e, "RSA key: modulus not of %u to %u bits",
		    RSA_BITS_MIN, RSA_BITS_MAX);
	if (modulus[mlen - 1] % 2 == 0)
		return error_set(e, "RSA key: modulus even");
	v->signature = mlen;
	v->key = rsa_make(modulus, mlen, v->exponent);
	return v->key != NULL ? 0 : error_openssl(e, "RSA key");
}

/* x || y, RFC 6605 section 4; OpenSSL checks that they are on the curve. */
static int
decode_ecdsa(
    struct verifier *v, const uint8_t *key, size_t len, struct error *e)
{
	uint8_t point[1 + 2 * COORDINATE_MAX] = {UNCOMPRESSED};
	OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_utf8_string(
		OSSL_PKEY_PARAM_GROUP_NAME, (char *)v->alg->curve, 0),
	    OSSL_PARAM_construct_octet_string(
		OSSL_PKEY_PARAM_PUB_KEY, point, 1 + len),
	    OSSL_PARAM_construct_end()};

	memcpy(point + 1, key, len);
	v->key = key_make("EC", params);
	return v->key != NULL ? 0 : error_openssl(e, "%s key", v->alg->name);
}

/* RFC 8080 section 3.  OpenSSL would only fail when it verifies. */
static int
decode_eddsa(
    struct verifier *v, const uint8_t *key, size_t len, struct error *e)
{
	if (!edwards_point_valid(key, len))
		return error_set(
		    e, "%s key: point not on the curve", v->alg->name);
	v->key =
	    EVP_PKEY_new_raw_public_key_ex(NULL, v->alg->curve, NULL, key, len);
	return v->key != NULL ? 0 : error_openssl(e, "%s key", v->alg->name);
}

static int
decode(struct verifier *v, const uint8_t *key, size_t len, struct error *e)
{
	if (v->alg->key != 0 && len != v->alg->key)
		return error_set(e, "%s key: %zu octets instead of %zu",
		    v->alg->name, len, v->alg->key);
	v->signature = v->alg->signature;
	switch (v->alg->family) {
	case FAMILY_RSA:
		return decode_rsa(v, key, len, e);
	case FAMILY_ECDSA:
		return decode_ecdsa(v, key, len, e);
	case FAMILY_EDDSA:
		return decode_eddsa(v, key, len, e);
	}
	return error_set(e, "%s: no family", v->alg->name);
}

/* Begin a verification of EdDSA: of this key, or of the same as before. */
static int
message_begin(EVP_MD_CTX *ctx, EVP_PKEY *key)
{
	return EVP_DigestVerifyInit_ex(ctx, NULL, NULL, NULL, NULL, key, NULL);
}

/* What is kept from one verification to the next. */
static int
contexts_make(struct verifier *v)
{
	if ((v->digest = EVP_MD_CTX_new()) == NULL)
		return -1;
	if (v->alg->family == FAMILY_EDDSA)
		return message_begin(v->digest, v->key) == 1 ? 0 : -1;
	v->ctx = EVP_PKEY_CTX_new_from_pkey(NULL, v->key, NULL);
	if (v->ctx == NULL || EVP_PKEY_verify_init(v->ctx) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(v->ctx, v->md) != 1)
		return -1;
	if (v->alg->family == FAMILY_RSA &&
	    EVP_PKEY_CTX_set_rsa_padding(v->ctx, RSA_PKCS1_PADDING) != 1)
		return -1;
	return 0;
}

int
verifier_new(struct verifier **out, uint8_t algorithm, const uint8_t *key,
    size_t len, struct error *e)
{
	const struct algorithm *a = algorithm_by_number(algorithm);
	struct verifier *v;

	if (a == NULL)
		return error_set(e, "algorithm %u: not known", algorithm);
	v = xcalloc(1, sizeof *v);
	v->alg = a;
	if (decode(v, key, len, e) != 0)
		goto fail;
	if (a->digest != NULL &&
	    (v->md = EVP_MD_fetch(NULL, a->digest, NULL)) == NULL) {
		error_openssl(e, "digest %s", a->digest);
		goto fail;
	}
	if (contexts_make(v) != 0) {
		error_openssl(e, "%s key", a->name);
		goto fail;
	}
	*out = v;
	return 0;
fail:
	verifier_free(v);
	return -1;
}

/* One whose contexts cannot be made accepts nothing. */
struct verifier *
verifier_dup(const struct verifier *v)
{
	struct verifier *w = xmemdup(v, sizeof *v);

	w->digest = NULL;
	w->ctx = NULL;
	EVP_PKEY_up_ref(w->key);
	if (w->md != NULL)
		EVP_MD_up_ref(w->md);
	if (contexts_make(w) != 0) {
		EVP_MD_CTX_free(w->digest);
		w->digest = NULL;
		ERR_clear_error();
	}
	return w;
}

void
verifier_free(struct verifier *v)
{
	if (v == NULL)
		return;
	EVP_PKEY_CTX_free(v->ctx);
	EVP_MD_CTX_free(v->digest);
	EVP_MD_free(v->md);
	EVP_PKEY_free(v->key);
	free(v);
}

static bool
check_message(struct verifier *v, const uint8_t *data, size_t len,
    const uint8_t *sig, size_t siglen)
{
	return message_begin(v->digest, NULL) == 1 &&
	       EVP_DigestVerify(v->digest, sig, siglen, data, len) == 1;
}

static bool
check_digest(struct verifier *v, const uint8_t *data, size_t len,
    const uint8_t *sig, size_t siglen)
{
	uint8_t der[2 * COORDINATE_MAX + 9];
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned hlen;

	if (EVP_DigestInit_ex2(v->digest, v->md, NULL) != 1 ||
	    EVP_DigestUpdate(v->digest, data, len) != 1 ||
	    EVP_DigestFinal_ex(v->digest, hash, &hlen) != 1)
		return false;
	if (v->alg->family == FAMILY_ECDSA) {
		siglen = ecdsa_raw_to_der(sig, siglen / 2, der);
		sig = der;
	}
	return EVP_PKEY_verify(v->ctx, sig, siglen, hash, hlen) == 1;
}

int
verifier_check(struct verifier *v, const uint8_t *data, size_t len,
    const uint8_t *sig, size_t siglen)
{
	bool ok;

	if (siglen != v->signature || v->digest == NULL)
		return 0;
	if (v->alg->family == FAMILY_EDDSA)
		ok = check_message(v, data, len, sig, siglen);
	else
		ok = check_digest(v, data, len, sig, siglen);
	if (!ok)
		ERR_clear_error();
	return ok;
}

unsigned
verifier_bits(const struct verifier *v)
{
	return (unsigned)EVP_PKEY_get_bits(v->key);
}

uint64_t
verifier_exponent(const struct verifier *v)
{
	return v->exponent;
}
