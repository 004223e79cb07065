#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "keytool/cmd.h"
#include "keytool/key_store.h"

static int
open_state(struct session *s, bool change, struct error *e)
{
	const struct config *cfg = s->cfg;

	if (config_need_state(cfg, e) == -1)
		return -1;
	if (!change || s->cli->dry_run)
		return state_open_readonly(&s->state, cfg->state, cfg->zone,
		    e);
	return state_open(&s->state, cfg->state, cfg->zone,
	    &key_store_schema, 1, e);
}

/* Is there one?  What cannot be told counts: opening it says why. */
static bool
has_state(const struct config *cfg)
{
	struct stat st;

	return cfg->state != NULL &&
	    (lstat(cfg->state, &st) == 0 || errno != ENOENT);
}

static int
open_all(struct session *s, bool change, bool required, struct error *e)
{
	size_t len;

	if (cli_config(s->cli, &s->cfg, e) == -1 ||
	    name_parse(s->zone, &len, s->cfg->zone, e) == -1)
		return -1;
	if (!required && !has_state(s->cfg))
		return 0;
	if (open_state(s, change, e) == -1)
		return -1;
	return key_store_load(s->state, &s->keys, e);
}

static int
open_session(struct session *s, const struct cli *cli, bool change,
    bool required, struct error *e)
{
	memset(s, 0, sizeof *s);
	s->cli = cli;
	snprintf(s->verb, sizeof s->verb, "%s %s", cli->program,
	    cli->verb->name);
	if (open_all(s, change, required, e) == -1) {
		session_close(s);
		return -1;
	}
	return 0;
}

int
session_open(struct session *s, const struct cli *cli, bool change,
    struct error *e)
{
	return open_session(s, cli, change, true, e);
}

int
session_open_any(struct session *s, const struct cli *cli, struct error *e)
{
	return open_session(s, cli, true, false, e);
}

void
session_close(struct session *s)
{
	keys_free(&s->keys);
	if (s->state != NULL)
		state_close(s->state);
	if (s->cfg != NULL)
		config_free(s->cfg);
	s->state = NULL;
	s->cfg = NULL;
}

int
session_check_time(const struct cli *cli, bool lab, struct error *e)
{
	if (cli->time_given && !cli->dry_run && !lab)
		return error_set(e, "--time: what cannot be undone is done "
		    "now, or in a lab state (-n shows it for any time)");
	return 0;
}

struct record
session_record(const struct session *s)
{
	return (struct record){
	    .state = s->state, .now = s->cli->time, .verb = s->verb};
}

const struct config_key *
session_policy(const struct session *s, enum key_role role)
{
	return role == KEY_KSK ? &s->cfg->policy.ksk : &s->cfg->policy.zsk;
}

int
session_tokens(const struct session *s, struct tokens *ts,
    enum key_role role, int64_t pin_fd, struct error *e)
{
	const struct hsm_options o = {.sessions = 1, .pin_fd = (int)pin_fd,
	    .terminal = true};

	return tokens_open_with(ts, s->cfg, role, &o, true, NULL, NULL, e);
}

int
session_role(const char *text, enum key_role *role, struct error *e)
{
	int r = text != NULL ? key_role_by_text(text) : -1;

	if (r == -1)
		return error_set(e, "role: ksk or zsk expected, found %s",
		    text != NULL ? text : "nothing");
	*role = r;
	return 0;
}

uint32_t
session_ttl_dnskey(const struct session *s)
{
	return (uint32_t)s->cfg->policy.ttl.dnskey;
}

/* The policy may leave a DS its TTL of the input: there is none here. */
uint32_t
session_ttl_ds(const struct session *s)
{
	int64_t ttl = s->cfg->policy.ttl.ds;

	return ttl >= 0 ? (uint32_t)ttl : session_ttl_dnskey(s);
}
