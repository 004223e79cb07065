/*
 * Where a zone file may be cut into pieces: after a newline at which no
 * parenthesis and no quote is open.  What no zone file should hold is
 * refused on the way: a NUL, a line too long to be one.
 */
#ifndef RZ_SIGNER_ZONE_SPLIT_H
#define RZ_SIGNER_ZONE_SPLIT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

#define ZONE_LINE_MAX	65535	 /* octets of a line */
#define ZONE_RECORD_MAX (1 << 20) /* octets of a record over many lines */

struct zone_split {
	uint64_t line; /* number of the first line that is not yet taken */
	size_t left;   /* octets after the last cut, of the last call */
	uint64_t fault; /* line of which a failure speaks */
};

void zone_split_begin(struct zone_split *s) __attribute__((nonnull));

/*
 * text begins at a cut (the first call's, or where the last call ended).
 * *used gets how far it may be taken: 0 when no cut is in it yet.  The text
 * of a failure has no file and no line: the line is in `fault`.
 */
int zone_split(struct zone_split *s, const char *text, size_t len,
    size_t *used, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* At the end of the file nothing may be left: else it was cut off. */
int zone_split_end(const struct zone_split *s, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
