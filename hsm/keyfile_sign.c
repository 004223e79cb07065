#include <stdlib.h>
#include <string.h>

#include <openssl/rsa.h>

#include "hsm/keyfile.h"
#include "lib/pubkey.h"

/* SEQUENCE of two INTEGERs of 48 octets. */
#define DER_SIGNATURE_MAX 112

int
file_workers_init(struct file_key *k, struct error *e)
{
	unsigned n = k->key.hsm->sessions;
	size_t size = n * sizeof *k->worker;

	k->worker = aligned_alloc(_Alignof(struct file_worker), size);
	if (k->worker == NULL)
		return error_set(e, "%s: out of memory", k->path);
	memset(k->worker, 0, size);
	for (unsigned i = 0; i < n; i++) {
		struct file_worker *w = &k->worker[i];

		w->ctx = EVP_PKEY_CTX_new_from_pkey(NULL, k->pkey, NULL);
		w->message = EVP_MD_CTX_new();
		if (w->ctx == NULL || w->message == NULL)
			return error_openssl(e, "%s", k->path);
		if (digest_init(&w->digest, e) == -1)
			return -1;
	}
	return 0;
}

void
file_workers_free(struct file_key *k)
{
	if (k->worker == NULL)
		return;
	for (unsigned i = 0; i < k->key.hsm->sessions; i++) {
		EVP_PKEY_CTX_free(k->worker[i].ctx);
		EVP_MD_CTX_free(k->worker[i].message);
		digest_free(&k->worker[i].digest);
	}
	free(k->worker);
}

/* Once for each algorithm that a worker signs with in a row. */
static int
set_up(struct file_worker *w, const struct algorithm *a)
{
	if (w->algorithm == a->number)
		return 1;
	if (EVP_PKEY_sign_init(w->ctx) != 1 ||
	    (a->family == FAMILY_RSA &&
		EVP_PKEY_CTX_set_rsa_padding(w->ctx, RSA_PKCS1_PADDING) != 1) ||
	    EVP_PKEY_CTX_set_signature_md(w->ctx, digest_of(&w->digest, a)) !=
		1)
		return 0;
	w->algorithm = a->number;
	return 1;
}

static int
sign_message(const struct file_key *k, struct file_worker *w,
    const uint8_t *data, size_t len, uint8_t *sig, size_t *siglen)
{
	return EVP_DigestSignInit_ex(
		   w->message, NULL, NULL, NULL, NULL, k->pkey, NULL) == 1 &&
	       EVP_DigestSign(w->message, sig, siglen, data, len) == 1;
}

static int
sign_digest(struct file_worker *w, const struct algorithm *a,
    const uint8_t *data, size_t len, uint8_t *sig, size_t *siglen)
{
	uint8_t digest[DIGEST_MAX], der[DER_SIGNATURE_MAX];
	size_t n = digest_make(&w->digest, a, data, len, digest);
	size_t derlen = sizeof der;

	if (n == 0 || !set_up(w, a))
		return 0;
	if (a->family == FAMILY_RSA)
		return EVP_PKEY_sign(w->ctx, sig, siglen, digest, n) == 1;
	if (EVP_PKEY_sign(w->ctx, der, &derlen, digest, n) != 1 ||
	    ecdsa_der_to_raw(der, derlen, a->signature / 2, sig) == -1)
		return 0;
	*siglen = a->signature;
	return 1;
}

int
file_sign(struct hsm_key *key, unsigned worker, const struct algorithm *a,
    const uint8_t *data, size_t len, uint8_t *sig, size_t *siglen,
    struct error *e)
{
	struct file_key *k = (struct file_key *)key;
	struct file_worker *w = &k->worker[worker];
	size_t expected =
	    a->signature != 0 ? a->signature : (key->info.bits + 7) / 8;
	int ok;

	if (*siglen < expected)
		return error_set(e, "%s: no room for a signature", k->path);
	ok = a->family == FAMILY_EDDSA
		 ? sign_message(k, w, data, len, sig, siglen)
		 : sign_digest(w, a, data, len, sig, siglen);
	if (!ok) {
		w->algorithm = 0;
		return error_openssl(e, "%s: cannot sign", k->path);
	}
	if (*siglen != expected)
		return error_set(
		    e, "%s: the signature has a wrong length", k->path);
	return 0;
}
