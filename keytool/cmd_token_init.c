#include <stdlib.h>
#include <string.h>

#include "hsm/pin.h"
#include "hsm/uri.h"
#include "keytool/cmd.h"
#include "keytool/token_wipe.h"
#include "lib/xalloc.h"

static int64_t pin_fd = -1, so_pin_fd = -1;
static const char *so_pin_file;
static struct cli_list confirm;
static bool again;

const struct cli_option token_init_options[] = {
    {"so-pin-file", 0, CLI_TEXT, &so_pin_file, "FILE",
	"the security officer's PIN; else it is asked for, twice", 0, 0},
    {"so-pin-fd", 0, CLI_NUMBER, &so_pin_fd, "N",
	"the same, read from descriptor N", 0, 65535},
    OPTION_PIN_FD(&pin_fd),
    {"again", 0, CLI_FLAG, &again, NULL,
	"also a token that is initialised: all its keys are lost", 0, 0},
    {"confirm", 0, CLI_LIST, &confirm, "LABEL",
	"with --again: a token's label, instead of typing it; one for each", 0,
	0},
    OPTION_END};

struct target {
	const char *text; /* the URI as the configuration has it */
	struct uri uri;
	bool there; /* initialised already */
	struct secret so, user;
};

/* All that is to be done: it is checked as a whole before any of it is. */
struct plan {
	struct session s;
	struct target *target;
	unsigned n;
};

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

static bool
is_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* A token that serves both roles is initialised once. */
static bool
is_planned(const struct plan *p, const struct uri *u)
{
	for (unsigned i = 0; i < p->n; i++)
		if (is_same(p->target[i].uri.token, u->token) &&
		    is_same(p->target[i].uri.module, u->module))
			return true;
	return false;
}

static int
plan_uri(struct plan *p, const char *text, struct error *e)
{
	struct target t = {.text = text, .so = SECRET_INIT,
	    .user = SECRET_INIT};
	int rv = uri_parse(&t.uri, text, e);

	if (rv == 0 && t.uri.directory != NULL) {
		cli_say(p->s.cli, "%s: key files need no initialising",
		    t.uri.text);
	} else if (rv == 0 && t.uri.token == NULL) {
		rv = error_set(e, "%s: without token=LABEL nothing says what "
		    "to call the token", t.uri.text);
	} else if (rv == 0 && !is_planned(p, &t.uri)) {
		p->target[p->n++] = t;
		return 0;
	}
	uri_free(&t.uri);
	return rv;
}

static int
plan_role(struct plan *p, enum key_role role, struct error *e)
{
	const struct config_list *uris = tokens_uris(p->s.cfg, role);

	p->target = xreallocarray(p->target, p->n + uris->n + 1,
	    sizeof *p->target);
	for (unsigned i = 0; i < uris->n; i++)
		if (plan_uri(p, uris->item[i], e) == -1)
			return -1;
	return 0;
}

static void
plan_free(struct plan *p)
{
	for (unsigned i = 0; i < p->n; i++) {
		uri_free(&p->target[i].uri);
		secret_clear(&p->target[i].so);
		secret_clear(&p->target[i].user);
	}
	free(p->target);
	session_close(&p->s);
}

/* hsm_open says this, and nothing else, of a token that is not there. */
static bool
is_absent(const struct error *e)
{
	static const char end[] = ": no such token";
	size_t len = strlen(e->text);

	return len >= sizeof end - 1 &&
	    strcmp(e->text + len - (sizeof end - 1), end) == 0;
}

/* Is it there?  Without its PIN: that may be another one by now. */
static int
look(struct target *t, struct error *e)
{
	const struct hsm_options o = {.sessions = 1, .pin_fd = -1,
	    .public_only = true};
	struct hsm *h;

	t->there = hsm_open(&h, t->text, &o, e) == 0;
	if (t->there)
		hsm_close(h);
	else if (!is_absent(e))
		return -1;
	if (t->there && !again)
		return error_set(e, "%s: there is such a token already: "
		    "nothing was done", t->uri.text);
	return 0;
}

/* What the zone needs is never lost, whatever is confirmed. */
static int
check_held(const struct plan *p, const struct target *t, struct error *e)
{
	const struct hsm_options o = {.sessions = 1, .pin_fd = -1,
	    .terminal = true};
	int64_t now = p->s.cli->time;
	struct hsm *h;
	int rv;

	if (!t->there || !keys_needed(&p->s.keys, now))
		return 0;
	if (hsm_open(&h, t->text, &o, e) == -1)
		return error_prefix(e, "token %s: nothing shows that it has "
		    "no key that is in use", t->uri.token);
	rv = token_may_wipe(h, &p->s.keys, now, e);
	hsm_close(h);
	return rv == 0 ? 0 : error_prefix(e, "token %s", t->uri.token);
}

/* Each --confirm must be the label of a token that would lose its keys. */
static int
check_confirm(const struct plan *p, struct error *e)
{
	for (size_t i = 0; i < confirm.n; i++) {
		bool known = false;

		for (unsigned k = 0; !known && k < p->n; k++)
			known = p->target[k].there &&
			    strcmp(confirm.item[i], p->target[k].uri.token) ==
				0;
		if (!known)
			return error_no(e, "--confirm %s: no such token is to "
			    "be emptied: nothing was done", confirm.item[i]);
	}
	return 0;
}

static int
ask(const struct plan *p, const struct target *t, struct error *e)
{
	char *question;
	int rv;

	if (!t->there)
		return 0;
	for (size_t i = 0; i < confirm.n; i++)
		if (strcmp(confirm.item[i], t->uri.token) == 0)
			return 0;
	if (confirm.n > 0)
		return error_no(e, "--confirm: none with the label of token "
		    "%s: nothing was done", t->uri.token);
	question = xasprintf("initialise token %s, and lose all its keys?",
	    t->uri.token);
	rv = cli_confirm(p->s.cli, question, t->uri.token, e);
	free(question);
	return rv;
}

static int
check(struct plan *p, struct error *e)
{
	bool lab = p->s.state != NULL && state_is_lab(p->s.state);

	if (again && session_check_time(p->s.cli, lab, e) == -1)
		return -1;
	for (unsigned i = 0; i < p->n; i++)
		if (look(&p->target[i], e) == -1 ||
		    check_held(p, &p->target[i], e) == -1)
			return -1;
	return check_confirm(p, e);
}

/* The intent is on record before, the outcome after; where there is one. */
static int
note(const struct plan *p, const char *did, const struct target *t,
    struct error *e)
{
	const struct record r = session_record(&p->s);

	if (p->s.state == NULL)
		return 0;
	return record_event(&r, NULL, e, "%s token %s%s", did, t->uri.token,
	    t->there ? ", whose keys are lost" : "");
}

static int
init_token(const struct plan *p, const struct target *t, struct error *e)
{
	if (note(p, "intent: initialise", t, e) == -1 ||
	    hsm_token_init(t->text, &t->so, &t->user, t->there, e) == -1)
		return -1;
	cli_say(p->s.cli, "token %s: initialised", t->uri.token);
	return note(p, "initialised", t, e);
}

static int
init_all(struct plan *p, struct error *e)
{
	for (unsigned i = 0; i < p->n; i++)
		if (ask(p, &p->target[i], e) == -1)
			return -1;
	for (unsigned i = 0; i < p->n; i++) {
		struct target *t = &p->target[i];

		if (read_so_pin(&t->so, t->uri.token, e) == -1 ||
		    read_user_pin(&t->user, &t->uri, e) == -1)
			return -1;
	}
	for (unsigned i = 0; i < p->n; i++)
		if (init_token(p, &p->target[i], e) == -1)
			return -1;
	return 0;
}

static int
run(struct plan *p, bool ksk, bool zsk, struct error *e)
{
	if ((ksk && plan_role(p, KEY_KSK, e) == -1) ||
	    (zsk && plan_role(p, KEY_ZSK, e) == -1) || check(p, e) == -1)
		return -1;
	if (!p->s.cli->dry_run)
		return init_all(p, e);
	for (unsigned i = 0; i < p->n; i++)
		cli_say(p->s.cli, "would initialise token %s%s",
		    p->target[i].uri.token,
		    p->target[i].there ? ": all its keys would be lost" : "");
	return 0;
}

int
cmd_token_init(struct cli *cli, int argc, char **argv)
{
	struct plan p = {.target = NULL, .n = 0};
	struct error e = ERROR_INIT;
	enum key_role role = KEY_KSK;
	int rv;

	if (argc > 1 || (argc == 1 && session_role(argv[0], &role, &e) == -1))
		return cli_usage(cli, "ksk, zsk or neither is expected");
	if (so_pin_file != NULL && so_pin_fd >= 0)
		return cli_usage(cli, "--so-pin-file or --so-pin-fd");
	if (confirm.n > 0 && !again)
		return cli_usage(cli, "--confirm goes with --again");
	if (session_open_any(&p.s, cli, &e) == -1)
		return cli_fail(cli, &e);
	rv = run(&p, argc == 0 || role == KEY_KSK,
	    argc == 0 || role == KEY_ZSK, &e);
	plan_free(&p);
	return rv == -1 ? cli_fail(cli, &e) : STATUS_OK;
}
