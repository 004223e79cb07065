/*
 * The rules of the configuration against each other and against the RFCs.
 * Pure: a configuration in, a verdict out.
 */
#ifndef RZ_ROLLOVER_POLICY_H
#define RZ_ROLLOVER_POLICY_H

#include "lib/config.h"

/*
 * Refuse (trouble, "rz.yaml: rule: what was found") what no zone may have: a
 * signature whose validity, from inception, is shorter than the TTL it
 * covers plus the inception offset (for the zone: the DS TTL; so too for
 * what refresh leaves), a validity or TTL that the wire cannot tell (RFC
 * 4034 section 3.1.5, RFC 2181 section 8), an add hold-down under 30 d (RFC
 * 5011 section 2.4.1: MAX(30 d, TTL)) unless lab, key sizes that the
 * algorithm does not allow, KSK and ZSK of different algorithms (RFC 4035
 * section 2.2), a KSK kept in files, a propagation of 0, a SHA-1 algorithm.
 */
int policy_check(const struct config *cfg, bool lab, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
