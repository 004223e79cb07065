#include "keytool/adopt.h"

#include <stdio.h>
#include <string.h>

#include "keytool/possession.h"
#include "lib/pubkey.h"

/* Does the algorithm fit the public key?  Its curve is told by its length. */
static int
check_algorithm(const struct hsm_key_info *info, uint8_t number,
    struct error *e)
{
	const struct algorithm *a = algorithm_by_number(number);
	struct verifier *v = NULL;
	unsigned bits;

	if (a == NULL || !a->signs)
		return error_set(e, "algorithm %u: no keys are made for it",
		    number);
	if (info->family != a->family)
		return error_set(e, "key %s is not one for %s, which the "
		    "policy asks for", info->label, a->name);
	if (verifier_new(&v, number, info->public_key.data,
		info->public_key.len, e) == -1)
		return error_prefix(e, "key %s: not one for %s", info->label,
		    a->name);
	bits = verifier_bits(v);
	verifier_free(v);
	if (!algorithm_allows_bits(a, bits))
		return error_set(e, "key %s has %u bits: not allowed for %s",
		    info->label, bits, a->name);
	return 0;
}

int
adopt_check(const struct key *k, const struct keys *keys, int64_t now,
    struct error *e)
{
	const struct key *other = keys_by_id(keys, k->id);

	if (other != NULL)
		return error_no(e, "the state has this key: %s %s, tag %u",
		    key_role_text(other->role), other->label, other->tag);
	for (size_t i = 0; i < keys->n; i++)
		if (strcmp(keys->key[i].label, k->label) == 0)
			return error_no(e, "label %s: another key has it",
			    k->label);
	other = keys_tag_collision(keys, k, now);
	if (other != NULL)
		return error_no(e, "tags %u and %u (revoked) of key %s meet "
		    "%u and %u of key %s, which is in use", k->tag,
		    k->tag_revoked, k->label, other->tag, other->tag_revoked,
		    other->label);
	return 0;
}

static int
fill(const struct adopt *a, const struct hsm_key_info *info, struct key *k,
    struct error *e)
{
	if (info->public_key.len == 0)
		return error_set(e, "its public half is not shown");
	if (info->label[0] == '\0')
		return error_set(e, "it has no label: give it one first");
	if (check_algorithm(info, a->algorithm, e) == -1)
		return -1;
	key_init(k, a->role, a->algorithm, info->public_key.data,
	    info->public_key.len);
	snprintf(k->label, sizeof k->label, "%s", info->label);
	memcpy(k->cka_id, info->id, info->id_len);
	k->cka_id_len = info->id_len;
	k->at[KEY_CREATED] = a->record.now;
	return 0;
}

int
adopt_find(const struct adopt *a, struct key *k, struct error *e)
{
	struct hsm *h = a->tokens->hsm[0];
	struct hsm_key_info info = {0};
	struct hsm_key *held;
	int rv;

	memset(k, 0, sizeof *k);
	if (hsm_find(h, a->id, a->id_len, a->label, &held, e) == -1 ||
	    hsm_key_info(held, &info, e) == -1)
		return error_prefix(e, "token %s", hsm_identity(h)->name);
	rv = fill(a, &info, k, e);
	hsm_key_info_free(&info);
	if (rv == -1)
		return error_prefix(e, "token %s", hsm_identity(h)->name);
	return adopt_check(k, a->keys, a->record.now, e);
}

int
adopt_prove(const struct tokens *ts, const struct key *k, struct error *e)
{
	struct hsm_key *held;

	for (unsigned i = 0; i < ts->n; i++)
		if (possession_prove(ts->hsm[i], k, &held, e) == -1)
			return -1;
	return 0;
}

int
adopt_key(const struct adopt *a, const struct key *k, struct error *e)
{
	if (adopt_prove(a->tokens, k, e) == -1)
		return -1;
	return record_key(&a->record, k, e, "%s %s, tag %u, id %.16s",
	    key_role_text(k->role), k->label, k->tag, k->id);
}
