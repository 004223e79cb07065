/*
 * Trust anchors: root-anchors.xml (RFC 9718), DS records, DNSKEY records.
 */
#ifndef RZ_KEYTOOL_ANCHOR_H
#define RZ_KEYTOOL_ANCHOR_H

#include <stddef.h>
#include <stdint.h>

#include "keytool/dnskey.h"
#include "lib/buf.h"
#include "lib/error.h"

struct anchor {
	struct ds ds;
	struct buf public_key; /* DNSKEY's last field when known; owned */
	uint16_t flags;	       /* with public_key */
	int64_t valid_from;    /* INT64_MIN when not said */
	int64_t valid_until;   /* TIME_NEVER when not said (exclusive) */
};

struct anchors {
	struct anchor *anchor;
	size_t n;
};

/*
 * Add those of a file; the form is told by its content (XML, or DS and
 * DNSKEY records in presentation form with their owner).  zone: wire, lower
 * case; records of another owner are an error, so is a file with none, a
 * digest whose length does not fit, a PublicKey that does not match its
 * Digest, a DOCTYPE, an unknown element.
 */
int anchors_read(struct anchors *as, const char *path, const uint8_t *zone,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/* From memory; name stands for the path in messages. */
int anchors_parse(struct anchors *as, const struct buf *text,
    const char *name, const uint8_t *zone, struct error *e)
    __attribute__((nonnull, warn_unused_result));
void anchors_free(struct anchors *as) __attribute__((nonnull));

/* Does a trust anchor valid at this time stand for this DNSKEY? */
const struct anchor *anchors_match(const struct anchors *as,
    const uint8_t *zone, const uint8_t *rdata, size_t len, int64_t now)
    __attribute__((nonnull));

#endif
