#include <string.h>

#include "lib/algorithm.h"
#include "lib/config_field.h"
#include "lib/utc.h"

static int
check_key(const struct config *cfg, const struct config_key *key,
    const char *path_bits, const char *path_roll, const char *path_lifetime,
    const struct config_nodes *nodes, struct error *e)
{
	const struct algorithm *a = algorithm_by_number(key->algorithm);

	if (a == NULL || !algorithm_allows_bits(a, key->bits)) {
		error_set(e, "%s has no keys of %u bits",
		    a != NULL ? a->name : "?", key->bits);
		return config_blame(nodes, path_bits, e);
	}
	if (key->roll == ROLL_LIFETIME && key->lifetime == 0) {
		error_set(e, "\"lifetime\" needs the key %s", path_lifetime);
		return config_blame(nodes, path_roll, e);
	}
	if (key->roll != ROLL_LIFETIME && key->lifetime != 0) {
		error_set(e, "has no effect without %s: lifetime", path_roll);
		return config_blame(nodes, path_lifetime, e);
	}
	if (key->roll == ROLL_QUARTERLY &&
	    cfg->policy.calendar != CALENDAR_ROOT_QUARTERS) {
		error_set(e, "\"quarterly\" needs policy.calendar: "
			     "root-quarters");
		return config_blame(nodes, path_roll, e);
	}
	return 0;
}

static bool
has(const struct config_list *list, const char *item)
{
	for (unsigned i = 0; i < list->n; i++)
		if (strcmp(list->item[i], item) == 0)
			return true;
	return false;
}

/* What is never run cannot say yes. */
static int
check_required(const struct config *cfg, const struct config_nodes *nodes,
    struct error *e)
{
	const struct config_list *required = &cfg->verify.required;

	for (unsigned i = 0; i < required->n; i++)
		if (!has(&cfg->verify.also, required->item[i])) {
			error_set(e, "%s is not in verify.also",
			    required->item[i]);
			return config_blame(nodes, "verify.required", e);
		}
	return 0;
}

static int
check_signatures(const struct config *cfg, const struct config_nodes *nodes,
    struct error *e)
{
	char found[DURATION_TEXT], limit[DURATION_TEXT];

	if (cfg->policy.signatures.refresh != 0 &&
	    cfg->policy.signatures.refresh >= cfg->policy.signatures.zone) {
		error_set(e,
		    "less than policy.signatures.zone (%s) was expected, "
		    "found %s",
		    duration_text(limit, cfg->policy.signatures.zone),
		    duration_text(found, cfg->policy.signatures.refresh));
		return config_blame(nodes, "policy.signatures.refresh", e);
	}
	return 0;
}

int
config_check(const struct config *cfg, const struct config_nodes *nodes,
    struct error *e)
{
	if (cfg->zone == NULL) {
		error_set(e, "is required, and not there");
		return config_blame(nodes, "zone", e);
	}
	if (check_key(cfg, &cfg->policy.ksk, "policy.ksk.bits",
		"policy.ksk.roll", "policy.ksk.lifetime", nodes, e) == -1 ||
	    check_key(cfg, &cfg->policy.zsk, "policy.zsk.bits",
		"policy.zsk.roll", "policy.zsk.lifetime", nodes, e) == -1)
		return -1;
	if (check_signatures(cfg, nodes, e) == -1)
		return -1;
	return check_required(cfg, nodes, e);
}
