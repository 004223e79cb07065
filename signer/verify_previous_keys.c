/*
 * Keys against the version that is served now.  A resolver may hold the old
 * DNSKEY RRset and meet new signatures, or the new one and hold old
 * signatures: each RRset needs a key that both versions publish.
 */
#include <stdio.h>

#include "lib/utc.h"
#include "signer/verify_run.h"

/* A key of the previous version. */
struct old_key {
	const struct record *record;
	struct dnskey dnskey;
	uint16_t tag;
	bool kept;   /* still published, and not revoked since */
	bool stays;  /* still published in any form */
	struct verifier *verifier; /* made when tags alone do not tell */
	struct tally alone; /* RRsets that only lost keys signed */
};

struct old_keys {
	struct old_key key[VERIFY_KEYS_MAX];
	unsigned n;
};

static bool
revoked(const struct dnskey *k)
{
	return k->flags & DNSKEY_REVOKE;
}

static bool
same_use(const struct dnskey *a, const struct dnskey *b)
{
	return dnskey_same_key(a, b) && revoked(a) == revoked(b);
}

static void
old_key_add(struct old_keys *os, const struct verify *v,
    const struct record *r)
{
	struct old_key *k = &os->key[os->n];

	*k = (struct old_key){.record = r};
	if (dnskey_parse(&k->dnskey, r->rdata, r->rdlen) != 0)
		return;
	k->tag = dnskey_tag(r->rdata, r->rdlen);
	for (unsigned i = 0; i < v->keys.n; i++) {
		k->stays |= dnskey_same_key(&k->dnskey, &v->keys.key[i].dnskey);
		k->kept |= same_use(&k->dnskey, &v->keys.key[i].dnskey);
	}
	os->n++;
}

static void
old_keys_load(struct old_keys *os, const struct verify *v)
{
	const struct zone *z = v->o->previous;
	struct rrset rs;

	os->n = 0;
	if (!rrset_find(z, zone_apex(z), TYPE_DNSKEY, &rs))
		return;
	for (uint32_t i = 0; i < rs.n && os->n < VERIFY_KEYS_MAX; i++)
		old_key_add(os, v, rrset_record(&rs, i));
}

static void
old_keys_free(struct old_keys *os)
{
	for (unsigned i = 0; i < os->n; i++)
		verifier_free(os->key[i].verifier);
}

void
previous_load(struct verify *v)
{
	struct old_keys os;

	v->published_before = UINT64_MAX;
	if (v->o->previous == NULL || !same_apex(v->z, v->o->previous))
		return;
	old_keys_load(&os, v);
	if (os.n == 0) /* it was not signed: nobody validated it */
		return;
	v->published_before = 0;
	for (unsigned i = 0; i < v->keys.n; i++)
		for (unsigned k = 0; k < os.n; k++)
			if (same_use(&v->keys.key[i].dnskey,
				&os.key[k].dnskey))
				v->published_before |= UINT64_C(1) << i;
	old_keys_free(&os);
}

static bool
fits(const struct old_key *k, const struct rrsig *s)
{
	return k->tag == s->tag && k->dnskey.algorithm == s->algorithm;
}

static bool
made_by(const struct verify *v, struct old_key *k, const struct rrset *rs,
    const struct rrsig *s, const struct record *r, struct buf *scratch)
{
	enum rrsig_verdict verdict;
	struct error e = ERROR_INIT;

	if (k->verifier == NULL &&
	    verifier_new(&k->verifier, k->dnskey.algorithm, k->dnskey.key,
		k->dnskey.len, &e) != 0) {
		k->verifier = NULL;
		return false;
	}
	verdict = rrsig_check(v->o->previous, rs, s, r, k->verifier, v->o->now,
	    scratch);
	return verdict == RRSIG_VALID;
}

/* The old key that made a signature; arithmetic only when tags meet. */
static struct old_key *
maker(const struct verify *v, struct old_keys *os, const struct rrset *rs,
    const struct rrsig *s, const struct record *r, struct buf *scratch)
{
	struct old_key *found = NULL;
	unsigned n = 0;

	for (unsigned i = 0; i < os->n; i++) {
		if (!fits(&os->key[i], s))
			continue;
		found = &os->key[i];
		n++;
	}
	if (n <= 1)
		return found;
	for (unsigned i = 0; i < os->n; i++)
		if (fits(&os->key[i], s) &&
		    made_by(v, &os->key[i], rs, s, r, scratch))
			return &os->key[i];
	return NULL;
}

/* The DNSKEY RRset travels with its signatures: its keys need only stay. */
static bool
survives(const struct old_key *k, uint16_t type)
{
	return type == TYPE_DNSKEY ? k->stays : k->kept;
}

static void
judge_rrset(struct verify *v, struct old_keys *os, const struct rrset *rs,
    const struct rrset *sigs)
{
	struct buf *scratch = &v->worker[0].scratch;
	struct old_key *k, *lost = NULL;
	struct rrsig s;

	for (uint32_t i = 0; i < sigs->n; i++) {
		if (rrsig_parse(&s, rrset_record(sigs, i)->rdata,
			rrset_record(sigs, i)->rdlen) != 0 ||
		    s.covered != rs->type ||
		    utc_from_wire(s.expiration, v->o->now) < v->o->now)
			continue;
		k = maker(v, os, rs, &s, rrset_record(sigs, i), scratch);
		if (k == NULL || revoked(&k->dnskey))
			continue;
		if (survives(k, rs->type))
			return;
		lost = k;
	}
	if (lost != NULL)
		tally_add(&lost->alone, rs->node, rs->type);
}

static void
judge_old_signatures(struct verify *v, struct old_keys *os)
{
	const struct zone *z = v->o->previous;
	struct rrset rs, sigs;

	for (size_t i = 0; i < z->nodes; i++) {
		if (!rrset_find(z, &z->node[i], TYPE_RRSIG, &sigs))
			continue;
		for (bool more = rrset_first(z, &z->node[i], &rs); more;
		    more = rrset_next(z, &rs))
			if (rs.type != TYPE_RRSIG)
				judge_rrset(v, os, &rs, &sigs);
	}
}

static void
tell_key(struct verify *v, uint16_t tag, const char *what)
{
	verify_note(v, &v->worker[0], RULE_KEY_CHANGE, zone_apex(v->z)->owner,
	    TYPE_DNSKEY, "key %u %s", tag, what);
}

static void
tell_new(struct verify *v, const struct old_keys *os)
{
	const struct verify_key *k;
	bool same, known;

	for (unsigned i = 0; i < v->keys.n; i++) {
		k = &v->keys.key[i];
		same = known = false;
		for (unsigned j = 0; j < os->n; j++) {
			known |= dnskey_same_key(&k->dnskey,
			    &os->key[j].dnskey);
			same |= same_use(&k->dnskey, &os->key[j].dnskey);
		}
		if (!same)
			tell_key(v, k->tag, !known ? "is new"
				: k->revoked	   ? "is revoked now"
						   : "is no longer revoked");
	}
}

void
previous_keys(struct verify *v)
{
	struct old_keys os;
	char text[KEY_TEXT];

	old_keys_load(&os, v);
	if (os.n > 0)
		tell_new(v, &os);
	judge_old_signatures(v, &os);
	for (unsigned i = 0; i < os.n; i++) {
		if (!os.key[i].stays)
			tell_key(v, os.key[i].tag, "is gone");
		verify_note_tally(v, RULE_KEY_REMOVED_EARLY, &os.key[i].alone,
		    "RRsets of the previous version that only key %u signs, "
		    "and such keys, which this version does not publish",
		    os.key[i].tag);
	}
	for (unsigned i = 0; i < v->keys.n; i++)
		verify_note_tally(v, RULE_KEY_NOT_PREPUBLISHED,
		    &v->worker[0].unknown_before[i],
		    "RRsets signed by key %s, and by none that the previous "
		    "version publishes", key_text(text, &v->keys.key[i]));
	old_keys_free(&os);
}
