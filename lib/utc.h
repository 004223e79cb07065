/*
 * Moments and durations, in seconds of UTC, 64 bits, never through the local
 * time zone; and the 32-bit serial arithmetic of the wire (RFC 1982).
 */
#ifndef RZ_LIB_UTC_H
#define RZ_LIB_UTC_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/error.h"

/* No such moment: later than every other, equal only to itself. */
#define TIME_NEVER INT64_MAX

#define MINUTE INT64_C(60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define WEEK   (7 * DAY)

#define UTC_TEXT      32 /* room for either form, with the NUL */
#define DURATION_TEXT 48

/*
 * "2026-10-11T00:00:00Z", "2026-10-11T00:00:00+00:00", "20261011000000" or
 * "2026-10-11" (midnight).  Years 1970 to 9999.  Every field is range
 * checked (no 31 February, no second 60).
 */
int utc_parse(int64_t *t, const char *text, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* "2026-10-11T00:00:00Z"; "never".  Returns out. */
const char *utc_text(char out[UTC_TEXT], int64_t t);
/* "20261011000000", the form of RRSIG (RFC 4034 section 3.2). */
const char *utc_digits(char out[UTC_TEXT], int64_t t);
int64_t utc_from_date(int year, int month, int day);
void utc_to_date(int64_t t, int *year, int *month, int *day);

/*
 * "30d", "48h", "2w", "1h30m", "90s", "P30D", "PT1H30M": a number without a
 * unit is an error, so is a negative one and one over 100 years.
 */
int duration_parse(int64_t *seconds, const char *text, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* The shortest exact form: "30d", "1h30m", "0s".  Returns out. */
const char *duration_text(char out[DURATION_TEXT], int64_t seconds);

/* RFC 1982: is a after b?  False when they are 2^31 apart (undefined). */
bool serial_after(uint32_t a, uint32_t b);
/* The wire's 32 bits of a moment (RFC 4034 section 3.1.5)... */
uint32_t utc_to_wire(int64_t t);
/* ... and the moment nearest to `near` that has these 32 bits. */
int64_t utc_from_wire(uint32_t wire, int64_t near);

#endif
