/* Places in a signed zone, thrown by dice, and how to change them. */
#ifndef RZ_TESTS_SUPPORT_ZONE_PLACE_H
#define RZ_TESTS_SUPPORT_ZONE_PLACE_H

#include "signer/zone.h"

/* A pseudo random sequence that is the same everywhere. */
struct dice {
	uint64_t state;
};
uint32_t dice_roll(struct dice *d, uint32_t sides);

/* A zone that shares its records with another, and can be changed alone. */
void zone_share(struct zone *copy, const struct zone *z);

struct place {
	const struct node *node;
	const struct owner *owner;
	struct record *record;
};

/* A record for which the function holds; from a place thrown on. */
typedef bool wanted_fn(const struct zone *z, const struct node *nd,
    const struct record *r);
bool pick(struct place *p, const struct zone *z, struct dice *d,
    wanted_fn *wanted);
wanted_fn is_rrsig, is_nsec, is_ds, is_soa, is_dnskey, is_zonemd, is_apex_ns;
wanted_fn is_glue;
wanted_fn is_spare_glue;    /* of a name that has other glue */
wanted_fn is_delegation_ns; /* of a delegation with DS */
wanted_fn is_outside_ns;    /* of a delegation; its glue is not in-domain */

/* The type that an RRSIG covers. */
uint16_t covers(const struct record *r);

/* These leave the zone without its index. */
void take_out(struct zone *z, struct record *r);
/* A copy that may be written to, in place of the record. */
struct record *replace(struct zone *z, const struct place *p);
/* One bit of the octets [from, to). */
void flip(struct record *r, struct dice *d, size_t from, size_t to);
/* Type or covered 0: all. */
void drop_all(struct zone *z, const struct owner *o, uint16_t type,
    uint16_t covered);

#endif
