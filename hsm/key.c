/* Handles to keys, and what is told of keys: the bookkeeping. */
#include <stdlib.h>
#include <string.h>

#include "hsm/backend.h"
#include "lib/xalloc.h"

void
hsm_key_info_free(struct hsm_key_info *i)
{
	buf_free(&i->public_key);
}

void
key_info_copy(struct hsm_key_info *to, const struct hsm_key_info *from)
{
	*to = *from;
	to->public_key = (struct buf)BUF_INIT;
	buf_add(&to->public_key, from->public_key.data, from->public_key.len);
}

void
hsm_key_init(struct hsm_key *k, struct hsm *h, const struct hsm_key_info *info)
{
	key_info_copy(&k->info, info);
	k->hsm = h;
	k->next = h->keys;
	h->keys = k;
}

void
hsm_key_detach(struct hsm_key *k)
{
	struct hsm_key **p = &k->hsm->keys;

	while (*p != k)
		p = &(*p)->next;
	*p = k->next;
	hsm_key_info_free(&k->info);
}

struct hsm_key_info *
key_list_add(struct key_list *l)
{
	if (l->n == HSM_KEYS_MAX)
		return NULL;
	l->key = xreallocarray(l->key, l->n + 1, sizeof *l->key);
	memset(&l->key[l->n], 0, sizeof *l->key);
	return &l->key[l->n++];
}

void
key_list_free(struct key_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		hsm_key_info_free(&l->key[i]);
	free(l->key);
	l->key = NULL;
	l->n = 0;
}

bool
wanted_matches(const struct wanted *w, const struct hsm_key_info *i)
{
	if (w->id_len > 0 &&
	    (w->id_len != i->id_len || memcmp(w->id, i->id, i->id_len) != 0))
		return false;
	return w->label == NULL || strcmp(w->label, i->label) == 0;
}
