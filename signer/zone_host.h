/*
 * What a zone answers when it is asked for the addresses of a name (RFC 1034
 * section 4.3.2, wildcards after RFC 4592).
 */
#ifndef RZ_SIGNER_ZONE_HOST_H
#define RZ_SIGNER_ZONE_HOST_H

#include "signer/zone.h"

enum zone_host {
	HOST_ELSEWHERE, /* not in this zone */
	HOST_BELOW_CUT, /* at or below a delegation, which has no glue for it */
	HOST_MISSING,	/* no such name */
	HOST_NO_ADDRESS, /* the name is there, A and AAAA are not */
	HOST_ALIAS,	/* CNAME, or below a DNAME */
	HOST_ADDRESS	/* A or AAAA, glue too, or made of a wildcard */
};

/* name: wire form, lower case. */
enum zone_host zone_host(const struct zone *z, const uint8_t *name)
    __attribute__((nonnull));

#endif
