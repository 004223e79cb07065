/* New keys in a token: made there, or brought in. */
#include "hsm/p11.h"

#include <string.h>

#include <openssl/core_names.h>

#include "lib/pubkey.h"

/* Octets of the largest number of an RSA-4096 key. */
#define NUMBER_MAX 512

struct making {
	const struct hsm_key_spec *spec;
	const struct kind *kind;
	EVP_PKEY *pkey; /* NULL: the token makes it */
	CK_OBJECT_HANDLE private, public;
};

static CK_RV
generate(struct token *t, struct making *m)
{
	static const CK_BYTE e65537[] = {0x01, 0x00, 0x01};
	CK_MECHANISM mechanism = {m->kind->generate, NULL, 0};
	struct template private = {.n = 0}, public = {.n = 0};
	CK_ULONG bits = m->spec->bits;

	template_private(&private, m->spec);
	template_public(&public, m->spec);
	if (m->kind->family == FAMILY_RSA) {
		template_add(&public, CKA_MODULUS_BITS, &bits, sizeof bits);
		template_add(
		    &public, CKA_PUBLIC_EXPONENT, e65537, sizeof e65537);
	} else {
		kind_params(&public, m->kind);
	}
	return P11(t->module, C_GenerateKeyPair, t->anchor, &mechanism,
	    public.a, public.n, private.a, private.n, &m->public, &m->private);
}

static CK_RV
create(struct token *t, struct template *a, CK_OBJECT_CLASS class,
    const struct making *m, CK_OBJECT_HANDLE *made)
{
	template_add(a, CKA_CLASS, &class, sizeof class);
	template_add(a, CKA_KEY_TYPE, &m->kind->type, sizeof m->kind->type);
	return P11(t->module, C_CreateObject, t->anchor, a->a, a->n, made);
}

static const struct number {
	const char *name;
	CK_ATTRIBUTE_TYPE type;
	bool public;
} rsa_numbers[] = {
    {OSSL_PKEY_PARAM_RSA_N, CKA_MODULUS, true},
    {OSSL_PKEY_PARAM_RSA_E, CKA_PUBLIC_EXPONENT, true},
    {OSSL_PKEY_PARAM_RSA_D, CKA_PRIVATE_EXPONENT, false},
    {OSSL_PKEY_PARAM_RSA_FACTOR1, CKA_PRIME_1, false},
    {OSSL_PKEY_PARAM_RSA_FACTOR2, CKA_PRIME_2, false},
    {OSSL_PKEY_PARAM_RSA_EXPONENT1, CKA_EXPONENT_1, false},
    {OSSL_PKEY_PARAM_RSA_EXPONENT2, CKA_EXPONENT_2, false},
    {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, CKA_COEFFICIENT, false},
};

#define N_NUMBERS (sizeof rsa_numbers / sizeof rsa_numbers[0])

/* Numbers of the key, each in a part of room that has a size of its own. */
static CK_RV
add_number(struct template *t, const EVP_PKEY *pkey, const char *name,
    CK_ATTRIBUTE_TYPE type, uint8_t *room, size_t pad)
{
	BIGNUM *n = NULL;
	int len = -1;

	if (EVP_PKEY_get_bn_param(pkey, name, &n) == 1)
		len = BN_bn2binpad(n, room, pad ? (int)pad : BN_num_bytes(n));
	BN_clear_free(n);
	if (len < 0)
		return CKR_DATA_INVALID;
	template_add(t, type, room, (size_t)len);
	return CKR_OK;
}

static CK_RV
add_rsa(struct template *t, const EVP_PKEY *pkey, bool public,
    uint8_t room[][NUMBER_MAX])
{
	CK_RV rv = CKR_OK;

	for (size_t i = 0; rv == CKR_OK && i < N_NUMBERS; i++)
		if (rsa_numbers[i].public || !public)
			rv = add_number(t, pkey, rsa_numbers[i].name,
			    rsa_numbers[i].type, room[i], 0);
	return rv;
}

static CK_RV
add_private(
    struct template *t, const struct making *m, uint8_t room[][NUMBER_MAX])
{
	size_t len = NUMBER_MAX;

	switch (m->kind->family) {
	case FAMILY_RSA:
		return add_rsa(t, m->pkey, false, room);
	case FAMILY_ECDSA:
		return add_number(t, m->pkey, OSSL_PKEY_PARAM_PRIV_KEY,
		    CKA_VALUE, room[0], m->kind->bits / 8);
	default:
		if (EVP_PKEY_get_raw_private_key(m->pkey, room[0], &len) != 1)
			return CKR_DATA_INVALID;
		template_add(t, CKA_VALUE, room[0], len);
		return CKR_OK;
	}
}

static CK_RV
import_private(struct token *t, struct making *m)
{
	uint8_t room[N_NUMBERS][NUMBER_MAX];
	struct template a = {.n = 0};
	CK_RV rv;

	template_private(&a, m->spec);
	if (m->kind->family != FAMILY_RSA)
		kind_params(&a, m->kind);
	rv = add_private(&a, m, room);
	if (rv == CKR_OK)
		rv = create(t, &a, CKO_PRIVATE_KEY, m, &m->private);
	explicit_bzero(room, sizeof room);
	return rv;
}

static CK_RV
import_public(struct token *t, struct making *m)
{
	uint8_t room[N_NUMBERS][NUMBER_MAX];
	struct template a = {.n = 0};
	struct buf raw = BUF_INIT, point = BUF_INIT;
	struct error e;
	CK_RV rv = CKR_DATA_INVALID;

	template_public(&a, m->spec);
	if (m->kind->family == FAMILY_RSA) {
		rv = add_rsa(&a, m->pkey, true, room);
	} else if (pubkey_encode(&raw, m->spec->algorithm, m->pkey, &e) == 0) {
		kind_params(&a, m->kind);
		point_encode(&point, m->kind, &raw);
		template_add(&a, CKA_EC_POINT, point.data, point.len);
		rv = CKR_OK;
	}
	if (rv == CKR_OK)
		rv = create(t, &a, CKO_PUBLIC_KEY, m, &m->public);
	buf_free(&raw);
	buf_free(&point);
	return rv;
}

/* The first rule that the key in the token breaks, or NULL. */
static const char *
fault(const struct making *m, const struct hsm_key_info *i, bool local,
    bool always)
{
	const struct hsm_key_spec *s = m->spec;

	if (strcmp(i->label, s->label) != 0 || i->id_len != s->id_len ||
	    memcmp(i->id, s->id, s->id_len) != 0)
		return "label or id differ";
	if (i->family != m->kind->family || i->bits != s->bits)
		return "it is of another kind or size";
	if (i->public_key.len == 0)
		return "the public key cannot be read";
	if (!i->sensitive)
		return "CKA_SENSITIVE is false";
	if (i->extractable != s->extractable)
		return "CKA_EXTRACTABLE is not as asked for";
	if (i->modifiable)
		return "CKA_MODIFIABLE is true";
	if (!i->sign_only)
		return "it may do more than sign, or not sign";
	if (m->pkey != NULL)
		return NULL;
	if (!local || !always)
		return "CKA_LOCAL or CKA_ALWAYS_SENSITIVE is false";
	if (i->never_extractable == s->extractable)
		return "CKA_NEVER_EXTRACTABLE is not as asked for";
	return NULL;
}

static CK_RV
read_back(struct token *t, const struct making *m, struct error *e)
{
	struct hsm_key_info i;
	const char *what = "it is no key of ours";
	bool ours, local, always;
	CK_RV rv = object_read(t, m->private, m->public, &i, &ours);

	if (rv == CKR_OK)
		rv = attribute_bool(t, m->private, CKA_LOCAL, false, &local);
	if (rv == CKR_OK)
		rv = attribute_bool(
		    t, m->private, CKA_ALWAYS_SENSITIVE, false, &always);
	if (rv == CKR_OK && ours)
		what = fault(m, &i, local, always);
	hsm_key_info_free(&i);
	if (rv != CKR_OK || what == NULL)
		return rv;
	error_set(e, "token %s: key %s was not made as asked for: %s", t->name,
	    m->spec->label, what);
	return P11_TOLD;
}

static void
unmake(struct token *t, const struct making *m)
{
	if (m->private != CK_INVALID_HANDLE)
		t->module->f->C_DestroyObject(t->anchor, m->private);
	if (m->public != CK_INVALID_HANDLE)
		t->module->f->C_DestroyObject(t->anchor, m->public);
}

static CK_RV
make(struct p11_store *s, void *arg, struct error *e)
{
	struct making *m = arg;
	CK_RV rv;

	if (m->pkey == NULL) {
		rv = generate(s->token, m);
	} else {
		rv = import_private(s->token, m);
		if (rv == CKR_OK)
			rv = import_public(s->token, m);
	}
	if (rv == CKR_OK)
		rv = read_back(s->token, m, e);
	if (rv != CKR_OK)
		unmake(s->token, m);
	return rv;
}

int
p11_generate(struct hsm *h, const struct hsm_key_spec *spec, struct error *e)
{
	return p11_import(h, spec, NULL, e);
}

int
p11_import(struct hsm *h, const struct hsm_key_spec *spec, EVP_PKEY *pkey,
    struct error *e)
{
	struct making m = {spec, kind_by_spec(spec), pkey, CK_INVALID_HANDLE,
	    CK_INVALID_HANDLE};

	if (m.kind == NULL)
		return error_set(
		    e, "algorithm %u: no keys are made", spec->algorithm);
	/* Not a second time: nobody knows whether the first one made it. */
	return p11_call((struct p11_store *)h, make, &m, false, e);
}
