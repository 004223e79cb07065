/*
 * Key stores in memory, in the place of hsm/: Ed25519 pairs, and the ways in
 * which stores go wrong.  Included once in a program.
 */
#ifndef RZ_TESTS_UNIT_FAKE_HSM_H
#define RZ_TESTS_UNIT_FAKE_HSM_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "hsm/hsm.h"
#include "keytool/token.h"

#define FAKE_KEYS 16

struct hsm_key {
	struct hsm *hsm;
	EVP_PKEY *pair; /* NULL: no key here */
	EVP_PKEY *signs_with; /* another than `pair` */
	char label[HSM_LABEL_MAX];
	uint8_t id[HSM_ID_MAX];
	size_t id_len;
	bool hides_public, public_alone, extractable;
};

struct hsm {
	struct hsm_identity identity;
	struct hsm_key key[FAKE_KEYS];
	/* Pairs to be "made", in order; then random ones. */
	EVP_PKEY *next[FAKE_KEYS];
	unsigned nexts;
	/* What making a key here does in another store. */
	struct hsm *replica; /* it gets a copy */
	struct hsm *twin;    /* it makes its own under the same names */
	bool hides_public, lies, no_destroy, no_import, no_list;
	unsigned generated, destroyed;
	struct buf *saw; /* gets what is signed */
};

static inline EVP_PKEY *
fake_pair(void)
{
	EVP_PKEY *p = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	if (p == NULL)
		abort();
	return p;
}

static inline void
fake_public(EVP_PKEY *p, struct buf *out)
{
	size_t len = 32;

	if (EVP_PKEY_get_raw_public_key(p, buf_room(out, 32), &len) != 1)
		abort();
	out->len += len;
}

static inline void
fake_init(struct hsm *h, const char *name)
{
	memset(h, 0, sizeof *h);
	snprintf(h->identity.name, sizeof h->identity.name, "%s", name);
	snprintf(h->identity.serial, sizeof h->identity.serial, "1");
}

static inline void
fake_clear(struct hsm_key *k)
{
	EVP_PKEY_free(k->pair);
	EVP_PKEY_free(k->signs_with);
	memset(k, 0, sizeof *k);
}

static inline void
fake_free(struct hsm *h)
{
	for (int i = 0; i < FAKE_KEYS; i++)
		fake_clear(&h->key[i]);
	while (h->nexts > 0)
		EVP_PKEY_free(h->next[--h->nexts]);
}

/* Takes over the pair. */
static inline struct hsm_key *
fake_put(struct hsm *h, EVP_PKEY *pair, const char *label, const uint8_t *id,
    size_t id_len)
{
	struct hsm_key *k = h->key;

	while (k->pair != NULL)
		k++;
	*k = (struct hsm_key){.hsm = h, .pair = pair, .id_len = id_len,
	    .hides_public = h->hides_public};
	snprintf(k->label, sizeof k->label, "%s", label);
	if (id_len > 0)
		memcpy(k->id, id, id_len);
	if (h->lies)
		k->signs_with = fake_pair();
	return k;
}

static inline unsigned
fake_count(const struct hsm *h)
{
	unsigned n = 0;

	for (int i = 0; i < FAKE_KEYS; i++)
		n += h->key[i].pair != NULL;
	return n;
}

static inline EVP_PKEY *
fake_take_next(struct hsm *h)
{
	EVP_PKEY *p;

	if (h->nexts == 0)
		return fake_pair();
	p = h->next[0];
	h->nexts--;
	memmove(h->next, h->next + 1, h->nexts * sizeof *h->next);
	return p;
}

static inline void
fake_fill(const struct hsm_key *k, struct hsm_key_info *i)
{
	memset(i, 0, sizeof *i);
	memcpy(i->label, k->label, sizeof i->label);
	memcpy(i->id, k->id, sizeof i->id);
	i->id_len = k->id_len;
	i->family = FAMILY_EDDSA;
	i->bits = 256;
	if (!k->hides_public)
		fake_public(k->pair, &i->public_key);
	i->has_private = !k->public_alone;
	i->sensitive = i->sign_only = true;
	i->extractable = k->extractable;
	i->never_extractable = !k->extractable;
}

const struct hsm_identity *
hsm_identity(const struct hsm *h)
{
	return &h->identity;
}

int
hsm_open(struct hsm **h, const char *uri, const struct hsm_options *o,
    struct error *e)
{
	(void)h, (void)o;
	return error_set(e, "%s: nothing is opened here", uri);
}

void
hsm_close(struct hsm *h)
{
	(void)h;
}

void
hsm_key_info_free(struct hsm_key_info *i)
{
	buf_free(&i->public_key);
}

int
hsm_key_info(struct hsm_key *key, struct hsm_key_info *info, struct error *e)
{
	(void)e;
	fake_fill(key, info);
	return 0;
}

int
hsm_list(struct hsm *h, struct hsm_key_info **keys, size_t *n,
    struct error *e)
{
	if (h->no_list)
		return error_set(e, "device error");
	*keys = calloc(FAKE_KEYS, sizeof **keys);
	*n = 0;
	for (int i = 0; i < FAKE_KEYS; i++)
		if (h->key[i].pair != NULL)
			fake_fill(&h->key[i], &(*keys)[(*n)++]);
	return 0;
}

int
hsm_find(struct hsm *h, const uint8_t *id, size_t id_len, const char *label,
    struct hsm_key **key, struct error *e)
{
	unsigned found = 0;

	for (int i = 0; i < FAKE_KEYS; i++) {
		struct hsm_key *k = &h->key[i];

		if (k->pair == NULL || k->public_alone ||
		    (label != NULL && strcmp(label, k->label) != 0) ||
		    (id_len > 0 && (id_len != k->id_len ||
			memcmp(id, k->id, id_len) != 0)))
			continue;
		found++;
		*key = k;
	}
	if (found != 1)
		return error_set(e, "%u keys found", found);
	return 0;
}

int
hsm_generate(struct hsm *h, const struct hsm_key_spec *spec,
    struct hsm_key **key, struct error *e)
{
	EVP_PKEY *p = fake_take_next(h);

	(void)e;
	h->generated++;
	*key = fake_put(h, p, spec->label, spec->id, spec->id_len);
	if (h->replica != NULL && EVP_PKEY_up_ref(p))
		fake_put(h->replica, p, spec->label, spec->id, spec->id_len);
	if (h->twin != NULL)
		fake_put(h->twin, fake_pair(), spec->label, spec->id,
		    spec->id_len);
	return 0;
}

int
hsm_import(struct hsm *h, const struct hsm_key_spec *spec,
    const struct buf *pkcs8, struct hsm_key **key, struct error *e)
{
	const unsigned char *p = pkcs8->data;
	EVP_PKEY *pair;

	if (h->no_import)
		return error_set(e, "no room");
	pair = d2i_AutoPrivateKey(NULL, &p, (long)pkcs8->len);
	if (pair == NULL)
		return error_set(e, "no private key");
	*key = fake_put(h, pair, spec->label, spec->id, spec->id_len);
	return 0;
}

int
hsm_destroy(struct hsm_key *key, struct error *e)
{
	if (key->hsm->no_destroy)
		return error_set(e, "write protected");
	key->hsm->destroyed++;
	fake_clear(key);
	return 0;
}

int
hsm_sign(struct hsm_key *key, unsigned worker, uint8_t algorithm,
    const uint8_t *data, size_t len, uint8_t *sig, size_t *siglen,
    struct error *e)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY *p = key->signs_with != NULL ? key->signs_with : key->pair;
	int ok;

	(void)worker, (void)algorithm;
	if (key->hsm->saw != NULL)
		buf_add(key->hsm->saw, data, len);
	ok = ctx != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, p) &&
	    EVP_DigestSign(ctx, sig, siglen, data, len);
	EVP_MD_CTX_free(ctx);
	return ok ? 0 : error_set(e, "device error");
}

/* PKCS#8 DER in a file as it is; the algorithm is told by its suffix. */
int
hsm_read_key_file(const char *path, const struct secret *pass,
    struct buf *pkcs8, uint8_t *algorithm, struct error *e)
{
	FILE *fp = fopen(path, "r");
	int c;

	(void)pass;
	if (fp == NULL)
		return error_errno(e, "%s", path);
	while ((c = getc(fp)) != EOF)
		buf_u8(pkcs8, (uint8_t)c);
	fclose(fp);
	*algorithm = strstr(path, ".rsa") != NULL ? 8 : 0;
	return 0;
}

#endif
