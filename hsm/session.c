#include "hsm/p11.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

static CK_RV
session_open(struct token *t, bool write, CK_SESSION_HANDLE *s)
{
	CK_FLAGS flags = CKF_SERIAL_SESSION | (write ? CKF_RW_SESSION : 0);

	return P11(t->module, C_OpenSession, t->slot, flags, NULL, NULL, s);
}

/*
 * Whether the token may have looked at the PIN, and counted it as wrong: all
 * but what PKCS#11 has it say before, and what SoftHSM says in a race.
 */
static bool
pin_judged(const struct token *t, CK_RV rv)
{
	switch (rv) {
	case CKR_CRYPTOKI_NOT_INITIALIZED:
	case CKR_DEVICE_REMOVED:
	case CKR_SESSION_CLOSED:
	case CKR_SESSION_HANDLE_INVALID:
	case CKR_TOKEN_NOT_PRESENT:
		return false;
	case CKR_GENERAL_ERROR:
	case CKR_USER_PIN_NOT_INITIALIZED:
		return !(t->quirks & QUIRK_LOGIN_RACES);
	default:
		return true;
	}
}

/* A PIN that was judged is never sent again in this process. */
static CK_RV
pin_refused(struct token *t, CK_RV rv, struct error *e)
{
	t->pin_wrong = true;
	secret_clear(&t->pin);
	ckr_error(e, "token ", t->name, rv);
	if (ckr_lost(rv))
		error_prefix(e, "the login failed: it is not tried again");
	return P11_TOLD;
}

/* May a PIN be sent at all? */
static CK_RV
pin_allowed(struct token *t, bool again, struct error *e)
{
	CK_TOKEN_INFO info;
	CK_RV rv = P11(t->module, C_GetTokenInfo, t->slot, &info);

	if (rv != CKR_OK)
		return rv;
	if (info.flags & CKF_USER_PIN_LOCKED)
		error_set(e,
		    "token %s: the PIN is locked: the security "
		    "officer has to unlock it",
		    t->name);
	else if (info.flags & CKF_USER_PIN_FINAL_TRY)
		error_set(e,
		    "token %s: one wrong PIN more would lock it: "
		    "log in by other means first",
		    t->name);
	else if (t->pin_wrong)
		error_set(e,
		    "token %s: a login failed before: the PIN is not "
		    "tried again",
		    t->name);
	else if (again && (info.flags & CKF_USER_PIN_COUNT_LOW))
		error_set(e,
		    "token %s: it counts a wrong PIN: no further "
		    "try",
		    t->name);
	else
		return CKR_OK;
	return P11_TOLD;
}

CK_RV
token_login(struct token *t, struct error *e)
{
	CK_RV rv = pin_allowed(t, t->pin_sent, e);

	if (rv != CKR_OK)
		return rv;
	rv = P11(t->module, C_Login, t->anchor, CKU_USER,
	    t->pin_pad ? NULL : (CK_UTF8CHAR *)t->pin.text,
	    t->pin_pad ? 0 : t->pin.len);
	/* From here on COUNT_LOW may be our own doing. */
	t->pin_sent = true;
	t->logged_in = rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN;
	if (t->logged_in)
		return CKR_OK;
	if (pin_judged(t, rv))
		return pin_refused(t, rv, e);
	return rv == CKR_USER_PIN_NOT_INITIALIZED ? CKR_GENERAL_ERROR : rv;
}

CK_RV
store_open(struct p11_store *s)
{
	unsigned n;
	CK_RV rv = CKR_OK;

	for (n = 0; n < s->hsm.sessions; n++) {
		rv = session_open(s->token, false, &s->worker[n].session);
		if (rv != CKR_OK)
			break;
	}
	if (rv == CKR_SESSION_COUNT && !s->opened && n > 0) {
		s->hsm.sessions = n;
		rv = CKR_OK;
	}
	s->opened = s->opened || rv == CKR_OK;
	for (struct hsm_key *k = s->hsm.keys; rv == CKR_OK && k != NULL;
	     k = k->next) {
		rv = key_locate(s, (struct p11_key *)k);
		/* Told when somebody signs with it. */
		if (rv == CKR_KEY_HANDLE_INVALID)
			rv = CKR_OK;
	}
	return rv;
}

/* The handles die with their sessions, or with the module. */
static void
store_forget(struct p11_store *s)
{
	for (unsigned i = 0; i < s->hsm.sessions; i++)
		s->worker[i].session = CK_INVALID_HANDLE;
	for (struct hsm_key *k = s->hsm.keys; k != NULL; k = k->next)
		key_forget(s, (struct p11_key *)k);
}

void
store_close(struct p11_store *s)
{
	for (unsigned i = 0; i < s->hsm.sessions; i++)
		if (s->worker[i].session != CK_INVALID_HANDLE)
			s->token->module->f->C_CloseSession(
			    s->worker[i].session);
	store_forget(s);
}

CK_RV
token_open(struct token *t, struct error *e)
{
	CK_RV rv = slot_by_token(t);

	if (rv != CKR_OK)
		return rv;
	t->open = true;
	rv = session_open(t, true, &t->anchor);
	if (rv == CKR_TOKEN_WRITE_PROTECTED)
		rv = session_open(t, false, &t->anchor);
	if (rv == CKR_OK && t->login)
		rv = token_login(t, e);
	for (struct p11_store *s = t->stores; rv == CKR_OK && s != NULL;
	     s = s->next)
		rv = store_open(s);
	if (rv == CKR_OK)
		t->epoch++;
	else
		token_close(t, rv);
	return rv;
}

void
token_close(struct token *t, CK_RV why)
{
	if (t->open && t->module->initialised)
		t->module->f->C_CloseAllSessions(t->slot);
	t->anchor = CK_INVALID_HANDLE;
	t->open = false;
	t->logged_in = false;
	/* Whoever comes next may try to open it again. */
	t->why = ckr_lost(why) ? why : CKR_SESSION_CLOSED;
	for (struct p11_store *s = t->stores; s != NULL; s = s->next)
		store_forget(s);
}
