/* What changed against the version that is served now, within bounds. */
#include <stdio.h>
#include <string.h>

#include "lib/utc.h"
#include "signer/verify_run.h"

#define LINES_DEFAULT	    500
#define DELEGATIONS_DEFAULT 100 /* 1/100 %: 1 % */

struct change {
	struct verify *v;
	struct buf apex_ns;
};

static void
add_name_server(struct change *c, const char *sign, const struct record *r)
{
	if (r == NULL)
		return;
	buf_printf(&c->apex_ns, "%s%s", c->apex_ns.len ? ", " : "", sign);
	name_add_text(&c->apex_ns, r->rdata);
}

static void
count(void *arg, const struct difference *d)
{
	struct change *c = arg;
	struct verify_report *r = c->v->r;
	uint16_t type = d->a ? d->a->type : d->b->type;

	r->changed_lines += (d->a != NULL) + (d->b != NULL);
	if (type == TYPE_NS && d->node->class == NODE_AUTHORITATIVE) {
		add_name_server(c, "-", d->a);
		add_name_server(c, "+", d->b);
	}
}

static bool
is_delegation(const struct node *nd)
{
	return nd != NULL && nd->class == NODE_DELEGATION;
}

static bool
rrset_differs(const struct verify *v, const struct node *a,
    const struct node *b, uint16_t type)
{
	struct rrset x, y;
	const struct record *p, *q;
	bool before = rrset_find(v->o->previous, a, type, &x);
	bool after = rrset_find(v->z, b, type, &y);

	if (!before || !after)
		return before != after;
	if (x.n != y.n)
		return true;
	for (uint32_t i = 0; i < x.n; i++) {
		p = rrset_record(&x, i);
		q = rrset_record(&y, i);
		if (p->ttl != q->ttl || p->rdlen != q->rdlen ||
		    memcmp(p->rdata, q->rdata, p->rdlen) != 0)
			return true;
	}
	return false;
}

/* Below a new cut a delegation is gone, though all its records are there. */
static void
count_delegation(void *arg, const struct node *a, const struct node *b)
{
	struct verify *v = arg;

	if (is_delegation(a) != is_delegation(b))
		v->r->changed_delegations++;
	else if (is_delegation(a))
		v->r->changed_delegations +=
		    rrset_differs(v, a, b, TYPE_NS) ||
		    rrset_differs(v, a, b, TYPE_DS);
}

static size_t
delegations(const struct zone *z)
{
	size_t n = 0;

	for (size_t i = 0; i < z->nodes; i++)
		n += z->node[i].class == NODE_DELEGATION;
	return n;
}

/* One delegation may always change: in a small zone it is many per cent. */
static void
judge_bounds(struct verify *v)
{
	const struct config *cfg = v->o->cfg;
	size_t lines = cfg ? cfg->verify.max_change.lines : LINES_DEFAULT;
	size_t share = cfg ? cfg->verify.max_change.delegations
			   : DELEGATIONS_DEFAULT;
	size_t before = delegations(v->o->previous);
	size_t n = v->r->changed_delegations;

	if (lines > 0 && v->r->changed_lines > lines)
		verify_note(v, &v->worker[0], RULE_CHANGE_LINES, NULL, 0,
		    "%zu records came or went, more than %zu",
		    v->r->changed_lines, lines);
	if (share > 0 && n > 1 && n * 10000 > before * share)
		verify_note(v, &v->worker[0], RULE_CHANGE_DELEGATIONS, NULL, 0,
		    "%zu delegations came, went or have other NS or DS, more "
		    "than %zu.%02zu %% of %zu", n, share / 100, share % 100,
		    before);
}

static bool
take_all(const struct zone *z, const struct node *nd, const struct record *r)
{
	(void)z;
	(void)nd;
	(void)r;
	return true;
}

static void
mark(void *arg, const struct difference *d)
{
	(void)d;
	*(bool *)arg = true;
}

/* New signatures under an old serial would not reach the secondaries. */
static void
judge_serial(struct verify *v, const struct rrset *soa)
{
	uint32_t before = soa_serial(rrset_record(soa, 0));
	bool differs = false;

	if (serial_after(v->r->serial, before))
		return;
	zones_compare(v->o->previous, v->z, take_all, mark, &differs);
	if (differs)
		verify_note(v, &v->worker[0], RULE_SERIAL_PREVIOUS,
		    zone_apex(v->z)->owner, TYPE_SOA, "serial %u is not ahead "
		    "of %u, and the zones differ", v->r->serial, before);
}

static void
compare_soa(struct verify *v)
{
	struct rrset a, b;

	if (!rrset_find(v->o->previous, zone_apex(v->o->previous), TYPE_SOA,
		&a) ||
	    !rrset_find(v->z, zone_apex(v->z), TYPE_SOA, &b))
		return;
	if (!soa_same(rrset_record(&a, 0), rrset_record(&b, 0)) ||
	    a.ttl != b.ttl)
		v->r->changed_lines += 2;
	judge_serial(v, &a);
}

void
previous_compare(struct verify *v)
{
	struct change c = {.v = v};

	if (v->o->previous == NULL)
		return;
	if (!same_apex(v->z, v->o->previous)) {
		verify_note(v, &v->worker[0], RULE_OTHER_ZONE, NULL, 0,
		    "the previous zone has another apex");
		return;
	}
	v->r->compared_previous = true;
	compare_soa(v);
	zones_compare(v->o->previous, v->z, diff_content, count, &c);
	zones_walk(v->o->previous, v->z, count_delegation, v);
	if (c.apex_ns.len > 0)
		verify_note(v, &v->worker[0], RULE_APEX_NS_CHANGE,
		    zone_apex(v->z)->owner, TYPE_NS, "%s",
		    buf_cstr(&c.apex_ns));
	buf_free(&c.apex_ns);
	judge_bounds(v);
	previous_keys(v);
}
