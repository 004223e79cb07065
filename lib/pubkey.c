/* The DNSKEY form of a public key, written. */
#include "lib/pubkey.h"

#include <stdbool.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "lib/algorithm.h"

#define COORDINATE_MAX 48 /* octets: P-384 */
#define EDWARDS_MAX    57 /* octets: Ed448 */

static void
drop_zeros(const uint8_t **n, size_t *len)
{
	while (*len > 0 && **n == 0) {
		(*n)++;
		(*len)--;
	}
}

void
pubkey_encode_rsa(struct buf *out, const uint8_t *exponent, size_t elen,
    const uint8_t *modulus, size_t mlen)
{
	drop_zeros(&exponent, &elen);
	drop_zeros(&modulus, &mlen);
	if (elen <= 255) {
		buf_u8(out, (uint8_t)elen);
	} else {
		buf_u8(out, 0);
		buf_u16(out, (uint16_t)elen);
	}
	buf_add(out, exponent, elen);
	buf_add(out, modulus, mlen);
}

/* A number of the key in the octets that it needs, added to out. */
static int
number_add(struct buf *out, const EVP_PKEY *key, const char *name)
{
	BIGNUM *n = NULL;

	if (EVP_PKEY_get_bn_param(key, name, &n) != 1)
		return -1;
	buf_room(out, (size_t)BN_num_bytes(n));
	out->len += (size_t)BN_bn2bin(n, out->data + out->len);
	BN_free(n);
	return 0;
}

/* RFC 3110 section 2. */
static int
encode_rsa(struct buf *out, const EVP_PKEY *key)
{
	struct buf e = BUF_INIT, n = BUF_INIT;
	int rc = -1;

	if (number_add(&e, key, OSSL_PKEY_PARAM_RSA_E) != 0 ||
	    number_add(&n, key, OSSL_PKEY_PARAM_RSA_N) != 0)
		goto out;
	pubkey_encode_rsa(out, e.data, e.len, n.data, n.len);
	rc = 0;
out:
	buf_free(&e);
	buf_free(&n);
	return rc;
}

static bool
has_curve(const EVP_PKEY *key, const char *curve)
{
	char name[64];
	size_t len;

	return EVP_PKEY_get_group_name(key, name, sizeof name, &len) == 1 &&
	       OBJ_txt2nid(name) == EC_curve_nist2nid(curve);
}

static int
coordinate(uint8_t *out, size_t len, const EVP_PKEY *key, const char *name)
{
	BIGNUM *n = NULL;
	int rc = -1;

	if (EVP_PKEY_get_bn_param(key, name, &n) == 1 &&
	    BN_bn2binpad(n, out, (int)len) == (int)len)
		rc = 0;
	BN_free(n);
	return rc;
}

/* x || y, RFC 6605 section 4. */
static int
encode_ecdsa(struct buf *out, const EVP_PKEY *key, const struct algorithm *a)
{
	uint8_t point[2 * COORDINATE_MAX];
	size_t half = a->key / 2;

	if (!has_curve(key, a->curve) ||
	    coordinate(point, half, key, OSSL_PKEY_PARAM_EC_PUB_X) != 0 ||
	    coordinate(point + half, half, key, OSSL_PKEY_PARAM_EC_PUB_Y) != 0)
		return -1;
	buf_add(out, point, a->key);
	return 0;
}

/* RFC 8080 section 3. */
static int
encode_eddsa(struct buf *out, const EVP_PKEY *key, const struct algorithm *a)
{
	uint8_t point[EDWARDS_MAX];
	size_t len = sizeof point;

	if (EVP_PKEY_get_raw_public_key(key, point, &len) != 1 || len != a->key)
		return -1;
	buf_add(out, point, len);
	return 0;
}

static int
encode(struct buf *out, const EVP_PKEY *key, const struct algorithm *a)
{
	if (a->family == FAMILY_RSA && EVP_PKEY_is_a(key, "RSA"))
		return encode_rsa(out, key);
	if (a->family == FAMILY_ECDSA && EVP_PKEY_is_a(key, "EC"))
		return encode_ecdsa(out, key, a);
	if (a->family == FAMILY_EDDSA && EVP_PKEY_is_a(key, a->curve))
		return encode_eddsa(out, key, a);
	return -1;
}

int
pubkey_encode(
    struct buf *out, uint8_t algorithm, const EVP_PKEY *key, struct error *e)
{
	const struct algorithm *a = algorithm_by_number(algorithm);

	if (a == NULL)
		return error_set(e, "algorithm %u: not known", algorithm);
	if (encode(out, key, a) != 0) {
		ERR_clear_error();
		return error_set(e, "the key is not one for algorithm %u (%s)",
		    algorithm, a->name);
	}
	return 0;
}
