/*
 * The time of day.  clock.c is the only file that asks the system for it;
 * everything else is handed a moment.
 */
#ifndef RZ_LIB_CLOCK_H
#define RZ_LIB_CLOCK_H

#include <stdint.h>

#include "lib/error.h"

/*
 * Seconds of UTC.  A system clock before 2020 is not believed: trouble.
 * (A moment given with --time is free.)
 */
int clock_now(int64_t *now, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* What the system clock says, believed or not; for the record. */
int64_t clock_says(void);

/* Is the system clock to be believed when it says t? */
int clock_believe(int64_t t, struct error *e) __attribute__((nonnull));

/* Seconds since some fixed moment, for measuring how long things take. */
double clock_elapsed(void);
/* Seconds of CPU that this process (all threads) has used. */
double clock_cpu(void);
/* Wait, at least, for so many milliseconds. */
void clock_sleep_ms(unsigned ms);

#endif
