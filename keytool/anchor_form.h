/* The forms of a trust anchor file; for anchor*.c alone. */
#ifndef RZ_KEYTOOL_ANCHOR_FORM_H
#define RZ_KEYTOOL_ANCHOR_FORM_H

#include "keytool/anchor.h"

#define ANCHORS_MAX	 32
#define ANCHOR_FILE_MAX (64 * 1024) /* octets */

/* Add an anchor, taking over what it owns; ANCHORS_MAX is the caller's. */
void anchors_add(struct anchors *as, struct anchor *a)
    __attribute__((nonnull));
/* Do its parts agree?  The message has no place: the caller puts it. */
int anchor_check(const struct anchor *a, const uint8_t *zone,
    struct error *e) __attribute__((nonnull, warn_unused_result));

int anchors_parse_xml(struct anchors *as, const struct buf *text,
    const char *name, const uint8_t *zone, struct error *e)
    __attribute__((nonnull, warn_unused_result));
int anchors_parse_records(struct anchors *as, const struct buf *text,
    const char *name, const uint8_t *zone, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
