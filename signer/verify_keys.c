/* The DNSKEY RRset: its keys, and whether they are to be trusted. */
#include <stdio.h>

#include "lib/algorithm.h"
#include "signer/verify_run.h"

#define RESERVED_FLAGS (uint16_t)~(DNSKEY_ZONE | DNSKEY_REVOKE | DNSKEY_SEP)
#define RSA_BITS_MIN   2048 /* RFC 8624 keeps silent: NIST SP 800-57 */
#define EXPONENT_MIN   65537

const char *
key_text(char out[KEY_TEXT], const struct verify_key *k)
{
	const struct algorithm *a = algorithm_by_number(k->dnskey.algorithm);
	const char *role = k->revoked ? "revoked ksk" : k->sep ? "ksk" : "zsk";

	if (a != NULL)
		snprintf(out, KEY_TEXT, "%u (%s, %s)", k->tag, role, a->name);
	else
		snprintf(out, KEY_TEXT, "%u (%s, algorithm %u)", k->tag, role,
		    k->dnskey.algorithm);
	return out;
}

static void
note_key(struct verify *v, enum rule rule, const struct verify_key *k,
    const char *text)
{
	char key[KEY_TEXT];

	verify_note(v, &v->worker[0], rule, zone_apex(v->z)->owner, TYPE_DNSKEY,
	    "key %s: %s", key_text(key, k), text);
}

/* An algorithm of any key that may sign must sign all (RFC 4035 2.2). */
static void
require_algorithm(struct verify_keys *ks, const struct verify_key *k)
{
	if (!k->zone || k->revoked)
		return;
	for (unsigned i = 0; i < ks->algorithms; i++)
		if (ks->algorithm[i] == k->dnskey.algorithm)
			return;
	ks->algorithm[ks->algorithms++] = k->dnskey.algorithm;
}

/* Those that a signature of this one's tag and algorithm may be by. */
static void
check_twins(struct verify *v, const struct verify_key *k)
{
	const struct verify_key *o;
	unsigned same = 1;
	char text[96];

	for (o = v->keys.key; o < k; o++)
		same += o->tag == k->tag &&
			o->dnskey.algorithm == k->dnskey.algorithm;
	if (same != VERIFY_TAG_MAX + 1)
		return;
	snprintf(text, sizeof text, "more than %d keys of this tag; those "
	    "after are not tried", VERIFY_TAG_MAX);
	note_key(v, RULE_DNSKEY_MANY, k, text);
}

static void
decode(struct verify *v, struct verify_key *k)
{
	struct error e = ERROR_INIT;

	if (algorithm_by_number(k->dnskey.algorithm) == NULL) {
		note_key(v, RULE_DNSKEY_ALGORITHM, k,
		    "this algorithm cannot be verified");
		return;
	}
	if (verifier_new(&k->verifier, k->dnskey.algorithm, k->dnskey.key,
		k->dnskey.len, &e) != 0) {
		k->verifier = NULL;
		note_key(v, RULE_DNSKEY_MALFORMED, k, e.text);
	}
}

static void
load_key(struct verify *v, const struct record *r)
{
	struct verify_keys *ks = &v->keys;
	struct verify_key *k = &ks->key[ks->n];

	*k = (struct verify_key){.record = r};
	if (dnskey_parse(&k->dnskey, r->rdata, r->rdlen) != 0) {
		verify_note(v, &v->worker[0], RULE_DNSKEY_MALFORMED,
		    zone_apex(v->z)->owner, TYPE_DNSKEY, "DNSKEY of %u octets "
		    "is too short, or its protocol is not 3", r->rdlen);
		return;
	}
	k->tag = dnskey_tag(r->rdata, r->rdlen);
	k->zone = k->dnskey.flags & DNSKEY_ZONE;
	k->sep = k->dnskey.flags & DNSKEY_SEP;
	k->revoked = k->dnskey.flags & DNSKEY_REVOKE;
	check_twins(v, k);
	decode(v, k);
	if (v->o->anchors != NULL && !k->revoked)
		k->anchor = anchors_match(v->o->anchors, v->z->apex, r->rdata,
		    r->rdlen, v->o->now);
	require_algorithm(ks, k);
	ks->n++;
}

void
dnskeys_load(struct verify *v)
{
	struct rrset rs;
	uint32_t n;

	if (!rrset_find(v->z, zone_apex(v->z), TYPE_DNSKEY, &rs)) {
		verify_note(v, &v->worker[0], RULE_DNSKEY_MISSING,
		    zone_apex(v->z)->owner, TYPE_DNSKEY,
		    "there is none: the zone is not signed");
		return;
	}
	n = rs.n;
	if (n > VERIFY_KEYS_MAX) {
		verify_note(v, &v->worker[0], RULE_DNSKEY_MANY, rs.node->owner,
		    TYPE_DNSKEY, "%u records, more than %d; those after are "
		    "not used", n, VERIFY_KEYS_MAX);
		n = VERIFY_KEYS_MAX;
	}
	for (uint32_t i = 0; i < n; i++)
		load_key(v, rrset_record(&rs, i));
}

void
dnskeys_free(struct verify_keys *ks)
{
	for (unsigned i = 0; i < ks->n; i++)
		verifier_free(ks->key[i].verifier);
	ks->n = 0;
}

static void
check_strength(struct verify *v, const struct verify_key *k)
{
	char text[96];

	if (k->dnskey.algorithm == ALG_RSASHA1 ||
	    k->dnskey.algorithm == ALG_RSASHA1_NSEC3)
		note_key(v, RULE_DNSKEY_WEAK, k, "SHA-1 (RFC 8624 3.1)");
	if (k->verifier == NULL || verifier_exponent(k->verifier) == 0)
		return;
	snprintf(text, sizeof text, "RSA with %u bits, exponent %llu",
	    verifier_bits(k->verifier),
	    (unsigned long long)verifier_exponent(k->verifier));
	if (verifier_bits(k->verifier) < RSA_BITS_MIN ||
	    verifier_exponent(k->verifier) < EXPONENT_MIN)
		note_key(v, RULE_DNSKEY_WEAK, k, text);
}

static void
check_flags(struct verify *v, const struct verify_key *k)
{
	char text[96];

	snprintf(text, sizeof text, "flags %u", k->dnskey.flags);
	if (!k->zone || k->dnskey.flags & RESERVED_FLAGS ||
	    (k->revoked && !k->sep))
		note_key(v, RULE_DNSKEY_FLAGS, k, text);
}

static void
check_tags(struct verify *v, unsigned i)
{
	const struct verify_key *k = &v->keys.key[i];
	char text[96];
	unsigned same = 0;

	for (unsigned j = 0; j < v->keys.n; j++) {
		if (v->keys.key[j].tag != k->tag)
			continue;
		if (j < i) /* told with the first of them */
			return;
		same++;
	}
	snprintf(text, sizeof text, "%u published keys have this tag", same);
	if (same > 1)
		note_key(v, RULE_DNSKEY_TAG, k, text);
}

static void
check_size(struct verify *v)
{
	unsigned limit = v->o->cfg ? v->o->cfg->verify.dnskey_size : 1232;

	v->r->dnskey_response = dnskey_response(v->z);
	if (v->r->dnskey_response > limit)
		verify_note(v, &v->worker[0], RULE_DNSKEY_SIZE,
		    zone_apex(v->z)->owner, TYPE_DNSKEY, "the response has %u "
		    "octets, more than %u", v->r->dnskey_response, limit);
}

void
dnskey_check(struct verify *v)
{
	for (unsigned i = 0; i < v->keys.n; i++) {
		check_flags(v, &v->keys.key[i]);
		check_strength(v, &v->keys.key[i]);
		check_tags(v, i);
	}
	check_size(v);
}
