/* rz-signer verify: what was found, for people and for machines. */
#include "signer/cmd_verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utc.h"

static void
add_json(struct buf *out, const struct verify_run *run)
{
	json_t *o = verify_report_json(&run->report);
	char zone[NAME_MAX_TEXT], now[UTC_TEXT], *text;

	json_object_set_new(o, "file", json_string(run->file));
	json_object_set_new(o, "zone",
	    json_string(name_text(zone, run->apex)));
	json_object_set_new(o, "time",
	    json_string(utc_text(now, run->options.now)));
	json_object_set_new(o, "also", opinions_json(&run->opinions));
	if (run->opinions.refusals > 0)
		json_object_set_new(o, "good", json_false());
	text = json_dumps(o, JSON_INDENT(2) | JSON_SORT_KEYS);
	if (text != NULL)
		buf_printf(out, "%s\n", text);
	free(text);
	json_decref(o);
}

static void
add_text(struct buf *out, const struct verify_run *run)
{
	const struct foreign_result *r;

	buf_printf(out, "%s: ", run->file);
	verify_report_summary(out, &run->report, run->options.now);
	for (size_t i = 0; i < run->opinions.n; i++) {
		r = &run->opinions.result[i];
		buf_printf(out, "%s: %s%s%s%s in %.2f s\n", r->name,
		    foreign_verdict_text(r->verdict), *r->text ? " (" : "",
		    r->text, *r->text ? ")" : "", r->seconds);
	}
}

/* What is served now, as far as --previous says. */
static void
explain(const struct verify_run *run)
{
	int64_t now = run->options.now, until = TIME_NEVER;

	if (run->options.previous != NULL)
		until = verify_first_expiration(&run->previous, now);
	refusal_explain(run->file, &run->report, run->args->previous, until,
	    now);
}

int
verify_print(const struct verify_run *run, struct error *e)
{
	const struct cli *cli = run->cli;
	struct buf out = BUF_INIT;
	int rc = 0;

	verify_report_print(stderr, run->file, &run->report,
	    cli->quiet	       ? SEVERITY_ERROR
		: cli->verbose ? SEVERITY_INFO
			       : SEVERITY_WARNING);
	if (cli->dry_run)
		overrides_tell(run->file, &run->report, &run->args->override);
	opinions_warn(&run->opinions, run->file);
	if (run->report.errors > 0 || run->opinions.refusals > 0)
		explain(run);
	if (cli->json)
		add_json(&out, run);
	else if (!cli->quiet || cli->output != NULL)
		add_text(&out, run);
	if (out.len > 0)
		rc = cli_emit(cli, &out, e);
	buf_free(&out);
	return rc;
}
