#include <stdlib.h>

#include "keytool/cmd.h"
#include "keytool/generate.h"
#include "lib/algorithm.h"

static int64_t pin_fd = -1;
static const char *label;

const struct cli_option generate_options[] = {
    {"label", 0, CLI_TEXT, &label, "LABEL",
	"label in the token, instead of one that is chosen", 0, 0},
    OPTION_PIN_FD(&pin_fd), OPTION_END};

static void
say(void *arg, const char *text)
{
	cli_say(arg, "%s", text);
}

static int
say_plan(const struct session *s, const struct generate *g, struct error *e)
{
	const struct algorithm *a = algorithm_by_number(g->algorithm);
	char *tokens = tokens_text(g->tokens);
	json_t *o;
	int rv = 0;

	if (s->cli->json) {
		o = json_pack("{s:s, s:s, s:s, s:i, s:s}", "done",
		    "would generate", "role", key_role_text(g->role),
		    "algorithm", a->name, "bits",
		    (int)algorithm_bits(a, g->bits), "tokens",
		    tokens);
		rv = cli_emit_json(s->cli, o, e);
		json_decref(o);
	} else {
		cli_say(s->cli, "would generate a %s (%s, %u bits) in token "
		    "%s%s%s", key_role_text(g->role), a->name,
		    algorithm_bits(a, g->bits),
		    hsm_identity(g->tokens->hsm[0])->name,
		    g->tokens->n > 1 ? ", with copies in all of: " : "",
		    g->tokens->n > 1 ? tokens : "");
	}
	free(tokens);
	return rv;
}

static int
make(const struct session *s, const struct generate *g, struct error *e)
{
	const struct tokens first = {g->tokens->hsm, 1};
	struct error show = ERROR_INIT;
	struct key k;
	int rv = generate_key(g, &k, e);

	/* Also a key that is not recorded is shown: it is in a token. */
	if (k.id[0] != '\0' &&
	    session_show(s, &k, rv == 0 ? "generated" : "not recorded:",
		rv == 0 ? g->tokens : &first, &show) == -1) {
		if (rv == 0)
			*e = show;
		rv = -1;
	}
	key_free(&k);
	return rv;
}

static int
run(struct session *s, enum key_role role, struct error *e)
{
	const struct config_key *policy = session_policy(s, role);
	struct tokens ts = {NULL, 0};
	struct generate g = {.record = session_record(s), .tokens = &ts,
	    .keys = &s->keys, .role = role, .algorithm = policy->algorithm,
	    .bits = policy->bits, .label = label, .say = say,
	    .arg = (void *)s->cli};
	int rv = -1;

	if (session_tokens(s, &ts, role, pin_fd, e) == -1)
		return -1;
	if (label != NULL && generate_check_label(label, &s->keys, e) == -1)
		goto out;
	rv = s->cli->dry_run ? say_plan(s, &g, e) : make(s, &g, e);
out:
	tokens_close(&ts);
	return rv;
}

int
cmd_generate(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;
	enum key_role role;
	struct session s;
	int rv;

	if (argc != 1 || session_role(argv[0], &role, &e) == -1)
		return cli_usage(cli, "one of ksk and zsk is expected");
	if (session_open(&s, cli, true, &e) == -1)
		return cli_fail(cli, &e);
	rv = run(&s, role, &e);
	session_close(&s);
	return rv == -1 ? cli_fail(cli, &e) : STATUS_OK;
}
