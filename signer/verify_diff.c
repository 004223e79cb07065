/* The differences of two zones: one walk over both. */
#include <string.h>

#include "signer/verify_run.h"

struct walk {
	const struct zone *a, *b;
	diff_take_fn *take;
	diff_tell_fn *tell;
	void *arg;
};

static void
tell(const struct walk *w, const struct owner *owner, const struct node *nd,
    const struct record *a, const struct record *b)
{
	struct difference d = {.owner = owner, .node = nd, .a = a, .b = b};

	w->tell(w->arg, &d);
}

/* A node that only one of the zones has. */
static void
whole_node(const struct walk *w, const struct zone *z, const struct node *nd)
{
	const struct entry *en = z->entry + nd->first;

	for (uint32_t i = 0; i < nd->count; i++)
		if (w->take(z, nd, en[i].record))
			tell(w, nd->owner, nd, z == w->a ? en[i].record : NULL,
			    z == w->b ? en[i].record : NULL);
}

static int
record_compare(const struct record *x, const struct record *y)
{
	int c;

	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	c = memcmp(x->rdata, y->rdata,
	    x->rdlen < y->rdlen ? x->rdlen : y->rdlen);
	if (c != 0)
		return c;
	return (x->rdlen > y->rdlen) - (x->rdlen < y->rdlen);
}

/* The next record that counts, from *i on; NULL. */
static const struct record *
next(const struct walk *w, const struct zone *z, const struct node *nd,
    uint32_t *i)
{
	const struct record *r;

	for (; *i < nd->count; ++*i) {
		r = z->entry[nd->first + *i].record;
		if (w->take(z, nd, r))
			return r;
	}
	return NULL;
}

static void
both_nodes(const struct walk *w, const struct node *na, const struct node *nb)
{
	uint32_t i = 0, k = 0;
	const struct record *a = next(w, w->a, na, &i);
	const struct record *b = next(w, w->b, nb, &k);
	int c;

	while (a != NULL || b != NULL) {
		c = a == NULL ? 1 : b == NULL ? -1 : record_compare(a, b);
		if (c < 0)
			tell(w, na->owner, na, a, NULL);
		else if (c > 0)
			tell(w, na->owner, nb, NULL, b);
		else if (a->ttl != b->ttl)
			tell(w, na->owner, na, a, b);
		i += c <= 0;
		k += c >= 0;
		a = next(w, w->a, na, &i);
		b = next(w, w->b, nb, &k);
	}
}

static int
node_compare(const struct node *a, const struct node *b)
{
	return name_key_compare(owner_key(a->owner), a->owner->key_len,
	    owner_key(b->owner), b->owner->key_len);
}

void
zones_compare(const struct zone *a, const struct zone *b, diff_take_fn *take,
    diff_tell_fn *tell_fn, void *arg)
{
	const struct walk w = {a, b, take, tell_fn, arg};
	const struct node *x = a->node, *xend = a->node + a->nodes;
	const struct node *y = b->node, *yend = b->node + b->nodes;
	int c;

	while (x < xend || y < yend) {
		c = x == xend ? 1 : y == yend ? -1 : node_compare(x, y);
		if (c < 0)
			whole_node(&w, a, x++);
		else if (c > 0)
			whole_node(&w, b, y++);
		else
			both_nodes(&w, x++, y++);
	}
}

/* What signing makes; and SOA, which is compared on its own. */
bool
diff_content(const struct zone *z, const struct node *nd,
    const struct record *r)
{
	switch (r->type) {
	case TYPE_RRSIG:
	case TYPE_NSEC:
	case TYPE_NSEC3:
	case TYPE_NSEC3PARAM:
		return false;
	case TYPE_SOA:
	case TYPE_DNSKEY:
	case TYPE_ZONEMD:
	case TYPE_CDS:
	case TYPE_CDNSKEY:
		return nd != zone_apex(z);
	default:
		return true;
	}
}

/* SOA RDATA ends with serial, refresh, retry, expire, minimum. */
bool
soa_same(const struct record *a, const struct record *b)
{
	size_t names;

	if (a->rdlen != b->rdlen || a->rdlen < 22)
		return false;
	names = a->rdlen - 20u;
	return memcmp(a->rdata, b->rdata, names) == 0 &&
	       memcmp(a->rdata + names + 4, b->rdata + names + 4, 16) == 0;
}

bool
same_apex(const struct zone *a, const struct zone *b)
{
	return a->apex_len == b->apex_len &&
	       memcmp(a->apex, b->apex, a->apex_len) == 0;
}
