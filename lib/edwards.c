#include "lib/edwards.h"

#include <string.h>

#include <openssl/bn.h>

#define POINT_MAX 57

/*
 * The curve a x^2 + y^2 = 1 + d x^2 y^2 over the integers modulo p, with
 * d = -k / m (RFC 8032 sections 5.1 and 5.2).
 */
static const struct curve {
	size_t len; /* octets of a point: y, and the sign of x in the top bit */
	const char *p;
	int a;
	BN_ULONG k;
	BN_ULONG m;
} curves[] = {
    {32, "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFED", -1,
	121665, 121666},
    {57,
	"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE"
	"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
	1, 39081, 1},
};

/*
 * x^2 = u / v with u = m (1 - y^2) and v = a m + k y^2, so x exists when u v
 * is a square; x = 0 has no sign.  1, 0 or, out of memory, -1.
 */
static int
x_exists(const struct curve *c, const BIGNUM *y, bool sign, const BIGNUM *p,
    BIGNUM *u, BIGNUM *v, BN_CTX *ctx)
{
	if (BN_mod_sqr(v, y, p, ctx) != 1 || BN_one(u) != 1 ||
	    BN_sub(u, u, v) != 1)
		return -1;
	if (BN_is_zero(u))
		return !sign;
	if (BN_mul_word(u, c->m) != 1 || BN_mul_word(v, c->k) != 1)
		return -1;
	if ((c->a > 0 ? BN_add_word(v, c->m) : BN_sub_word(v, c->m)) != 1 ||
	    BN_mod_mul(u, u, v, p, ctx) != 1)
		return -1;
	return BN_kronecker(u, p, ctx) == 1;
}

static bool
valid(const struct curve *c, uint8_t *octets)
{
	bool sign = (octets[c->len - 1] & 0x80) != 0, ok = false;
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *y = BN_new(), *p = NULL, *u = BN_new(), *v = BN_new();

	octets[c->len - 1] &= 0x7f;
	if (ctx == NULL || u == NULL || v == NULL || y == NULL)
		goto out;
	if (BN_lebin2bn(octets, (int)c->len, y) == NULL ||
	    BN_hex2bn(&p, c->p) == 0 || BN_cmp(y, p) >= 0)
		goto out;
	ok = x_exists(c, y, sign, p, u, v, ctx) == 1;
out:
	BN_free(y);
	BN_free(p);
	BN_free(u);
	BN_free(v);
	BN_CTX_free(ctx);
	return ok;
}

bool
edwards_point_valid(const uint8_t *point, size_t len)
{
	uint8_t octets[POINT_MAX];

	for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
		if (curves[i].len != len)
			continue;
		memcpy(octets, point, len);
		return valid(&curves[i], octets);
	}
	return false;
}
