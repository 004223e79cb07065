#include "keytool/cmd.h"
#include "keytool/import.h"
#include "lib/file.h"

static int64_t pin_fd = -1;
static const char *label, *passphrase_file, *role_text;

const struct cli_option import_options[] = {
    {"role", 0, CLI_TEXT, &role_text, "ksk|zsk", "what the key is for", 0,
	0},
    {"label", 0, CLI_TEXT, &label, "LABEL",
	"label in the token, instead of one that is chosen", 0, 0},
    {"passphrase-file", 0, CLI_TEXT, &passphrase_file, "FILE",
	"passphrase of an encrypted PKCS#8 file", 0, 0},
    OPTION_PIN_FD(&pin_fd), OPTION_END};

static int
import(const struct session *s, const struct import *im, struct error *e)
{
	const char *did = s->cli->dry_run ? "would import" : "imported";
	struct buf pkcs8 = BUF_INIT;
	struct key k;
	int rv = -1;

	if (import_read(im, &k, &pkcs8, e) == -1)
		goto out;
	if (!s->cli->dry_run && import_key(im, &k, &pkcs8, e) == -1)
		goto out;
	rv = session_show(s, &k, did, im->tokens, e);
out:
	buf_wipe(&pkcs8);
	key_free(&k);
	return rv;
}

static int
run(struct session *s, enum key_role role, const char *path, struct error *e)
{
	struct secret pass = SECRET_INIT;
	struct tokens ts = {NULL, 0};
	const struct import im = {.record = session_record(s), .tokens = &ts,
	    .keys = &s->keys, .role = role,
	    .algorithm = session_policy(s, role)->algorithm, .path = path,
	    .passphrase = passphrase_file != NULL ? &pass : NULL,
	    .label = label};
	int rv = -1;

	if (s->cli->output != NULL && file_same(s->cli->output, path))
		return error_set(e, "-o %s: is the file of the key",
		    s->cli->output);
	if (passphrase_file != NULL &&
	    secret_from_file(&pass, passphrase_file, e) == -1)
		return -1;
	if (session_tokens(s, &ts, role, pin_fd, e) == 0)
		rv = import(s, &im, e);
	tokens_close(&ts);
	secret_clear(&pass);
	return rv;
}

int
cmd_import(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;
	enum key_role role;
	struct session s;
	int rv;

	if (argc != 1)
		return cli_usage(cli, "one FILE is expected");
	if (session_role(role_text, &role, &e) == -1)
		return cli_usage(cli, "--role ksk or --role zsk is expected");
	if (session_open(&s, cli, true, &e) == -1)
		return cli_fail(cli, &e);
	rv = run(&s, role, argv[0], &e);
	session_close(&s);
	return rv == -1 ? cli_fail(cli, &e) : STATUS_OK;
}
