#include "hsm/p11.h"

#include <stdlib.h>
#include <string.h>

#include <p11-kit/uri.h>

#include "lib/xalloc.h"

void
field_text(char *out, size_t room, const unsigned char *field, size_t len)
{
	while (len > 0 && (field[len - 1] == ' ' || field[len - 1] == '\0'))
		len--;
	if (len >= room)
		len = room - 1;
	for (size_t i = 0; i < len; i++)
		out[i] =
		    field[i] < ' ' || field[i] == 127 ? '?' : (char)field[i];
	out[len] = '\0';
}

CK_RV
slots_list(struct module *m, CK_SLOT_ID *slots, CK_ULONG *n)
{
	CK_RV rv;

	/* Asking for the number makes some modules look for new tokens. */
	rv = P11(m, C_GetSlotList, CK_TRUE, NULL, n);
	if (rv != CKR_OK)
		return rv;
	*n = SLOTS_MAX;
	rv = P11(m, C_GetSlotList, CK_TRUE, slots, n);
	return rv == CKR_OK && *n > SLOTS_MAX ? P11_LENGTH : rv;
}

/* Call fn for each initialised token. */
static CK_RV
each_token(struct module *m,
    void (*fn)(CK_SLOT_ID slot, const CK_TOKEN_INFO *info, void *arg),
    void *arg)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_TOKEN_INFO info;
	CK_ULONG n;
	CK_RV rv = slots_list(m, slots, &n);

	if (rv != CKR_OK)
		return rv;
	for (CK_ULONG i = 0; i < n; i++) {
		rv = P11(m, C_GetTokenInfo, slots[i], &info);
		if (rv == CKR_OK && (info.flags & CKF_TOKEN_INITIALIZED))
			fn(slots[i], &info, arg);
	}
	return CKR_OK;
}

struct match {
	const struct uri *uri;
	const struct token *token;
	CK_SLOT_ID slot;
	CK_TOKEN_INFO info;
	unsigned n;
};

static void
match_uri(CK_SLOT_ID slot, const CK_TOKEN_INFO *info, void *arg)
{
	struct match *m = arg;

	if (p11_kit_uri_match_token_info(m->uri->match, info) != 1)
		return;
	m->slot = slot;
	m->info = *info;
	m->n++;
}

CK_RV
slot_by_uri(struct module *m, const struct uri *u, CK_SLOT_ID *slot,
    CK_TOKEN_INFO *info, struct error *e)
{
	struct match found = {.uri = u};
	CK_RV rv = each_token(m, match_uri, &found);

	if (rv != CKR_OK)
		return rv;
	if (found.n == 0)
		return CKR_TOKEN_NOT_PRESENT;
	if (found.n > 1) {
		error_set(e, "%s: %u tokens match; name the serial, too",
		    u->text, found.n);
		return P11_TOLD;
	}
	*slot = found.slot;
	*info = found.info;
	return CKR_OK;
}

static bool
same_token(const CK_TOKEN_INFO *a, const CK_TOKEN_INFO *b)
{
	return memcmp(a->label, b->label, sizeof a->label) == 0 &&
	       memcmp(a->serialNumber, b->serialNumber,
		   sizeof a->serialNumber) == 0 &&
	       memcmp(a->manufacturerID, b->manufacturerID,
		   sizeof a->manufacturerID) == 0 &&
	       memcmp(a->model, b->model, sizeof a->model) == 0;
}

static void
match_token(CK_SLOT_ID slot, const CK_TOKEN_INFO *info, void *arg)
{
	struct match *m = arg;

	if (!same_token(info, &m->token->info))
		return;
	m->slot = slot;
	m->n++;
}

CK_RV
slot_by_token(struct token *t)
{
	struct match found = {.token = t};
	CK_RV rv = each_token(t->module, match_token, &found);

	if (rv != CKR_OK)
		return rv;
	if (found.n != 1)
		return CKR_TOKEN_NOT_PRESENT;
	t->slot = found.slot;
	return CKR_OK;
}

/* Whether the token hashes for RSA itself, with both of our digests. */
static bool
hashes_for_rsa(const struct token *t)
{
	static const CK_MECHANISM_TYPE both[] = {
	    CKM_SHA256_RSA_PKCS, CKM_SHA512_RSA_PKCS};
	CK_MECHANISM_INFO info;

	for (size_t i = 0; i < 2; i++)
		if (P11(t->module, C_GetMechanismInfo, t->slot, both[i],
			&info) != CKR_OK ||
		    !(info.flags & CKF_SIGN))
			return false;
	return true;
}

struct token *
token_get(struct module *m, CK_SLOT_ID slot, const CK_TOKEN_INFO *info)
{
	char manufacturer[33], model[17];
	struct token *t;

	for (t = m->tokens; t != NULL; t = t->next)
		if (same_token(&t->info, info)) {
			t->info = *info; /* the flags of now */
			return t;
		}
	t = xcalloc(1, sizeof *t);
	t->module = m;
	t->slot = slot;
	t->info = *info;
	field_text(t->name, sizeof t->name, info->label, sizeof info->label);
	field_text(manufacturer, sizeof manufacturer, info->manufacturerID,
	    sizeof info->manufacturerID);
	field_text(model, sizeof model, info->model, sizeof info->model);
	t->quirks = quirks_find(manufacturer, model, m->info.libraryVersion);
	t->rsa_hashes = hashes_for_rsa(t);
	t->next = m->tokens;
	m->tokens = t;
	return t;
}
