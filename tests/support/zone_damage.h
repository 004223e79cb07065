/*
 * Single faults in a signed zone, chosen by a seed: what a disk, an editor or
 * a bug may do to one place of it, and which rule must catch it.
 */
#ifndef RZ_TESTS_SUPPORT_ZONE_DAMAGE_H
#define RZ_TESTS_SUPPORT_ZONE_DAMAGE_H

#include "signer/verify.h"
#include "tests/support/zone_place.h"

enum catcher {
	CAUGHT_CRYPTO, /* by a signature or the chain, whoever looks */
	CAUGHT_DIGEST  /* by ZONEMD only, or against the intact copy */
};

struct damage {
	const char *what;
	enum catcher by;
	const char *rules;   /* one of these, blank separated, must be found */
	const char *lost;    /* against the intact copy; NULL: not content */
	const struct owner *owner; /* there */
	uint16_t type;	     /* of the finding; 0: any */
};

#define DAMAGES 25 /* kinds */

/*
 * Do one of the kinds to a shared zone.  False: this zone has nothing to do
 * it to.
 */
bool zone_damage(struct zone *z, unsigned kind, struct dice *d,
    struct damage *done);

#endif
