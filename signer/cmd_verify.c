/* rz-signer verify: the order of a run. */
#include "signer/cmd_verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/file.h"
#include "lib/parallel.h"
#include "signer/cmd.h"
#include "signer/zone_read.h"

static struct verify_arguments args;

const struct cli_option cmd_verify_options[] = {
    {"anchors", 0, CLI_LIST, &args.anchors, "FILE",
	"trust anchors: root-anchors.xml, DS or DNSKEY records", 0, 0},
    {"unsigned", 0, CLI_TEXT, &args.unsigned_file, "FILE",
	"prove that nothing of this zone was lost, and nothing added", 0, 0},
    {"previous", 0, CLI_TEXT, &args.previous, "FILE",
	"bound the change against this version", 0, 0},
    {"zone", 0, CLI_TEXT, &args.zone, "NAME",
	"the zone's name (default: the configuration's, else the root)", 0,
	0},
    {"override", 0, CLI_LIST, &args.override, "RULE",
	"let a finding of this rule pass", 0, 0},
    {"reason", 0, CLI_TEXT, &args.reason, "TEXT",
	"why --override is right; recorded", 0, 0},
    {"threads", 0, CLI_NUMBER, &args.threads, "N",
	"threads (default: one for each processor)", 1, 1024},
    {"also", 0, CLI_LIST, &args.also, "NAME",
	"ask this validator too; \"none\": not those of the configuration", 0,
	0},
    {NULL, 0, CLI_FLAG, NULL, NULL, NULL, 0, 0}};

static bool
is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || errno != ENOENT;
}

/* A configuration is used when there is one, and it is of this zone. */
static int
load_config(struct verify_run *run, struct error *e)
{
	const struct cli *cli = run->cli;
	const char *named = getenv("RZ_CONFIG");
	bool wanted = cli->config_path != NULL;

	if (!wanted && (named == NULL || *named == '\0') &&
	    !is_there("rz.yaml") && !is_there("/etc/rz/rz.yaml"))
		return 0;
	return cli_config(cli, &run->cfg, e);
}

static int
choose_zone(struct verify_run *run, struct error *e)
{
	const char *name = run->args->zone ? run->args->zone
			   : run->cfg	   ? run->cfg->zone
					   : ".";
	uint8_t apex[NAME_MAX_WIRE];
	size_t len;

	if (name_parse(run->apex, &len, name, e) != 0)
		return error_prefix(e, "zone %s", name);
	if (run->cfg == NULL)
		return 0;
	if (name_parse(apex, &len, run->cfg->zone, e) != 0)
		return -1;
	if (name_equal(apex, run->apex))
		return 0;
	if (run->cli->config_path != NULL)
		return error_set(e, "%s: is for the zone %s, not %s",
		    run->cfg->path, run->cfg->zone, name);
	cli_say(run->cli, "%s is for the zone %s: not used", run->cfg->path,
	    run->cfg->zone);
	config_free(run->cfg);
	run->cfg = NULL;
	return 0;
}

static int
read_zone(struct zone *z, const struct verify_run *run, const char *path,
    struct error *e)
{
	struct zone_read_options o = {run->options.threads, NULL, NULL};

	zone_init(z, run->apex, 1);
	return zone_read(z, path, &o, e);
}

static int
read_input(struct verify_run *run, struct error *e)
{
	const struct verify_arguments *a = run->args;

	for (size_t i = 0; i < a->anchors.n; i++)
		if (anchors_read(&run->anchors, a->anchors.item[i], run->apex,
			e) != 0)
			return -1;
	if (read_zone(&run->zone, run, run->file, e) != 0)
		return -1;
	if (a->unsigned_file != NULL &&
	    read_zone(&run->unsigned_zone, run, a->unsigned_file, e) != 0)
		return -1;
	if (a->previous != NULL &&
	    read_zone(&run->previous, run, a->previous, e) != 0)
		return -1;
	return 0;
}

/* Nothing is recorded in a dry run, so nothing is overridden. */
static void
set_options(struct verify_run *run)
{
	const struct verify_arguments *a = run->args;
	struct verify_options *o = &run->options;

	o->cfg = run->cfg;
	o->anchors = a->anchors.n > 0 ? &run->anchors : NULL;
	o->unsigned_zone = a->unsigned_file ? &run->unsigned_zone : NULL;
	o->previous = a->previous ? &run->previous : NULL;
	o->override = a->override.item;
	o->overrides = run->cli->dry_run ? 0 : a->override.n;
	o->show = !run->cli->quiet && !run->cli->json;
}

static int
run_verify(struct verify_run *run, struct error *e)
{
	if (load_config(run, e) != 0 || choose_zone(run, e) != 0 ||
	    verify_may_override(run, e) != 0 ||
	    read_input(run, e) != 0)
		return -1;
	set_options(run);
	if (verify_zone(&run->zone, &run->options, &run->report, e) != 0 ||
	    opinions_ask(&run->opinions, run->cfg, &run->args->also, run->file,
		&run->zone, run->cli, e) != 0 ||
	    verify_record(run, e) != 0)
		return -1;
	return verify_print(run, e);
}

static void
clean_up(struct verify_run *run)
{
	struct zone *z[] = {&run->zone, &run->unsigned_zone, &run->previous};

	for (size_t i = 0; i < sizeof z / sizeof *z; i++)
		if (z[i]->made != NULL)
			zone_free(z[i]);
	opinions_free(&run->opinions);
	verify_report_free(&run->report);
	anchors_free(&run->anchors);
	config_free(run->cfg);
}

static bool
is_stdin(const char *path)
{
	return path != NULL && strcmp(path, "-") == 0;
}

static int
check_arguments(const struct cli *cli, int argc, char **argv)
{
	if (argc != 1)
		return cli_usage(cli, argc < 1 ? "FILE is missing"
					       : "superfluous argument");
	if (overrides_check(cli, &args.override, args.reason) != 0)
		return STATUS_TROUBLE;
	if (is_stdin(argv[0]) + is_stdin(args.previous) +
		is_stdin(args.unsigned_file) > 1)
		return cli_usage(cli, "standard input can be one file only");
	if (cli->output != NULL && file_same(argv[0], cli->output))
		return cli_usage(cli, "-o %s: is the input", cli->output);
	return 0;
}

int
cmd_verify(struct cli *cli, int argc, char **argv)
{
	struct verify_run run = {.cli = cli, .args = &args,
	    .options = {.now = cli->time}};
	struct error e = ERROR_INIT;
	int rc = check_arguments(cli, argc, argv);

	if (rc != 0)
		return rc;
	run.file = argv[0];
	run.options.threads = args.threads ? (unsigned)args.threads
					   : parallel_processors();
	if (run_verify(&run, &e) != 0)
		rc = cli_fail(cli, &e);
	else if (run.report.errors > 0 || run.opinions.refusals > 0)
		rc = STATUS_NO;
	clean_up(&run);
	return rc;
}
