#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keytool/key.h"
#include "lib/xalloc.h"

#define ID_PREFIX_MIN 8 /* hexadecimal digits */

void
keys_free(struct keys *ks)
{
	for (size_t i = 0; i < ks->n; i++)
		key_free(&ks->key[i]);
	free(ks->key);
	ks->key = NULL;
	ks->n = 0;
}

struct key *
keys_add(struct keys *ks, const struct key *k)
{
	/* Room grows by powers of two. */
	if ((ks->n & (ks->n - 1)) == 0)
		ks->key = xreallocarray(ks->key, ks->n ? 2 * ks->n : 1,
		    sizeof *ks->key);
	ks->key[ks->n] = *k;
	return &ks->key[ks->n++];
}

const struct key *
keys_by_id(const struct keys *ks, const char *id)
{
	for (size_t i = 0; i < ks->n; i++)
		if (strcmp(ks->key[i].id, id) == 0)
			return &ks->key[i];
	return NULL;
}

static bool
is_named(const struct key *k, const char *name)
{
	size_t len = strlen(name);

	return strcmp(k->label, name) == 0 ||
	    (len >= ID_PREFIX_MIN && strncasecmp(k->id, name, len) == 0);
}

/* A tag names no key, but it tells which keys a person may mean. */
static bool
has_tag(const struct key *k, const char *name)
{
	char tag[8], revoked[8];

	snprintf(tag, sizeof tag, "%u", k->tag);
	snprintf(revoked, sizeof revoked, "%u", k->tag_revoked);
	return strcmp(name, tag) == 0 || strcmp(name, revoked) == 0;
}

/* "0123456789abcdef (ksk LABEL), ..." of the keys that are like the name. */
static void
add_like(struct buf *b, const struct keys *ks, const char *name,
    bool (*like)(const struct key *k, const char *name))
{
	for (size_t i = 0; i < ks->n; i++) {
		const struct key *k = &ks->key[i];

		if (like(k, name))
			buf_printf(b, "%s%.16s (%s %s)", b->len ? ", " : "",
			    k->id, key_role_text(k->role), k->label);
	}
}

static int
ambiguous(const struct keys *ks, const char *name, struct error *e)
{
	struct buf b = BUF_INIT;

	add_like(&b, ks, name, is_named);
	error_set(e, "key \"%.128s\" may be any of: %s", name, buf_cstr(&b));
	buf_free(&b);
	return -1;
}

static int
unknown(const struct keys *ks, const char *name, struct error *e)
{
	struct buf b = BUF_INIT;

	add_like(&b, ks, name, has_tag);
	if (b.len > 0)
		error_set(e, "key \"%.128s\": a tag names no key; the ids "
		    "that have it: %s", name, buf_cstr(&b));
	else
		error_set(e, "the state has no key \"%.128s\"", name);
	buf_free(&b);
	return -1;
}

int
keys_named(const struct keys *ks, const char *name, const struct key **found,
    struct error *e)
{
	const struct key *k = keys_by_id(ks, name);
	bool whole = k != NULL;

	for (size_t i = 0; !whole && i < ks->n; i++)
		if (is_named(&ks->key[i], name) && k != NULL)
			return ambiguous(ks, name, e);
		else if (is_named(&ks->key[i], name))
			k = &ks->key[i];
	if (k == NULL)
		return unknown(ks, name, e);
	*found = k;
	return 0;
}
