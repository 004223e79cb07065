#include <stdio.h>

#include "keytool/cmd.h"
#include "keytool/inventory.h"
#include "keytool/key_store.h"
#include "lib/algorithm.h"
#include "lib/hex.h"

#define ROW "%-4s  %5s  %7s  %-15s  %4s  %-16.16s  %s\n"

static int64_t pin_fd = -1;

const struct cli_option list_options[] = {
    OPTION_PIN_FD(&pin_fd), OPTION_END};

struct listing {
	struct session s;
	struct inventory inv;
	bool passed_over; /* a token could not be opened */
};

static void
warn(void *arg, const char *text)
{
	struct listing *l = arg;

	l->passed_over = true;
	cli_warn(l->s.cli, "passed over: %s", text);
}

static int
read_role(struct listing *l, enum key_role role, struct error *e)
{
	const struct hsm_options o = {.sessions = 1, .pin_fd = (int)pin_fd,
	    .terminal = true};
	struct tokens ts = {NULL, 0};
	int rv = 0;

	if (tokens_open_with(&ts, l->s.cfg, role, &o, false, warn, l, e) ==
	    -1)
		return -1;
	for (unsigned i = 0; rv == 0 && i < ts.n; i++)
		rv = inventory_add(&l->inv, role, ts.hsm[i], e);
	tokens_close(&ts);
	return rv;
}

static json_t *
holdings_json(const struct listing *l, const struct key *k)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < l->inv.tokens; i++) {
		const struct inventory_token *t = &l->inv.token[i];

		if (t->role == k->role)
			json_object_set_new(o, t->identity.name,
			    json_string(holding_text(
				holding_of(t->held, t->n, k))));
	}
	return o;
}

static json_t *
held_json(const struct inventory_token *t, const struct hsm_key_info *held)
{
	char id[2 * HSM_ID_MAX + 1];
	json_t *label = json_string(held->label);

	/* A label of other software may be no UTF-8: then null. */
	hex_encode(id, held->id, held->id_len);
	return json_pack("{s:s, s:o, s:s, s:i, s:b}", "token",
	    t->identity.name, "label", label != NULL ? label : json_null(),
	    "cka_id", id, "bits", (int)held->bits, "private",
	    (int)held->has_private);
}

static json_t *
unknown_json(const struct listing *l)
{
	json_t *a = json_array();

	for (unsigned i = 0; i < l->inv.tokens; i++) {
		const struct inventory_token *t = &l->inv.token[i];

		for (size_t k = 0; k < t->n; k++)
			if (inventory_unknown(&t->held[k], &l->s.keys))
				json_array_append_new(a,
				    held_json(t, &t->held[k]));
	}
	return a;
}

static int
print_json(const struct listing *l, struct error *e)
{
	json_t *o = json_object(), *keys = json_array();
	json_t *findings = json_array();
	int rv;

	for (size_t i = 0; i < l->s.keys.n; i++) {
		json_t *k = key_json(&l->s.keys.key[i]);

		json_object_set_new(k, "tokens",
		    holdings_json(l, &l->s.keys.key[i]));
		json_array_append_new(keys, k);
	}
	for (size_t i = 0; i < l->inv.differences; i++) {
		const struct inventory_difference *d = &l->inv.difference[i];

		json_array_append_new(findings, json_pack("{s:s, s:s}",
		    "severity", d->error ? "error" : "warning", "text",
		    d->text));
	}
	json_object_set_new(o, "zone", json_string(l->s.cfg->zone));
	json_object_set_new(o, "lab", json_boolean(state_is_lab(l->s.state)));
	json_object_set_new(o, "keys", keys);
	json_object_set_new(o, "unknown", unknown_json(l));
	json_object_set_new(o, "findings", findings);
	rv = cli_emit_json(l->s.cli, o, e);
	json_decref(o);
	return rv;
}

static void
add_key(const struct listing *l, const struct key *k, struct buf *b)
{
	const struct algorithm *a = algorithm_by_number(k->algorithm);
	char when[UTC_TEXT], tag[8], revoked[8], bits[8];

	snprintf(tag, sizeof tag, "%u", k->tag);
	snprintf(revoked, sizeof revoked, "%u", k->tag_revoked);
	snprintf(bits, sizeof bits, "%u", k->bits);
	buf_printf(b, ROW, key_role_text(k->role), tag, revoked,
	    a != NULL ? a->name : "unknown", bits, k->id, k->label);
	for (int t = 0; t < KEY_TIMES; t++)
		if (k->at[t] != TIME_NEVER)
			buf_printf(b, "    %-12s %s\n", key_time_text(t),
			    utc_text(when, k->at[t]));
	if (k->at[KEY_DESTROYED] != TIME_NEVER)
		return;
	for (unsigned i = 0; i < l->inv.tokens; i++) {
		const struct inventory_token *t = &l->inv.token[i];

		if (t->role == k->role)
			buf_printf(b, "    token %s: %s\n", t->identity.name,
			    holding_text(holding_of(t->held, t->n, k)));
	}
}

static int
print_text(const struct listing *l, struct error *e)
{
	struct buf b = BUF_INIT;
	int rv;

	buf_printf(&b, "zone %s%s, %zu key%s\n", l->s.cfg->zone,
	    state_is_lab(l->s.state) ? " (LAB)" : "", l->s.keys.n,
	    l->s.keys.n == 1 ? "" : "s");
	if (l->s.keys.n > 0)
		buf_printf(&b, ROW, "role", "tag", "revoked", "algorithm",
		    "bits", "id", "label");
	for (size_t i = 0; i < l->s.keys.n; i++)
		add_key(l, &l->s.keys.key[i], &b);
	rv = cli_emit(l->s.cli, &b, e);
	buf_free(&b);
	return rv;
}

/* Differences on stderr; an error makes the exit status 1. */
static int
judge(const struct listing *l)
{
	const struct cli *cli = l->s.cli;
	struct error e = ERROR_INIT;
	int status = l->passed_over ? STATUS_TROUBLE : STATUS_OK;

	for (size_t i = 0; i < l->inv.differences; i++) {
		const struct inventory_difference *f = &l->inv.difference[i];

		if (f->error) {
			error_no(&e, "%s", f->text);
			status = cli_fail(cli, &e);
		} else {
			cli_warn(cli, "%s", f->text);
		}
	}
	return status;
}

int
cmd_list(struct cli *cli, int argc, char **argv)
{
	struct listing l = {.passed_over = false};
	struct error e = ERROR_INIT;
	int status;

	(void)argv;
	if (argc != 0)
		return cli_usage(cli, "no arguments are expected");
	if (session_open(&l.s, cli, false, &e) == -1)
		return cli_fail(cli, &e);
	if (read_role(&l, KEY_KSK, &e) == -1 ||
	    read_role(&l, KEY_ZSK, &e) == -1) {
		status = cli_fail(cli, &e);
		goto out;
	}
	inventory_compare(&l.inv, &l.s.keys);
	status = (cli->json ? print_json(&l, &e) : print_text(&l, &e)) == -1
		     ? cli_fail(cli, &e)
		     : judge(&l);
out:
	inventory_free(&l.inv);
	session_close(&l.s);
	return status;
}
