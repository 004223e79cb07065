/*
 * What no signature can mend: faults of the content that signing refuses and
 * verifying reports.
 */
#ifndef RZ_SIGNER_ZONE_CHECK_H
#define RZ_SIGNER_ZONE_CHECK_H

#include "signer/zone.h"

enum zone_fault {
	FAULT_CNAME,	/* CNAME beside other data (RFC 2181 10.1) */
	FAULT_CNAMES,	/* more than one CNAME or DNAME at a name */
	FAULT_TTL,	/* TTLs differ within an RRset (RFC 2181 5.2) */
	FAULT_APEX_NS,	/* no NS at the apex */
	FAULT_DS,	/* DS without NS, or at the apex */
	FAULT_WILDCARD_NS, /* NS at a wildcard (RFC 4592 4.2) */
	FAULT_DNAME_NS,	/* DNAME beside NS, not at the apex (RFC 6672 2.4) */
	FAULT_BELOW_DNAME, /* data below a DNAME (RFC 6672 2.4) */
	FAULT_OCCLUDED, /* data below a cut that is not glue */
	FAULT_GLUE,	/* in-domain name server without address (RFC 9471) */
	FAULT_SIBLING,	/* the same below another cut of this zone */
	FAULT_NS_ADDRESS, /* the same of a name that this zone answers for */
	FAULT_NS_CNAME,	/* a name server that is an alias (RFC 2181 10.3) */
	ZONE_FAULTS
};

const char *zone_fault_rule(enum zone_fault f); /* "cname", "occluded", … */

/*
 * Walk the indexed zone; tell each fault with its node, type (0: the node as
 * a whole) and a text without owner.  Returns how many were told.
 */
typedef void zone_fault_fn(void *arg, enum zone_fault f,
    const struct node *nd, uint16_t type, const char *text);
size_t zone_check(const struct zone *z, zone_fault_fn *tell, void *arg)
    __attribute__((nonnull(1, 2)));

#endif
