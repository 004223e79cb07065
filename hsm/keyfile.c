/* The backend of key files: a directory of PEM files, or of BIND's. */
#include "hsm/keyfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hsm/pin.h"
#include "hsm/pkcs8.h"
#include "hsm/uri.h"
#include "lib/file.h"
#include "lib/xalloc.h"

static int
check_directory(const char *path, struct error *e)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return error_errno(e, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return error_set(e, "%s: not a directory", path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return error_set(e, "%s: belongs to another user", path);
	if (st.st_mode & 022)
		return error_set(
		    e, "%s: group or others may write there", path);
	return 0;
}

/*
 * A passphrase is there when the URI names its source.  (It is not asked
 * for: most key files have none.)
 */
static int
get_pass(struct secret *pass, const struct uri *u, const struct hsm_options *o,
    struct error *e)
{
	if (u->pin_source == NULL)
		return 0;
	if (pin_read(pass, u->pin_source, o, "", e) == 0)
		return 0;
	return error_prefix(e, "%s", u->text);
}

static struct file_store *
store_new(const struct uri *u, const struct hsm_options *o)
{
	struct file_store *s = xcalloc(1, sizeof *s);

	s->directory = xstrdup(u->directory);
	s->hsm.backend = &backend_files;
	s->hsm.uri = xstrdup(u->text);
	s->hsm.sessions = o->sessions ? o->sessions : 1;
	s->hsm.public_only = o->public_only;
	snprintf(s->hsm.identity.name, sizeof s->hsm.identity.name, "%s",
	    u->directory);
	snprintf(
	    s->hsm.identity.model, sizeof s->hsm.identity.model, "key files");
	return s;
}

static void
key_free(struct file_key *k)
{
	file_workers_free(k);
	EVP_PKEY_free(k->pkey);
	free(k->path);
	hsm_key_detach(&k->key);
	free(k);
}

static void
files_close(struct hsm *h)
{
	struct file_store *s = (struct file_store *)h;

	while (h->keys != NULL)
		key_free((struct file_key *)h->keys);
	secret_clear(&s->pass);
	free(s->directory);
	free(h->uri);
	free(s);
}

static int
files_open(struct hsm **h, const char *uri, const struct hsm_options *o,
    struct error *e)
{
	struct file_store *s = NULL;
	struct uri u;
	int rc = -1;

	if (uri_parse(&u, uri, e) == -1 ||
	    check_directory(u.directory, e) == -1)
		goto out;
	if (o->sessions > HSM_SESSIONS_MAX) {
		error_set(e, "%s: %u sessions: at most %d", u.text, o->sessions,
		    HSM_SESSIONS_MAX);
		goto out;
	}
	s = store_new(&u, o);
	if (get_pass(&s->pass, &u, o, e) == -1) {
		files_close(&s->hsm);
		goto out;
	}
	*h = &s->hsm;
	rc = 0;
out:
	uri_free(&u);
	return rc;
}

static int
files_list(struct hsm *h, const struct wanted *w, struct key_list *list,
    struct error *e)
{
	return key_file_scan((struct file_store *)h, w, list, e);
}

/* One of ours, or one of BIND's. */
static char *
path_of(const struct file_store *s, const struct hsm_key_info *i)
{
	char *name = key_file_name(i);
	char *path = NULL;

	if (name != NULL)
		path = xasprintf("%s/%s", s->directory, name);
	free(name);
	if (path != NULL && access(path, F_OK) == 0)
		return path;
	free(path);
	return xasprintf("%s/%s.private", s->directory, i->label);
}

/* A file may be replaced between two looks at it. */
static int
same_public(
    const struct file_key *k, const struct hsm_key_info *now, struct error *e)
{
	const struct buf *was = &k->key.info.public_key;

	if (was->len == now->public_key.len &&
	    memcmp(was->data, now->public_key.data, was->len) == 0)
		return 0;
	return error_set(e, "%s: changed while it was read", k->path);
}

static int
files_take(struct hsm *h, const struct hsm_key_info *info, struct hsm_key **key,
    struct error *e)
{
	struct file_store *s = (struct file_store *)h;
	struct file_key *k = xcalloc(1, sizeof *k);
	struct hsm_key_info now = {.id_len = info->id_len};

	hsm_key_init(&k->key, h, info);
	k->path = path_of(s, info);
	if (key_file_load(s, k->path, &now, &k->pkey, e) == -1 ||
	    same_public(k, &now, e) == -1 || file_workers_init(k, e) == -1) {
		hsm_key_info_free(&now);
		key_free(k);
		return -1;
	}
	hsm_key_info_free(&now);
	*key = &k->key;
	return 0;
}

/* What the file really holds is read back. */
static int
read_back(struct file_store *s, const char *path, const EVP_PKEY *made,
    struct error *e)
{
	struct hsm_key_info i = {.id_len = 1};
	EVP_PKEY *pkey;
	int same;

	if (key_file_load(s, path, &i, &pkey, e) == -1)
		return -1;
	same = EVP_PKEY_eq(pkey, made);
	EVP_PKEY_free(pkey);
	hsm_key_info_free(&i);
	return same == 1 ? 0 : error_set(e, "%s: not what was written", path);
}

static int
files_import(struct hsm *h, const struct hsm_key_spec *spec, EVP_PKEY *pkey,
    struct error *e)
{
	struct file_store *s = (struct file_store *)h;
	struct hsm_key_info i = {.id_len = spec->id_len};
	struct buf pem = BUF_INIT;
	char *name, *path;
	int rc = -1;

	snprintf(i.label, sizeof i.label, "%s", spec->label);
	memcpy(i.id, spec->id, spec->id_len);
	if ((name = key_file_name(&i)) == NULL)
		return error_set(e,
		    "%s: label '%s' cannot be part of a file "
		    "name",
		    h->uri, spec->label);
	path = xasprintf("%s/%s", s->directory, name);
	if (pem_encode(&pem, pkey, &s->pass, e) == 0 &&
	    file_create_secret(path, pem.data, pem.len, e) == 0)
		rc = read_back(s, path, pkey, e);
	buf_wipe(&pem);
	free(name);
	free(path);
	return rc;
}

static int
files_generate(struct hsm *h, const struct hsm_key_spec *spec, struct error *e)
{
	const struct algorithm *a = algorithm_by_number(spec->algorithm);
	EVP_PKEY *pkey;
	int rc;

	switch (a->family) {
	case FAMILY_RSA:
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)spec->bits);
		break;
	case FAMILY_ECDSA:
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", a->curve);
		break;
	default:
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, a->curve);
		break;
	}
	if (pkey == NULL)
		return error_openssl(e, "%s: no key could be made", h->uri);
	rc = files_import(h, spec, pkey, e);
	EVP_PKEY_free(pkey);
	return rc;
}

static int
files_destroy(struct hsm_key *key, struct error *e)
{
	struct file_key *k = (struct file_key *)key;
	const struct file_store *s = (struct file_store *)key->hsm;

	if (key_file_remove(k->path, s->directory, e) == -1)
		return -1;
	key_free(k);
	return 0;
}

const struct backend backend_files = {
    .open = files_open,
    .close = files_close,
    .list = files_list,
    .take = files_take,
    .generate = files_generate,
    .import = files_import,
    .destroy = files_destroy,
    .sign = file_sign,
};
