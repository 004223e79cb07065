/* Every signature of a node, and every RRset that ought to have one. */
#include <stdio.h>

#include "lib/algorithm.h"
#include "lib/utc.h"
#include "signer/verify_run.h"

/* An RRset, its RRSIGs, and what is known of them so far. */
struct covered {
	const struct rrset *rs;
	uint64_t valid;	   /* keys with a valid signature: a set */
	uint64_t attempted; /* algorithms of v->keys that some RRSIG has */
	int64_t until;	   /* the last moment at which one is valid */
};

static const enum rule verdict_rule[] = {
    [RRSIG_WRONG] = RULE_SIGNATURE_WRONG,
    [RRSIG_EXPIRED] = RULE_SIGNATURE_EXPIRED,
    [RRSIG_NOT_YET] = RULE_SIGNATURE_NOT_YET,
    [RRSIG_BACKWARD] = RULE_SIGNATURE_WINDOW,
    [RRSIG_BAD_SIGNER] = RULE_SIGNATURE_SIGNER,
    [RRSIG_BAD_LABELS] = RULE_SIGNATURE_LABELS,
    [RRSIG_BAD_TTL] = RULE_SIGNATURE_TTL,
    [RRSIG_BAD_LENGTH] = RULE_SIGNATURE_LENGTH,
};

static void
verdict_values(char *out, size_t size, enum rrsig_verdict verdict,
    const struct rrset *rs, const struct rrsig *s, int64_t now)
{
	char a[UTC_TEXT], b[UTC_TEXT], d[DURATION_TEXT], name[NAME_MAX_TEXT];
	int64_t from = utc_from_wire(s->inception, now);
	int64_t until = utc_from_wire(s->expiration, now);

	*out = '\0';
	if (verdict == RRSIG_EXPIRED)
		snprintf(out, size, ": at %s, %s before %s", utc_text(a, until),
		    duration_text(d, now - until), utc_text(b, now));
	else if (verdict == RRSIG_NOT_YET)
		snprintf(out, size, ": from %s, %s after %s", utc_text(a, from),
		    duration_text(d, from - now), utc_text(b, now));
	else if (verdict == RRSIG_BACKWARD)
		snprintf(out, size, ": from %s until %s", utc_text(a, from),
		    utc_text(b, until));
	else if (verdict == RRSIG_BAD_SIGNER)
		snprintf(out, size, ": %s", name_text(name, s->signer));
	else if (verdict == RRSIG_BAD_LABELS)
		snprintf(out, size, ": %u, the owner has %u", s->labels,
		    name_labels_rrsig(owner_wire(rs->node->owner)));
	else if (verdict == RRSIG_BAD_TTL)
		snprintf(out, size, ": %u, the RRset has %u", s->original_ttl,
		    rs->ttl);
	else if (verdict == RRSIG_BAD_LENGTH)
		snprintf(out, size, ": %zu octets", s->signature_len);
}

static void
note_verdict(struct verify *v, struct verify_worker *w,
    const struct rrset *rs, const struct rrsig *s,
    enum rrsig_verdict verdict, unsigned candidates)
{
	const struct algorithm *a = algorithm_by_number(s->algorithm);
	char values[NAME_MAX_TEXT + 8], same[80] = "";

	verdict_values(values, sizeof values, verdict, rs, s, v->o->now);
	if (candidates > 1 && verdict == RRSIG_WRONG)
		snprintf(same, sizeof same, " with any of the %u published "
		    "keys of this tag", candidates);
	verify_note(v, w, verdict_rule[verdict], rs->node->owner, rs->type,
	    "signature by key %u (%s): %s%s%s", s->tag, a ? a->name : "?",
	    rrsig_verdict_text(verdict), same, values);
}

static bool
fits(const struct verify_key *k, const struct rrsig *s)
{
	return k->tag == s->tag && k->dnskey.algorithm == s->algorithm;
}

static bool
is_dnskey(const struct verify *v, const struct rrset *rs)
{
	return rs->type == TYPE_DNSKEY && rs->node == zone_apex(v->z);
}

/* RFC 4034 section 2.1.1, RFC 5011 section 2.1. */
static bool
may_sign(const struct verify *v, const struct verify_key *k,
    const struct rrset *rs)
{
	return k->zone && (!k->revoked || is_dnskey(v, rs));
}

static void
note_unusable(struct verify *v, struct verify_worker *w,
    const struct rrset *rs, const struct verify_key *k)
{
	bool known = algorithm_by_number(k->dnskey.algorithm) != NULL;
	char text[KEY_TEXT];

	verify_note(v, w, known ? RULE_DNSKEY_MALFORMED : RULE_DNSKEY_ALGORITHM,
	    rs->node->owner, rs->type, "signature by key %s, which cannot be "
	    "used: not verified", key_text(text, k));
}

static bool
verifies(enum rrsig_verdict v)
{
	return v == RRSIG_VALID || v == RRSIG_EXPIRED || v == RRSIG_NOT_YET;
}

/* CDS and CDNSKEY are for a KSK to sign (RFC 7344 section 4.1). */
static bool
is_zone_data(const struct rrset *rs)
{
	return rs->type != TYPE_CDS && rs->type != TYPE_CDNSKEY;
}

static void
count_valid(struct verify *v, struct verify_worker *w, struct covered *c,
    unsigned key, int64_t until)
{
	c->valid |= UINT64_C(1) << key;
	c->until = until > c->until ? until : c->until;
	w->signatures++;
	if (is_dnskey(v, c->rs)) {
		w->dnskey_by |= UINT64_C(1) << key;
		return;
	}
	w->signed_by[key]++;
	if (v->keys.key[key].sep && is_zone_data(c->rs))
		tally_add(&w->ksk[key], c->rs->node, c->rs->type);
}

static void
judge_signature(struct verify *v, struct verify_worker *w,
    struct covered *c, const struct rrsig *s, enum rrsig_verdict verdict,
    unsigned key)
{
	int64_t until = utc_from_wire(s->expiration, v->o->now);
	int64_t from = utc_from_wire(s->inception, v->o->now);

	if (until < w->first_expiration)
		w->first_expiration = until;
	if (from > w->last_inception)
		w->last_inception = from;
	if (verdict == RRSIG_VALID)
		count_valid(v, w, c, key, until);
}

/*
 * Keys are told apart by trying: several may have one tag.  Which one it
 * was is returned through *key; -1 when none is published, or may.
 */
static int
try_keys(struct verify *v, struct verify_worker *w, const struct covered *c,
    const struct rrsig *s, const struct record *r, unsigned *key,
    unsigned *candidates, enum rrsig_verdict *verdict)
{
	const struct verify_key *k, *barred = NULL, *unusable = NULL;
	char text[KEY_TEXT];

	*candidates = 0;
	for (unsigned i = 0; i < v->keys.n &&
	    *candidates < VERIFY_TAG_MAX; i++) {
		k = &v->keys.key[i];
		if (!fits(k, s))
			continue;
		if (!may_sign(v, k, c->rs)) {
			barred = k;
			continue;
		}
		if (w->verifier[i] == NULL) {
			unusable = k;
			continue;
		}
		++*candidates;
		*key = i;
		*verdict = rrsig_check(v->z, c->rs, s, r, w->verifier[i],
		    v->o->now, &w->scratch);
		if (verifies(*verdict))
			return 0;
	}
	if (*candidates > 0)
		return 0;
	if (unusable != NULL)
		note_unusable(v, w, c->rs, unusable);
	else if (barred != NULL)
		verify_note(v, w, RULE_KEY_MAY_NOT_SIGN, c->rs->node->owner,
		    c->rs->type, "signature by key %s with flags %u",
		    key_text(text, barred), barred->dnskey.flags);
	else
		verify_note(v, w, RULE_KEY_NOT_PUBLISHED, c->rs->node->owner,
		    c->rs->type, "signature by key %u with algorithm %u, which "
		    "is not in the DNSKEY RRset", s->tag, s->algorithm);
	return -1;
}

static void
attempt(struct covered *c, const struct verify_keys *ks, uint8_t algorithm)
{
	for (unsigned i = 0; i < ks->algorithms; i++)
		if (ks->algorithm[i] == algorithm)
			c->attempted |= UINT64_C(1) << i;
}

static void
check_signature(struct verify *v, struct verify_worker *w,
    struct covered *c, const struct record *r)
{
	enum rrsig_verdict verdict = RRSIG_WRONG;
	unsigned key = 0, candidates;
	struct rrsig s;

	if (rrsig_parse(&s, r->rdata, r->rdlen) != 0) {
		verify_note(v, w, RULE_SIGNATURE_MALFORMED, c->rs->node->owner,
		    c->rs->type, "RRSIG of %u octets does not parse", r->rdlen);
		return;
	}
	if (r->ttl != c->rs->ttl)
		verify_note(v, w, RULE_RRSIG_TTL, c->rs->node->owner,
		    c->rs->type, "the RRSIG by key %u has TTL %u, the RRset "
		    "%u", s.tag, r->ttl, c->rs->ttl);
	if (try_keys(v, w, c, &s, r, &key, &candidates, &verdict) != 0) {
		attempt(c, &v->keys, s.algorithm);
		return;
	}
	if (verifies(verdict))
		judge_signature(v, w, c, &s, verdict, key);
	if (verdict != RRSIG_VALID)
		note_verdict(v, w, c->rs, &s, verdict, candidates);
	if (!v->keys.key[key].revoked)
		attempt(c, &v->keys, s.algorithm);
}

/* One without a valid signature was told; here: of which there is none. */
static void
judge_algorithms(struct verify *v, struct verify_worker *w,
    const struct covered *c)
{
	const struct algorithm *a;

	for (unsigned i = 0; i < v->keys.algorithms; i++) {
		if (c->attempted >> i & 1)
			continue;
		a = algorithm_by_number(v->keys.algorithm[i]);
		verify_note(v, w, RULE_ALGORITHM_MISSING, c->rs->node->owner,
		    c->rs->type, "no signature of algorithm %u (%s), which the "
		    "DNSKEY RRset has", v->keys.algorithm[i],
		    a ? a->name : "unknown");
	}
}

static void
judge_validity(struct verify *v, struct verify_worker *w,
    const struct covered *c)
{
	int64_t left = c->until - v->o->now;
	const struct rrset *rs = c->rs;
	char d[DURATION_TEXT];

	if (rs->ttl > left)
		verify_note(v, w, RULE_TTL_VALIDITY, rs->node->owner, rs->type,
		    "TTL %u, valid for only %s", rs->ttl,
		    duration_text(d, left));
	if (v->o->cfg != NULL && left < v->o->cfg->verify.next_signing)
		tally_add(&w->next_signing, rs->node, rs->type);
	if (v->o->previous == NULL || c->valid & v->published_before)
		return;
	for (unsigned i = 0; i < v->keys.n; i++)
		if (c->valid >> i & 1)
			tally_add(&w->unknown_before[i], rs->node, rs->type);
}

static void
check_covered(struct verify *v, struct verify_worker *w,
    const struct rrset *rs, const struct entry *sig, uint32_t n,
    bool bounded)
{
	struct covered c = {.rs = rs, .until = INT64_MIN};

	w->rrsets++;
	if (n == 0)
		verify_note(v, w, RULE_SIGNATURE_MISSING, rs->node->owner,
		    rs->type, "not signed");
	if (n == 0 || !bounded)
		return;
	for (uint32_t i = 0; i < n; i++)
		check_signature(v, w, &c, sig[i].record);
	judge_algorithms(v, w, &c);
	if (c.valid != 0)
		judge_validity(v, w, &c);
}

static uint16_t
covers(const struct entry *sig)
{
	const struct record *r = sig->record;

	return r->rdlen < 2 ? 0 : (uint16_t)(r->rdata[0] << 8 | r->rdata[1]);
}

/* Signatures over what is not to be signed, or is not there. */
static void
note_stray(struct verify *v, struct verify_worker *w, const struct node *nd,
    const struct entry *sig, uint32_t n, bool there)
{
	const char *why = nd->class == NODE_BELOW_CUT
		? "below a delegation or DNAME"
		: nd->class == NODE_DELEGATION ? "at a delegation"
					       : "of a type that has none";
	uint16_t type;

	for (uint32_t i = 0; i < n; i++) {
		type = covers(&sig[i]);
		if (there || type == TYPE_RRSIG)
			verify_note(v, w, RULE_SIGNATURE_MISPLACED, nd->owner,
			    type, "a signature over data %s", why);
		else
			verify_note(v, w, RULE_SIGNATURE_ORPHAN, nd->owner,
			    type, "a signature, and no such RRset");
	}
}

/*
 * RRSIGs are sorted by what they cover (the first field of their RDATA), as
 * the RRsets of the node are by type: one walk over both.
 */
void
signatures_check(struct verify *v, struct verify_worker *w,
    const struct node *nd)
{
	const struct entry *sig = NULL;
	struct rrset rs;
	uint32_t n = 0, i = 0, k;
	bool bounded;

	if (rrset_find(v->z, nd, TYPE_RRSIG, &rs)) {
		sig = rs.entry;
		n = rs.n;
	}
	for (bool more = rrset_first(v->z, nd, &rs); more;
	    more = rrset_next(v->z, &rs)) {
		if (rs.type == TYPE_RRSIG)
			continue;
		for (k = i; k < n && covers(&sig[k]) < rs.type; k++)
			;
		if (k > i)
			note_stray(v, w, nd, sig + i, k - i, false);
		for (i = k; k < n && covers(&sig[k]) == rs.type; k++)
			;
		bounded = rrset_bounded(v, w, &rs, n ? sig + i : NULL, k - i);
		if (node_signs(nd, rs.type))
			check_covered(v, w, &rs, n ? sig + i : NULL, k - i,
			    bounded);
		else if (k > i)
			note_stray(v, w, nd, sig + i, k - i, true);
		i = k;
	}
	if (i < n)
		note_stray(v, w, nd, sig + i, n - i, false);
}
