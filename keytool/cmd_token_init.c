#include <stdlib.h>
#include <string.h>

#include "hsm/pin.h"
#include "hsm/uri.h"
#include "keytool/cmd.h"
#include "lib/xalloc.h"

static int64_t pin_fd = -1, so_pin_fd = -1;
static const char *so_pin_file, *confirm;
static bool again;

const struct cli_option token_init_options[] = {
    {"so-pin-file", 0, CLI_TEXT, &so_pin_file, "FILE",
	"the security officer's PIN; else it is asked for, twice", 0, 0},
    {"so-pin-fd", 0, CLI_NUMBER, &so_pin_fd, "N",
	"the same, read from descriptor N", 0, 65535},
    OPTION_PIN_FD(&pin_fd),
    {"again", 0, CLI_FLAG, &again, NULL,
	"also a token that is initialised: all its keys are lost", 0, 0},
    {"confirm", 0, CLI_TEXT, &confirm, "LABEL",
	"with --again: the token's label, instead of typing it", 0, 0},
    OPTION_END};

/* A PIN that is set, not used: a slip of the finger must not set it. */
static int
ask_twice(struct secret *pin, const char *prompt, struct error *e)
{
	struct secret second = SECRET_INIT;
	char *repeat = xasprintf("%s, again: ", prompt);
	char *first = xasprintf("%s: ", prompt);
	int rv = -1;

	if (secret_from_terminal(pin, first, e) == -1 ||
	    secret_from_terminal(&second, repeat, e) == -1)
		goto out;
	if (pin->len != second.len ||
	    memcmp(pin->text, second.text, pin->len) != 0) {
		error_set(e, "%s: the two differ", prompt);
		goto out;
	}
	rv = 0;
out:
	secret_clear(&second);
	free(first);
	free(repeat);
	return rv;
}

static int
read_so_pin(struct secret *pin, const char *token, struct error *e)
{
	char *prompt;
	int rv;

	if (so_pin_file != NULL)
		return secret_from_file(pin, so_pin_file, e);
	if (so_pin_fd >= 0)
		return secret_from_fd(pin, (int)so_pin_fd, e);
	prompt = xasprintf("New security officer's PIN of token %s", token);
	rv = ask_twice(pin, prompt, e);
	free(prompt);
	return rv;
}

static int
read_user_pin(struct secret *pin, const struct uri *u, struct error *e)
{
	const struct hsm_options o = {.pin_fd = (int)pin_fd};
	char *prompt;
	int rv;

	if (u->pin_source != NULL || pin_fd >= 0)
		return pin_read(pin, u->pin_source, &o, "", e);
	prompt = xasprintf("New user PIN of token %s", u->token);
	rv = ask_twice(pin, prompt, e);
	free(prompt);
	return rv;
}

static int
ask(const struct cli *cli, const struct uri *u, struct error *e)
{
	char *question;
	int rv;

	if (!again)
		return 0;
	if (confirm != NULL)
		return strcmp(confirm, u->token) == 0
			   ? 0
			   : error_no(e, "--confirm: not the label of token "
				 "%s: nothing was done", u->token);
	question = xasprintf("initialise token %s, and lose all its keys?",
	    u->token);
	rv = cli_confirm(cli, question, u->token, e);
	free(question);
	return rv;
}

static int
init_token(const struct cli *cli, const char *text, const struct uri *u,
    struct error *e)
{
	struct secret so = SECRET_INIT, user = SECRET_INIT;
	int rv = -1;

	if (ask(cli, u, e) == -1 || read_so_pin(&so, u->token, e) == -1 ||
	    read_user_pin(&user, u, e) == -1)
		goto out;
	if (hsm_token_init(text, &so, &user, again, e) == -1)
		goto out;
	cli_say(cli, "token %s: initialised", u->token);
	rv = 0;
out:
	secret_clear(&so);
	secret_clear(&user);
	return rv;
}

static int
init_uri(const struct cli *cli, const char *text, struct error *e)
{
	struct uri u;
	int rv = -1;

	if (uri_parse(&u, text, e) == -1)
		goto out;
	if (u.directory != NULL) {
		cli_say(cli, "%s: key files need no initialising", u.text);
		rv = 0;
	} else if (u.token == NULL) {
		error_set(e, "%s: without token=LABEL nothing says what to "
		    "call the token", u.text);
	} else if (cli->dry_run) {
		cli_say(cli, "would initialise token %s", u.token);
		rv = 0;
	} else {
		rv = init_token(cli, text, &u, e);
	}
out:
	uri_free(&u);
	return rv;
}

/* A token that serves both roles is initialised once. */
static int
init_role(const struct cli *cli, const struct config *cfg,
    enum key_role role, bool both, struct error *e)
{
	const struct config_list *uris = tokens_uris(cfg, role);

	for (unsigned i = 0; i < uris->n; i++) {
		const struct config_list *other = tokens_uris(cfg, KEY_KSK);
		bool done = false;

		for (unsigned k = 0; both && k < other->n; k++)
			if (strcmp(other->item[k], uris->item[i]) == 0)
				done = true;
		if (!done && init_uri(cli, uris->item[i], e) == -1)
			return -1;
	}
	return 0;
}

static int
init_roles(const struct cli *cli, const struct config *cfg, bool ksk,
    bool zsk, struct error *e)
{
	if (ksk && init_role(cli, cfg, KEY_KSK, false, e) == -1)
		return -1;
	if (zsk && init_role(cli, cfg, KEY_ZSK, ksk, e) == -1)
		return -1;
	return 0;
}

int
cmd_token_init(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;
	struct config *cfg = NULL;
	enum key_role role = KEY_KSK;
	int rv;

	if (argc > 1 || (argc == 1 && session_role(argv[0], &role, &e) == -1))
		return cli_usage(cli, "ksk, zsk or neither is expected");
	if (so_pin_file != NULL && so_pin_fd >= 0)
		return cli_usage(cli, "--so-pin-file or --so-pin-fd");
	if (confirm != NULL && !again)
		return cli_usage(cli, "--confirm goes with --again");
	if (cli_config(cli, &cfg, &e) == -1)
		return cli_fail(cli, &e);
	rv = init_roles(cli, cfg, argc == 0 || role == KEY_KSK,
	    argc == 0 || role == KEY_ZSK, &e);
	config_free(cfg);
	return rv == -1 ? cli_fail(cli, &e) : STATUS_OK;
}
