/* Internal to the zone store: from sorted entries to classified nodes. */
#ifndef RZ_SIGNER_ZONE_LAYOUT_H
#define RZ_SIGNER_ZONE_LAYOUT_H

#include "signer/zone.h"

void zone_lay_out(struct zone *z) __attribute__((nonnull));

#endif
