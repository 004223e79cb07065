#include "keytool/token_wipe.h"

#include "keytool/inventory.h"

/* e: why it may not be destroyed. */
static bool
is_needed(const struct key *k, int64_t now, struct error *e)
{
	return k->at[KEY_DESTROYED] == TIME_NEVER &&
	    key_may_destroy(k, now, e) == -1;
}

bool
keys_needed(const struct keys *ks, int64_t now)
{
	struct error why = ERROR_INIT;

	for (size_t i = 0; i < ks->n; i++)
		if (is_needed(&ks->key[i], now, &why))
			return true;
	return false;
}

static int
check_key(const struct hsm_key_info *held, size_t n, const struct key *k,
    int64_t now, struct error *e)
{
	enum holding holding = holding_of(held, n, k);
	struct error why = ERROR_INIT;

	if (holding == HOLDING_NONE || holding == HOLDING_PUBLIC ||
	    !is_needed(k, now, &why))
		return 0;
	return error_no(e, "%s (%s): nothing was done", why.text,
	    holding_text(holding));
}

int
token_may_wipe(struct hsm *h, const struct keys *ks, int64_t now,
    struct error *e)
{
	struct hsm_key_info *held = NULL;
	size_t n = 0;
	int rv = 0;

	if (hsm_list(h, &held, &n, e) == -1)
		return -1;
	for (size_t i = 0; rv == 0 && i < ks->n; i++)
		rv = check_key(held, n, &ks->key[i], now, e);
	inventory_free_list(held, n);
	return rv;
}
