/* rz-signer sign: a file that passed gets its name, and is on the record. */
#include "signer/cmd_sign.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "signer/published.h"

/* Of a file that need not be there yet; the caller frees it. */
static char *
absolute_path(const char *path, struct error *e)
{
	char *directory = xstrdup(path), *whole, *result;
	char *slash = strrchr(directory, '/');
	const char *name = slash ? path + (slash - directory) + 1 : path;

	if (slash != NULL)
		slash[slash == directory] = '\0';
	whole = realpath(slash ? directory : ".", NULL);
	result = whole ? xasprintf("%s/%s", whole, name) : NULL;
	if (whole == NULL)
		error_errno(e, "%s", path);
	free(whole);
	free(directory);
	return result;
}

static json_t *
detail_of(const struct sign_run *run)
{
	const struct output *o = &run->output;

	return json_pack("{s:s,s:s,s:I,s:s,s:I,s:s?,s:o}", "path", o->path,
	    "sha256", o->sha256, "serial", (json_int_t)o->serial, "digest",
	    o->digest, "signatures", (json_int_t)run->report.signatures,
	    "previous", run->previous, "overrides",
	    overrides_used(&run->verdict, &run->args->override));
}

/*
 * Two runs at a time choose one serial: the second to announce is refused,
 * because what it compared with is no longer the newest.
 */
static int
announce(struct sign_run *run, struct error *e)
{
	int64_t newest;

	if (output_newest(run->state, &newest, e) == -1)
		return -1;
	if (newest != run->newest)
		return error_no(e, "serial %u: another run has published "
				   "meanwhile; nothing was published by this "
				   "one: run it again", run->output.serial);
	return output_announce(run->state, &run->output, e);
}

static int
record(struct sign_run *run, bool published, struct error *e)
{
	json_t *detail = detail_of(run);
	char *what = xasprintf("%s serial %u as %.700s",
	    published ? "published" : "intent: publish", run->output.serial,
	    run->output.path);
	struct event ev = {run->options.now, "rz-signer sign", what,
	    run->args->reason ? run->args->reason : "", detail};
	int rc = -1;

	if (state_begin(run->state, e) == -1)
		goto out;
	rc = published ? output_publish(run->state, &run->output, e)
		       : announce(run, e);
	if (rc == -1)
		state_rollback(run->state);
	else
		rc = state_commit(run->state, &ev, e);
out:
	json_decref(detail);
	free(what);
	return rc;
}

int
sign_publish(struct sign_run *run, struct error *e)
{
	struct output *o = &run->output;
	struct error kept = ERROR_INIT;

	o->at = run->options.now;
	o->serial = run->options.serial;
	if ((o->path = absolute_path(run->file.path, e)) == NULL)
		return -1;
	o->first_expiration = run->verdict.first_expiration;
	if (record(run, false, e) == -1 || file_commit(&run->file, e) == -1 ||
	    record(run, true, e) == -1)
		return -1;
	if (published_keep(run->cfg->state, o->path, &kept) == -1)
		cli_warn(run->cli, "%s: no copy is kept: the next version can "
				   "only be compared with it as long as it "
				   "stays there", kept.text);
	return 0;
}

void
sign_keep_refused(struct sign_run *run, struct error *e)
{
	struct error other = ERROR_INIT;
	char *kept = NULL;

	if (file_keep_aside(&run->file, "refused", &kept, &other) == 0)
		error_prefix(e, "kept as %s", kept);
	free(kept);
}
