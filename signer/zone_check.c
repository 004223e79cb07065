#include "signer/zone_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/xalloc.h"
#include "signer/zone_host.h"

struct checking {
	const struct zone *z;
	zone_fault_fn *tell;
	void *arg;
	size_t told;
	const struct node *dname; /* the one above the node in hand, if any */
	uint8_t *named; /* by node: a name server of a delegation */
};

const char *
zone_fault_rule(enum zone_fault f)
{
	static const char *const rule[ZONE_FAULTS] = {
	    [FAULT_CNAME] = "cname",
	    [FAULT_CNAMES] = "cname-single",
	    [FAULT_TTL] = "ttl-differs",
	    [FAULT_APEX_NS] = "apex-ns",
	    [FAULT_DS] = "ds-place",
	    [FAULT_WILDCARD_NS] = "wildcard-ns",
	    [FAULT_DNAME_NS] = "dname-ns",
	    [FAULT_BELOW_DNAME] = "below-dname",
	    [FAULT_OCCLUDED] = "occluded",
	    [FAULT_GLUE] = "glue-missing",
	    [FAULT_SIBLING] = "glue-sibling",
	    [FAULT_NS_ADDRESS] = "ns-address",
	    [FAULT_NS_CNAME] = "ns-cname",
	};

	return rule[f];
}

static void
tell(struct checking *c, enum zone_fault f, const struct node *nd,
    uint16_t type, const char *text)
{
	c->told++;
	c->tell(c->arg, f, nd, type, text);
}

static bool
has(const struct checking *c, const struct node *nd, uint16_t type)
{
	struct rrset rs;

	return rrset_find(c->z, nd, type, &rs);
}

/* RFC 2181 section 5.2; RRSIGs go by what they cover (RFC 4034 3). */
static void
check_ttls(struct checking *c, const struct rrset *rs)
{
	char text[128];
	uint32_t low = rs->ttl, high = rs->ttl, ttl;

	if (rs->type == TYPE_RRSIG)
		return;
	for (uint32_t i = 1; i < rs->n; i++) {
		ttl = rrset_record(rs, i)->ttl;
		low = ttl < low ? ttl : low;
		high = ttl > high ? ttl : high;
	}
	if (low == high)
		return;
	snprintf(text, sizeof text, "TTLs of one RRset differ: %u to %u "
	    "(RFC 2181 section 5.2)", low, high);
	tell(c, FAULT_TTL, rs->node, rs->type, text);
}

/* Types that may stand beside a CNAME (RFC 4035 section 2.5). */
static bool
beside_cname(uint16_t type)
{
	return type == TYPE_CNAME || type == TYPE_RRSIG || type == TYPE_NSEC;
}

static void
check_cname(struct checking *c, const struct rrset *rs)
{
	if ((rs->type == TYPE_CNAME || rs->type == TYPE_DNAME) && rs->n > 1)
		tell(c, FAULT_CNAMES, rs->node, rs->type,
		    "more than one (RFC 2181 section 10.1, RFC 6672 "
		    "section 2.4)");
	if (!beside_cname(rs->type) && has(c, rs->node, TYPE_CNAME))
		tell(c, FAULT_CNAME, rs->node, rs->type,
		    "beside a CNAME (RFC 2181 section 10.1)");
}

static void
check_ds(struct checking *c, const struct rrset *rs)
{
	if (rs->type == TYPE_DS && rs->node->class == NODE_AUTHORITATIVE)
		tell(c, FAULT_DS, rs->node, rs->type,
		    "DS where there is no delegation (RFC 4035 section 2.4)");
}

/* RFC 4592 section 4.2. */
static void
check_wildcard(struct checking *c, const struct rrset *rs)
{
	const uint8_t *name = owner_wire(rs->node->owner);

	if (rs->type == TYPE_NS && name[0] == 1 && name[1] == '*')
		tell(c, FAULT_WILDCARD_NS, rs->node, rs->type,
		    "NS at a wildcard (RFC 4592 section 4.2)");
}

/* RFC 6672 section 2.4: together only at the apex. */
static bool
is_dname_at_cut(const struct checking *c, const struct rrset *rs)
{
	return rs->type == TYPE_DNAME && rs->node != zone_apex(c->z) &&
	       has(c, rs->node, TYPE_NS);
}

static void
check_dname(struct checking *c, const struct rrset *rs)
{
	if (is_dname_at_cut(c, rs))
		tell(c, FAULT_DNAME_NS, rs->node, rs->type,
		    "DNAME beside NS, not at the apex (RFC 6672 section "
		    "2.4)");
}

static bool
is_address(uint16_t type)
{
	return type == TYPE_A || type == TYPE_AAAA;
}

static enum zone_fault
name_server_fault(const struct node *cut, const uint8_t *target,
    enum zone_host host)
{
	uint8_t key[NAME_MAX_KEY];
	size_t len = name_key(key, target);

	if (name_key_below(key, len, owner_key(cut->owner),
		cut->owner->key_len))
		return FAULT_GLUE;
	return host == HOST_BELOW_CUT ? FAULT_SIBLING : FAULT_NS_ADDRESS;
}

/*
 * One name server of a delegation (or of the apex).  In-domain ones must have
 * an address in this zone (RFC 9471 section 3.1); others of this zone should,
 * and none may be an alias (RFC 2181 section 10.3).
 */
static void
check_name_server(struct checking *c, const struct node *cut,
    const uint8_t *target)
{
	enum zone_host host = zone_host(c->z, target);
	const struct node *ns;
	char text[NAME_MAX_TEXT + 64], name[NAME_MAX_TEXT];
	enum zone_fault f;

	if (host == HOST_ELSEWHERE)
		return;
	ns = zone_find(c->z, target);
	if (ns != NULL)
		c->named[ns - c->z->node] = 1;
	if (host == HOST_ADDRESS)
		return;
	name_text(name, target);
	f = name_server_fault(cut, target, host);
	if (host == HOST_ALIAS) {
		snprintf(text, sizeof text, "name server %s is an alias "
		    "(RFC 2181 section 10.3)", name);
		tell(c, FAULT_NS_CNAME, cut, TYPE_NS, text);
		if (f == FAULT_NS_ADDRESS)
			return;
	}
	snprintf(text, sizeof text, "name server %s %s", name,
	    host == HOST_MISSING ? "does not exist"
				 : "has no address in the zone");
	tell(c, f, cut, TYPE_NS, text);
}

static void
check_delegation(struct checking *c, const struct node *nd)
{
	struct rrset rs;

	if (!rrset_find(c->z, nd, TYPE_NS, &rs))
		return;
	for (uint32_t i = 0; i < rs.n; i++)
		check_name_server(c, nd, rrset_record(&rs, i)->rdata);
}

/* At a delegation: NS, DS and their proof are no occluded data. */
static bool
belongs_at_cut(uint16_t type)
{
	return type == TYPE_NS || type == TYPE_DS || type == TYPE_NSEC ||
	       type == TYPE_RRSIG;
}

/*
 * Below a DNAME nothing may be, whoever could see it.  Below a cut, addresses
 * that a delegation names are glue; all else is occluded.
 */
static void
check_below(struct checking *c, const struct rrset *rs)
{
	const struct node *nd = rs->node;

	if (c->dname != NULL) {
		tell(c, FAULT_BELOW_DNAME, nd, rs->type,
		    "below a DNAME, where nothing may be (RFC 6672 section "
		    "2.4)");
		return;
	}
	if (nd->class == NODE_AUTHORITATIVE || is_dname_at_cut(c, rs) ||
	    (nd->class == NODE_DELEGATION && belongs_at_cut(rs->type)))
		return;
	if (is_address(rs->type) && c->named[nd - c->z->node])
		return;
	tell(c, FAULT_OCCLUDED, nd, rs->type,
	    "below a zone cut and not glue: nobody will ever see it");
}

static void
check_node(struct checking *c, const struct node *nd)
{
	struct rrset rs;

	for (bool more = rrset_first(c->z, nd, &rs); more;
	    more = rrset_next(c->z, &rs)) {
		check_ttls(c, &rs);
		check_cname(c, &rs);
		check_ds(c, &rs);
		check_wildcard(c, &rs);
		check_dname(c, &rs);
		check_below(c, &rs);
	}
}

static bool
node_is_below(const struct node *nd, const struct node *top)
{
	return name_key_below(owner_key(nd->owner), nd->owner->key_len,
	    owner_key(top->owner), top->owner->key_len);
}

/* In canonical order, what is below a DNAME comes right after it. */
static void
check_nodes(struct checking *c)
{
	const struct zone *z = c->z;
	const struct node *last = NULL, *nd; /* the highest DNAME before nd */

	for (size_t i = 0; i < z->nodes; i++) {
		nd = &z->node[i];
		if (last != NULL && !node_is_below(nd, last))
			last = NULL;
		c->dname = last;
		check_node(c, nd);
		if (last == NULL && has(c, nd, TYPE_DNAME))
			last = nd;
	}
}

size_t
zone_check(const struct zone *z, zone_fault_fn *tell_fault, void *arg)
{
	struct checking c = {z, tell_fault, arg, 0, NULL,
	    xcalloc(z->nodes, 1)};
	const struct node *apex = zone_apex(z);

	if (apex != NULL && !has(&c, apex, TYPE_NS))
		tell(&c, FAULT_APEX_NS, apex, TYPE_NS,
		    "no NS at the apex (RFC 1034 section 4.2.1)");
	if (apex != NULL)
		check_delegation(&c, apex);
	for (size_t i = 1; i < z->nodes; i++)
		if (z->node[i].class == NODE_DELEGATION)
			check_delegation(&c, &z->node[i]);
	check_nodes(&c);
	free(c.named);
	return c.told;
}
