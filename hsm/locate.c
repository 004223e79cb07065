/* From what a store says of a key to its objects, and from all objects to a
 * list of keys. */
#include "hsm/p11.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

/*
 * The public half that goes with a private one: of the same id and label, or
 * of the same id alone where the labels differ.  Two that fit are none.
 */
static CK_RV
find_public(struct token *t, const struct wanted *both, struct handles *h)
{
	const struct wanted by_id = {both->id, both->id_len, NULL};
	CK_RV rv = objects_find(t, CKO_PUBLIC_KEY, both, h);

	if (rv == CKR_OK && h->n == 0 && both->id_len > 0)
		rv = objects_find(t, CKO_PUBLIC_KEY, &by_id, h);
	return rv;
}

/*
 * SoftHSM signs faster with a session copy of the key; the copy keeps all
 * its restrictions and goes with the session.
 */
static CK_OBJECT_HANDLE
session_copy(struct token *t, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE o)
{
	struct template copy = {.n = 0};
	CK_OBJECT_HANDLE made;

	if (!(t->quirks & QUIRK_SESSION_COPY))
		return o;
	template_bool(&copy, CKA_TOKEN, false);
	if (P11(t->module, C_CopyObject, session, o, copy.a, copy.n, &made) !=
	    CKR_OK)
		return o;
	return made;
}

static CK_RV
locate(struct p11_store *s, struct p11_key *k, struct handles *h)
{
	struct token *t = s->token;
	const struct hsm_key_info *i = &k->key.info;
	const struct wanted both = {i->id, i->id_len, i->label};
	CK_RV rv = CKR_OK;

	if (i->has_private) {
		rv = objects_find(t, CKO_PRIVATE_KEY, &both, h);
		if (rv == CKR_OK && h->n != 1)
			rv = CKR_KEY_HANDLE_INVALID;
		if (rv == CKR_OK)
			k->private = h->h[0];
	}
	if (rv == CKR_OK)
		rv = find_public(t, &both, h);
	if (rv == CKR_OK && h->n == 1)
		k->public = h->h[0];
	return rv;
}

/* After a loss the same names must lead to the same key. */
static CK_RV
compare(struct p11_store *s, struct p11_key *k)
{
	struct hsm_key_info now;
	bool ours;
	CK_RV rv = object_read(s->token, k->private, k->public, &now, &ours);

	if (rv != CKR_OK)
		return rv;
	k->changed = !ours ||
		     now.public_key.len != k->key.info.public_key.len ||
		     (now.public_key.len > 0 && memcmp(now.public_key.data,
						    k->key.info.public_key.data,
						    now.public_key.len) != 0);
	if (ours)
		hsm_key_info_free(&now);
	return CKR_OK;
}

CK_RV
key_locate(struct p11_store *s, struct p11_key *k)
{
	struct handles *h = xmalloc(sizeof *h);
	CK_RV rv;

	key_forget(s, k);
	rv = locate(s, k, h);
	free(h);
	if (rv == CKR_OK)
		rv = compare(s, k);
	if (rv != CKR_OK) {
		key_forget(s, k);
		return rv;
	}
	for (unsigned n = 0; n < s->hsm.sessions; n++)
		k->signs[n] = k->private == CK_INVALID_HANDLE
				  ? k->private
				  : session_copy(s->token, s->worker[n].session,
					k->private);
	return CKR_OK;
}

void
key_forget(struct p11_store *s, struct p11_key *k)
{
	k->private = CK_INVALID_HANDLE;
	k->public = CK_INVALID_HANDLE;
	for (unsigned n = 0; n < s->hsm.sessions; n++)
		k->signs[n] = CK_INVALID_HANDLE;
}

struct listing {
	const struct wanted *w;
	struct key_list *list;
	struct handles private, public, pair;
	CK_OBJECT_HANDLE paired[HSM_KEYS_MAX]; /* public halves */
	size_t n_paired;
};

static CK_RV
list_one(struct token *t, struct listing *l, CK_OBJECT_HANDLE private,
    CK_OBJECT_HANDLE public)
{
	struct hsm_key_info info, *i;
	bool ours;
	CK_RV rv = object_read(t, private, public, &info, &ours);

	if (rv != CKR_OK || !ours)
		return rv;
	if ((i = key_list_add(l->list)) == NULL) {
		hsm_key_info_free(&info);
		return P11_TOO_MANY;
	}
	*i = info;
	return CKR_OK;
}

static CK_RV
list_private(struct token *t, struct listing *l, CK_OBJECT_HANDLE private)
{
	CK_OBJECT_HANDLE public = CK_INVALID_HANDLE;
	struct hsm_key_info i;
	struct wanted both;
	bool ours;
	CK_RV rv = object_read(t, private, CK_INVALID_HANDLE, &i, &ours);

	if (rv != CKR_OK || !ours)
		return rv;
	both = (struct wanted){i.id, i.id_len, i.label};
	rv = find_public(t, &both, &l->pair);
	hsm_key_info_free(&i);
	if (rv != CKR_OK)
		return rv;
	if (l->pair.n == 1) {
		public = l->pair.h[0];
		l->paired[l->n_paired++] = public;
	}
	return list_one(t, l, private, public);
}

static bool
is_paired(const struct listing *l, CK_OBJECT_HANDLE public)
{
	for (size_t i = 0; i < l->n_paired; i++)
		if (l->paired[i] == public)
			return true;
	return false;
}

static CK_RV
list_all(struct token *t, struct listing *l)
{
	CK_RV rv = objects_find(t, CKO_PRIVATE_KEY, l->w, &l->private);

	if (rv == CKR_OK)
		rv = objects_find(t, CKO_PUBLIC_KEY, l->w, &l->public);
	for (size_t i = 0; rv == CKR_OK && i < l->private.n; i++)
		rv = list_private(t, l, l->private.h[i]);
	for (size_t i = 0; rv == CKR_OK && i < l->public.n; i++)
		if (!is_paired(l, l->public.h[i]))
			rv = list_one(t, l, CK_INVALID_HANDLE, l->public.h[i]);
	return rv;
}

CK_RV
store_list(struct p11_store *s, const struct wanted *w, struct key_list *list)
{
	struct listing *l = xcalloc(1, sizeof *l);
	CK_RV rv;

	l->w = w;
	l->list = list;
	rv = list_all(s->token, l);
	free(l);
	if (rv != CKR_OK)
		key_list_free(list);
	return rv;
}
