/* What the keys were seen to sign: trust, revocation, roles. */
#include <stdio.h>

#include "lib/algorithm.h"
#include "lib/utc.h"
#include "lib/xalloc.h"
#include "signer/verify_run.h"

static const struct owner *
apex(const struct verify *v)
{
	return zone_apex(v->z)->owner;
}

static bool
signs_dnskey(const struct verify *v, unsigned key)
{
	return v->worker[0].dnskey_by >> key & 1;
}

static bool
valid_now(const struct verify *v, const struct anchor *a)
{
	return a->valid_from <= v->o->now && v->o->now < a->valid_until;
}

static void
note_anchors(struct verify *v, const char *text)
{
	const struct anchors *as = v->o->anchors;
	char now[UTC_TEXT];
	struct buf b = BUF_INIT;
	size_t valid = 0;

	for (size_t i = 0; i < as->n; i++) {
		if (!valid_now(v, &as->anchor[i]))
			continue;
		buf_printf(&b, "%s%u", valid++ ? ", " : "",
		    as->anchor[i].ds.tag);
	}
	verify_note(v, &v->worker[0], RULE_DNSKEY_UNTRUSTED, apex(v),
	    TYPE_DNSKEY, "%s (anchors valid at %s: %s)", text,
	    utc_text(now, v->o->now), valid ? buf_cstr(&b) : "none");
	buf_free(&b);
}

/* Of a key that is published, may sign, and maybe does. */
static bool
has_algorithm(const struct verify *v, uint8_t algorithm, bool signs)
{
	const struct verify_key *k;

	for (unsigned i = 0; i < v->keys.n; i++) {
		k = &v->keys.key[i];
		if (k->dnskey.algorithm == algorithm && k->zone &&
		    !k->revoked && (!signs || signs_dnskey(v, i)))
			return true;
	}
	return false;
}

/* RFC 4035 section 2.2, RFC 6840 section 5.11: each of them must sign. */
static void
judge_anchor_algorithms(struct verify *v)
{
	const struct anchors *as = v->o->anchors;
	bool seen[256] = {false};
	const struct algorithm *a;
	uint8_t n;

	for (size_t i = 0; i < as->n; i++) {
		n = as->anchor[i].ds.algorithm;
		if (!valid_now(v, &as->anchor[i]) || seen[n])
			continue;
		seen[n] = true;
		if (has_algorithm(v, n, true))
			continue;
		a = algorithm_by_number(n);
		verify_note(v, &v->worker[0], RULE_ANCHOR_ALGORITHM, apex(v),
		    TYPE_DNSKEY, "algorithm %u (%s) of trust anchor %u: %s", n,
		    a ? a->name : "unknown", as->anchor[i].ds.tag,
		    has_algorithm(v, n, false)
			? "no valid signature by a key of it"
			: "no published key has it");
	}
}

static void
judge_anchors(struct verify *v)
{
	bool published = false;

	judge_anchor_algorithms(v);
	for (unsigned i = 0; i < v->keys.n; i++) {
		if (v->keys.key[i].anchor == NULL)
			continue;
		published = true;
		v->r->anchored |= signs_dnskey(v, i);
	}
	if (v->r->anchored)
		return;
	note_anchors(v, published
		? "a key that is a trust anchor is published, but no valid "
		  "signature over the DNSKEY RRset is by it"
		: "no published key is a trust anchor");
}

/* With no key marked SEP any of them may be the one (RFC 4034 2.1.1). */
static void
judge_unanchored(struct verify *v)
{
	bool sep = false;
	const struct verify_key *k;

	for (unsigned i = 0; i < v->keys.n; i++)
		sep |= v->keys.key[i].sep && !v->keys.key[i].revoked;
	for (unsigned i = 0; i < v->keys.n; i++) {
		k = &v->keys.key[i];
		if (signs_dnskey(v, i) && !k->revoked && (k->sep || !sep))
			return;
	}
	verify_note(v, &v->worker[0], RULE_DNSKEY_UNSIGNED, apex(v),
	    TYPE_DNSKEY, "no valid signature by a %s that is published",
	    sep ? "KSK" : "key");
}

static void
judge_trust(struct verify *v)
{
	if (v->o->anchors != NULL) {
		judge_anchors(v);
		return;
	}
	verify_note(v, &v->worker[0], RULE_TRUST_UNCHECKED, NULL, 0,
	    "no trust anchors given: whether resolvers trust the DNSKEY RRset "
	    "was not checked");
	if (v->keys.n > 0)
		judge_unanchored(v);
}

static void
judge_revoked(struct verify *v, unsigned i)
{
	char text[KEY_TEXT];

	if (v->keys.key[i].revoked && !signs_dnskey(v, i))
		verify_note(v, &v->worker[0], RULE_REVOKED_UNSIGNED, apex(v),
		    TYPE_DNSKEY, "key %s: no valid signature by it over the "
		    "DNSKEY RRset, so resolvers ignore the revocation",
		    key_text(text, &v->keys.key[i]));
}

/* A single key that does both is a choice; a KSK beside ZSKs is not. */
static void
judge_roles(struct verify *v, unsigned i)
{
	const struct verify_key *k = &v->keys.key[i];
	char text[KEY_TEXT];
	bool zsk = false;

	for (unsigned j = 0; j < v->keys.n; j++)
		zsk |= v->keys.key[j].zone && !v->keys.key[j].sep;
	key_text(text, k);
	if (zsk || v->o->cfg != NULL)
		verify_note_tally(v, RULE_KSK_SIGNS_ZONE, &v->worker[0].ksk[i],
		    "RRsets of zone data signed by key %s", text);
	if (zsk && !k->sep && !k->revoked && signs_dnskey(v, i))
		verify_note(v, &v->worker[0], RULE_ZSK_SIGNS_DNSKEY, apex(v),
		    TYPE_DNSKEY, "key %s signs it", text);
}

static void
report_key(struct verify *v, unsigned i)
{
	const struct verify_key *k = &v->keys.key[i];

	v->r->key[i] = (struct verify_key_report){
	    .tag = k->tag,
	    .flags = k->dnskey.flags,
	    .algorithm = k->dnskey.algorithm,
	    .bits = k->verifier ? verifier_bits(k->verifier) : 0,
	    .anchor = k->anchor != NULL,
	    .signs_dnskey = signs_dnskey(v, i),
	    .signatures = v->worker[0].signed_by[i],
	};
}

void
dnskeys_judge(struct verify *v)
{
	judge_trust(v);
	v->r->key = xcalloc(v->keys.n, sizeof *v->r->key);
	v->r->keys = v->keys.n;
	for (unsigned i = 0; i < v->keys.n; i++) {
		judge_revoked(v, i);
		judge_roles(v, i);
		report_key(v, i);
	}
}
