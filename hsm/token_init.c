#include <stdlib.h>
#include <string.h>

#include <p11-kit/uri.h>

#include "hsm/p11.h"

struct initialising {
	const struct uri *uri;
	const struct secret *so_pin, *user_pin;
	struct module *module;
	CK_SLOT_ID slot;
};

/* The first slot whose token nobody has initialised. */
static CK_RV
blank_slot(struct initialising *i)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_TOKEN_INFO info;
	CK_ULONG n;
	CK_RV rv = slots_list(i->module, slots, &n);

	for (CK_ULONG s = 0; rv == CKR_OK && s < n; s++) {
		if (P11(i->module, C_GetTokenInfo, slots[s], &info) != CKR_OK ||
		    (info.flags & CKF_TOKEN_INITIALIZED))
			continue;
		i->slot = slots[s];
		return CKR_OK;
	}
	return rv == CKR_OK ? CKR_TOKEN_NOT_PRESENT : rv;
}

static CK_RV
choose_slot(struct initialising *i, bool again, struct error *e)
{
	CK_TOKEN_INFO info;
	struct token *t;
	CK_RV rv = slot_by_uri(i->module, i->uri, &i->slot, &info, e);

	if (rv == CKR_TOKEN_NOT_PRESENT)
		return blank_slot(i);
	if (rv != CKR_OK)
		return rv;
	t = token_get(i->module, i->slot, &info);
	if (!again)
		error_set(e, "%s: there is such a token already", i->uri->text);
	else if (t->stores != NULL)
		error_set(e, "%s: the token is open", i->uri->text);
	else if (info.flags & (CKF_SO_PIN_LOCKED | CKF_SO_PIN_FINAL_TRY))
		error_set(e,
		    "%s: the SO PIN is locked, or one wrong one more "
		    "would lock it",
		    i->uri->text);
	else
		return CKR_OK;
	return P11_TOLD;
}

/* The user's PIN is set by the security officer. */
static CK_RV
set_user_pin(struct initialising *i)
{
	struct module *m = i->module;
	CK_SESSION_HANDLE s;
	CK_RV rv = P11(m, C_OpenSession, i->slot,
	    CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s);

	if (rv != CKR_OK)
		return rv;
	rv = P11(m, C_Login, s, CKU_SO, (CK_UTF8CHAR *)i->so_pin->text,
	    i->so_pin->len);
	if (rv == CKR_OK)
		rv = P11(m, C_InitPIN, s, (CK_UTF8CHAR *)i->user_pin->text,
		    i->user_pin->len);
	/* Logs out, too; what went wrong before keeps its name. */
	m->f->C_CloseSession(s);
	return rv;
}

static CK_RV
initialise(struct initialising *i, bool again, struct error *e)
{
	CK_UTF8CHAR label[32];
	CK_RV rv = module_initialise(i->module);

	memset(label, ' ', sizeof label);
	memcpy(label, i->uri->token, strlen(i->uri->token));
	if (rv == CKR_OK)
		rv = choose_slot(i, again, e);
	if (rv == CKR_OK)
		rv = P11(i->module, C_InitToken, i->slot,
		    (CK_UTF8CHAR *)i->so_pin->text, i->so_pin->len, label);
	if (rv == CKR_OK)
		rv = set_user_pin(i);
	return rv;
}

/* What was known of a token with these facts is out of date. */
static void
forget_wrong_pin(struct initialising *i)
{
	CK_TOKEN_INFO info;

	if (P11(i->module, C_GetTokenInfo, i->slot, &info) == CKR_OK)
		token_get(i->module, i->slot, &info)->pin_wrong = false;
}

int
p11_token_init(const struct uri *u, const struct secret *so_pin,
    const struct secret *user_pin, bool again, struct error *e)
{
	struct initialising i = {
	    .uri = u, .so_pin = so_pin, .user_pin = user_pin};
	CK_RV rv;

	if (u->token == NULL || strlen(u->token) > 32)
		return error_set(e,
		    "%s: expected a token label of 1 to 32 "
		    "octets",
		    u->text);
	if (so_pin->text == NULL || user_pin->text == NULL)
		return error_set(e, "%s: two PINs are needed", u->text);
	if (module_get(&i.module, u->module, e) == -1)
		return error_prefix(e, "%s", u->text);
	pthread_rwlock_wrlock(&i.module->lock);
	rv = initialise(&i, again, e);
	if (rv == CKR_OK)
		forget_wrong_pin(&i);
	else if (rv == CKR_TOKEN_NOT_PRESENT)
		error_set(e, "%s: no slot with a blank token", u->text);
	else if (rv != P11_TOLD)
		ckr_error(e, "", u->text, rv);
	pthread_rwlock_unlock(&i.module->lock);
	return rv == CKR_OK ? 0 : -1;
}
