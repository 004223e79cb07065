/* rz-signer sign: what can be refused before any key is touched. */
#include "signer/cmd_sign.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "signer/published.h"

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
 * The version that is published now: by --previous, else the last output
 * where it still lies.
 */
static int
find_previous(struct sign_run *run, struct error *e)
{
	const char *named = run->args->previous;

	if (named != NULL) {
		if (access(named, R_OK) == -1)
			return error_errno(e, "%s", named);
		run->previous = xstrdup(named);
	} else if (run->has_last) {
		run->previous = published_find(run->cfg->state, &run->last);
		if (run->previous == NULL)
			cli_warn(run->cli, "%s: serial %u, published last, is "
					   "not there any more: the change "
					   "against it is not bounded "
					   "(--previous FILE)",
			    run->last.path, run->last.serial);
	}
	return 0;
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
	return find_previous(run, e);
}
