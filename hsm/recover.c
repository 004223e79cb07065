/*
 * A session, token or device that was lost is re-established: sessions,
 * login, objects; and if that is not enough, the module from C_Initialize on.
 */
#include "hsm/p11.h"

#include "hsm/patience.h"

static CK_RV
attempt(struct p11_store *s, p11_fn *fn, void *arg, bool *ran, unsigned *epoch,
    struct error *e)
{
	struct token *t = s->token;
	CK_RV rv;

	pthread_rwlock_rdlock(&t->module->lock);
	*epoch = t->epoch;
	*ran = t->open;
	rv = t->open ? fn(s, arg, e) : t->why;
	pthread_rwlock_unlock(&t->module->lock);
	return rv;
}

static CK_RV
reopen(struct token *t, bool restart, struct error *e)
{
	CK_RV rv = CKR_GENERAL_ERROR;

	token_close(t, t->why);
	if (!restart)
		rv = token_open(t, e);
	if (!ckr_lost(rv))
		return rv;
	rv = module_restart(t->module);
	return rv == CKR_OK ? token_open(t, e) : rv;
}

/* One try, unless another thread was faster. */
static CK_RV
reestablish(struct token *t, unsigned epoch, bool restart, struct error *e)
{
	CK_RV rv = CKR_OK;

	pthread_rwlock_wrlock(&t->module->lock);
	if (t->epoch == epoch) {
		rv = reopen(t, restart, e);
		if (rv == CKR_OK)
			for (struct p11_store *s = t->stores; s != NULL;
			     s = s->next)
				s->hsm.recoveries++;
	}
	pthread_rwlock_unlock(&t->module->lock);
	return rv;
}

static int
given_up(
    const struct token *t, const struct patience *p, CK_RV rv, struct error *e)
{
	ckr_error(e, "token ", t->name, rv);
	return error_prefix(e, "lost, and not back after %u %s in %.1f s",
	    p->tries, p->tries == 1 ? "try" : "tries", patience_spent(p));
}

/* Until the token is open again, or patience ends. */
static int
mend(struct token *t, unsigned epoch, CK_RV rv, struct patience *p,
    struct error *e)
{
	do {
		if (patience_wait(p) == -1)
			return given_up(t, p, rv, e);
		rv = reestablish(t, epoch, p->tries > 1, e);
	} while (ckr_lost(rv));
	if (rv == CKR_OK)
		return 0;
	return rv == P11_TOLD ? -1 : ckr_error(e, "token ", t->name, rv);
}

int
p11_call(
    struct p11_store *s, p11_fn *fn, void *arg, bool again, struct error *e)
{
	struct patience p = PATIENCE_INIT(s->keep_trying, 0);
	unsigned epoch;
	bool ran;
	CK_RV rv;

	while ((rv = attempt(s, fn, arg, &ran, &epoch, e)) != CKR_OK) {
		if (rv == P11_TOLD)
			return -1;
		if ((ran && !again) || !ckr_lost(rv))
			return ckr_error(e, "token ", s->token->name, rv);
		if (mend(s->token, epoch, rv, &p, e) == -1)
			return -1;
	}
	return 0;
}
