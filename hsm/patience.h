/* How long, and how often, something that may come back is tried again. */
#ifndef RZ_HSM_PATIENCE_H
#define RZ_HSM_PATIENCE_H

#include <stdbool.h>

struct patience {
	bool keep_trying; /* false: one try, at once */
	unsigned tries;	  /* begun so far */
	unsigned most;	  /* tries at most; 0: as long as there is time */
	unsigned delay_ms;
	double start;
};

#define PATIENCE_INIT(keep, n)                                                 \
	{                                                                      \
		keep, 0, n, 0, 0                                               \
	}

/*
 * Before each try: the first comes at once, the next after a wait that
 * doubles.  -1 when time or tries are used up.
 */
int patience_wait(struct patience *p) __attribute__((nonnull));
/* Seconds since the first try. */
double patience_spent(const struct patience *p) __attribute__((nonnull));

/*
 * First and longest wait, and the time for all tries together, in
 * milliseconds: 100, 5000 and 30000 unless a test is in a hurry.
 */
void patience_limits(unsigned first, unsigned longest, unsigned total);

#endif
