#include "keytool/generate.h"

#include <stdio.h>
#include <string.h>

#include "keytool/inventory.h"
#include "keytool/key_store.h"
#include "keytool/possession.h"
#include "lib/hex.h"

static void __attribute__((format(printf, 2, 3)))
say(const struct generate *g, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	if (g->say == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	g->say(g->arg, text);
}

static const char *
first_token(const struct generate *g)
{
	return hsm_identity(g->tokens->hsm[0])->name;
}

/* What the token really made, under the names that were asked. */
static int
read_back(const struct generate *g, const struct hsm_key_spec *spec,
    struct hsm_key *held, struct key *k, struct error *e)
{
	struct hsm_key_info info = {0};

	if (hsm_key_info(held, &info, e) == -1)
		return -1;
	if (info.public_key.len == 0) {
		hsm_key_info_free(&info);
		return error_set(e, "token %s shows no public key of the pair "
		    "it made under label %s", first_token(g), spec->label);
	}
	key_init(k, g->role, g->algorithm, info.public_key.data,
	    info.public_key.len);
	hsm_key_info_free(&info);
	snprintf(k->label, sizeof k->label, "%s", spec->label);
	memcpy(k->cka_id, spec->id, spec->id_len);
	k->cka_id_len = spec->id_len;
	k->at[KEY_CREATED] = g->record.now;
	return 0;
}

/* One pair whose tags meet no other; 1: it met one, and is gone again. */
static int
make_once(const struct generate *g, const struct hsm_key_spec *spec,
    struct key *k, struct error *e)
{
	const struct key *other;
	struct hsm_key *held;

	if (hsm_generate(g->tokens->hsm[0], spec, &held, e) == -1)
		return error_prefix(e, "token %s", first_token(g));
	if (read_back(g, spec, held, k, e) == -1)
		return -1;
	other = keys_tag_collision(g->keys, k, g->record.now);
	if (other == NULL)
		return 0;
	say(g, "tags %u and %u (revoked) of the pair just made meet %u and %u "
	    "of key %s: destroyed, another is made", k->tag, k->tag_revoked,
	    other->tag, other->tag_revoked, other->label);
	if (hsm_destroy(held, e) == -1)
		return error_prefix(e, "token %s: key %s, whose tag is in use",
		    first_token(g), spec->label);
	key_free(k);
	memset(k, 0, sizeof *k);
	return 1;
}

static int
make(const struct generate *g, const struct hsm_key_spec *spec,
    struct key *k, struct error *e)
{
	for (int i = 0; i < GENERATE_TRIES; i++) {
		int rv = make_once(g, spec, k, e);

		if (rv != 1)
			return rv;
	}
	return error_set(e, "%d pairs in a row had a tag that is in use: the "
	    "random numbers of token %s are not to be trusted",
	    GENERATE_TRIES, first_token(g));
}

/* 1: the token has nothing under the key's names. */
static int
prove_copy(struct hsm *h, const struct key *k, struct error *e)
{
	struct hsm_key_info *held = NULL;
	struct hsm_key *found;
	size_t n = 0;
	bool none;

	if (hsm_list(h, &held, &n, e) == -1)
		return error_prefix(e, "token %s", hsm_identity(h)->name);
	none = holding_of(held, n, k) == HOLDING_NONE;
	inventory_free_list(held, n);
	return none ? 1 : possession_prove(h, k, &found, e);
}

/* The first token has the pair; do the others have their copies? */
static int
prove_all(const struct generate *g, const struct key *k, struct error *e)
{
	struct hsm_key *found;

	if (possession_prove(g->tokens->hsm[0], k, &found, e) == -1)
		return -1;
	for (unsigned i = 1; i < g->tokens->n; i++) {
		int rv = prove_copy(g->tokens->hsm[i], k, e);

		if (rv == 1)
			return error_no(e, "key %s was made in token %s; "
			    "token %s has no copy, so it is not recorded: copy "
			    "it by the means of the HSM, then adopt it",
			    k->label, first_token(g),
			    hsm_identity(g->tokens->hsm[i])->name);
		if (rv == -1)
			return -1;
	}
	return 0;
}

static int
announce(const struct generate *g, const struct hsm_key_spec *spec,
    struct error *e)
{
	char id[2 * KEY_CKA_ID + 1];
	json_t *detail;
	int rv;

	hex_encode(id, spec->id, spec->id_len);
	detail = json_pack("{s:s, s:s, s:s, s:i, s:i, s:s}", "label",
	    spec->label, "cka_id", id, "role", key_role_text(g->role),
	    "algorithm_number", (int)spec->algorithm, "bits",
	    (int)algorithm_bits(algorithm_by_number(spec->algorithm),
		spec->bits), "token", first_token(g));
	rv = record_event(&g->record, detail, e,
	    "intent: make %s %s in token %s", key_role_text(g->role),
	    spec->label, first_token(g));
	json_decref(detail);
	return rv;
}

/* Not recorded: the log says where the pair is. */
static int
say_incomplete(const struct generate *g, const struct key *k,
    struct error *e)
{
	json_t *detail = key_json(k);
	struct error ignored;
	int rv = record_event(&g->record, detail, &ignored,
	    "made %s %s in token %s; not proved in every token of its role, "
	    "so not recorded", key_role_text(g->role), k->label,
	    first_token(g));

	json_decref(detail);
	if (rv == -1)
		error_prefix(e, "(%.200s)", ignored.text);
	return -1;
}

int
generate_key(const struct generate *g, struct key *made, struct error *e)
{
	char label[HSM_LABEL_MAX];
	uint8_t id[KEY_CKA_ID];
	const struct hsm_key_spec spec = {.algorithm = g->algorithm,
	    .bits = g->bits, .label = label, .id = id, .id_len = sizeof id};

	memset(made, 0, sizeof *made);
	if (generate_cka_id(id, e) == -1)
		return -1;
	if (g->label == NULL) {
		if (generate_label(label, g->role, g->keys, g->record.now,
			e) == -1)
			return -1;
	} else {
		if (generate_check_label(g->label, g->keys, e) == -1)
			return -1;
		snprintf(label, sizeof label, "%s", g->label);
	}
	if (announce(g, &spec, e) == -1 || make(g, &spec, made, e) == -1)
		return -1;
	if (prove_all(g, made, e) == -1)
		return say_incomplete(g, made, e);
	if (record_key(&g->record, made, e, "made %s %s, tag %u, id %.16s",
		key_role_text(g->role), made->label, made->tag,
		made->id) == -1)
		return error_prefix(e, "key %s is in token %s, but not in the "
		    "state (adopt it)", made->label, first_token(g));
	return 0;
}
