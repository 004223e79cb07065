#include <string.h>

#include "keytool/adopt.h"
#include "keytool/cmd.h"
#include "keytool/inventory.h"
#include "lib/hex.h"

static int64_t pin_fd = -1;
static const char *label, *id, *role_text;

const struct cli_option adopt_options[] = {
    {"label", 0, CLI_TEXT, &label, "LABEL", "CKA_LABEL of the key", 0, 0},
    {"id", 0, CLI_TEXT, &id, "HEX", "CKA_ID of the key", 0, 0},
    {"role", 0, CLI_TEXT, &role_text, "ksk|zsk", "what the key is for", 0,
	0},
    OPTION_PIN_FD(&pin_fd), OPTION_END};

/* A key that others made may be able to leave its token. */
static void
warn_of_weakness(const struct session *s, struct hsm *h, const struct key *k)
{
	struct error ignored = ERROR_INIT;
	struct hsm_key_info info = {0};
	struct buf weak = BUF_INIT;
	struct hsm_key *held;

	if (hsm_find(h, k->cka_id, k->cka_id_len, k->label, &held,
		&ignored) == 0 &&
	    hsm_key_info(held, &info, &ignored) == 0 &&
	    holding_weakness(&info, hsm_identity(h), &weak))
		cli_warn(s->cli, "token %s: key %s: %s",
		    hsm_identity(h)->name, k->label, buf_cstr(&weak));
	hsm_key_info_free(&info);
	buf_free(&weak);
}

static int
adopt(const struct session *s, const struct adopt *a, struct error *e)
{
	const char *did = s->cli->dry_run ? "would adopt" : "adopted";
	struct key k;
	int rv = -1;

	if (adopt_find(a, &k, e) == -1)
		goto out;
	/* The proof changes nothing: a dry run gives it too. */
	if ((s->cli->dry_run ? adopt_prove(a->tokens, &k, e)
			     : adopt_key(a, &k, e)) == -1)
		goto out;
	for (unsigned i = 0; i < a->tokens->n; i++)
		warn_of_weakness(s, a->tokens->hsm[i], &k);
	rv = session_show(s, &k, did, a->tokens, e);
out:
	key_free(&k);
	return rv;
}

static int
run(struct session *s, enum key_role role, const struct buf *cka_id,
    struct error *e)
{
	struct tokens ts = {NULL, 0};
	const struct adopt a = {.record = session_record(s), .tokens = &ts,
	    .keys = &s->keys, .role = role,
	    .algorithm = session_policy(s, role)->algorithm, .label = label,
	    .id = cka_id->data, .id_len = cka_id->len};
	int rv;

	if (session_tokens(s, &ts, role, pin_fd, e) == -1)
		return -1;
	rv = adopt(s, &a, e);
	tokens_close(&ts);
	return rv;
}

int
cmd_adopt(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;
	struct buf cka_id = BUF_INIT;
	enum key_role role;
	struct session s;
	int rv;

	(void)argv;
	if (argc != 0 || (label == NULL && id == NULL))
		return cli_usage(cli, "--label or --id says which key");
	if (session_role(role_text, &role, &e) == -1)
		return cli_usage(cli, "--role ksk or --role zsk is expected");
	if (id != NULL && (hex_decode(&cka_id, id) == -1 || cka_id.len == 0 ||
		cka_id.len > HSM_ID_MAX))
		return cli_usage(cli, "--id: 1 to %d octets in hexadecimal",
		    HSM_ID_MAX);
	rv = session_open(&s, cli, true, &e);
	if (rv == 0) {
		rv = run(&s, role, &cka_id, &e);
		session_close(&s);
	}
	buf_free(&cka_id);
	return rv == -1 ? cli_fail(cli, &e) : STATUS_OK;
}
