#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keytool/key_store.h"
#include "lib/config.h"
#include "lib/state.h"
#include "lib/xalloc.h"
#include "rollover/cmd.h"
#include "rollover/first_keys.h"
#include "rollover/keyset.h"
#include "rollover/policy.h"

static struct {
	bool first_keys;
	struct cli_list keys;
} given;

const struct cli_option init_options[] = {
    {"first-keys", 0, CLI_FLAG, &given.first_keys, NULL,
	"publish and activate the keys that were made, at once", 0, 0},
    {"key", 'k', CLI_LIST, &given.keys, "KEY",
	"with --first-keys: this one (id or label); may be repeated", 0, 0},
    {NULL, 0, CLI_FLAG, NULL, NULL, NULL, 0, 0},
};

/* What -n can know of whether the database could be made. */
static int
check_place(const char *path, struct error *e)
{
	char *copy = xstrdup(path);
	const char *dir = dirname(copy);
	struct stat st;
	int rc = 0;

	if (lstat(path, &st) == 0)
		rc = error_set(e, "%s: state: exists already", path);
	else if (errno != ENOENT)
		rc = error_errno(e, "%s: state", path);
	else if (access(dir, W_OK | X_OK) == -1)
		rc = error_errno(e, "%s: state: its directory", path);
	free(copy);
	return rc;
}

static int
say_created(const struct cli *cli, const struct config *cfg, struct error *e)
{
	struct buf b = BUF_INIT;
	json_t *o;
	int rc = 0;

	if (cli->json) {
		o = json_pack("{s:s, s:s, s:b, s:b}", "state", cfg->state,
		    "zone", cfg->zone, "lab", (int)cfg->lab, "dry_run",
		    (int)cli->dry_run);
		rc = cli_emit_json(cli, o, e);
		json_decref(o);
		return rc;
	}
	buf_printf(&b, "%s %s: state database of the zone %s%s\n",
	    cli->dry_run ? "would make" : "made", cfg->state, cfg->zone,
	    cfg->lab ? " (lab)" : "");
	if (!cli->quiet)
		rc = cli_emit(cli, &b, e);
	buf_free(&b);
	return rc;
}

static int
create(const struct cli *cli, const struct config *cfg, struct error *e)
{
	struct state *s = NULL;

	if (policy_check(cfg, cfg->lab, e) == -1)
		return -1;
	if (cli->dry_run) {
		if (check_place(cfg->state, e) == -1)
			return -1;
	} else if (state_create(&s, cfg->state, cfg->zone, cfg->lab, cli->time,
		       &key_store_schema, 1, e) == -1) {
		return -1;
	}
	state_close(s);
	return say_created(cli, cfg, e);
}

static json_t *
first_json(const struct first_keys *first)
{
	json_t *list = json_array();

	for (size_t i = 0; i < first->n; i++)
		json_array_append_new(list, key_json(first->key[i]));
	return list;
}

static int
set_times(struct state *s, const struct first_keys *first, int64_t now,
    struct error *e)
{
	for (size_t i = 0; i < first->n; i++)
		if (key_store_set_time(
			s, first->key[i], KEY_PUBLISHED, now, e) == -1 ||
		    key_store_set_time(
			s, first->key[i], KEY_ACTIVATED, now, e) == -1)
			return -1;
	return 0;
}

static int
store(struct state *s, const struct first_keys *first, int64_t now,
    struct error *e)
{
	struct event ev = {now, "rz-rollover init", NULL, "", NULL};
	struct buf what = BUF_INIT;
	int rc;

	if (set_times(s, first, now, e) == -1)
		return -1;
	buf_str(&what, "first keys published and active:");
	for (size_t i = 0; i < first->n; i++)
		buf_printf(&what, " %s %.16s",
		    key_role_text(first->key[i]->role), first->key[i]->id);
	ev.what = buf_cstr(&what);
	ev.detail = json_pack("{s:o}", "keys", first_json(first));
	rc = state_commit(s, &ev, e);
	json_decref(ev.detail);
	buf_free(&what);
	return rc;
}

static int
say_first(const struct cli *cli, const struct state *s,
    const struct config *cfg, const struct first_keys *first, struct error *e)
{
	struct buf b = BUF_INIT;
	char when[UTC_TEXT];
	json_t *o;
	int rc = 0;

	utc_text(when, cli->time);
	if (cli->json) {
		o = json_pack("{s:s, s:b, s:s, s:b, s:o}", "zone", cfg->zone,
		    "lab", (int)state_is_lab(s), "time", when, "dry_run",
		    (int)cli->dry_run, "keys", first_json(first));
		rc = cli_emit_json(cli, o, e);
		json_decref(o);
		return rc;
	}
	buf_printf(&b, "zone %s%s: first keys %s from %s\n", cfg->zone,
	    state_is_lab(s) ? " (lab)" : "",
	    cli->dry_run ? "would be published and active"
			 : "published and active",
	    when);
	for (size_t i = 0; i < first->n; i++) {
		cmd_key_text(&b, first->key[i], first->key[i]->tag);
		buf_printf(&b, "  %s  %.16s\n", first->key[i]->label,
		    first->key[i]->id);
	}
	if (!cli->quiet)
		rc = cli_emit(cli, &b, e);
	buf_free(&b);
	return rc;
}

/* Choose, prove that the set can make a valid zone, write. */
static int
publish(const struct cli *cli, struct state *s, struct keys *keys,
    struct first_keys *first, struct error *e)
{
	struct keyset set;

	if ((!cli->dry_run && state_begin(s, e) == -1) ||
	    key_store_load(s, keys, e) == -1 ||
	    first_keys_publish(first, keys, given.keys.item, given.keys.n,
		cli->time, e) == -1 ||
	    keyset_at(&set, keys, cli->time, e) == -1)
		return -1;
	keyset_free(&set);
	return cli->dry_run ? 0 : store(s, first, cli->time, e);
}

static int
first_keys(const struct cli *cli, const struct config *cfg, struct error *e)
{
	struct keys keys = {NULL, 0};
	struct first_keys first;
	struct state *s = NULL;
	int rc = -1;

	if (cli->dry_run) {
		if (state_open_readonly(&s, cfg->state, cfg->zone, e) == -1)
			return -1;
	} else if (state_open(&s, cfg->state, cfg->zone, &key_store_schema, 1,
		       e) == -1) {
		return -1;
	}
	if (policy_check(cfg, state_is_lab(s), e) == -1 ||
	    publish(cli, s, &keys, &first, e) == -1)
		goto out;
	rc = say_first(cli, s, cfg, &first, e);
out:
	state_rollback(s);
	keys_free(&keys);
	state_close(s);
	return rc;
}

int
cmd_init(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;
	struct config *cfg;
	int rc = -1;

	if (argc > 0)
		return cli_usage(cli, "unexpected argument \"%s\"", argv[0]);
	if (given.keys.n > 0 && !given.first_keys)
		return cli_usage(cli, "--key goes with --first-keys");
	if (cli_config(cli, &cfg, &e) == -1)
		return cli_fail(cli, &e);
	if (config_need_state(cfg, &e) == 0)
		rc = given.first_keys ? first_keys(cli, cfg, &e)
				      : create(cli, cfg, &e);
	config_free(cfg);
	return rc == -1 ? cli_fail(cli, &e) : STATUS_OK;
}
