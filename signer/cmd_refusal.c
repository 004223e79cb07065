/* Overrides, and what to do after a refusal. */
#include "signer/cmd_opinions.h"

#include <stdio.h>

#include "lib/utc.h"

static bool
was_overridden(const struct verify_report *r, const char *rule)
{
	for (size_t i = 0; i < r->findings; i++)
		if (r->finding[i].overridden &&
		    r->finding[i].rule == verify_rule_by_name(rule)->name)
			return true;
	return false;
}

json_t *
overrides_used(const struct verify_report *r, const struct cli_list *override)
{
	json_t *used = json_array();

	for (size_t i = 0; i < override->n; i++)
		if (was_overridden(r, override->item[i]))
			json_array_append_new(used,
			    json_string(override->item[i]));
	return used;
}

int
overrides_check(const struct cli *cli, const struct cli_list *override,
    const char *reason)
{
	if (override->n > 0 && reason == NULL)
		return cli_usage(cli, "--override needs --reason");
	if (reason != NULL && *reason == '\0')
		return cli_usage(cli, "--reason: is empty");
	return 0;
}

/* How long what is served now stays good: the time there is to mend this. */
static void
say_time_left(const char *served, int64_t until, int64_t now)
{
	char at[UTC_TEXT], left[DURATION_TEXT];

	if (until == TIME_NEVER)
		fprintf(stderr, "%s: has no signatures\n", served);
	else if (until < now)
		fprintf(stderr, "%s: its signatures expired at %s, %s ago\n",
		    served, utc_text(at, until),
		    duration_text(left, now - until));
	else
		fprintf(stderr, "%s: its signatures stay valid until %s: %s "
		    "are left\n", served, utc_text(at, until),
		    duration_text(left, until - now));
}

static bool
is_refused_by(const struct verify_report *r, const struct verify_rule *rule)
{
	for (size_t i = 0; i < r->findings; i++)
		if (r->finding[i].rule == rule->name &&
		    r->finding[i].severity == SEVERITY_ERROR &&
		    !r->finding[i].overridden)
			return true;
	return false;
}

static void
say_remedies(const char *file, const struct verify_report *r)
{
	const struct verify_rule *rule = verify_rules;
	bool cryptographic = false;

	for (; rule->name != NULL; rule++) {
		if (!is_refused_by(r, rule))
			continue;
		cryptographic |= rule->cryptographic;
		if (!rule->cryptographic)
			fprintf(stderr, "%s: if this is intended: --override "
			    "%s --reason TEXT\n", file, rule->name);
	}
	if (cryptographic)
		fprintf(stderr, "%s: resolvers would refuse it, and no "
		    "override changes that: sign again, keep serving the "
		    "previous version until then\n", file);
}

void
overrides_tell(const char *file, const struct verify_report *r,
    const struct cli_list *override)
{
	for (size_t i = 0; i < override->n; i++)
		if (is_refused_by(r, verify_rule_by_name(override->item[i])))
			fprintf(stderr, "%s: %s: would be overridden\n", file,
			    override->item[i]);
}

void
refusal_explain(const char *file, const struct verify_report *r,
    const char *served, int64_t until, int64_t now)
{
	if (served != NULL)
		say_time_left(served, until, now);
	say_remedies(file, r);
}
