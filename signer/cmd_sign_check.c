/* rz-signer sign: what can be refused before any key is touched. */
#include "signer/cmd_sign.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/utc.h"
#include "lib/xalloc.h"
#include "signer/published.h"

#define NO_PREVIOUS "none" /* of --previous: nothing to compare with */

/* Standard input may be redirected from the very file. */
static bool
is_standard_input(const char *path)
{
	struct stat in, out;

	return fstat(STDIN_FILENO, &in) == 0 && stat(path, &out) == 0 &&
	       in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

int
sign_check_arguments(const struct cli *cli, const struct sign_arguments *args,
    int argc)
{
	bool from_stdin;

	if (argc > 0)
		return cli_usage(cli, "superfluous argument");
	if (args->input == NULL || cli->output == NULL)
		return cli_usage(cli, "-i and -o are needed");
	if (overrides_check(cli, &args->override, args->reason) != 0)
		return STATUS_TROUBLE;
	if (args->previous != NULL && args->reason == NULL &&
	    strcmp(args->previous, NO_PREVIOUS) == 0)
		return cli_usage(cli, "--previous %s needs --reason",
		    NO_PREVIOUS);
	if (strcmp(cli->output, "-") == 0)
		return cli_usage(cli, "-o: a zone is verified as a file before "
				      "it gets its name: not standard output");
	from_stdin = strcmp(args->input, "-") == 0;
	if (from_stdin ? is_standard_input(cli->output)
		       : file_same(args->input, cli->output))
		return cli_usage(cli, "-o %s: is the input", cli->output);
	return 0;
}

/* A directory that can be written, and no other kind of file there. */
static int
check_output(const char *path, struct error *e)
{
	char *directory = xstrdup(path), *slash = strrchr(directory, '/');
	struct stat st;
	int rc = 0;

	if (slash != NULL)
		slash[slash == directory] = '\0';
	if (access(slash ? directory : ".", W_OK | X_OK) == -1)
		rc = error_errno(e, "%s: directory", path);
	else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		rc = error_set(e, "%s: is no regular file", path);
	free(directory);
	return rc;
}

/*
 * What the change is bounded against: --previous, else the last output where
 * it still lies.
 */
static int
find_previous(struct sign_run *run, struct error *e)
{
	const char *named = run->args->previous;

	if (run->has_last)
		run->published = published_find(run->cfg->state, &run->last);
	if (named != NULL && strcmp(named, NO_PREVIOUS) == 0)
		return 0; /* a reason is given, and recorded */
	if (named != NULL && access(named, R_OK) == -1)
		return error_errno(e, "%s", named);
	run->previous = named != NULL ? named : run->published;
	if (run->has_last && run->previous == NULL)
		return error_no(e, "%s: serial %u, published last, is gone or "
				   "was altered, and so is %s.published: the "
				   "change against it cannot be bounded; give "
				   "it with --previous FILE, or go on with "
				   "--previous " NO_PREVIOUS " --reason TEXT",
		    run->last.path, run->last.serial, run->cfg->state);
	return 0;
}

/* A zone for another day than today may be meant, but not by accident. */
static void
warn_of_time(const struct sign_run *run)
{
	const struct config *cfg = run->cfg;
	int64_t now = run->options.now, clock = clock_says();
	int64_t from = now - cfg->policy.signatures.inception_offset;
	char at[UTC_TEXT];

	if (from > clock)
		cli_warn(run->cli, "signatures begin at %s: the zone is not "
				   "valid yet", utc_text(at, from));
	else if (now + cfg->policy.signatures.zone < clock)
		cli_warn(run->cli, "signatures end at %s: the zone is not "
				   "valid any more",
		    utc_text(at, now + cfg->policy.signatures.zone));
}

int
sign_check_place(struct sign_run *run, struct error *e)
{
	struct verify_options o = {.cfg = run->cfg,
	    .override = run->args->override.item,
	    .overrides = run->args->override.n};

	if (check_output(run->cli->output, e) == -1 ||
	    verify_check_options(&o, e) == -1)
		return -1;
	warn_of_time(run);
	return find_previous(run, e);
}
