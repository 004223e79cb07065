/* rz-signer sign: the order of a run. */
#include "signer/cmd_sign.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hsm/hsm.h"
#include "keytool/key_store.h"
#include "lib/clock.h"
#include "lib/parallel.h"
#include "lib/xalloc.h"
#include "rollover/policy.h"
#include "signer/cmd.h"
#include "signer/published.h"
#include "signer/zone_write.h"

static struct sign_arguments args = {.pin_fd = -1};

const struct cli_option cmd_sign_options[] = {
    {"input", 'i', CLI_TEXT, &args.input, "ZONE",
	"the zone to sign; - is standard input", 0, 0},
    {"previous", 0, CLI_TEXT, &args.previous, "FILE",
	"bound the change against this version; none: against nothing", 0,
	0},
    {"min-ttl", 0, CLI_FLAG, &args.min_ttl, NULL,
	"where TTLs of an RRset differ, take the lowest", 0, 0},
    {"strict", 0, CLI_FLAG, &args.strict, NULL,
	"refuse data that is occluded", 0, 0},
    {"threads", 0, CLI_NUMBER, &args.threads, "N",
	"threads (default: one for each processor)", 1, 1024},
    {"override", 0, CLI_LIST, &args.override, "RULE",
	"let a finding of this rule pass", 0, 0},
    {"reason", 0, CLI_TEXT, &args.reason, "TEXT",
	"why --override is right; recorded", 0, 0},
    {"pin-fd", 0, CLI_NUMBER, &args.pin_fd, "N",
	"read the PIN from this descriptor", 0, 1 << 20},
    {NULL, 0, CLI_FLAG, NULL, NULL, NULL, 0, 0}};

static int
load_keys(struct sign_run *run, struct error *e)
{
	const struct state_schema schemas[] = {key_store_schema,
	    output_store_schema};
	int rc;

	if (config_need_state(run->cfg, e) == -1)
		return -1;
	if (run->cli->dry_run)
		rc = state_open_readonly(&run->state, run->cfg->state,
		    run->cfg->zone, e);
	else
		rc = state_open(&run->state, run->cfg->state, run->cfg->zone,
		    schemas, 2, e);
	if (rc == -1 ||
	    policy_check(run->cfg, state_is_lab(run->state), e) == -1 ||
	    key_store_load(run->state, &run->keys, e) == -1)
		return -1;
	return keyset_at(&run->set, &run->keys, run->cli->time, e);
}

static int
prepare_zone(struct sign_run *run, struct error *e)
{
	uint8_t apex[NAME_MAX_WIRE];
	size_t len;

	if (name_parse(apex, &len, run->cfg->zone, e) == -1)
		return -1;
	zone_init(&run->zone, apex, run->options.threads);
	return sign_read_input(run, e);
}

/*
 * The serial; with `keep`, the last one again passes only when nothing at all
 * differs from what was published under it.
 */
static int
choose_serial(struct sign_run *run, struct error *e)
{
	struct rrset soa;
	uint32_t input;

	if (!rrset_find(&run->zone, zone_apex(&run->zone), TYPE_SOA, &soa))
		return error_set(e, "SOA: none at the apex");
	input = soa_serial(rrset_record(&soa, 0));
	if (run->cfg->policy.serial == SERIAL_KEEP && run->has_last &&
	    input == run->last.serial) {
		run->options.serial = input;
		return 0;
	}
	return sign_serial(&run->options.serial, run->cfg->policy.serial, input,
	    run->has_last, run->last.serial, run->options.now, e);
}

static int
find_last(struct sign_run *run, struct error *e)
{
	int last = output_last(run->state, &run->last, e);

	if (last == -1 || output_newest(run->state, &run->newest, e) == -1)
		return -1;
	run->has_last = last == 1;
	return 0;
}

/* Everything before the first signature, with the public halves alone. */
static int
prepare(struct sign_run *run, struct error *e)
{
	struct signing_key *key = published_keys(&run->set);
	struct signing_keys keys = {key, run->set.n};
	uint8_t digest[SHA256_SIZE];
	int rc;

	rc = sign_prepare(&run->zone, &keys, &run->options, &run->report, e);
	if (rc == 0)
		rc = sign_digest(&run->zone, &keys, &run->report, digest, e);
	if (rc == 0)
		rc = sign_fingerprint(&run->zone, run->fingerprint, e);
	free(key);
	if (rc == -1)
		return -1;
	hex_encode(run->output.digest, digest, sizeof digest);
	if (!run->has_last || run->options.serial != run->last.serial)
		return 0;
	run->unchanged = strcmp(run->output.digest, run->last.digest) == 0;
	if (run->unchanged)
		return 0;
	return error_no(e, "%s: serial: %u was published already and content, "
			   "keys or times differ (RFC 1982): advance it, or "
			   "set policy.serial to increment, unixtime or date",
	    run->args->input, run->options.serial);
}

static int
write_file(struct sign_run *run, struct error *e)
{
	double began = clock_elapsed();
	uint8_t sha256[SHA256_SIZE];

	if (zone_write(&run->zone, &run->file, run->options.threads, sha256,
		e) == -1)
		return -1;
	hex_encode(run->output.sha256, sha256, sizeof sha256);
	run->write_s = clock_elapsed() - began;
	return 0;
}

/* With the keys at hand: from possession to the temporary file. */
static int
make_file(struct sign_run *run, struct error *e)
{
	struct bound_keys *bound = NULL;
	const struct signing_keys *keys;
	double began = clock_elapsed();
	int rc = -1;

	if (file_create(&run->file, run->cli->output, 0644, e) == -1 ||
	    bound_keys_open(&bound, run, e) == -1)
		goto out;
	keys = bound_keys_signing(bound);
	run->keys_s = clock_elapsed() - began;
	if (bound_keys_workers(bound) < run->options.threads)
		run->options.threads = bound_keys_workers(bound);
	if (sign_zone(&run->zone, keys, &run->options, &run->report, e) == -1)
		goto out;
	bound_keys_warn(bound, run->cli);
	rc = write_file(run, e);
out:
	bound_keys_close(bound);
	return rc;
}

/*
 * What would be made is there, and passed: under its name, or to be copied
 * there.  Never what --previous names: nobody has judged that.
 */
static int
publish_again(struct sign_run *run, struct error *e)
{
	const char *out = run->cli->output;

	if (!file_same(run->published, out) && !run->cli->dry_run &&
	    published_copy(run->published, out, e) == -1)
		return -1;
	sign_print_unchanged(run);
	return 0;
}

static int
make_and_publish(struct sign_run *run, struct error *e)
{
	if (make_file(run, e) == -1)
		return -1;
	if (sign_prove(run, e) == -1) {
		if (e->status == STATUS_NO)
			sign_keep_refused(run, e);
		return -1;
	}
	return sign_publish(run, e);
}

static int
run_sign(struct sign_run *run, struct error *e)
{
	if (cli_config(run->cli, &run->cfg, e) == -1)
		return -1;
	run->options.cfg = run->cfg;
	if (load_keys(run, e) == -1 || find_last(run, e) == -1 ||
	    sign_check_place(run, e) == -1 || prepare_zone(run, e) == -1 ||
	    choose_serial(run, e) == -1 || prepare(run, e) == -1)
		return -1;
	if (run->unchanged && run->published != NULL)
		return publish_again(run, e);
	if (run->cli->dry_run) {
		sign_print_plan(run);
		return 0;
	}
	if (make_and_publish(run, e) == -1)
		return -1;
	sign_print_done(run);
	return 0;
}

static void
clean_up(struct sign_run *run)
{
	file_discard(&run->file);
	opinions_free(&run->opinions);
	verify_report_free(&run->verdict);
	free(run->published);
	output_free(&run->output);
	output_free(&run->last);
	if (run->zone.made != NULL)
		zone_free(&run->zone);
	keyset_free(&run->set);
	keys_free(&run->keys);
	state_close(run->state);
	config_free(run->cfg);
}

int
cmd_sign(struct cli *cli, int argc, char **argv)
{
	struct sign_run run = {.cli = cli,
	    .args = &args,
	    .file = FILE_NEW_INIT,
	    .options = {.now = cli->time}};
	struct error e = ERROR_INIT;
	int rc = sign_check_arguments(cli, &args, argc);

	(void)argv;
	if (rc != 0)
		return rc;
	run.options.threads = args.threads ? (unsigned)args.threads
					   : parallel_processors();
	run.options.show = !cli->quiet && !cli->json;
	if (run_sign(&run, &e) == -1)
		rc = cli_fail(cli, &e);
	clean_up(&run);
	return rc;
}
