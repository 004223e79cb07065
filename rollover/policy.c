#include "rollover/policy.h"

#include <strings.h>

#include "lib/algorithm.h"
#include "lib/utc.h"

#define HOLD_DOWN (30 * DAY)	      /* RFC 5011 section 2.4.1 */
#define TTL_MAX	  INT64_C(0x7fffffff) /* RFC 2181 section 8 */
#define SPAN_MAX  INT64_C(0x7fffffff) /* RFC 4034 section 3.1.5 */

/* What it is by itself, the reading of the configuration has checked. */
static int
check_keys(const struct config *cfg, struct error *e)
{
	const struct config_key *ksk = &cfg->policy.ksk;
	const struct config_key *zsk = &cfg->policy.zsk;

	if (ksk->algorithm != zsk->algorithm)
		return error_set(e,
		    "%s: policy.zsk.algorithm: %s, but the KSK's is %s: each "
		    "algorithm must sign everything (RFC 4035 section 2.2)",
		    cfg->path, algorithm_by_number(zsk->algorithm)->name,
		    algorithm_by_number(ksk->algorithm)->name);
	return 0;
}

static int
check_span(const struct config *cfg, const char *name, int64_t value,
    int64_t limit, const char *rfc, struct error *e)
{
	char is[DURATION_TEXT];

	if (value > limit)
		return error_set(e,
		    "%s: policy.%s: %s: more than the wire "
		    "can tell (%s)",
		    cfg->path, name, duration_text(is, value), rfc);
	return 0;
}

static int
check_wire(const struct config *cfg, struct error *e)
{
	int64_t offset = cfg->policy.signatures.inception_offset;

	if (check_span(cfg, "ttl.dnskey", cfg->policy.ttl.dnskey, TTL_MAX,
		"RFC 2181 section 8", e) == -1 ||
	    check_span(cfg, "ttl.ds", cfg->policy.ttl.ds, TTL_MAX,
		"RFC 2181 section 8", e) == -1 ||
	    check_span(cfg, "signatures.dnskey", cfg->policy.signatures.dnskey,
		SPAN_MAX, "RFC 4034 section 3.1.5", e) == -1)
		return -1;
	return check_span(cfg, "signatures.zone, with its inception-offset",
	    cfg->policy.signatures.zone + offset, SPAN_MAX,
	    "RFC 4034 section 3.1.5", e);
}

/* What a cache got last must not outlive its signature. */
static int
check_outlives(const struct config *cfg, const char *name, int64_t validity,
    const char *ttl_name, int64_t ttl, struct error *e)
{
	char is[DURATION_TEXT], needs[DURATION_TEXT];

	if (validity < ttl)
		return error_set(e,
		    "%s: policy.signatures.%s: valid for %s after signing, "
		    "less than %s (%s)",
		    cfg->path, name,
		    duration_text(is, validity > 0 ? validity : 0), ttl_name,
		    duration_text(needs, ttl));
	return 0;
}

static int
check_validity(const struct config *cfg, struct error *e)
{
	int64_t offset = cfg->policy.signatures.inception_offset;
	int64_t refresh = cfg->policy.signatures.refresh;
	int64_t dnskey = cfg->policy.ttl.dnskey;
	int64_t ds = cfg->policy.ttl.ds;

	if (check_outlives(cfg, "dnskey",
		cfg->policy.signatures.dnskey - offset, "ttl.dnskey", dnskey,
		e) == -1)
		return -1;
	if (cfg->policy.signatures.zone <= 0)
		return error_set(e, "%s: policy.signatures.zone: 0", cfg->path);
	if (check_outlives(cfg, "zone", cfg->policy.signatures.zone, "ttl.ds",
		ds, e) == -1)
		return -1;
	/* A signature that is kept is the one that is left. */
	if (refresh > 0 &&
	    check_outlives(cfg, "refresh", refresh, "ttl.ds", ds, e) == -1)
		return -1;
	return 0;
}

static int
check_waits(const struct config *cfg, bool lab, struct error *e)
{
	int64_t ttl = cfg->policy.ttl.dnskey;
	int64_t least = ttl > HOLD_DOWN ? ttl : HOLD_DOWN;
	char is[DURATION_TEXT], needs[DURATION_TEXT];

	if (cfg->policy.propagation.zone <= 0)
		return error_set(e,
		    "%s: policy.propagation.zone: 0: no zone reaches all its "
		    "servers at once",
		    cfg->path);
	if (cfg->policy.propagation.parent <= 0)
		return error_set(e,
		    "%s: policy.propagation.parent: 0: no parent reaches all "
		    "its servers at once",
		    cfg->path);
	if (!lab && cfg->rollover.add_hold_down < least)
		return error_set(e,
		    "%s: rollover.add-hold-down: %s, less than %s: the longer "
		    "of 30d and the DNSKEY TTL (RFC 5011 section 2.4.1)",
		    cfg->path, duration_text(is, cfg->rollover.add_hold_down),
		    duration_text(needs, least));
	return 0;
}

int
policy_check(const struct config *cfg, bool lab, struct error *e)
{
	if (check_keys(cfg, e) == -1 || check_wire(cfg, e) == -1 ||
	    check_validity(cfg, e) == -1)
		return -1;
	return check_waits(cfg, lab, e);
}
