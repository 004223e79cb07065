/* Zones written down in a test. */
#ifndef RZ_TESTS_SUPPORT_ZONE_TEXT_H
#define RZ_TESTS_SUPPORT_ZONE_TEXT_H

#include "signer/zone.h"

/* Read text as the zone `origin`; a failure ends the test. */
void zone_from_text(struct zone *z, const char *origin, const char *text);
/* The same, whatever comes of it: 0, or -1 with e filled. */
int zone_try_text(struct zone *z, const char *origin, const char *text,
    size_t len, struct error *e);
/* The node of a name; one that is not there ends the test. */
const struct node *zone_node(const struct zone *z, const char *name);
/* The zone as text, for comparing; the caller frees it. */
char *zone_text(const struct zone *z);

#endif
