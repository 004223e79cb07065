#include "keytool/inventory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/hex.h"
#include "lib/xalloc.h"

int
inventory_add(struct inventory *inv, enum key_role role, struct hsm *h,
    struct error *e)
{
	struct inventory_token t = {.role = role,
	    .identity = *hsm_identity(h)};

	if (hsm_list(h, &t.held, &t.n, e) == -1)
		return error_prefix(e, "token %s", t.identity.name);
	inv->token = xreallocarray(inv->token, inv->tokens + 1,
	    sizeof *inv->token);
	inv->token[inv->tokens++] = t;
	return 0;
}

void
inventory_free_list(struct hsm_key_info *held, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hsm_key_info_free(&held[i]);
	free(held);
}

void
inventory_free(struct inventory *inv)
{
	for (unsigned i = 0; i < inv->tokens; i++)
		inventory_free_list(inv->token[i].held, inv->token[i].n);
	for (size_t i = 0; i < inv->differences; i++)
		free(inv->difference[i].text);
	free(inv->token);
	free(inv->difference);
	memset(inv, 0, sizeof *inv);
}

static void __attribute__((format(printf, 3, 4)))
find(struct inventory *inv, bool error, const char *fmt, ...)
{
	struct inventory_difference f = {.error = error};
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) == -1)
		text = NULL;
	va_end(ap);
	f.text = text != NULL ? text : xstrdup("out of memory");
	inv->difference = xreallocarray(inv->difference, inv->differences + 1,
	    sizeof *inv->difference);
	inv->difference[inv->differences++] = f;
}

/* A key that the state says is destroyed must be nowhere. */
static void
compare_key(struct inventory *inv, const struct inventory_token *t,
    const struct key *k)
{
	enum holding h = holding_of(t->held, t->n, k);
	bool destroyed = k->at[KEY_DESTROYED] != TIME_NEVER;

	if (destroyed && h != HOLDING_NONE && h != HOLDING_OTHER)
		find(inv, h != HOLDING_PUBLIC, "token %s: key %s (%.16s) is "
		    "destroyed, says the state, but it is here: %s",
		    t->identity.name, k->label, k->id, holding_text(h));
	if (destroyed || k->role != t->role)
		return;
	if (h == HOLDING_HIDDEN)
		find(inv, false, "token %s: key %s (%.16s): %s",
		    t->identity.name, k->label, k->id, holding_text(h));
	else if (h != HOLDING_SAME)
		find(inv, true, "token %s: key %s (%.16s): %s",
		    t->identity.name, k->label, k->id, holding_text(h));
}

bool
inventory_unknown(const struct hsm_key_info *held, const struct keys *keys)
{
	for (size_t i = 0; i < keys->n; i++)
		if (held->public_key.len > 0
			? holding_is(held, &keys->key[i])
			: strcmp(held->label, keys->key[i].label) == 0)
			return false;
	return true;
}

static void
compare_held(struct inventory *inv, const struct inventory_token *t,
    const struct hsm_key_info *held, const struct keys *keys)
{
	char id[2 * HSM_ID_MAX + 1];
	struct buf weak = BUF_INIT;

	hex_encode(id, held->id, held->id_len);
	if (inventory_unknown(held, keys))
		find(inv, false, "token %s: key %s (CKA_ID %s, %u bits): not "
		    "in the state", t->identity.name,
		    held->label[0] != '\0' ? held->label : "without label",
		    held->id_len > 0 ? id : "none", held->bits);
	if (holding_weakness(held, &t->identity, &weak))
		find(inv, false, "token %s: key %s: %s", t->identity.name,
		    held->label, buf_cstr(&weak));
	buf_free(&weak);
}

/* Was this token listed before, for the other role? */
static bool
is_listed(const struct inventory *inv, unsigned at)
{
	const struct hsm_identity *id = &inv->token[at].identity;

	for (unsigned i = 0; i < at; i++)
		if (strcmp(inv->token[i].identity.name, id->name) == 0 &&
		    strcmp(inv->token[i].identity.serial, id->serial) == 0)
			return true;
	return false;
}

void
inventory_compare(struct inventory *inv, const struct keys *keys)
{
	for (unsigned i = 0; i < inv->tokens; i++) {
		const struct inventory_token *t = &inv->token[i];

		for (size_t k = 0; k < keys->n; k++)
			compare_key(inv, t, &keys->key[k]);
		for (size_t k = 0; k < t->n && !is_listed(inv, i); k++)
			compare_held(inv, t, &t->held[k], keys);
	}
}
