/* The kinds of keys, as PKCS#11 writes them (v2.40 and v3.0, section 6.3). */
#include "hsm/p11.h"

#include <string.h>

static const uint8_t p256[] = {
    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static const uint8_t p384[] = {0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};
static const uint8_t ed25519[] = {0x06, 0x03, 0x2b, 0x65, 0x70};
static const uint8_t ed25519_name[] = {
    0x13, 0x0c, 'e', 'd', 'w', 'a', 'r', 'd', 's', '2', '5', '5', '1', '9'};

static const struct kind kinds[] = {
    {FAMILY_RSA, 0, CKK_RSA, CKM_RSA_PKCS_KEY_PAIR_GEN, {NULL, 0}, {NULL, 0}},
    {FAMILY_ECDSA, 256, CKK_EC, CKM_EC_KEY_PAIR_GEN, {p256, sizeof p256},
	{NULL, 0}},
    {FAMILY_ECDSA, 384, CKK_EC, CKM_EC_KEY_PAIR_GEN, {p384, sizeof p384},
	{NULL, 0}},
    {FAMILY_EDDSA, 256, CKK_EC_EDWARDS, CKM_EC_EDWARDS_KEY_PAIR_GEN,
	{ed25519, sizeof ed25519}, {ed25519_name, sizeof ed25519_name}},
};

#define N_KINDS (sizeof kinds / sizeof kinds[0])

const struct kind *
kind_by_spec(const struct hsm_key_spec *spec)
{
	switch (spec->algorithm) {
	case ALG_RSASHA256:
	case ALG_RSASHA512:
		return &kinds[0];
	case ALG_ECDSAP256SHA256:
		return &kinds[1];
	case ALG_ECDSAP384SHA384:
		return &kinds[2];
	case ALG_ED25519:
		return &kinds[3];
	default:
		return NULL;
	}
}

static bool
same(const struct buf *b, const uint8_t *data, size_t len)
{
	return len > 0 && b->len == len && memcmp(b->data, data, len) == 0;
}

const struct kind *
kind_by_params(CK_KEY_TYPE type, const struct buf *params)
{
	for (const struct kind *k = kinds; k < kinds + N_KINDS; k++)
		if (k->type == type &&
		    (k->family == FAMILY_RSA ||
			same(params, k->params.data, k->params.len) ||
			same(params, k->params_name.data, k->params_name.len)))
			return k;
	return NULL;
}

void
kind_params(struct template *t, const struct kind *k)
{
	template_add(t, CKA_EC_PARAMS, k->params.data, k->params.len);
}

/*
 * Some modules give the point as it is, without the OCTET STRING around it;
 * the length tells the two apart.
 */
int
point_decode(
    struct buf *out, const struct kind *k, const uint8_t *der, size_t len)
{
	size_t prefix = k->family == FAMILY_ECDSA ? 1 : 0;
	size_t size = k->family == FAMILY_ECDSA ? k->bits / 4 : k->bits / 8;

	if (len == 2 + prefix + size && der[0] == 0x04 &&
	    der[1] == prefix + size) {
		der += 2;
		len -= 2;
	}
	/* X9.62: 0x04 is a point in full, the only form DNSSEC has. */
	if (len != prefix + size || (prefix && der[0] != 0x04))
		return -1;
	buf_add(out, der + prefix, size);
	return 0;
}

void
point_encode(
    struct buf *out, const struct kind *k, const struct buf *public_key)
{
	bool prefix = k->family == FAMILY_ECDSA;

	buf_u8(out, 0x04);
	buf_u8(out, (uint8_t)(public_key->len + prefix));
	if (prefix)
		buf_u8(out, 0x04);
	buf_add(out, public_key->data, public_key->len);
}
