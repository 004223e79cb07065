/* The NSEC chain (RFC 4034 section 4, RFC 4035 section 2.3). */
#include <string.h>

#include "signer/verify_run.h"

#define WINDOW_MAX 32 /* octets of a window's bitmap */
#define WINDOWS	   256
#define BITMAP_MAX (WINDOWS * (2 + WINDOW_MAX))

/* Is this name one that the chain goes through? */
static bool
in_chain(const struct node *nd)
{
	return nd->class != NODE_BELOW_CUT;
}

static const struct node *
next_in_chain(const struct zone *z, const struct node *nd)
{
	for (nd++; nd < z->node + z->nodes; nd++)
		if (in_chain(nd))
			return nd;
	return zone_apex(z);
}

/* Does the type belong into the bitmap of this node's NSEC? */
static bool
listed(const struct node *nd, uint16_t type)
{
	if (nd->class == NODE_AUTHORITATIVE)
		return true;
	return type == TYPE_NS || type == TYPE_DS;
}

/* A set of types as bits. */
struct types {
	uint8_t bit[8192];
};

static bool
types_has(const struct types *t, uint16_t type)
{
	return t->bit[type >> 3] & 0x80 >> (type & 7);
}

/* Types in ascending order, encoded as they come (RFC 4034 section 4.1.2). */
struct bitmap {
	uint8_t octets[BITMAP_MAX];
	size_t len;
	size_t window; /* where the open window begins */
	int open;      /* its number; -1: none */
};

static void
bitmap_add(struct bitmap *b, uint16_t type)
{
	unsigned at = (type & 0xff) >> 3;

	if (b->open != type >> 8) {
		b->open = type >> 8;
		b->window = b->len;
		b->octets[b->len] = type >> 8;
		b->octets[b->len + 1] = 0;
		b->len += 2;
	}
	while (b->octets[b->window + 1] <= at) {
		b->octets[b->len++] = 0;
		b->octets[b->window + 1]++;
	}
	b->octets[b->window + 2 + at] |= (uint8_t)(0x80 >> (type & 7));
}

/* What is there, and RRSIG and NSEC, which must be. */
static void
bitmap_of(struct bitmap *b, const struct zone *z, const struct node *nd)
{
	static const uint16_t always[] = {TYPE_RRSIG, TYPE_NSEC};
	struct rrset rs;
	unsigned i = 0;

	b->len = 0;
	b->open = -1;
	for (bool more = rrset_first(z, nd, &rs); more;
	    more = rrset_next(z, &rs)) {
		for (; i < 2 && always[i] <= rs.type; i++)
			bitmap_add(b, always[i]);
		if (listed(nd, rs.type))
			bitmap_add(b, rs.type);
	}
	for (; i < 2; i++)
		bitmap_add(b, always[i]);
}

/* Into a set; -1 when it is not as RFC 4034 section 4.1.2 wants it. */
static int
bitmap_decode(struct types *t, const uint8_t *p, size_t len)
{
	int last = -1;

	memset(t, 0, sizeof *t);
	while (len > 0) {
		if (len < 3 || p[0] <= last || p[1] == 0 ||
		    p[1] > WINDOW_MAX || p[1] + 2u > len ||
		    p[p[1] + 1] == 0)
			return -1;
		memcpy(t->bit + p[0] * WINDOW_MAX, p + 2, p[1]);
		last = p[0];
		len -= p[1] + 2u;
		p += p[1] + 2;
	}
	return 0;
}

static void
add_types(struct buf *out, const char *what, const struct types *has,
    const struct types *lacks)
{
	char text[TYPE_TEXT];
	bool first = true;

	for (unsigned t = 0; t <= UINT16_MAX; t++) {
		if (!types_has(has, (uint16_t)t) ||
		    types_has(lacks, (uint16_t)t))
			continue;
		if (first)
			buf_printf(out, "%s%s", out->len ? "; " : "", what);
		buf_printf(out, " %s", type_text(text, (uint16_t)t));
		first = false;
	}
}

static void
note_bitmap(struct verify *v, struct verify_worker *w, const struct node *nd,
    const struct bitmap *want, const uint8_t *p, size_t len)
{
	struct types there, said;
	struct buf text = BUF_INIT;

	if (bitmap_decode(&said, p, len) != 0 ||
	    bitmap_decode(&there, want->octets, want->len) != 0) {
		verify_note(v, w, RULE_NSEC_MALFORMED, nd->owner, TYPE_NSEC,
		    "type bitmap of %zu octets is not well formed", len);
		return;
	}
	add_types(&text, "lists, but the name does not have:", &said, &there);
	add_types(&text, "does not list, but the name has:", &there, &said);
	verify_note(v, w, RULE_NSEC_BITMAP, nd->owner, TYPE_NSEC, "%s",
	    buf_cstr(&text));
	buf_free(&text);
}

static void
check_next(struct verify *v, struct verify_worker *w, const struct node *nd,
    const uint8_t *next)
{
	const struct node *want = next_in_chain(v->z, nd);
	char a[NAME_MAX_TEXT], b[NAME_MAX_TEXT];

	if (!name_equal(next, owner_wire(want->owner)))
		verify_note(v, w, RULE_NSEC_CHAIN, nd->owner, TYPE_NSEC,
		    "next name is %s, it must be %s", name_text(a, next),
		    name_text(b, owner_wire(want->owner)));
}

static void
check_record(struct verify *v, struct verify_worker *w,
    const struct node *nd, const struct record *r)
{
	size_t next = name_check(r->rdata, r->rdlen);
	struct bitmap want;

	w->nsec++;
	if (r->ttl != v->nsec_ttl)
		tally_add(&w->nsec_ttl, nd, TYPE_NSEC);
	if (next == 0) {
		verify_note(v, w, RULE_NSEC_MALFORMED, nd->owner, TYPE_NSEC,
		    "its next name does not parse");
		return;
	}
	check_next(v, w, nd, r->rdata);
	bitmap_of(&want, v->z, nd);
	if (want.len != r->rdlen - next ||
	    memcmp(want.octets, r->rdata + next, want.len) != 0)
		note_bitmap(v, w, nd, &want, r->rdata + next,
		    r->rdlen - next);
}

static void
check_nsec3(struct verify *v, struct verify_worker *w, const struct node *nd)
{
	static const uint16_t type[] = {TYPE_NSEC3, TYPE_NSEC3PARAM};
	struct rrset rs;

	for (unsigned i = 0; i < 2; i++)
		if (rrset_find(v->z, nd, type[i], &rs))
			verify_note(v, w, RULE_NSEC3_UNSUPPORTED, nd->owner,
			    type[i], "hashed denial of existence cannot be "
			    "verified");
}

void
nsec_check(struct verify *v, struct verify_worker *w, const struct node *nd)
{
	struct rrset rs;
	bool has = rrset_find(v->z, nd, TYPE_NSEC, &rs);

	check_nsec3(v, w, nd);
	if (!in_chain(nd)) {
		if (has)
			verify_note(v, w, RULE_NSEC_MISPLACED, nd->owner,
			    TYPE_NSEC, "below a delegation or DNAME");
		return;
	}
	if (!has) {
		verify_note(v, w, RULE_NSEC_MISSING, nd->owner, TYPE_NSEC,
		    "the name has none");
		return;
	}
	if (rs.n > 1)
		verify_note(v, w, RULE_NSEC_MULTIPLE, nd->owner, TYPE_NSEC,
		    "%u records", rs.n);
	for (uint32_t i = 0; i < rs.n; i++)
		check_record(v, w, nd, rrset_record(&rs, i));
}
