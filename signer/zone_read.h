/* A zone file (RFC 1035 section 5) into the zone store. */
#ifndef RZ_SIGNER_ZONE_READ_H
#define RZ_SIGNER_ZONE_READ_H

#include "signer/zone.h"

struct zone_read_options {
	unsigned threads;
	/* Told of each record before it is added; false: leave it out. */
	bool (*take)(void *arg, const uint8_t *owner, uint16_t type,
	    const uint8_t *rdata, size_t len);
	void *arg;
};

/*
 * Read and index a zone.  path "-" is standard input.  $ORIGIN and $TTL are
 * honoured, $INCLUDE is refused.  All of these are trouble, with
 * "path:line: rule: what was found": a syntax error, a record that is not of
 * class IN or out of the zone, no SOA at the apex or two, a file without a
 * newline at its end (it was cut), an empty file, a NUL.
 */
int zone_read(struct zone *z, const char *path,
    const struct zone_read_options *o, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* From memory; name stands for the path in messages. */
int zone_parse(struct zone *z, const char *text, size_t len,
    const char *name, const struct zone_read_options *o, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
