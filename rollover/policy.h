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
 * covers plus the inception offset (for the zone: the DS TTL), a validity or
 * TTL that the wire cannot tell (RFC 4034 section 3.1.5, RFC 2181 section 8),
 * KSK and ZSK of different algorithms (RFC 4035 section 2.2), a propagation
 * of 0; unless lab, an add hold-down under 30 d (RFC 5011 section 2.4.1:
 * MAX(30 d, TTL)), and publication and revocation of a KSK shorter than the
 * minima below.  Refused too is what this release does not do: keeping
 * signatures (refresh).  The rest config_load has checked.
 */
int policy_check(const struct config *cfg, bool lab, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/*
 * How long a new KSK is published at least before it signs: the add
 * hold-down, the DNSKEY TTL, propagation, one active refresh and five retries
 * (RFC 5011 section 2.3) of validators.
 */
int64_t policy_ksk_publication_min(const struct config *cfg)
    __attribute__((nonnull));
/*
 * How long a revoked one stays published at least: the remove hold-down of
 * 30 d (RFC 5011 section 2.4.2), or until each validator has asked, if that
 * is longer.
 */
int64_t policy_revoke_for_min(const struct config *cfg)
    __attribute__((nonnull));

#endif
