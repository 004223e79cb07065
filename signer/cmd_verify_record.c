/* rz-signer verify: overrides are events of the state. */
#include "signer/cmd_verify.h"

#include <stdlib.h>

#include "lib/state.h"
#include "lib/xalloc.h"

static int
write_event(const struct verify_run *run, json_t *used, struct error *e)
{
	struct state *s = NULL;
	char *what = xasprintf("overrode %zu rules for %s, serial %u",
	    json_array_size(used), run->file, run->report.serial);
	json_t *detail = json_pack("{s:s, s:I, s:O}", "file", run->file,
	    "serial", (json_int_t)run->report.serial, "overrides", used);
	struct event ev = {.when = run->options.now,
	    .verb = "rz-signer verify",
	    .what = what,
	    .why = run->args->reason,
	    .detail = detail};
	int rc = -1;

	if (state_open(&s, run->cfg->state, run->cfg->zone, NULL, 0, e) == 0 &&
	    state_begin(s, e) == 0)
		rc = state_commit(s, &ev, e);
	state_close(s);
	json_decref(detail);
	free(what);
	return rc;
}

int
verify_may_override(const struct verify_run *run, struct error *e)
{
	struct verify_options o = {.cfg = run->cfg,
	    .override = run->args->override.item,
	    .overrides = run->args->override.n};
	char zone[NAME_MAX_TEXT];

	if (o.overrides == 0)
		return 0;
	if (run->cfg == NULL)
		return error_set(e, "--override: cannot be recorded: there is "
		    "no configuration for the zone %s",
		    name_text(zone, run->apex));
	if (config_need_state(run->cfg, e) != 0)
		return error_prefix(e, "--override: cannot be recorded");
	return verify_check_options(&o, e);
}

int
verify_record(const struct verify_run *run, struct error *e)
{
	json_t *used;
	int rc = 0;

	if (run->options.overrides == 0)
		return 0;
	used = overrides_used(&run->report, &run->args->override);
	if (json_array_size(used) > 0)
		rc = write_event(run, used, e);
	json_decref(used);
	return rc;
}
