/* Signing must neither lose nor add: the signed zone and its input. */
#include <string.h>

#include "signer/record_text.h"
#include "signer/verify_run.h"

struct comparing {
	struct verify *v;
	const struct owner *lowered, *changed; /* told last: RRset by RRset */
	uint16_t lowered_type, changed_type;
	size_t faults;
};

/* RDATA in presentation form: what follows the fourth tab. */
static const char *
rdata_text(struct buf *b, const struct record *r)
{
	static const uint8_t root[1] = {0};
	const char *text;

	buf_clear(b);
	record_text(b, root, r);
	if (b->len > 0 && b->data[b->len - 1] == '\n')
		b->len--;
	text = buf_cstr(b);
	for (unsigned tabs = 0; tabs < 4 && strchr(text, '\t'); tabs++)
		text = strchr(text, '\t') + 1;
	return text;
}

static void
tell_record(struct comparing *c, enum rule rule, const struct difference *d,
    const struct record *r, const char *what)
{
	struct buf b = BUF_INIT;

	c->faults++;
	verify_note(c->v, &c->v->worker[0], rule, d->owner, r->type, "%s: %s",
	    what, rdata_text(&b, r));
	buf_free(&b);
}

/* Has the unsigned RRset several TTLs, of which this is the lowest? */
static bool
is_lowest(const struct zone *z, const struct difference *d, uint32_t ttl)
{
	struct rrset rs;
	uint32_t low = UINT32_MAX;

	if (!rrset_find(z, d->node, d->a->type, &rs))
		return false;
	for (uint32_t i = 0; i < rs.n; i++)
		if (rrset_record(&rs, i)->ttl < low)
			low = rrset_record(&rs, i)->ttl;
	return low == ttl && d->a->ttl != low;
}

static bool
policy_ttl(const struct verify *v, const struct record *r)
{
	return r->type == TYPE_DS && v->o->cfg != NULL &&
	       v->o->cfg->policy.ttl.ds >= 0 &&
	       r->ttl == v->o->cfg->policy.ttl.ds;
}

static void
tell_ttl(struct comparing *c, const struct difference *d)
{
	struct verify *v = c->v;

	if (policy_ttl(v, d->b))
		return;
	if (is_lowest(v->o->unsigned_zone, d, d->b->ttl)) {
		if (c->lowered == d->owner && c->lowered_type == d->a->type)
			return;
		c->lowered = d->owner;
		c->lowered_type = d->a->type;
		verify_note(v, &v->worker[0], RULE_TTL_LOWERED, d->owner,
		    d->a->type, "TTL %u, the lowest of the unsigned RRset "
		    "(%u)", d->b->ttl, d->a->ttl);
		return;
	}
	c->faults++;
	if (c->changed == d->owner && c->changed_type == d->a->type)
		return;
	c->changed = d->owner;
	c->changed_type = d->a->type;
	verify_note(v, &v->worker[0], RULE_TTL_CHANGED, d->owner, d->a->type,
	    "TTL %u, unsigned it is %u", d->b->ttl, d->a->ttl);
}

static void
tell(void *arg, const struct difference *d)
{
	struct comparing *c = arg;

	if (d->a == NULL)
		tell_record(c, RULE_RECORD_ADDED, d, d->b,
		    "not in the unsigned zone");
	else if (d->b == NULL)
		tell_record(c, RULE_RECORD_LOST, d, d->a,
		    "of the unsigned zone, lost");
	else
		tell_ttl(c, d);
}

static void
compare_soa(struct comparing *c)
{
	struct verify *v = c->v;
	struct rrset a, b;
	struct difference d;

	if (!rrset_find(v->o->unsigned_zone, zone_apex(v->o->unsigned_zone),
		TYPE_SOA, &a) ||
	    !rrset_find(v->z, zone_apex(v->z), TYPE_SOA, &b))
		return;
	d = (struct difference){.owner = b.node->owner, .node = a.node,
	    .a = rrset_record(&a, 0), .b = rrset_record(&b, 0)};
	if (!soa_same(d.a, d.b)) {
		tell_record(c, RULE_RECORD_LOST, &d, d.a,
		    "more than the serial differs; unsigned it is");
		return;
	}
	if (d.a->ttl != d.b->ttl)
		tell_ttl(c, &d);
}

void
unsigned_compare(struct verify *v)
{
	struct comparing c = {.v = v};

	if (v->o->unsigned_zone == NULL)
		return;
	if (!same_apex(v->z, v->o->unsigned_zone)) {
		verify_note(v, &v->worker[0], RULE_OTHER_ZONE, NULL, 0,
		    "the unsigned zone has another apex");
		return;
	}
	compare_soa(&c);
	zones_compare(v->o->unsigned_zone, v->z, diff_content, tell, &c);
	v->r->unsigned_same = c.faults == 0;
}
