/*
 * rz-signer sign: where the signer's keys meet the HSM.  The only file of the
 * signer that reaches a private key.
 */
#include "signer/cmd_sign.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "keytool/possession.h"
#include "lib/xalloc.h"

/* One key that signs, in every token of its role. */
struct bound_key {
	uint8_t algorithm;
	struct hsm_key **in; /* by token of its role */
	atomic_bool *lost;   /* by token: it failed for good */
	struct error *why;   /* by token, once it is lost */
	unsigned n;
};

struct bound_keys {
	struct tokens ksk, zsk;
	struct bound_key *bound;  /* by member of the key set */
	struct signing_key *key;
	struct signing_keys keys;
	unsigned workers;
};

/*
 * Workers begin at different tokens, so that all are busy.  A token that
 * fails for good (hsm_sign has tried to mend it) is left to the others.
 */
static int
sign(void *arg, unsigned worker, const uint8_t *data, size_t len, uint8_t *sig,
    size_t *siglen, struct error *e)
{
	struct bound_key *b = arg;
	size_t room = *siglen;
	unsigned t;

	for (unsigned i = 0; i < b->n; i++) {
		t = (worker + i) % b->n;
		if (atomic_load(&b->lost[t]))
			continue;
		*siglen = room;
		if (hsm_sign(b->in[t], worker, b->algorithm, data, len, sig,
			siglen, e) == 0)
			return 0;
		if (!atomic_exchange(&b->lost[t], true))
			b->why[t] = *e;
	}
	if (e->status == STATUS_OK)
		error_set(e, "no token is left that can sign");
	return -1;
}

struct signing_key *
published_keys(const struct keyset *set)
{
	struct signing_key *key = xcalloc(set->n, sizeof *key);

	for (size_t i = 0; i < set->n; i++) {
		key[i].dnskey = key_dnskey(set->member[i].key);
		key[i].dnskey.flags = set->member[i].flags;
		key[i].tag = set->member[i].tag;
		key[i].signs_dnskey = set->member[i].signs_dnskey;
		key[i].signs_zone = set->member[i].signs_zone;
	}
	return key;
}

static void
warn(void *arg, const char *text)
{
	cli_warn(arg, "%s", text);
}

/* Each key in each token proves possession (design: zone store, signing). */
static int
bind_key(struct bound_key *b, const struct tokens *ts, const struct key *k,
    struct error *e)
{
	b->algorithm = k->algorithm;
	b->n = ts->n;
	b->in = xcalloc(ts->n, sizeof(struct hsm_key *));
	b->lost = xcalloc(ts->n, sizeof *b->lost);
	b->why = xcalloc(ts->n, sizeof *b->why);
	for (unsigned i = 0; i < ts->n; i++)
		if (possession_prove(ts->hsm[i], k, &b->in[i], e) == -1)
			return -1;
	return 0;
}

static int
bind_all(struct bound_keys *b, const struct keyset *set, struct error *e)
{
	const struct keyset_member *m;

	for (size_t i = 0; i < set->n; i++) {
		m = &set->member[i];
		if (!m->signs_dnskey && !m->signs_zone)
			continue;
		if (bind_key(&b->bound[i],
			m->key->role == KEY_KSK ? &b->ksk : &b->zsk, m->key,
			e) == -1)
			return -1;
		b->key[i].sign = sign;
		b->key[i].arg = &b->bound[i];
	}
	return 0;
}

static void
limit_workers(struct bound_keys *b, const struct tokens *ts)
{
	for (unsigned i = 0; i < ts->n; i++)
		if (hsm_sessions(ts->hsm[i]) < b->workers)
			b->workers = hsm_sessions(ts->hsm[i]);
}

int
bound_keys_open(struct bound_keys **out, struct sign_run *run, struct error *e)
{
	struct bound_keys *b = xcalloc(1, sizeof *b);
	struct hsm_options o = {.sessions = run->options.threads,
	    .pin_fd = (int)run->args->pin_fd,
	    .terminal = true,
	    .keep_trying = true};
	void *cli = (void *)run->cli;

	if (run->cfg->tokens.sessions != 0 &&
	    run->cfg->tokens.sessions < o.sessions)
		o.sessions = run->cfg->tokens.sessions;
	b->bound = xcalloc(run->set.n, sizeof *b->bound);
	b->key = published_keys(&run->set);
	b->keys = (struct signing_keys){b->key, run->set.n};
	b->workers = o.sessions;
	*out = b;
	if (tokens_open_with(&b->ksk, run->cfg, KEY_KSK, &o, false, warn, cli,
		e) == -1 ||
	    tokens_open_with(&b->zsk, run->cfg, KEY_ZSK, &o, false, warn, cli,
		e) == -1)
		return -1;
	limit_workers(b, &b->ksk);
	limit_workers(b, &b->zsk);
	return bind_all(b, &run->set, e);
}

const struct signing_keys *
bound_keys_signing(const struct bound_keys *b)
{
	return &b->keys;
}

unsigned
bound_keys_workers(const struct bound_keys *b)
{
	return b->workers;
}

void
bound_keys_warn(const struct bound_keys *b, const struct cli *cli)
{
	const struct bound_key *k;

	for (size_t i = 0; i < b->keys.n; i++) {
		k = &b->bound[i];
		for (unsigned t = 0; t < k->n; t++)
			if (atomic_load(&k->lost[t]))
				cli_warn(cli, "%s (the other tokens went on)",
				    k->why[t].text);
	}
}

void
bound_keys_close(struct bound_keys *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->keys.n; i++) {
		free(b->bound[i].in);
		free(b->bound[i].lost);
		free(b->bound[i].why);
	}
	tokens_close(&b->ksk);
	tokens_close(&b->zsk);
	free(b->bound);
	free(b->key);
	free(b);
}
