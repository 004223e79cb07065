#include "rollover/keyset.h"

#include <stdlib.h>
#include <string.h>

#include "lib/algorithm.h"
#include "lib/xalloc.h"

/* What a key does in the zone at a moment. */
struct part {
	bool member;
	bool signs_dnskey;
	bool signs_zone;
	bool revoked;
};

static struct part
part_at(const struct key *k, int64_t t)
{
	enum key_state s = key_state_at(k, t);
	struct part p = {false, false, false, false};

	p.member = s >= KEY_STATE_PUBLISHED && s <= KEY_STATE_REVOKED;
	p.revoked = s == KEY_STATE_REVOKED;
	p.signs_zone = k->role == KEY_ZSK && s == KEY_STATE_ACTIVE;
	p.signs_dnskey = k->role == KEY_KSK &&
			 (s == KEY_STATE_ACTIVE || s == KEY_STATE_REVOKED);
	return p;
}

static bool
part_equal(struct part a, struct part b)
{
	return a.member == b.member && a.revoked == b.revoked &&
	       a.signs_dnskey == b.signs_dnskey && a.signs_zone == b.signs_zone;
}

static int
by_role_tag_id(const void *x, const void *y)
{
	const struct keyset_member *a = x, *b = y;

	if (a->key->role != b->key->role)
		return a->key->role == KEY_KSK ? -1 : 1;
	if (a->tag != b->tag)
		return a->tag < b->tag ? -1 : 1;
	return strcmp(a->key->id, b->key->id);
}

static void
add_member(struct keyset *set, const struct key *k, struct part p)
{
	struct keyset_member *m = &set->member[set->n++];

	m->key = k;
	m->flags = key_flags(k) | (p.revoked ? DNSKEY_REVOKE : 0);
	m->tag = p.revoked ? k->tag_revoked : k->tag;
	m->signs_dnskey = p.signs_dnskey;
	m->signs_zone = p.signs_zone;
}

/* Nothing can sign with it any more, and the zone would still hold it. */
static bool
destroyed_too_early(const struct key *k, int64_t t)
{
	return k->at[KEY_DESTROYED] <= t && k->at[KEY_PUBLISHED] <= t &&
	       k->at[KEY_REMOVED] > t;
}

static int
gather(struct keyset *set, const struct keys *keys, int64_t t, struct error *e)
{
	set->n = 0;
	set->member = xcalloc(keys->n, sizeof *set->member);
	for (size_t i = 0; i < keys->n; i++) {
		const struct key *k = &keys->key[i];
		struct part p = part_at(k, t);

		if (destroyed_too_early(k, t))
			return error_no(e,
			    "keyset: %s %s (%.16s) is destroyed and was never "
			    "removed from the zone",
			    key_role_text(k->role), k->label, k->id);
		if (p.revoked && k->role == KEY_ZSK)
			return error_no(e,
			    "keyset: zsk %s (%.16s) is revoked: only a KSK "
			    "can be (RFC 5011 section 2.1)",
			    k->label, k->id);
		if (p.member)
			add_member(set, k, p);
	}
	if (set->n > 1)
		qsort(set->member, set->n, sizeof *set->member, by_role_tag_id);
	return 0;
}

static int
check_tags(const struct keyset *set, struct error *e)
{
	for (size_t i = 0; i < set->n; i++)
		for (size_t j = i + 1; j < set->n; j++) {
			const struct keyset_member *a = &set->member[i];
			const struct keyset_member *b = &set->member[j];

			if (a->tag == b->tag)
				return error_no(e,
				    "keyset: %s %s (%.16s) and %s %s (%.16s) "
				    "have one tag, %u",
				    key_role_text(a->key->role), a->key->label,
				    a->key->id, key_role_text(b->key->role),
				    b->key->label, b->key->id,
				    (unsigned)a->tag);
		}
	return 0;
}

static bool
any_signs_dnskey(const struct keyset *set, bool revoked_too)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->member[i].signs_dnskey &&
		    (revoked_too || !(set->member[i].flags & DNSKEY_REVOKE)))
			return true;
	return false;
}

static bool
algorithm_signs(const struct keyset *set, uint8_t algorithm, bool dnskey)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct keyset_member *m = &set->member[i];

		if (m->key->algorithm == algorithm &&
		    (dnskey ? m->signs_dnskey : m->signs_zone))
			return true;
	}
	return false;
}

static bool
any_signs_zone(const struct keyset *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->member[i].signs_zone)
			return true;
	return false;
}

/*
 * RFC 4035 section 2.2: every RRset has a signature of every algorithm of the
 * apex DNSKEY RRset; a key that only waits there counts.
 */
static int
check_algorithms(const struct keyset *set, struct error *e)
{
	for (size_t i = 0; i < set->n; i++) {
		uint8_t number = set->member[i].key->algorithm;
		const struct algorithm *a = algorithm_by_number(number);
		const char *name = a != NULL ? a->name : "algorithm";

		if (!algorithm_signs(set, number, true))
			return error_no(e,
			    "keyset: no KSK of %s (%u) signs the DNSKEY RRset "
			    "that holds one of its keys (RFC 4035 section 2.2)",
			    name, (unsigned)number);
		if (!algorithm_signs(set, number, false))
			return error_no(e,
			    "keyset: no ZSK of %s (%u) signs the zone whose "
			    "DNSKEY RRset holds one of its keys (RFC 4035 "
			    "section 2.2)",
			    name, (unsigned)number);
	}
	return 0;
}

static int
check_set(const struct keyset *set, struct error *e)
{
	if (!any_signs_dnskey(set, true))
		return error_no(e, "keyset: no key signs the DNSKEY RRset");
	if (!any_signs_dnskey(set, false))
		return error_no(e,
		    "keyset: only a revoked key signs the DNSKEY RRset "
		    "(RFC 5011 section 2.1)");
	if (!any_signs_zone(set))
		return error_no(e, "keyset: no key signs the zone");
	if (check_algorithms(set, e) == -1)
		return -1;
	return check_tags(set, e);
}

int
keyset_at(
    struct keyset *set, const struct keys *keys, int64_t t, struct error *e)
{
	char when[UTC_TEXT];

	if (gather(set, keys, t, e) == -1 || check_set(set, e) == -1) {
		keyset_free(set);
		return error_prefix(e, "%s", utc_text(when, t));
	}
	return 0;
}

void
keyset_free(struct keyset *set)
{
	free(set->member);
	set->member = NULL;
	set->n = 0;
}

int64_t
keyset_next_change(const struct keys *keys, int64_t t)
{
	int64_t next = TIME_NEVER;

	for (size_t i = 0; i < keys->n; i++)
		for (int w = 0; w < KEY_TIMES; w++) {
			const struct key *k = &keys->key[i];
			int64_t at = k->at[w];

			if (at > t && at < next &&
			    !part_equal(part_at(k, at - 1), part_at(k, at)))
				next = at;
		}
	return next;
}
