/* The PKCS#11 backend: stores, and what hsm.c asks of them. */
#include "hsm/p11.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hsm/patience.h"
#include "hsm/pin.h"
#include "lib/xalloc.h"

#define OPEN_TRIES 6

struct opening {
	struct uri uri;
	const struct hsm_options *options;
	struct module *module;
	struct token *token;
};

static void
store_free(struct p11_store *s)
{
	if (s == NULL)
		return;
	for (unsigned i = 0; i < s->workers; i++)
		digest_free(&s->worker[i].digest);
	free(s->worker);
	free(s->hsm.uri);
	free(s);
}

static int
store_new(struct p11_store **s, const struct opening *o, struct error *e)
{
	unsigned n = o->options->sessions ? o->options->sessions : 1;
	size_t size;

	if (n > HSM_SESSIONS_MAX)
		return error_set(e, "%s: %u sessions: at most %d", o->uri.text,
		    n, HSM_SESSIONS_MAX);
	size = n * sizeof *(*s)->worker;
	*s = xcalloc(1, sizeof **s);
	(*s)->hsm.backend = &backend_pkcs11;
	(*s)->hsm.uri = xstrdup(o->uri.text);
	(*s)->hsm.sessions = n;
	(*s)->hsm.public_only = o->options->public_only;
	(*s)->keep_trying = o->options->keep_trying;
	(*s)->worker = aligned_alloc(_Alignof(struct worker), size);
	if ((*s)->worker == NULL)
		return error_set(e, "%s: out of memory", o->uri.text);
	memset((*s)->worker, 0, size);
	(*s)->workers = n;
	for (unsigned i = 0; i < n; i++)
		if (digest_init(&(*s)->worker[i].digest, e) == -1)
			return -1;
	return 0;
}

static bool
module_in_use(const struct module *m)
{
	for (const struct token *t = m->tokens; t != NULL; t = t->next)
		if (t->stores != NULL)
			return true;
	return false;
}

/* Some modules see a token only when they start. */
static CK_RV
look_for_token(struct opening *o, bool restart, struct error *e)
{
	CK_SLOT_ID slot;
	CK_TOKEN_INFO info;
	CK_RV rv;

	pthread_rwlock_wrlock(&o->module->lock);
	if (restart && !module_in_use(o->module))
		rv = module_restart(o->module);
	else
		rv = module_initialise(o->module);
	if (rv == CKR_OK)
		rv = slot_by_uri(o->module, &o->uri, &slot, &info, e);
	if (rv == CKR_OK)
		o->token = token_get(o->module, slot, &info);
	pthread_rwlock_unlock(&o->module->lock);
	return rv;
}

/* The PIN is asked for once for each token, before any lock is taken. */
static int
get_pin(struct opening *o, struct error *e)
{
	struct token *t = o->token;
	char prompt[64];

	if (o->options->public_only || t->login || t->pin.text != NULL ||
	    !(t->info.flags & CKF_LOGIN_REQUIRED))
		return 0;
	if (t->pin_wrong)
		return error_set(e,
		    "token %s: a login failed before: the PIN is not "
		    "tried again",
		    t->name);
	t->pin_pad = (t->info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
	snprintf(prompt, sizeof prompt, "PIN of token %s: ", t->name);
	if (t->pin_pad ||
	    pin_read(&t->pin, o->uri.pin_source, o->options, prompt, e) == 0)
		return 0;
	return error_prefix(e, "%s", o->uri.text);
}

static void
leave(struct p11_store *s)
{
	struct token *t = s->token;
	struct p11_store **p = &t->stores;

	while (*p != s)
		p = &(*p)->next;
	*p = s->next;
	if (t->stores == NULL)
		token_close(t, CKR_SESSION_CLOSED);
}

/* When nobody has the token open any more. */
static void
forget_pin(struct token *t)
{
	if (t == NULL || t->stores != NULL)
		return;
	secret_clear(&t->pin);
	t->login = false;
}

/* Join what the process has open on the token already, or open it. */
static CK_RV
join(struct p11_store *s, struct error *e)
{
	struct token *t = s->token;
	CK_RV rv = CKR_OK;

	if (!s->hsm.public_only && (t->info.flags & CKF_LOGIN_REQUIRED))
		t->login = true;
	s->next = t->stores;
	t->stores = s;
	if (!t->open)
		return token_open(t, e);
	if (t->login && !t->logged_in)
		rv = token_login(t, e);
	if (rv == CKR_OK)
		rv = store_open(s);
	/* Nothing is lost when the others have all its sessions. */
	if (rv == CKR_SESSION_COUNT) {
		ckr_error(e, "", s->hsm.uri, rv);
		rv = P11_TOLD;
	}
	if (ckr_lost(rv))
		token_close(t, rv);
	else if (rv != CKR_OK)
		store_close(s);
	return rv;
}

static CK_RV
try_open(struct p11_store *s, struct opening *o, bool again, struct error *e)
{
	CK_RV rv = look_for_token(o, again, e);

	if (rv != CKR_OK)
		return rv;
	if (get_pin(o, e) == -1)
		return P11_TOLD;
	s->token = o->token;
	pthread_rwlock_wrlock(&o->module->lock);
	rv = join(s, e);
	if (rv != CKR_OK)
		leave(s);
	pthread_rwlock_unlock(&o->module->lock);
	return rv;
}

static int
open_failed(const struct opening *o, CK_RV rv, struct error *e)
{
	if (rv == P11_TOLD)
		return -1;
	if (rv == CKR_TOKEN_NOT_PRESENT)
		return error_set(e, "%s: no such token", o->uri.text);
	return ckr_error(e, "", o->uri.text, rv);
}

static void
identify(struct p11_store *s)
{
	const struct token *t = s->token;
	struct hsm_identity *i = &s->hsm.identity;
	char maker[33], model[17], library[33];
	CK_SLOT_INFO slot = {.flags = 0};

	P11(t->module, C_GetSlotInfo, t->slot, &slot);
	field_text(maker, sizeof maker, t->info.manufacturerID, 32);
	field_text(model, sizeof model, t->info.model, 16);
	field_text(library, sizeof library, t->module->info.manufacturerID, 32);
	snprintf(i->name, sizeof i->name, "%s", t->name);
	field_text(i->serial, sizeof i->serial, t->info.serialNumber, 16);
	snprintf(i->model, sizeof i->model,
	    "%s %s, firmware %d.%d, module %s %d.%d", maker, model,
	    t->info.firmwareVersion.major, t->info.firmwareVersion.minor,
	    library, t->module->info.libraryVersion.major,
	    t->module->info.libraryVersion.minor);
	i->hardware =
	    (slot.flags & CKF_HW_SLOT) && !(t->quirks & QUIRK_SOFTWARE);
}

static int
open_patiently(struct p11_store *s, struct opening *o, struct error *e)
{
	struct patience p = PATIENCE_INIT(o->options->keep_trying, OPEN_TRIES);
	CK_RV rv = CKR_OK;

	do {
		if (patience_wait(&p) == -1)
			return open_failed(o, rv, e);
		rv = try_open(s, o, p.tries > 1, e);
	} while (ckr_lost(rv));
	if (rv != CKR_OK)
		return open_failed(o, rv, e);
	identify(s);
	return 0;
}

static int
p11_open(struct hsm **h, const char *uri, const struct hsm_options *options,
    struct error *e)
{
	struct opening o = {.options = options};
	struct p11_store *s = NULL;
	int rc = -1;

	if (uri_parse(&o.uri, uri, e) == -1)
		goto out;
	if (module_get(&o.module, o.uri.module, e) == -1) {
		error_prefix(e, "%s", o.uri.text);
		goto out;
	}
	if (store_new(&s, &o, e) == -1 || open_patiently(s, &o, e) == -1) {
		forget_pin(o.token);
		store_free(s);
		goto out;
	}
	*h = &s->hsm;
	rc = 0;
out:
	uri_free(&o.uri);
	return rc;
}

static void
key_free(struct p11_key *k)
{
	hsm_key_detach(&k->key);
	free(k->signs);
	free(k);
}

static void
p11_close(struct hsm *h)
{
	struct p11_store *s = (struct p11_store *)h;
	struct token *t = s->token;
	pthread_rwlock_t *lock = &t->module->lock;

	pthread_rwlock_wrlock(lock);
	if (t->open)
		store_close(s);
	while (h->keys != NULL)
		key_free((struct p11_key *)h->keys);
	leave(s);
	forget_pin(t);
	pthread_rwlock_unlock(lock);
	store_free(s);
}

struct listing_call {
	const struct wanted *w;
	struct key_list *list;
};

static CK_RV
list_call(struct p11_store *s, void *arg, struct error *e)
{
	const struct listing_call *c = arg;

	(void)e;
	return store_list(s, c->w, c->list);
}

static int
p11_list(struct hsm *h, const struct wanted *w, struct key_list *list,
    struct error *e)
{
	struct listing_call c = {w, list};

	return p11_call((struct p11_store *)h, list_call, &c, true, e);
}

struct taking {
	const struct hsm_key_info *info;
	struct hsm_key *key;
};

static CK_RV
take_call(struct p11_store *s, void *arg, struct error *e)
{
	struct taking *c = arg;
	struct p11_key *k = xcalloc(1, sizeof *k);
	CK_RV rv;

	(void)e;
	k->signs = xcalloc(s->hsm.sessions, sizeof *k->signs);
	hsm_key_init(&k->key, &s->hsm, c->info);
	rv = key_locate(s, k);
	if (rv == CKR_OK)
		c->key = &k->key;
	else
		key_free(k);
	return rv;
}

static int
p11_take(struct hsm *h, const struct hsm_key_info *info, struct hsm_key **key,
    struct error *e)
{
	struct taking c = {info, NULL};

	if (p11_call((struct p11_store *)h, take_call, &c, true, e) == -1)
		return -1;
	*key = c.key;
	return 0;
}

static CK_RV
destroy_call(struct p11_store *s, void *arg, struct error *e)
{
	struct p11_key *k = arg;
	struct token *t = s->token;
	CK_RV rv = CKR_OK;

	(void)e;
	for (unsigned i = 0; i < s->hsm.sessions; i++)
		if (k->signs[i] != k->private)
			P11(t->module, C_DestroyObject, s->worker[i].session,
			    k->signs[i]);
	if (k->private != CK_INVALID_HANDLE)
		rv = P11(t->module, C_DestroyObject, t->anchor, k->private);
	if (rv == CKR_OK && k->public != CK_INVALID_HANDLE)
		rv = P11(t->module, C_DestroyObject, t->anchor, k->public);
	if (rv == CKR_OK)
		key_free(k);
	return rv;
}

static int
p11_destroy(struct hsm_key *key, struct error *e)
{
	return p11_call(
	    (struct p11_store *)key->hsm, destroy_call, key, false, e);
}

const struct backend backend_pkcs11 = {
    .open = p11_open,
    .close = p11_close,
    .list = p11_list,
    .take = p11_take,
    .generate = p11_generate,
    .import = p11_import,
    .destroy = p11_destroy,
    .sign = p11_sign,
};
