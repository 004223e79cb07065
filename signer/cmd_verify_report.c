/* rz-signer verify: what was found, for people and for machines. */
#include "signer/cmd_verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/file.h"
#include "lib/utc.h"

static json_t *
foreign_json(const struct verify_run *run)
{
	json_t *all = json_array();
	const struct foreign_result *r;

	for (size_t i = 0; i < run->foreigns; i++) {
		r = &run->foreign[i];
		json_array_append_new(all,
		    json_pack("{s:s, s:s, s:s, s:b, s:f}", "name", r->name,
			"verdict", foreign_verdict_text(r->verdict), "text",
			r->text, "required", (int)verify_requires(run, r),
			"seconds", r->seconds));
	}
	return all;
}

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
	json_object_set_new(o, "also", foreign_json(run));
	if (run->foreign_refusals > 0)
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
	for (size_t i = 0; i < run->foreigns; i++) {
		r = &run->foreign[i];
		buf_printf(out, "%s: %s%s%s%s in %.2f s\n", r->name,
		    foreign_verdict_text(r->verdict), *r->text ? " (" : "",
		    r->text, *r->text ? ")" : "", r->seconds);
	}
}

static int
put(const struct verify_run *run, const struct buf *out, struct error *e)
{
	struct file_new f = FILE_NEW_INIT;

	if (run->cli->output == NULL) {
		fwrite(out->data, 1, out->len, stdout);
		return 0;
	}
	if (file_create(&f, run->cli->output, 0644, e) == 0 &&
	    file_write(&f, out->data, out->len, e) == 0 &&
	    file_commit(&f, e) == 0)
		return 0;
	file_discard(&f);
	return -1;
}

static void
say_foreign(const struct verify_run *run)
{
	const struct foreign_result *r;

	for (size_t i = 0; i < run->foreigns; i++) {
		r = &run->foreign[i];
		if (r->verdict != FOREIGN_PASSED)
			fprintf(stderr, "%s: %s: %s: %s%s\n", run->file,
			    r->name, foreign_verdict_text(r->verdict), r->text,
			    verify_requires(run, r) ? "" : " (warning)");
	}
}

/* How long what is served now stays good: the time there is to mend this. */
static void
say_time_left(const struct verify_run *run)
{
	char until[UTC_TEXT], left[DURATION_TEXT];
	int64_t now = run->options.now, first;

	if (run->options.previous == NULL)
		return;
	first = verify_first_expiration(&run->previous, now);
	if (first == TIME_NEVER)
		fprintf(stderr, "%s: has no signatures\n",
		    run->args->previous);
	else if (first < now)
		fprintf(stderr, "%s: its signatures expired at %s, %s ago\n",
		    run->args->previous, utc_text(until, first),
		    duration_text(left, now - first));
	else
		fprintf(stderr, "%s: its signatures stay valid until %s: %s "
		    "are left\n", run->args->previous, utc_text(until, first),
		    duration_text(left, first - now));
}

static void
say_remedies(const struct verify_run *run)
{
	const struct verify_report *r = &run->report;
	const struct verify_rule *rule = verify_rules;
	bool cryptographic = false;

	for (; rule->name != NULL; rule++) {
		for (size_t i = 0; i < r->findings; i++) {
			if (r->finding[i].rule != rule->name ||
			    r->finding[i].severity != SEVERITY_ERROR ||
			    r->finding[i].overridden)
				continue;
			cryptographic |= rule->cryptographic;
			if (!rule->cryptographic)
				fprintf(stderr, "%s: if this is intended: "
				    "--override %s --reason TEXT\n", run->file,
				    rule->name);
			break;
		}
	}
	if (cryptographic)
		fprintf(stderr, "%s: resolvers would refuse it, and no "
		    "override changes that: sign again, keep serving the "
		    "previous version until then\n", run->file);
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
	say_foreign(run);
	if (run->report.errors > 0 || run->foreign_refusals > 0) {
		say_time_left(run);
		say_remedies(run);
	}
	if (cli->json)
		add_json(&out, run);
	else if (!cli->quiet || cli->output != NULL)
		add_text(&out, run);
	if (out.len > 0)
		rc = put(run, &out, e);
	buf_free(&out);
	return rc;
}
