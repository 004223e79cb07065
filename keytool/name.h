/*
 * Domain names in wire form, uncompressed, lower case (RFC 4034 section 6.2).
 *
 * A name's order key sorts by memcmp as the names do canonically (RFC 4034
 * section 6.1): its labels from the root down, each followed by an octet 0,
 * with the octets 0 and 1 inside a label written as 1 1 and 1 2.  The key of
 * an ancestor is a prefix of the keys of its descendants; the root's is
 * empty.
 */
#ifndef RZ_KEYTOOL_NAME_H
#define RZ_KEYTOOL_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/error.h"

#define NAME_MAX_WIRE 255  /* RFC 1035 section 2.3.4 */
#define NAME_MAX_KEY  512  /* every octet may need two */
#define NAME_MAX_TEXT 1024 /* \DDD for each octet, with the NUL */

/* Presentation form (taken as absolute) to lower-case wire; *len octets. */
int name_parse(uint8_t wire[NAME_MAX_WIRE], size_t *len, const char *text,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/* Absolute presentation form with its dot at the end.  Returns out. */
const char *name_text(char out[NAME_MAX_TEXT], const uint8_t *wire)
    __attribute__((nonnull));
/* The same, added to a buffer, without a NUL (zone files). */
void name_add_text(struct buf *out, const uint8_t *wire)
    __attribute__((nonnull));

/* Octets of the name, with the root's 0; the name must be well formed. */
size_t name_len(const uint8_t *wire) __attribute__((nonnull));
/* As name_len within `room` octets; 0 when it is not a whole plain name. */
size_t name_check(const uint8_t *wire, size_t room) __attribute__((nonnull));
/* Labels, the root not counted; a leading "*" is counted. */
unsigned name_labels(const uint8_t *wire) __attribute__((nonnull));
/* The Labels field of an RRSIG: without a leading "*" (RFC 4034 3.1.3). */
unsigned name_labels_rrsig(const uint8_t *wire) __attribute__((nonnull));
void name_lower(uint8_t *wire, size_t len) __attribute__((nonnull));
/* Equal, in any case of letters. */
bool name_equal(const uint8_t *a, const uint8_t *b) __attribute__((nonnull));

/* The order key; returns its length (up to NAME_MAX_KEY). */
size_t name_key(uint8_t key[NAME_MAX_KEY], const uint8_t *wire)
    __attribute__((nonnull));
/* memcmp order, a prefix first: <0, 0, >0. */
int name_key_compare(const uint8_t *a, size_t alen, const uint8_t *b,
    size_t blen) __attribute__((nonnull));
/* Is the name of key a the same as, or below, that of key b? */
bool name_key_below(const uint8_t *a, size_t alen, const uint8_t *b,
    size_t blen) __attribute__((nonnull));

#endif
