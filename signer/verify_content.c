/* What no signature can mend, and what the children's DS look like. */
#include <stdio.h>

#include "lib/algorithm.h"
#include "signer/verify_run.h"
#include "signer/zone_check.h"

static void
tell_fault(void *arg, enum zone_fault f, const struct node *nd,
    uint16_t type, const char *text)
{
	static const enum rule rule[ZONE_FAULTS] = {
	    [FAULT_CNAME] = RULE_CNAME,
	    [FAULT_CNAMES] = RULE_CNAME_SINGLE,
	    [FAULT_TTL] = RULE_TTL_DIFFERS,
	    [FAULT_APEX_NS] = RULE_APEX_NS,
	    [FAULT_DS] = RULE_DS_PLACE,
	    [FAULT_WILDCARD_NS] = RULE_WILDCARD_NS,
	    [FAULT_DNAME_NS] = RULE_DNAME_NS,
	    [FAULT_BELOW_DNAME] = RULE_BELOW_DNAME,
	    [FAULT_OCCLUDED] = RULE_OCCLUDED,
	    [FAULT_GLUE] = RULE_GLUE_MISSING,
	    [FAULT_SIBLING] = RULE_GLUE_SIBLING,
	    [FAULT_NS_ADDRESS] = RULE_NS_ADDRESS,
	    [FAULT_NS_CNAME] = RULE_NS_CNAME,
	};
	struct verify *v = arg;

	verify_note(v, &v->worker[0], rule[f], nd->owner, type, "%s", text);
}

void
content_check(struct verify *v)
{
	zone_check(v->z, tell_fault, v);
	if (v->z->duplicates > 0)
		verify_note(v, &v->worker[0], RULE_DUPLICATE, NULL, 0,
		    "%zu records stand twice", v->z->duplicates);
}

/* IANA "Digest Algorithms" of DS: octets; 0: not known. */
static unsigned
digest_size(uint8_t type)
{
	static const uint8_t size[] = {
	    [1] = 20, [2] = 32, [3] = 32, [4] = 48, [5] = 32, [6] = 32};

	return type < sizeof size ? size[type] : 0;
}

/* RFC 8624 section 3.3, RFC 9157: what a signed child ought to have. */
static bool
digest_allowed(uint8_t type)
{
	return type == DS_SHA256 || type == DS_SHA384;
}

/* RFC 8624 section 3.1; SHA-1 is on its way out. */
static bool
algorithm_allowed(uint8_t number)
{
	return algorithm_by_number(number) != NULL && number != ALG_RSASHA1 &&
	       number != ALG_RSASHA1_NSEC3;
}

struct ds_census {
	struct tally digest[256], algorithm[256];
};

static void
check_ds(struct verify *v, struct ds_census *c, const struct rrset *rs,
    const struct record *r)
{
	uint8_t algorithm, type;

	if (r->rdlen <= 4) {
		verify_note(v, &v->worker[0], RULE_DS_LENGTH, rs->node->owner,
		    TYPE_DS, "RDATA of %u octets", r->rdlen);
		return;
	}
	algorithm = r->rdata[2];
	type = r->rdata[3];
	if (digest_size(type) > 0 && r->rdlen - 4u != digest_size(type))
		verify_note(v, &v->worker[0], RULE_DS_LENGTH, rs->node->owner,
		    TYPE_DS, "digest type %u has %u octets, this one %u", type,
		    digest_size(type), r->rdlen - 4u);
	if (!digest_allowed(type))
		tally_add(&c->digest[type], rs->node, TYPE_DS);
	if (!algorithm_allowed(algorithm))
		tally_add(&c->algorithm[algorithm], rs->node, TYPE_DS);
}

static void
tell_census(struct verify *v, const struct ds_census *c)
{
	const struct algorithm *a;

	for (unsigned i = 0; i < 256; i++) {
		a = algorithm_by_number((uint8_t)i);
		verify_note_tally(v, RULE_DS_DIGEST, &c->digest[i],
		    "DS records with digest type %u%s", i,
		    i == DS_SHA1 ? " (SHA-1)" : "");
		verify_note_tally(v, RULE_DS_ALGORITHM, &c->algorithm[i],
		    "DS records with algorithm %u (%s)", i,
		    a ? a->name : "obsolete or unknown");
	}
}

void
ds_check(struct verify *v)
{
	static const struct ds_census none;
	struct ds_census census = none;
	struct rrset rs;

	for (size_t i = 0; i < v->z->nodes; i++) {
		if (v->z->node[i].class != NODE_DELEGATION)
			continue;
		v->r->delegations++;
		if (!rrset_find(v->z, &v->z->node[i], TYPE_DS, &rs))
			continue;
		v->r->secure_delegations++;
		for (uint32_t k = 0; k < rs.n; k++)
			check_ds(v, &census, &rs, rrset_record(&rs, k));
	}
	tell_census(v, &census);
}
