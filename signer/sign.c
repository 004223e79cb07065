/* Signing a zone: signatures, ZONEMD, and their count. */
#include "signer/sign.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "lib/clock.h"
#include "lib/parallel.h"
#include "lib/xalloc.h"
#include "signer/rrsig.h"
#include "signer/zonemd.h"

#define PIECE 16 /* nodes handed to a worker at once */

struct signing {
	struct zone *z;
	const struct signing_keys *keys;
	const struct sign_report *r;
	size_t *slot;	      /* by node: its first; and the end */
	struct record **made; /* by slot */
	struct buf *scratch;  /* by worker */
	struct progress bar;
	atomic_size_t signatures;
	bool zonemd; /* now is its turn; before, all others' */
};

/* The apex key set, and what it tells the parent (RFC 7344 section 4.1). */
static bool
is_key_set(const struct zone *z, const struct rrset *rs)
{
	return rs->node == zone_apex(z) &&
	       (rs->type == TYPE_DNSKEY || rs->type == TYPE_CDS ||
		   rs->type == TYPE_CDNSKEY);
}

static bool
key_signs(const struct signing_key *k, bool key_set)
{
	return key_set ? k->signs_dnskey : k->signs_zone;
}

static bool
is_due(const struct signing *s, const struct rrset *rs)
{
	bool zonemd = rs->type == TYPE_ZONEMD && rs->node == zone_apex(s->z);

	return node_signs(rs->node, rs->type) && zonemd == s->zonemd;
}

static size_t
signers_of(const struct signing *s, const struct rrset *rs)
{
	bool key_set = is_key_set(s->z, rs);
	size_t n = 0;

	for (size_t i = 0; i < s->keys->n; i++)
		n += key_signs(&s->keys->key[i], key_set);
	return n;
}

static int
sign_rrset(struct signing *s, const struct rrset *rs, unsigned worker,
    size_t *slot, struct error *e)
{
	const struct sign_report *r = s->r;
	bool key_set = is_key_set(s->z, rs);

	for (size_t i = 0; i < s->keys->n; i++) {
		if (!key_signs(&s->keys->key[i], key_set))
			continue;
		if (rrsig_make(s->z, rs, &s->keys->key[i], worker,
			key_set ? r->dnskey_inception : r->inception,
			key_set ? r->dnskey_expiration : r->expiration,
			&s->scratch[worker], &s->made[(*slot)++], e) == -1)
			return -1;
		atomic_fetch_add_explicit(&s->bar.done, 1,
		    memory_order_relaxed);
		atomic_fetch_add_explicit(&s->signatures, 1,
		    memory_order_relaxed);
	}
	return 0;
}

static int
sign_nodes(void *arg, unsigned worker, size_t first, size_t end,
    struct error *e)
{
	struct signing *s = arg;
	struct rrset rs;
	size_t slot;

	for (size_t i = first; i < end; i++) {
		slot = s->slot[i];
		for (bool more = rrset_first(s->z, &s->z->node[i], &rs); more;
		    more = rrset_next(s->z, &rs))
			if (is_due(s, &rs) &&
			    sign_rrset(s, &rs, worker, &slot, e) == -1)
				return -1;
	}
	return 0;
}

/* Give each node its slots; returns how many RRsets are due. */
static size_t
count_slots(struct signing *s)
{
	size_t rrsets = 0, at = 0;
	struct rrset rs;

	s->slot = xreallocarray(s->slot, s->z->nodes + 1, sizeof *s->slot);
	for (size_t i = 0; i < s->z->nodes; i++) {
		s->slot[i] = at;
		for (bool more = rrset_first(s->z, &s->z->node[i], &rs); more;
		    more = rrset_next(s->z, &rs))
			if (is_due(s, &rs)) {
				at += signers_of(s, &rs);
				rrsets++;
			}
	}
	s->slot[s->z->nodes] = at;
	return rrsets;
}

/* Every slot filled, or nothing is published. */
static int
add_made(struct signing *s, struct error *e)
{
	size_t expected = s->slot[s->z->nodes];
	size_t made = atomic_load(&s->signatures);

	if (made != expected)
		return error_set(e, "signatures: %zu made, %zu expected", made,
		    expected);
	for (size_t i = 0; i < s->z->nodes; i++)
		for (size_t j = s->slot[i]; j < s->slot[i + 1]; j++) {
			if (s->made[j] == NULL)
				return error_set(e, "signatures: one of node "
						    "%zu is missing", i);
			zone_add_record(s->z, s->z->node[i].owner, s->made[j]);
		}
	return 0;
}

/* Sign what is due on all threads, then add it and index. */
static int
sign_due(struct signing *s, const struct sign_options *o,
    struct sign_report *r, struct error *e)
{
	size_t rrsets = count_slots(s), total = s->slot[s->z->nodes];
	int rc;

	s->made = xcalloc(total, sizeof(struct record *));
	atomic_store(&s->signatures, 0);
	progress_begin(&s->bar, "signing", total, o->show);
	rc = parallel(o->threads, s->z->nodes, PIECE, sign_nodes, s, e);
	progress_end(&s->bar);
	if (rc == 0 && (rc = add_made(s, e)) == 0)
		zone_index(s->z, o->threads);
	r->rrsets += rrsets;
	r->signatures += total;
	free(s->made);
	return rc;
}

int
sign_zone(struct zone *z, const struct signing_keys *keys,
    const struct sign_options *o, struct sign_report *r, struct error *e)
{
	struct signing s = {.z = z, .keys = keys, .r = r};
	double began = clock_elapsed();
	int rc = -1;

	s.scratch = xcalloc(o->threads, sizeof *s.scratch);
	if (sign_due(&s, o, r, e) == -1)
		goto out;
	r->sign_s = clock_elapsed() - began;
	if (zonemd_fill(z, e) == -1)
		goto out;
	s.zonemd = true;
	if (sign_due(&s, o, r, e) == -1)
		goto out;
	r->zonemd_s = clock_elapsed() - began - r->sign_s;
	rc = 0;
out:
	for (unsigned i = 0; i < o->threads; i++)
		buf_free(&s.scratch[i]);
	free(s.scratch);
	free(s.slot);
	return rc;
}
