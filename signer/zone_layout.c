/* The nodes of a zone, and walking through them. */
#include "signer/zone_layout.h"

#include <string.h>

#include "lib/xalloc.h"

/* Consecutive entries may have equal owners that were added apart. */
static bool
same_owner(const struct owner *a, const struct owner *b)
{
	return a == b ||
	       (a->key_len == b->key_len &&
		   memcmp(owner_key(a), owner_key(b), a->key_len) == 0);
}

static size_t
count_nodes(const struct zone *z)
{
	size_t n = z->n > 0;

	for (size_t i = 1; i < z->n; i++)
		n += !same_owner(z->entry[i - 1].owner, z->entry[i].owner);
	return n;
}

static bool
node_has(const struct zone *z, const struct node *nd, uint16_t type)
{
	struct rrset rs;

	return rrset_find(z, nd, type, &rs);
}

static bool
node_is_below(const struct node *nd, const struct node *top)
{
	return name_key_below(owner_key(nd->owner), nd->owner->key_len,
	    owner_key(top->owner), top->owner->key_len);
}

/* cut: the node under which nothing is authoritative, or NULL. */
static void
classify(const struct zone *z, struct node *nd, const struct node **cut)
{
	bool apex = nd->owner->key_len == z->apex_key_len;

	if (*cut != NULL && node_is_below(nd, *cut)) {
		nd->class = NODE_BELOW_CUT;
		nd->cut = (uint32_t)(*cut - z->node);
		return;
	}
	nd->class = NODE_AUTHORITATIVE;
	if (!apex && node_has(z, nd, TYPE_NS))
		nd->class = NODE_DELEGATION;
	if (nd->class == NODE_DELEGATION || node_has(z, nd, TYPE_DNAME))
		*cut = nd;
}

void
zone_lay_out(struct zone *z)
{
	const struct node *cut = NULL;
	struct node *nd = NULL;

	z->nodes = count_nodes(z);
	z->node = xreallocarray(z->node, z->nodes, sizeof *z->node);
	for (size_t i = 0; i < z->n; i++) {
		if (i == 0)
			nd = z->node;
		else if (!same_owner(nd->owner, z->entry[i].owner))
			nd++;
		else {
			nd->count++;
			continue;
		}
		*nd = (struct node){z->entry[i].owner, (uint32_t)i, 1,
		    NODE_AUTHORITATIVE, 0};
	}
	for (size_t i = 0; i < z->nodes; i++)
		classify(z, &z->node[i], &cut);
}

/* The RRset that begins at entry i; false at the end of the node. */
static bool
rrset_at(const struct zone *z, const struct node *nd, uint32_t i,
    struct rrset *rs)
{
	uint32_t end = nd->first + nd->count, n = 1;
	const struct entry *en = &z->entry[i];

	if (i >= end)
		return false;
	while (i + n < end && en[n].record->type == en->record->type)
		n++;
	*rs = (struct rrset){nd, en, n, en->record->type, en->record->ttl};
	return true;
}

bool
rrset_first(const struct zone *z, const struct node *nd, struct rrset *rs)
{
	return rrset_at(z, nd, nd->first, rs);
}

bool
rrset_next(const struct zone *z, struct rrset *rs)
{
	uint32_t i = (uint32_t)(rs->entry - z->entry) + rs->n;

	return rrset_at(z, rs->node, i, rs);
}

bool
rrset_find(const struct zone *z, const struct node *nd, uint16_t type,
    struct rrset *rs)
{
	bool more = rrset_first(z, nd, rs);

	while (more && rs->type < type)
		more = rrset_next(z, rs);
	return more && rs->type == type;
}

const struct node *
zone_at_or_before(const struct zone *z, const uint8_t *key, size_t len)
{
	size_t low = 0, high = z->nodes, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (name_key_compare(owner_key(z->node[mid].owner),
			z->node[mid].owner->key_len, key, len) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low > 0 ? &z->node[low - 1] : NULL;
}

const struct node *
zone_find(const struct zone *z, const uint8_t *wire)
{
	uint8_t key[NAME_MAX_KEY];
	size_t len = name_key(key, wire);
	const struct node *nd = zone_at_or_before(z, key, len);

	if (nd == NULL || nd->owner->key_len != len ||
	    memcmp(owner_key(nd->owner), key, len) != 0)
		return NULL;
	return nd;
}

const struct node *
zone_cut_above(const struct zone *z, const uint8_t *key, size_t len)
{
	const struct node *nd = zone_at_or_before(z, key, len);

	if (nd != NULL && nd->class == NODE_BELOW_CUT)
		nd = &z->node[nd->cut];
	if (nd == NULL || nd->class != NODE_DELEGATION ||
	    !name_key_below(key, len, owner_key(nd->owner),
		nd->owner->key_len))
		return NULL;
	return nd;
}

bool
node_signs(const struct node *nd, uint16_t type)
{
	switch (nd->class) {
	case NODE_AUTHORITATIVE:
		return type != TYPE_RRSIG;
	case NODE_DELEGATION:
		return type == TYPE_DS || type == TYPE_NSEC;
	default:
		return false;
	}
}
