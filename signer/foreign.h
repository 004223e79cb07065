/*
 * Second opinions: validators that other people wrote, run on a zone file.
 * What each of them says, and what it cannot say, is told apart.
 */
#ifndef RZ_SIGNER_FOREIGN_H
#define RZ_SIGNER_FOREIGN_H

#include <stdint.h>

#include "lib/error.h"
#include "signer/zone.h"

enum foreign_verdict {
	FOREIGN_PASSED,
	FOREIGN_FAILED,	 /* it says no */
	FOREIGN_HANGS,	 /* it did not end within the limit */
	FOREIGN_CRASHED, /* ended by a signal */
	FOREIGN_MISSING, /* not installed */
	FOREIGN_CANNOT	 /* it has no means to judge this file or time */
};

struct foreign_result {
	const char *name; /* static */
	enum foreign_verdict verdict;
	char *text; /* why, in one line: its last words, or ours; owned */
	double seconds;
};

/* Names of the validators we know how to run; ends with NULL. */
extern const char *const foreign_names[];

struct foreign_question {
	const char *file;	/* a path; never "-" */
	const struct zone *zone; /* what is in it */
	int64_t now;		/* the time to judge it for */
	int64_t clock;		/* the time of day: some know no other */
	unsigned limit;		/* seconds each may take */
};

/*
 * Ask one.  -1 only for trouble: a name that is not in the table, or a
 * process that could not be started for another reason than MISSING.
 */
int foreign_ask(const char *name, const struct foreign_question *q,
    struct foreign_result *r, struct error *e)
    __attribute__((nonnull, warn_unused_result));
void foreign_result_free(struct foreign_result *r) __attribute__((nonnull));

const char *foreign_verdict_text(enum foreign_verdict v);

#endif
