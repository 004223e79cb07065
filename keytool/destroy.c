#include "keytool/destroy.h"

#include <stdlib.h>

#include "keytool/inventory.h"
#include "keytool/possession.h"
#include "lib/xalloc.h"

static int
holding_in(struct hsm *h, const struct key *k, enum holding *holding,
    struct error *e)
{
	struct hsm_key_info *held = NULL;
	size_t n = 0;

	if (hsm_list(h, &held, &n, e) == -1)
		return -1;
	*holding = holding_of(held, n, k);
	inventory_free_list(held, n);
	return 0;
}

/*
 * *found: the key, seen to be this one; NULL when it is not there.  One
 * whose public half is hidden has to prove that it is the one.
 */
static int
locate(struct hsm *h, const struct key *k, struct hsm_key **found,
    struct error *e)
{
	enum holding holding;

	*found = NULL;
	if (holding_in(h, k, &holding, e) == -1)
		return -1;
	switch (holding) {
	case HOLDING_NONE:
	case HOLDING_PUBLIC: /* the private half is gone: that is the aim */
		return 0;
	case HOLDING_SAME:
		return hsm_find(h, k->cka_id, k->cka_id_len, k->label, found,
		    e);
	case HOLDING_HIDDEN:
		return possession_prove(h, k, found, e);
	default:
		return error_set(e, "key %s: %s: nothing is destroyed",
		    k->label, holding_text(holding));
	}
}

static int
locate_all(const struct tokens *ts, const struct key *k,
    struct hsm_key **found, struct error *e)
{
	for (unsigned i = 0; i < ts->n; i++)
		if (locate(ts->hsm[i], k, &found[i], e) == -1)
			return error_prefix(e, "token %s",
			    hsm_identity(ts->hsm[i])->name);
	return 0;
}

static int
destroy_all(const struct tokens *ts, struct hsm_key **found, unsigned *gone,
    struct error *e)
{
	for (unsigned i = 0; i < ts->n; i++) {
		if (found[i] == NULL)
			continue;
		if (hsm_destroy(found[i], e) == -1)
			return error_prefix(e, "token %s",
			    hsm_identity(ts->hsm[i])->name);
		++*gone;
	}
	return 0;
}

int
destroy_key(const struct record *r, const struct tokens *ts,
    const struct key *k, unsigned *gone, struct error *e)
{
	struct hsm_key **found = xcalloc(ts->n, sizeof *found);
	char *where = tokens_text(ts);
	int rv = -1;

	*gone = 0;
	if (key_may_destroy(k, r->now, e) == -1 ||
	    locate_all(ts, k, found, e) == -1 ||
	    record_event(r, NULL, e, "intent: destroy %s %s, id %.16s, in "
		"%.200s", key_role_text(k->role), k->label, k->id, where) ==
		-1 ||
	    destroy_all(ts, found, gone, e) == -1)
		goto out;
	rv = record_time(r, k, KEY_DESTROYED, e,
	    "destroyed %s %s, tag %u, id %.16s", key_role_text(k->role),
	    k->label, k->tag, k->id);
out:
	free(where);
	free(found);
	return rv;
}
