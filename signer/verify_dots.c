/*
 * A generator that loses the dot at the end of names makes "name.zone.zone."
 * of "name.zone": every record stands, and nothing resolves.
 */
#include <string.h>

#include "signer/verify_run.h"

#define FLOOD_PERCENT 1
#define FLOOD_LEAST   2

struct dots {
	uint8_t key[NAME_MAX_KEY]; /* of "zone.zone." */
	size_t len;
	size_t names; /* looked at */
	struct tally twice;
};

static bool
double_key(struct dots *d, const struct zone *z)
{
	uint8_t wire[2 * NAME_MAX_WIRE];
	size_t labels = z->apex_len - 1; /* octets before the root's */

	if (labels == 0 || labels + z->apex_len > NAME_MAX_WIRE)
		return false;
	memcpy(wire, z->apex, labels);
	memcpy(wire + labels, z->apex, z->apex_len);
	d->len = name_key(d->key, wire);
	return true;
}

static void
look(struct dots *d, const struct node *nd, uint16_t type,
    const uint8_t *key, size_t len)
{
	d->names++;
	if (name_key_below(key, len, d->key, d->len))
		tally_add(&d->twice, nd, type);
}

static void
look_at(struct dots *d, const struct zone *z, const struct node *nd)
{
	uint8_t key[NAME_MAX_KEY];
	struct rrset rs;

	if (!rrset_find(z, nd, TYPE_NS, &rs))
		return;
	look(d, nd, TYPE_NS, owner_key(nd->owner), nd->owner->key_len);
	for (uint32_t i = 0; i < rs.n; i++)
		look(d, nd, TYPE_NS, key,
		    name_key(key, rrset_record(&rs, i)->rdata));
}

void
dots_check(struct verify *v)
{
	struct dots d = {.names = 0};

	if (!double_key(&d, v->z))
		return;
	for (size_t i = 0; i < v->z->nodes; i++)
		if (v->z->node[i].class != NODE_BELOW_CUT)
			look_at(&d, v->z, &v->z->node[i]);
	verify_note_tally(v, RULE_LOST_DOT, &d.twice, "owners of NS, and name "
	    "servers, that end in the zone's name twice");
	if (d.twice.n >= FLOOD_LEAST &&
	    d.twice.n * 100 >= d.names * FLOOD_PERCENT)
		verify_note_tally(v, RULE_LOST_DOTS, &d.twice,
		    "of %zu owners of NS and name servers so many end in the "
		    "zone's name twice", d.names);
}
