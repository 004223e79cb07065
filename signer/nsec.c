#include "signer/nsec.h"

#include <stdlib.h>
#include <string.h>

#include "lib/parallel.h"
#include "lib/xalloc.h"

#define PIECE	   256	      /* nodes at once */
#define BITMAP_MAX (256 * 34) /* every window full (RFC 4034 4.1.2) */

/* Types as window blocks; they are added in ascending order. */
struct bitmap {
	uint8_t octets[BITMAP_MAX];
	size_t len;
	uint8_t *block; /* the one that is open: window, length, bits */
};

static void
bitmap_add(struct bitmap *b, uint16_t type)
{
	uint8_t window = type >> 8, octet = (type & 0xff) / 8;

	if (b->block == NULL || b->block[0] != window) {
		b->block = b->octets + b->len;
		b->block[0] = window;
		b->block[1] = 0;
		b->len += 2;
	}
	while (b->block[1] <= octet) {
		b->block[2 + b->block[1]++] = 0;
		b->len++;
	}
	b->block[2 + octet] |= (uint8_t)(0x80 >> (type & 7));
}

/* NS and what we sign are there; at delegations nothing else is ours. */
static bool
is_listed(const struct node *nd, uint16_t type)
{
	return node_signs(nd, type) ||
	       (nd->class == NODE_DELEGATION && type == TYPE_NS);
}

static void
bitmap_of(struct bitmap *b, const struct zone *z, const struct node *nd)
{
	struct rrset rs;
	bool proof = false; /* RRSIG and NSEC are in */

	b->len = 0;
	b->block = NULL;
	for (bool more = rrset_first(z, nd, &rs); more;
	    more = rrset_next(z, &rs)) {
		if (!proof && rs.type > TYPE_RRSIG) {
			bitmap_add(b, TYPE_RRSIG);
			bitmap_add(b, TYPE_NSEC);
			proof = true;
		}
		if (is_listed(nd, rs.type))
			bitmap_add(b, rs.type);
	}
	if (!proof) {
		bitmap_add(b, TYPE_RRSIG);
		bitmap_add(b, TYPE_NSEC);
	}
}

struct chain {
	struct zone *z;
	uint32_t ttl;
	uint32_t *link; /* nodes of the chain, in order */
	size_t links;
	struct record **nsec; /* of each */
};

static int
make_nsecs(void *arg, unsigned worker, size_t first, size_t end,
    struct error *e)
{
	struct chain *c = arg;
	const struct owner *next;
	struct bitmap types;
	struct record *r;

	(void)e;
	for (size_t i = first; i < end; i++) {
		next = c->z->node[c->link[(i + 1) % c->links]].owner;
		bitmap_of(&types, c->z, &c->z->node[c->link[i]]);
		r = zone_record(c->z, worker, TYPE_NSEC, c->ttl,
		    next->wire_len + types.len);
		memcpy(r->rdata, owner_wire(next), next->wire_len);
		memcpy(r->rdata + next->wire_len, types.octets, types.len);
		c->nsec[i] = r;
	}
	return 0;
}

size_t
nsec_chain(struct zone *z, uint32_t ttl, unsigned threads)
{
	struct chain c = {.z = z, .ttl = ttl};
	struct error e = ERROR_INIT;

	c.link = xreallocarray(NULL, z->nodes, sizeof *c.link);
	for (size_t i = 0; i < z->nodes; i++)
		if (z->node[i].class != NODE_BELOW_CUT)
			c.link[c.links++] = (uint32_t)i;
	c.nsec = xcalloc(c.links, sizeof(struct record *));
	(void)parallel(threads, c.links, PIECE, make_nsecs, &c, &e);
	for (size_t i = 0; i < c.links; i++)
		zone_add_record(z, z->node[c.link[i]].owner, c.nsec[i]);
	zone_index(z, threads);
	free(c.link);
	free(c.nsec);
	return c.links;
}
