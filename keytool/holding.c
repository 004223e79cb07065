#include <string.h>

#include "keytool/inventory.h"

const char *
holding_text(enum holding h)
{
	static const char *const text[] = {
	    [HOLDING_NONE] = "missing",
	    [HOLDING_SAME] = "held",
	    [HOLDING_HIDDEN] = "held, public half not shown",
	    [HOLDING_PUBLIC] = "public half only",
	    [HOLDING_MOVED] = "under another label or CKA_ID",
	    [HOLDING_TWICE] = "held twice",
	    [HOLDING_OTHER] = "another key under its label and CKA_ID",
	};

	return text[h];
}

bool
holding_is(const struct hsm_key_info *held, const struct key *k)
{
	return held->public_key.len == k->public_key.len &&
	    memcmp(held->public_key.data, k->public_key.data,
		k->public_key.len) == 0;
}

static bool
has_names(const struct hsm_key_info *held, const struct key *k)
{
	return held->id_len == k->cka_id_len &&
	    memcmp(held->id, k->cka_id, k->cka_id_len) == 0 &&
	    strcmp(held->label, k->label) == 0;
}

static enum holding
judge(const struct hsm_key_info *held, const struct key *k)
{
	if (held->public_key.len == 0)
		return HOLDING_HIDDEN;
	if (!holding_is(held, k))
		return HOLDING_OTHER;
	return held->has_private ? HOLDING_SAME : HOLDING_PUBLIC;
}

enum holding
holding_of(const struct hsm_key_info *held, size_t n, const struct key *k)
{
	enum holding found = HOLDING_NONE;
	bool named = false;

	for (size_t i = 0; i < n; i++) {
		if (has_names(&held[i], k)) {
			if (named)
				return HOLDING_TWICE;
			named = true;
			found = judge(&held[i], k);
		} else if (!named && held[i].has_private &&
		    holding_is(&held[i], k)) {
			found = HOLDING_MOVED;
		}
	}
	return found;
}

/* A file has no attributes to speak of. */
static bool
is_files(const struct hsm_identity *store)
{
	return store->serial[0] == '\0';
}

bool
holding_weakness(const struct hsm_key_info *held,
    const struct hsm_identity *store, struct buf *out)
{
	const struct {
		bool is;
		const char *text;
	} weak[] = {
	    {!held->sensitive, "not sensitive"},
	    {held->extractable, "extractable"},
	    {!held->extractable && !held->never_extractable,
		"not always out of reach (imported)"},
	    {held->modifiable, "modifiable"},
	    {!held->sign_only, "may do more than sign"},
	};
	bool found = false;

	if (!held->has_private || is_files(store))
		return false;
	for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
		if (weak[i].is)
			buf_printf(out, "%s%s", found ? ", " : "",
			    weak[i].text);
		found = found || weak[i].is;
	}
	return found;
}
