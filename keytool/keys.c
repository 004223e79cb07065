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

/* A tag as a decimal number; -1: the text is none. */
static long
tag_of(const char *text)
{
	size_t len = strspn(text, "0123456789");
	long v = 0;

	if (len == 0 || len > 5 || text[len] != '\0')
		return -1;
	while (*text != '\0')
		v = v * 10 + (*text++ - '0');
	return v;
}

static bool
is_named(const struct key *k, const char *name, long tag)
{
	size_t len = strlen(name);

	return strcmp(k->label, name) == 0 || k->tag == tag ||
	    k->tag_revoked == tag ||
	    (len >= ID_PREFIX_MIN && strncasecmp(k->id, name, len) == 0);
}

static int
ambiguous(const struct keys *ks, const char *name, struct error *e)
{
	long tag = tag_of(name);
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < ks->n; i++) {
		const struct key *k = &ks->key[i];

		if (is_named(k, name, tag))
			buf_printf(&b, "%s%.16s (%s %s)", b.len ? ", " : "",
			    k->id, key_role_text(k->role), k->label);
	}
	error_set(e, "key \"%.128s\" may be any of: %s", name, buf_cstr(&b));
	buf_free(&b);
	return -1;
}

int
keys_named(const struct keys *ks, const char *name, const struct key **found,
    struct error *e)
{
	const struct key *k = keys_by_id(ks, name);
	long tag = tag_of(name);
	size_t n = k != NULL;

	for (size_t i = 0; n == 0 && i < ks->n; i++)
		if (is_named(&ks->key[i], name, tag) && k == NULL)
			k = &ks->key[i];
		else if (is_named(&ks->key[i], name, tag))
			return ambiguous(ks, name, e);
	if (k == NULL)
		return error_set(e, "the state has no key \"%.128s\"", name);
	*found = k;
	return 0;
}
