#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keytool/cmd.h"
#include "keytool/key_store.h"
#include "lib/file.h"

static int
open_state(struct session *s, bool change, struct error *e)
{
	const struct config *cfg = s->cfg;

	if (!change || s->cli->dry_run)
		return state_open_readonly(&s->state, cfg->state, cfg->zone,
		    e);
	return state_open(&s->state, cfg->state, cfg->zone,
	    &key_store_schema, 1, e);
}

int
session_open(struct session *s, const struct cli *cli, bool change,
    struct error *e)
{
	size_t len;

	memset(s, 0, sizeof *s);
	s->cli = cli;
	snprintf(s->verb, sizeof s->verb, "%s %s", cli->program,
	    cli->verb->name);
	if (cli_config(cli, &s->cfg, e) == -1 ||
	    name_parse(s->zone, &len, s->cfg->zone, e) == -1 ||
	    open_state(s, change, e) == -1 ||
	    key_store_load(s->state, &s->keys, e) == -1) {
		session_close(s);
		return -1;
	}
	return 0;
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
