/* The differences of two zones: one walk over both. */
#include <stdlib.h>
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

/* Entries of one node with the same type and RDATA, in order of TTL. */
struct run {
	const struct entry *entry;
	uint32_t n;
};

/* The next run that counts, after the one in hand; n is 0 at the end. */
static void
run_next(struct run *run, const struct walk *w, const struct zone *z,
    const struct node *nd)
{
	const struct entry *end = z->entry + nd->first + nd->count;

	run->entry += run->n;
	run->n = 0;
	while (run->entry < end && !w->take(z, nd, run->entry->record))
		run->entry++;
	while (run->entry + run->n < end &&
	       record_compare(run->entry->record,
		   run->entry[run->n].record) == 0)
		run->n++;
}

static int
ttl_compare(const void *key, const void *en)
{
	uint32_t a = *(const uint32_t *)key;
	uint32_t b = ((const struct entry *)en)->record->ttl;

	return a < b ? -1 : a > b;
}

/* From i on, the first TTL that the other run has not; or run->n. */
static uint32_t
unmatched(const struct run *run, const struct run *other, uint32_t i)
{
	while (i < run->n &&
	       bsearch(&run->entry[i].record->ttl, other->entry, other->n,
		   sizeof *other->entry, ttl_compare) != NULL)
		i++;
	return i;
}

/* One record may stand under several TTLs: these are compared as sets. */
static void
compare_ttls(const struct walk *w, const struct node *na, const struct run *a,
    const struct run *b)
{
	uint32_t i = unmatched(a, b, 0), k = unmatched(b, a, 0);

	while (i < a->n || k < b->n) {
		tell(w, na->owner, na, a->entry[i < a->n ? i : 0].record,
		    b->entry[k < b->n ? k : 0].record);
		i = unmatched(a, b, i + (i < a->n));
		k = unmatched(b, a, k + (k < b->n));
	}
}

static int
run_compare(const struct run *a, const struct run *b)
{
	if (a->n == 0 || b->n == 0)
		return (a->n == 0) - (b->n == 0);
	return record_compare(a->entry->record, b->entry->record);
}

static void
both_nodes(const struct walk *w, const struct node *na, const struct node *nb)
{
	struct run a = {w->a->entry + na->first, 0};
	struct run b = {w->b->entry + nb->first, 0};
	int c;

	run_next(&a, w, w->a, na);
	run_next(&b, w, w->b, nb);
	while (a.n > 0 || b.n > 0) {
		c = run_compare(&a, &b);
		for (uint32_t i = 0; c < 0 && i < a.n; i++)
			tell(w, na->owner, na, a.entry[i].record, NULL);
		for (uint32_t i = 0; c > 0 && i < b.n; i++)
			tell(w, na->owner, nb, NULL, b.entry[i].record);
		if (c == 0)
			compare_ttls(w, na, &a, &b);
		if (c <= 0)
			run_next(&a, w, w->a, na);
		if (c >= 0)
			run_next(&b, w, w->b, nb);
	}
}

static int
node_compare(const struct node *a, const struct node *b)
{
	return name_key_compare(owner_key(a->owner), a->owner->key_len,
	    owner_key(b->owner), b->owner->key_len);
}

void
zones_walk(const struct zone *a, const struct zone *b, walk_fn *fn, void *arg)
{
	const struct node *x = a->node, *xend = a->node + a->nodes;
	const struct node *y = b->node, *yend = b->node + b->nodes;
	int c;

	while (x < xend || y < yend) {
		c = x == xend ? 1 : y == yend ? -1 : node_compare(x, y);
		fn(arg, c <= 0 ? x : NULL, c >= 0 ? y : NULL);
		x += c <= 0;
		y += c >= 0;
	}
}

static void
compare_nodes(void *arg, const struct node *a, const struct node *b)
{
	const struct walk *w = arg;

	if (b == NULL)
		whole_node(w, w->a, a);
	else if (a == NULL)
		whole_node(w, w->b, b);
	else
		both_nodes(w, a, b);
}

void
zones_compare(const struct zone *a, const struct zone *b, diff_take_fn *take,
    diff_tell_fn *tell_fn, void *arg)
{
	struct walk w = {a, b, take, tell_fn, arg};

	zones_walk(a, b, compare_nodes, &w);
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
