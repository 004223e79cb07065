#include <stdlib.h>
#include <string.h>

#include "keytool/cmd.h"
#include "keytool/destroy.h"
#include "lib/xalloc.h"

static int64_t pin_fd = -1;
static const char *confirm;

const struct cli_option destroy_options[] = {
    {"confirm", 0, CLI_TEXT, &confirm, "LABEL",
	"the label of the key, instead of typing it on the terminal", 0, 0},
    OPTION_PIN_FD(&pin_fd), OPTION_END};

static int
ask(const struct session *s, const struct key *k, const struct tokens *ts,
    struct error *e)
{
	char *where, *question;
	int rv;

	if (confirm != NULL)
		return strcmp(confirm, k->label) == 0
			   ? 0
			   : error_no(e, "--confirm: not the label of the key "
				 "(%s): nothing was done", k->label);
	where = tokens_text(ts);
	question = xasprintf("destroy the %s %s (tag %u, id %.16s) in %s for "
	    "ever?", key_role_text(k->role), k->label, k->tag, k->id, where);
	rv = cli_confirm(s->cli, question, k->label, e);
	free(question);
	free(where);
	return rv;
}

static int
report(const struct session *s, const struct key *k, unsigned gone,
    struct error *e)
{
	const char *did = s->cli->dry_run ? "would destroy" : "destroyed";
	json_t *o;
	int rv;

	if (!s->cli->json) {
		cli_say(s->cli, "%s %s %s (tag %u, id %.16s), in %u token%s",
		    did, key_role_text(k->role), k->label, k->tag, k->id,
		    gone, gone == 1 ? "" : "s");
		return 0;
	}
	o = json_pack("{s:s, s:s, s:s, s:i}", "done", did, "id", k->id,
	    "label", k->label, "tokens", (int)gone);
	rv = cli_emit_json(s->cli, o, e);
	json_decref(o);
	return rv;
}

static int
destroy(const struct session *s, const struct key *k, struct error *e)
{
	const struct record r = session_record(s);
	struct tokens ts = {NULL, 0};
	unsigned gone = 0;
	int rv = -1;

	if (session_tokens(s, &ts, k->role, pin_fd, e) == -1)
		return -1;
	gone = ts.n;
	if (!s->cli->dry_run &&
	    (ask(s, k, &ts, e) == -1 ||
		destroy_key(&r, &ts, k, &gone, e) == -1))
		goto out;
	rv = report(s, k, gone, e);
out:
	tokens_close(&ts);
	return rv;
}

int
cmd_destroy(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;
	const struct key *k;
	struct session s;
	int rv = -1;

	if (argc != 1)
		return cli_usage(cli, "one KEY is expected");
	if (session_open(&s, cli, true, &e) == -1)
		return cli_fail(cli, &e);
	if (session_check_time(cli, state_is_lab(s.state), &e) == 0 &&
	    keys_named(&s.keys, argv[0], &k, &e) == 0 &&
	    key_may_destroy(k, cli->time, &e) == 0)
		rv = destroy(&s, k, &e);
	session_close(&s);
	return rv == -1 ? cli_fail(cli, &e) : STATUS_OK;
}
