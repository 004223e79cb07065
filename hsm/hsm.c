/* What holds for every kind of store. */
#include "hsm/hsm.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "hsm/backend.h"
#include "hsm/p11.h"
#include "hsm/pkcs8.h"
#include "lib/hex.h"
#include "lib/xalloc.h"

/* One management call at a time, whatever the store. */
static pthread_mutex_t management = PTHREAD_MUTEX_INITIALIZER;

int
hsm_open(struct hsm **h, const char *uri, const struct hsm_options *o,
    struct error *e)
{
	const struct backend *b = &backend_pkcs11;
	char *public;
	int rc;

	if (hsm_uri_is_files(uri))
		b = &backend_files;
	if (b == &backend_files && !o->allow_files) {
		public = hsm_uri_public(uri);
		error_set(e, "%s: key files are for ZSKs only", public);
		free(public);
		return -1;
	}
	pthread_mutex_lock(&management);
	rc = b->open(h, uri, o, e);
	pthread_mutex_unlock(&management);
	return rc;
}

void
hsm_close(struct hsm *h)
{
	if (h == NULL)
		return;
	pthread_mutex_lock(&management);
	h->backend->close(h);
	pthread_mutex_unlock(&management);
}

void
hsm_exit(void)
{
	pthread_mutex_lock(&management);
	modules_finalise();
	pthread_mutex_unlock(&management);
}

const struct hsm_identity *
hsm_identity(const struct hsm *h)
{
	return &h->identity;
}

unsigned
hsm_sessions(const struct hsm *h)
{
	return h->sessions;
}

unsigned
hsm_recoveries(const struct hsm *h)
{
	return atomic_load(&h->recoveries);
}

/* "ksk-1 (id 00ab)", for messages. */
static char *
names_text(const struct wanted *w)
{
	struct buf b = BUF_INIT;

	if (w->label != NULL)
		buf_str(&b, w->label);
	if (w->id_len > 0) {
		buf_str(&b, w->label != NULL ? " (id " : "id ");
		hex_add(&b, w->id, w->id_len);
		buf_str(&b, w->label != NULL ? ")" : "");
	}
	return (char *)(buf_cstr(&b), b.data);
}

static int
not_one(struct hsm *h, const struct wanted *w, size_t n, struct error *e)
{
	char *text = names_text(w);

	if (n == 0)
		error_set(e, "%s: no private key %s", h->uri, text);
	else
		error_set(e, "%s: %zu private keys match %s", h->uri, n, text);
	free(text);
	return -1;
}

static struct hsm_key *
known_handle(const struct hsm *h, const struct hsm_key_info *i)
{
	struct wanted w = {i->id, i->id_len, i->label};
	struct hsm_key *k;

	for (k = h->keys; k != NULL; k = k->next)
		if (wanted_matches(&w, &k->info) && k->info.id_len == i->id_len)
			break;
	return k;
}

static int
find(struct hsm *h, const struct wanted *w, struct hsm_key **key,
    struct error *e)
{
	struct key_list list = {NULL, 0};
	const struct hsm_key_info *found = NULL;
	size_t n = 0;
	int rc = 0;

	if (h->backend->list(h, w, &list, e) == -1)
		return -1;
	for (size_t i = 0; i < list.n; i++)
		if (list.key[i].has_private || h->public_only) {
			found = &list.key[i];
			n++;
		}
	if (n != 1)
		rc = not_one(h, w, n, e);
	else if ((*key = known_handle(h, found)) == NULL)
		rc = h->backend->take(h, found, key, e);
	key_list_free(&list);
	return rc;
}

int
hsm_find(struct hsm *h, const uint8_t *id, size_t id_len, const char *label,
    struct hsm_key **key, struct error *e)
{
	struct wanted w = {id_len > 0 ? id : NULL, id_len, label};
	int rc;

	if (id_len == 0 && label == NULL)
		return error_set(e,
		    "%s: a key has to be named by its id, "
		    "its label, or both",
		    h->uri);
	pthread_mutex_lock(&management);
	rc = find(h, &w, key, e);
	pthread_mutex_unlock(&management);
	return rc;
}

int
hsm_list(struct hsm *h, struct hsm_key_info **keys, size_t *n, struct error *e)
{
	struct wanted all = {NULL, 0, NULL};
	struct key_list list = {NULL, 0};
	int rc;

	pthread_mutex_lock(&management);
	rc = h->backend->list(h, &all, &list, e);
	pthread_mutex_unlock(&management);
	*keys = list.key;
	*n = list.n;
	return rc;
}

/* Resolve the size, and refuse what no store is asked for. */
static int
spec_check(struct hsm_key_spec *s, struct error *e)
{
	const struct algorithm *a = algorithm_by_number(s->algorithm);
	size_t len = strlen(s->label);

	if (a == NULL || !a->signs)
		return error_set(
		    e, "algorithm %u: no keys are made for it", s->algorithm);
	if (!algorithm_allows_bits(a, s->bits))
		return error_set(e, "%s: no keys of %u bits", a->name, s->bits);
	if (a->family != FAMILY_RSA)
		s->bits = (unsigned)(a->family == FAMILY_ECDSA ? a->key * 4
							       : a->key * 8);
	if (len == 0 || len >= HSM_LABEL_MAX)
		return error_set(e, "label of %zu octets: expected 1 to %d",
		    len, HSM_LABEL_MAX - 1);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s->label[i] < ' ' || s->label[i] == 127)
			return error_set(e, "label with a control character");
	if (s->id_len == 0 || s->id_len > HSM_ID_MAX)
		return error_set(e, "id of %zu octets: expected 1 to %d",
		    s->id_len, HSM_ID_MAX);
	return 0;
}

/* Neither id nor label may be taken, not even by half a pair. */
static int
check_free(struct hsm *h, const struct hsm_key_spec *s, struct error *e)
{
	const struct wanted either[] = {
	    {s->id, s->id_len, NULL}, {NULL, 0, s->label}};
	char *text;
	size_t n;

	for (size_t i = 0; i < 2; i++) {
		struct key_list list = {NULL, 0};

		if (h->backend->list(h, &either[i], &list, e) == -1)
			return -1;
		n = list.n;
		key_list_free(&list);
		if (n == 0)
			continue;
		text = names_text(&either[i]);
		error_set(e, "%s: there is a key already: %s", h->uri, text);
		free(text);
		return -1;
	}
	return 0;
}

static int
make(struct hsm *h, const struct hsm_key_spec *s, EVP_PKEY *pkey,
    struct hsm_key **key, struct error *e)
{
	struct wanted w = {s->id, s->id_len, s->label};
	int rc;

	pthread_mutex_lock(&management);
	rc = check_free(h, s, e);
	if (rc == 0)
		rc = pkey != NULL ? h->backend->import(h, s, pkey, e)
				  : h->backend->generate(h, s, e);
	if (rc == 0)
		rc = find(h, &w, key, e);
	pthread_mutex_unlock(&management);
	return rc;
}

int
hsm_generate(struct hsm *h, const struct hsm_key_spec *spec,
    struct hsm_key **key, struct error *e)
{
	struct hsm_key_spec s = *spec;

	return spec_check(&s, e) == -1 ? -1 : make(h, &s, NULL, key, e);
}

int
hsm_import(struct hsm *h, const struct hsm_key_spec *spec,
    const struct buf *pkcs8, struct hsm_key **key, struct error *e)
{
	struct hsm_key_spec s = *spec;
	EVP_PKEY *pkey = NULL;
	int rc = -1;

	if (spec_check(&s, e) == 0 && pkcs8_decode(&pkey, pkcs8, e) == 0 &&
	    pkey_check(pkey, algorithm_by_number(s.algorithm), s.bits, e) == 0)
		rc = make(h, &s, pkey, key, e);
	EVP_PKEY_free(pkey);
	return rc;
}

int
hsm_key_info(struct hsm_key *key, struct hsm_key_info *info, struct error *e)
{
	(void)e;
	key_info_copy(info, &key->info);
	return 0;
}

int
hsm_destroy(struct hsm_key *key, struct error *e)
{
	int rc;

	pthread_mutex_lock(&management);
	rc = key->hsm->backend->destroy(key, e);
	pthread_mutex_unlock(&management);
	return rc;
}

static int
algorithm_fits(const struct hsm_key *k, const struct algorithm *a)
{
	const struct hsm_key_info *i = &k->info;

	if (a == NULL || !a->signs || a->family != i->family)
		return -1;
	return a->family == FAMILY_RSA || algorithm_allows_bits(a, i->bits)
		   ? 0
		   : -1;
}

int
hsm_sign(struct hsm_key *key, unsigned worker, uint8_t algorithm,
    const uint8_t *data, size_t len, uint8_t *sig, size_t *siglen,
    struct error *e)
{
	const struct algorithm *a = algorithm_by_number(algorithm);

	if (algorithm_fits(key, a) == -1)
		return error_set(e, "%s: key %s: not for algorithm %u",
		    key->hsm->uri, key->info.label, algorithm);
	if (worker >= key->hsm->sessions)
		return error_set(e, "%s: worker %u of %u", key->hsm->uri,
		    worker, key->hsm->sessions);
	if (!key->info.has_private)
		return error_set(e,
		    "%s: key %s: opened without its private "
		    "half",
		    key->hsm->uri, key->info.label);
	return key->hsm->backend->sign(
	    key, worker, a, data, len, sig, siglen, e);
}

int
hsm_token_init(const char *uri, const struct secret *so_pin,
    const struct secret *user_pin, bool again, struct error *e)
{
	struct uri u;
	int rc = -1;

	if (uri_parse(&u, uri, e) == -1)
		goto out;
	if (u.directory != NULL) {
		error_set(
		    e, "%s: a directory of key files is no token", u.text);
		goto out;
	}
	pthread_mutex_lock(&management);
	rc = p11_token_init(&u, so_pin, user_pin, again, e);
	pthread_mutex_unlock(&management);
out:
	uri_free(&u);
	return rc;
}
