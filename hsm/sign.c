#include "hsm/p11.h"

/* One signature under way. */
struct signing {
	struct p11_key *key;
	unsigned worker;
	const struct algorithm *a;
	const uint8_t *data;
	size_t len;
	uint8_t *sig;
	size_t room;
	size_t made;
};

static CK_MECHANISM_TYPE
mechanism(const struct token *t, const struct algorithm *a)
{
	switch (a->number) {
	case ALG_RSASHA256:
		return t->rsa_hashes ? CKM_SHA256_RSA_PKCS : CKM_RSA_PKCS;
	case ALG_RSASHA512:
		return t->rsa_hashes ? CKM_SHA512_RSA_PKCS : CKM_RSA_PKCS;
	case ALG_ED25519:
		return CKM_EDDSA;
	default:
		return CKM_ECDSA;
	}
}

/* What the mechanism wants: the message, its digest, or a DigestInfo. */
static int
prepare(struct digest *d, CK_MECHANISM_TYPE m, const struct signing *g,
    uint8_t room[DIGESTINFO_MAX], const uint8_t **in, size_t *n)
{
	*in = room;
	if (m == CKM_ECDSA) {
		*n = digest_make(d, g->a, g->data, g->len, room);
	} else if (m == CKM_RSA_PKCS) {
		*n = digest_info(d, g->a, g->data, g->len, room);
	} else {
		*in = g->data;
		*n = g->len;
		return 0;
	}
	return *n > 0 ? 0 : -1;
}

static size_t
expected(const struct signing *g)
{
	return g->a->signature != 0 ? g->a->signature
				    : (g->key->key.info.bits + 7) / 8;
}

static CK_RV
told(const struct p11_store *s, const struct signing *g, const char *what,
    struct error *e)
{
	error_set(e, "token %s: key %s: %s", s->token->name,
	    g->key->key.info.label, what);
	return P11_TOLD;
}

static CK_RV
sign_once(struct p11_store *s, void *arg, struct error *e)
{
	struct signing *g = arg;
	struct worker *w = &s->worker[g->worker];
	CK_OBJECT_HANDLE handle = g->key->signs[g->worker];
	CK_MECHANISM m = {mechanism(s->token, g->a), NULL, 0};
	uint8_t room[DIGESTINFO_MAX];
	const uint8_t *in;
	CK_ULONG made = g->room;
	size_t n;
	CK_RV rv;

	if (g->key->changed)
		return told(s, g,
		    "the token came back with another key under "
		    "this name",
		    e);
	if (handle == CK_INVALID_HANDLE)
		return CKR_KEY_HANDLE_INVALID;
	if (prepare(&w->digest, m.mechanism, g, room, &in, &n) == -1)
		return told(s, g, "no digest could be made", e);
	rv = P11(s->token->module, C_SignInit, w->session, &m, handle);
	if (rv == CKR_OK)
		rv = P11(s->token->module, C_Sign, w->session, (CK_BYTE *)in, n,
		    g->sig, &made);
	if (rv == CKR_OK && made != expected(g))
		return told(s, g, "the signature has a wrong length", e);
	g->made = made;
	return rv;
}

int
p11_sign(struct hsm_key *key, unsigned worker, const struct algorithm *a,
    const uint8_t *data, size_t len, uint8_t *sig, size_t *siglen,
    struct error *e)
{
	struct signing g = {
	    (struct p11_key *)key, worker, a, data, len, sig, *siglen, 0};

	if (*siglen < expected(&g))
		return error_set(
		    e, "key %s: no room for a signature", key->info.label);
	if (p11_call((struct p11_store *)key->hsm, sign_once, &g, true, e) ==
	    -1)
		return -1;
	*siglen = g.made;
	return 0;
}
