#include "tests/support/zone_place.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/xalloc.h"

/* SplitMix64. */
uint32_t
dice_roll(struct dice *d, uint32_t sides)
{
	uint64_t x = d->state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((x ^ x >> 31) % sides);
}

void
zone_share(struct zone *copy, const struct zone *z)
{
	*copy = *z;
	copy->entry = xmemdup(z->entry, z->n * sizeof *z->entry);
	copy->cap = z->n;
	copy->node = xmemdup(z->node, z->nodes * sizeof *z->node);
	copy->content = (struct arena)ARENA_INIT;
	copy->workers = 1;
	copy->made = xcalloc(1, sizeof *copy->made);
	copy->last_owner = NULL;
}

/* --- picking a place ----------------------------------------------------- */

static const struct node *
node_of(const struct zone *z, size_t entry)
{
	size_t low = 0, high = z->nodes, mid;

	while (high - low > 1) {
		mid = low + (high - low) / 2;
		if (z->node[mid].first <= entry)
			low = mid;
		else
			high = mid;
	}
	return &z->node[low];
}

bool
pick(struct place *p, const struct zone *z, struct dice *d, wanted_fn *wanted)
{
	size_t start = dice_roll(d, (uint32_t)z->n), at;

	for (size_t i = 0; i < z->n; i++) {
		at = (start + i) % z->n;
		p->node = node_of(z, at);
		p->record = z->entry[at].record;
		p->owner = p->node->owner;
		if (wanted(z, p->node, p->record))
			return true;
	}
	return false;
}

uint16_t
covers(const struct record *r)
{
	return (uint16_t)(r->rdata[0] << 8 | r->rdata[1]);
}

bool
is_rrsig(const struct zone *z, const struct node *nd, const struct record *r)
{
	(void)z;
	(void)nd;
	return r->type == TYPE_RRSIG;
}

bool
is_nsec(const struct zone *z, const struct node *nd, const struct record *r)
{
	(void)z;
	(void)nd;
	return r->type == TYPE_NSEC;
}

bool
is_ds(const struct zone *z, const struct node *nd, const struct record *r)
{
	(void)z;
	(void)nd;
	return r->type == TYPE_DS;
}

bool
is_glue(const struct zone *z, const struct node *nd, const struct record *r)
{
	(void)z;
	return nd->class == NODE_BELOW_CUT &&
	       (r->type == TYPE_A || r->type == TYPE_AAAA);
}

/* Glue of a name that has other glue. */
bool
is_spare_glue(const struct zone *z, const struct node *nd,
    const struct record *r)
{
	return is_glue(z, nd, r) && nd->count > 1;
}

bool
is_delegation_ns(const struct zone *z, const struct node *nd,
    const struct record *r)
{
	struct rrset ds;

	return nd->class == NODE_DELEGATION && r->type == TYPE_NS &&
	       rrset_find(z, nd, TYPE_DS, &ds);
}

/* Its glue, if any, is not in-domain. */
bool
is_outside_ns(const struct zone *z, const struct node *nd,
    const struct record *r)
{
	uint8_t key[NAME_MAX_KEY];

	(void)z;
	return nd->class == NODE_DELEGATION && r->type == TYPE_NS &&
	       r->rdata[0] > 0 && !name_key_below(key,
	    name_key(key, r->rdata), owner_key(nd->owner), nd->owner->key_len);
}

bool
is_apex_ns(const struct zone *z, const struct node *nd,
    const struct record *r)
{
	return nd == zone_apex(z) && r->type == TYPE_NS;
}

bool
is_soa(const struct zone *z, const struct node *nd, const struct record *r)
{
	(void)z;
	(void)nd;
	return r->type == TYPE_SOA;
}

bool
is_dnskey(const struct zone *z, const struct node *nd, const struct record *r)
{
	(void)z;
	(void)nd;
	return r->type == TYPE_DNSKEY;
}

bool
is_zonemd(const struct zone *z, const struct node *nd, const struct record *r)
{
	(void)z;
	(void)nd;
	return r->type == TYPE_ZONEMD;
}

/* --- changing it --------------------------------------------------------- */

static bool
same_record(void *arg, const struct entry *en)
{
	return en->record == arg;
}

void
take_out(struct zone *z, struct record *r)
{
	assert_int_equal(zone_remove(z, same_record, r), 1);
}

struct record *
replace(struct zone *z, const struct place *p)
{
	struct record *r = zone_record(z, 0, p->record->type, p->record->ttl,
	    p->record->rdlen);

	memcpy(r->rdata, p->record->rdata, r->rdlen);
	take_out(z, p->record);
	zone_add_record(z, p->owner, r);
	return r;
}

void
flip(struct record *r, struct dice *d, size_t from, size_t to)
{
	r->rdata[from + dice_roll(d, (uint32_t)(to - from))] ^=
	    (uint8_t)(1u << dice_roll(d, 8));
}

struct dropping {
	const struct owner *owner;
	uint16_t type, covered; /* 0: all */
};

static bool
drop(void *arg, const struct entry *en)
{
	const struct dropping *dr = arg;

	return en->owner->key_len == dr->owner->key_len &&
	       memcmp(en->owner->octets, dr->owner->octets,
		   dr->owner->key_len) == 0 &&
	       (dr->type == 0 || en->record->type == dr->type) &&
	       (dr->covered == 0 || covers(en->record) == dr->covered);
}

void
drop_all(struct zone *z, const struct owner *o, uint16_t type,
    uint16_t covered)
{
	struct dropping dr = {o, type, covered};

	zone_remove(z, drop, &dr);
}
