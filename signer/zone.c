/* The records of a zone: adding, sorting, removing. */
#include "signer/zone.h"

#include <stdlib.h>
#include <string.h>

#include "lib/parallel.h"
#include "lib/xalloc.h"
#include "signer/canonical.h"
#include "signer/zone_layout.h"

void
zone_init(struct zone *z, const uint8_t *apex, unsigned workers)
{
	*z = (struct zone){0};
	z->apex_len = name_len(apex);
	memcpy(z->apex, apex, z->apex_len);
	z->apex_key_len = name_key(z->apex_key, apex);
	z->workers = workers;
	z->made = xcalloc(workers, sizeof *z->made);
}

void
zone_forget(struct zone *z)
{
	for (unsigned i = 0; i < z->workers; i++)
		arena_free(&z->made[i]);
	arena_free(&z->content);
	free(z->entry);
	free(z->node);
	z->entry = NULL;
	z->node = NULL;
	z->last_owner = NULL;
	z->n = z->cap = z->sorted = z->nodes = 0;
}

void
zone_free(struct zone *z)
{
	zone_forget(z);
	free(z->made);
	*z = (struct zone){0};
}

/* The owner in the arena: the last one again when the name is the same. */
static const struct owner *
owner_of(struct zone *z, const uint8_t *wire, size_t len)
{
	const struct owner *last = z->last_owner;
	uint8_t lower[NAME_MAX_WIRE], key[NAME_MAX_KEY];
	struct owner *o;
	size_t klen;

	memcpy(lower, wire, len);
	name_lower(lower, len);
	if (last != NULL && last->wire_len == len &&
	    memcmp(owner_wire(last), lower, len) == 0)
		return last;
	klen = name_key(key, lower);
	if (!name_key_below(key, klen, z->apex_key, z->apex_key_len))
		return NULL;
	o = arena_alloc(&z->content, sizeof *o + klen + len);
	o->key_len = (uint16_t)klen;
	o->wire_len = (uint16_t)len;
	memcpy(o->octets, key, klen);
	memcpy(o->octets + klen, lower, len);
	return z->last_owner = o;
}

static struct record *
record_in(struct arena *a, uint16_t type, uint32_t ttl, size_t rdlen)
{
	struct record *r = arena_alloc(a, sizeof *r + rdlen);

	r->ttl = ttl;
	r->type = type;
	r->rdlen = (uint16_t)rdlen;
	return r;
}

struct record *
zone_record(struct zone *z, unsigned worker, uint16_t type, uint32_t ttl,
    size_t rdlen)
{
	return record_in(&z->made[worker], type, ttl, rdlen);
}

void
zone_add_record(struct zone *z, const struct owner *owner, struct record *r)
{
	if (z->n == z->cap) {
		z->cap = z->cap ? z->cap + z->cap / 2 : 1024;
		z->entry = xreallocarray(z->entry, z->cap, sizeof *z->entry);
	}
	z->entry[z->n++] = (struct entry){owner, r};
}

int
zone_add(struct zone *z, const uint8_t *wire, uint16_t type, uint32_t ttl,
    const uint8_t *rdata, size_t len, struct error *e)
{
	size_t wire_len = name_check(wire, NAME_MAX_WIRE);
	const struct owner *o;
	struct record *r;
	char text[TYPE_TEXT];

	if (wire_len == 0 || len > UINT16_MAX)
		return error_set(e, "record: owner or RDATA out of bounds");
	if ((o = owner_of(z, wire, wire_len)) == NULL)
		return error_set(e, "out of zone: the owner is not at or "
				    "below the apex (RFC 1034 section 4.2)");
	r = record_in(&z->content, type, ttl, len);
	if (len > 0)
		memcpy(r->rdata, rdata, len);
	if (canonical_rdata(type, r->rdata, len) == -1)
		return error_set(e, "%s: RDATA is not well formed",
		    type_text(text, type));
	zone_add_record(z, o, r);
	return 0;
}

/* Canonical order (RFC 4034 section 6), then TTL. */
static int
entry_compare(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;
	const struct record *x = a->record, *y = b->record;
	int c;

	if (a->owner != b->owner) {
		c = name_key_compare(owner_key(a->owner), a->owner->key_len,
		    owner_key(b->owner), b->owner->key_len);
		if (c != 0)
			return c;
	}
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	c = memcmp(x->rdata, y->rdata,
	    x->rdlen < y->rdlen ? x->rdlen : y->rdlen);
	if (c != 0)
		return c;
	if (x->rdlen != y->rdlen)
		return x->rdlen < y->rdlen ? -1 : 1;
	return x->ttl < y->ttl ? -1 : x->ttl > y->ttl;
}

static bool
in_order(const struct entry *en, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (entry_compare(&en[i - 1], &en[i]) > 0)
			return false;
	return true;
}

struct sorting {
	struct entry *from, *to;
	size_t n, run; /* [0, n) consists of sorted runs of this length */
};

static int
sort_runs(void *arg, unsigned worker, size_t first, size_t end, struct error *e)
{
	struct sorting *s = arg;
	size_t at, left;

	(void)worker;
	(void)e;
	for (size_t i = first; i < end; i++) {
		at = i * s->run;
		left = s->n - at;
		if (left > s->run)
			left = s->run;
		if (!in_order(s->from + at, left))
			qsort(s->from + at, left, sizeof *s->from,
			    entry_compare);
	}
	return 0;
}

/* Merge a[0..n) and b[0..m) into to. */
static void
merge(struct entry *to, const struct entry *a, size_t n, const struct entry *b,
    size_t m)
{
	while (n > 0 && m > 0) {
		if (entry_compare(a, b) <= 0) {
			*to++ = *a++;
			n--;
		} else {
			*to++ = *b++;
			m--;
		}
	}
	memcpy(to, n > 0 ? a : b, (n > 0 ? n : m) * sizeof *to);
}

/* Merge the runs 2i and 2i + 1. */
static int
merge_runs(void *arg, unsigned worker, size_t first, size_t end,
    struct error *e)
{
	struct sorting *s = arg;
	size_t at, left, a, b;

	(void)worker;
	(void)e;
	for (size_t i = first; i < end; i++) {
		at = i * 2 * s->run;
		left = s->n - at;
		a = left < s->run ? left : s->run;
		b = left - a < s->run ? left - a : s->run;
		merge(s->to + at, s->from + at, a, s->from + at + a, b);
	}
	return 0;
}

/* Sorts en[0..n), with room of the same size; returns where the result is. */
static struct entry *
sort(struct entry *en, struct entry *room, size_t n, unsigned threads)
{
	struct sorting s = {en, room, n, (n + threads - 1) / threads};
	struct entry *other;
	struct error e = ERROR_INIT;

	(void)parallel(threads, threads, 1, sort_runs, &s, &e);
	for (; s.run < n; s.run *= 2) {
		(void)parallel(threads, (n + 2 * s.run - 1) / (2 * s.run), 1,
		    merge_runs, &s, &e);
		other = s.from;
		s.from = s.to;
		s.to = other;
	}
	return s.from;
}

static void
sort_tail(struct zone *z, unsigned threads)
{
	struct entry *tail = z->entry + z->sorted, *room, *done;
	size_t n = z->n - z->sorted;

	if (in_order(tail, n))
		return;
	while (threads > 1 && n / threads < 1024)
		threads--;
	room = xreallocarray(NULL, n, sizeof *room);
	done = sort(tail, room, n, threads);
	if (done != tail)
		memcpy(tail, done, n * sizeof *tail);
	free(room);
}

/* Both [0, sorted) and [sorted, n) are in order: make it one. */
static void
merge_tail(struct zone *z)
{
	struct entry *all;
	size_t a = z->sorted, b = z->n - z->sorted;

	if (a == 0 || b == 0 ||
	    entry_compare(&z->entry[a - 1], &z->entry[a]) <= 0)
		return;
	all = xreallocarray(NULL, z->n, sizeof *all);
	merge(all, z->entry, a, z->entry + a, b);
	free(z->entry);
	z->entry = all;
	z->cap = z->n;
}

static void
drop_duplicates(struct zone *z)
{
	size_t kept = 0;

	for (size_t i = 0; i < z->n; i++) {
		if (kept > 0 &&
		    entry_compare(&z->entry[kept - 1], &z->entry[i]) == 0)
			z->duplicates++;
		else
			z->entry[kept++] = z->entry[i];
	}
	z->n = kept;
}

void
zone_index(struct zone *z, unsigned threads)
{
	sort_tail(z, threads);
	merge_tail(z);
	drop_duplicates(z);
	z->sorted = z->n;
	zone_lay_out(z);
}

size_t
zone_remove(struct zone *z, bool (*drop)(void *arg, const struct entry *en),
    void *arg)
{
	size_t kept = 0, removed;

	for (size_t i = 0; i < z->n; i++)
		if (!drop(arg, &z->entry[i]))
			z->entry[kept++] = z->entry[i];
	removed = z->n - kept;
	z->n = kept;
	z->sorted = 0; /* in order, but the nodes are no longer right */
	z->nodes = 0;
	return removed;
}
