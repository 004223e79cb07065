/*
 * BIND's private key files: "Name: value" lines, numbers in base64.  RSA has
 * all of its numbers, the others have PrivateKey alone; times are ignored.
 */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include "hsm/pkcs8.h"
#include "lib/hex.h"

#define FORMAT "Private-key-format: v1."

enum field {
	MODULUS,
	PUBLIC_EXPONENT,
	PRIVATE_EXPONENT,
	PRIME1,
	PRIME2,
	EXPONENT1,
	EXPONENT2,
	COEFFICIENT,
	RSA_FIELDS,
	PRIVATE_KEY = RSA_FIELDS,
	FIELDS
};

static const struct {
	const char *name;
	const char *param; /* OpenSSL's name of it */
} fields[FIELDS] = {
    [MODULUS] = {"Modulus", OSSL_PKEY_PARAM_RSA_N},
    [PUBLIC_EXPONENT] = {"PublicExponent", OSSL_PKEY_PARAM_RSA_E},
    [PRIVATE_EXPONENT] = {"PrivateExponent", OSSL_PKEY_PARAM_RSA_D},
    [PRIME1] = {"Prime1", OSSL_PKEY_PARAM_RSA_FACTOR1},
    [PRIME2] = {"Prime2", OSSL_PKEY_PARAM_RSA_FACTOR2},
    [EXPONENT1] = {"Exponent1", OSSL_PKEY_PARAM_RSA_EXPONENT1},
    [EXPONENT2] = {"Exponent2", OSSL_PKEY_PARAM_RSA_EXPONENT2},
    [COEFFICIENT] = {"Coefficient", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
    [PRIVATE_KEY] = {"PrivateKey", NULL},
};

/* Of no use here, but no mistake. */
static const char *const ignored[] = {"Private-key-format", "Created",
    "Publish", "Activate", "Revoke", "Inactive", "Delete", "DSPublish",
    "SyncPublish", "SyncDelete", "DSRemoved", "Predecessor", "Successor",
    "MaxTTL", "RollPeriod", NULL};

struct bind_key {
	unsigned algorithm;
	struct buf value[FIELDS];
};

bool
bind_is(const struct buf *text)
{
	return text->len > strlen(FORMAT) &&
	       memcmp(text->data, FORMAT, strlen(FORMAT)) == 0;
}

/* "8 (RSASHA256)" */
static int
parse_algorithm(struct bind_key *k, const char *v, size_t len)
{
	size_t i = 0;

	if (k->algorithm != 0)
		return -1;
	while (i < len && v[i] >= '0' && v[i] <= '9' && k->algorithm < 256)
		k->algorithm = k->algorithm * 10 + (unsigned)(v[i++] - '0');
	return i > 0 && k->algorithm < 256 && (i == len || v[i] == ' ') ? 0
									: -1;
}

static bool
is_ignored(const char *name, size_t len)
{
	for (size_t i = 0; ignored[i] != NULL; i++)
		if (strlen(ignored[i]) == len &&
		    memcmp(ignored[i], name, len) == 0)
			return true;
	return false;
}

static int
parse_field(
    struct bind_key *k, const char *name, size_t n, const char *v, size_t len)
{
	if (n == 9 && memcmp(name, "Algorithm", n) == 0)
		return parse_algorithm(k, v, len);
	for (size_t i = 0; i < FIELDS; i++) {
		if (strlen(fields[i].name) != n ||
		    memcmp(fields[i].name, name, n) != 0)
			continue;
		if (k->value[i].len > 0)
			return -1;
		return base64_decode(&k->value[i], v, len);
	}
	return is_ignored(name, n) ? 0 : -1;
}

static int
parse_line(struct bind_key *k, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	size_t n, skip;

	if (len == 0)
		return 0;
	if (colon == NULL)
		return -1;
	n = (size_t)(colon - line);
	skip = n + 1;
	while (skip < len && line[skip] == ' ')
		skip++;
	while (len > skip && (line[len - 1] == '\r' || line[len - 1] == ' '))
		len--;
	return parse_field(k, line, n, line + skip, len - skip);
}

/* Errors name the line, never what is in it. */
static int
parse(struct bind_key *k, const struct buf *text, struct error *e)
{
	const char *s = (const char *)text->data;
	const char *end = s + text->len;
	const char *next;

	for (unsigned line = 1; s < end; line++, s = next + 1) {
		if ((next = memchr(s, '\n', (size_t)(end - s))) == NULL)
			next = end;
		if (parse_line(k, s, (size_t)(next - s)) == -1)
			return error_set(e,
			    "line %u: not what a private key "
			    "of BIND has there",
			    line);
	}
	return 0;
}

static EVP_PKEY *
from_params(const char *type, OSSL_PARAM_BLD *bld)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY *key = NULL;

	if (ctx == NULL || params == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *
rsa_key(const struct bind_key *k)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *n[RSA_FIELDS] = {NULL};
	EVP_PKEY *key = NULL;
	bool ok = bld != NULL;

	for (size_t i = 0; ok && i < RSA_FIELDS; i++) {
		/* Secure: OpenSSL then wipes what it copies. */
		n[i] = BN_secure_new();
		ok = k->value[i].len > 0 && n[i] != NULL &&
		     BN_bin2bn(k->value[i].data, (int)k->value[i].len, n[i]) &&
		     OSSL_PARAM_BLD_push_BN(bld, fields[i].param, n[i]) == 1;
	}
	if (ok)
		key = from_params("RSA", bld);
	OSSL_PARAM_BLD_free(bld);
	for (size_t i = 0; i < RSA_FIELDS; i++)
		BN_clear_free(n[i]);
	return key;
}

/* The public half of an EC key is not in the file: it is computed. */
static size_t
ec_point(int nid, const BIGNUM *d, uint8_t out[97])
{
	EC_GROUP *g = EC_GROUP_new_by_curve_name(nid);
	EC_POINT *p = g ? EC_POINT_new(g) : NULL;
	size_t len = 0;

	if (p != NULL && EC_POINT_mul(g, p, d, NULL, NULL, NULL) == 1)
		len = EC_POINT_point2oct(
		    g, p, POINT_CONVERSION_UNCOMPRESSED, out, 97, NULL);
	EC_POINT_free(p);
	EC_GROUP_free(g);
	return len;
}

static EVP_PKEY *
ec_key(const struct bind_key *k, const char *group, int nid)
{
	const struct buf *v = &k->value[PRIVATE_KEY];
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *d = BN_secure_new();
	uint8_t point[97];
	size_t len = 0;
	EVP_PKEY *key = NULL;

	if (d != NULL && BN_bin2bn(v->data, (int)v->len, d) != NULL)
		len = ec_point(nid, d, point);
	if (bld != NULL && len > 0 &&
	    OSSL_PARAM_BLD_push_utf8_string(
		bld, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(
		bld, OSSL_PKEY_PARAM_PUB_KEY, point, len) == 1 &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1)
		key = from_params("EC", bld);
	OSSL_PARAM_BLD_free(bld);
	BN_clear_free(d);
	return key;
}

static EVP_PKEY *
build(const struct bind_key *k)
{
	const struct buf *v = &k->value[PRIVATE_KEY];

	switch (k->algorithm) {
	case ALG_RSASHA256:
	case ALG_RSASHA512:
		return v->len == 0 ? rsa_key(k) : NULL;
	case ALG_ECDSAP256SHA256:
		return v->len == 32
			   ? ec_key(k, "prime256v1", NID_X9_62_prime256v1)
			   : NULL;
	case ALG_ECDSAP384SHA384:
		return v->len == 48 ? ec_key(k, "secp384r1", NID_secp384r1)
				    : NULL;
	case ALG_ED25519:
		return v->len == 32 ? EVP_PKEY_new_raw_private_key_ex(NULL,
					  "ED25519", NULL, v->data, v->len)
				    : NULL;
	default:
		return NULL;
	}
}

int
bind_decode(
    EVP_PKEY **key, uint8_t *algorithm, const struct buf *text, struct error *e)
{
	struct bind_key k = {.algorithm = 0};
	int rc;

	*key = NULL;
	rc = parse(&k, text, e);
	if (rc == 0 && (*key = build(&k)) == NULL)
		rc = error_openssl(e,
		    "algorithm %u: no private key of BIND "
		    "that is whole and known here",
		    k.algorithm);
	*algorithm = (uint8_t)k.algorithm;
	for (size_t i = 0; i < FIELDS; i++)
		buf_wipe(&k.value[i]);
	return rc;
}
