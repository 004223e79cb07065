#include "rollover/policy.h"

#include "lib/algorithm.h"
#include "lib/utc.h"

#define HOLD_DOWN (30 * DAY) /* RFC 5011 sections 2.4.1 and 2.4.2 */
#define TTL_MAX	  INT64_C(0x7fffffff) /* RFC 2181 section 8 */
#define SPAN_MAX  INT64_C(0x7fffffff) /* RFC 4034 section 3.1.5 */
#define RETRIES	  5		      /* of a query, before it succeeds */

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
	int64_t dnskey = cfg->policy.ttl.dnskey;
	int64_t ds = cfg->policy.ttl.ds;

	if (check_outlives(cfg, "dnskey",
		cfg->policy.signatures.dnskey - offset, "ttl.dnskey", dnskey,
		e) == -1)
		return -1;
	if (cfg->policy.signatures.zone <= 0)
		return error_set(e, "%s: policy.signatures.zone: 0", cfg->path);
	return check_outlives(cfg, "zone", cfg->policy.signatures.zone,
	    "ttl.ds", ds, e);
}

/* The part of a TTL or of a validity after which is asked again, in bounds. */
static int64_t
query_wait(const struct config *cfg, int64_t divisor, int64_t most)
{
	int64_t ttl = cfg->policy.ttl.dnskey;
	int64_t validity = cfg->policy.signatures.dnskey;
	int64_t wait = (ttl < validity ? ttl : validity) / divisor;

	if (wait > most)
		wait = most;
	return wait > HOUR ? wait : HOUR;
}

int64_t
policy_ksk_publication_min(const struct config *cfg)
{
	return cfg->rollover.add_hold_down + cfg->policy.ttl.dnskey +
	    cfg->policy.propagation.zone + query_wait(cfg, 2, 15 * DAY) +
	    RETRIES * query_wait(cfg, 10, DAY);
}

int64_t
policy_revoke_for_min(const struct config *cfg)
{
	int64_t seen = cfg->policy.ttl.dnskey + cfg->policy.propagation.zone +
	    query_wait(cfg, 2, 15 * DAY) +
	    RETRIES * query_wait(cfg, 10, DAY);

	return seen > HOLD_DOWN ? seen : HOLD_DOWN;
}

static int
check_least(const struct config *cfg, const char *name, int64_t value,
    int64_t least, const char *why, struct error *e)
{
	char is[DURATION_TEXT], needs[DURATION_TEXT];

	if (value < least)
		return error_set(e, "%s: rollover.%s: %s, less than %s: %s",
		    cfg->path, name, duration_text(is, value),
		    duration_text(needs, least), why);
	return 0;
}

/* What validators that follow RFC 5011 need; a lab may be faster. */
static int
check_rollover(const struct config *cfg, struct error *e)
{
	int64_t ttl = cfg->policy.ttl.dnskey;

	if (check_least(cfg, "add-hold-down", cfg->rollover.add_hold_down,
		ttl > HOLD_DOWN ? ttl : HOLD_DOWN,
		"the longer of 30d and the DNSKEY TTL (RFC 5011 section "
		"2.4.1)", e) == -1)
		return -1;
	if (cfg->rollover.ksk_publication != -1 &&
	    check_least(cfg, "ksk-publication", cfg->rollover.ksk_publication,
		policy_ksk_publication_min(cfg),
		"hold-down, DNSKEY TTL, propagation, and the queries and "
		"retries of RFC 5011 section 2.3", e) == -1)
		return -1;
	return check_least(cfg, "revoke-for", cfg->rollover.revoke_for,
	    policy_revoke_for_min(cfg),
	    "the remove hold-down (RFC 5011 section 2.4.2), and until each "
	    "validator has asked", e);
}

static int
check_propagation(const struct config *cfg, struct error *e)
{
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
	return 0;
}

/* What would change nothing must not look as if it did. */
static int
check_supported(const struct config *cfg, struct error *e)
{
	if (cfg->policy.signatures.refresh != 0)
		return error_set(e,
		    "%s: policy.signatures.refresh: signatures are not kept "
		    "by this release: 0s was expected",
		    cfg->path);
	return 0;
}

int
policy_check(const struct config *cfg, bool lab, struct error *e)
{
	if (check_supported(cfg, e) == -1 || check_keys(cfg, e) == -1 ||
	    check_wire(cfg, e) == -1 || check_validity(cfg, e) == -1 ||
	    check_propagation(cfg, e) == -1)
		return -1;
	return lab ? 0 : check_rollover(cfg, e);
}
