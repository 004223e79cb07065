#include "keytool/key_store.h"
#include "lib/config.h"
#include "lib/state.h"
#include "rollover/cmd.h"
#include "rollover/keyset.h"

static bool check;

const struct cli_option status_options[] = {
    {"check", 0, CLI_FLAG, &check, NULL,
	"exit 1 when the keys cannot make a valid zone", 0, 0},
    {NULL, 0, CLI_FLAG, NULL, NULL, NULL, 0, 0},
};

struct status_report {
	const struct cli *cli;
	const struct config *cfg;
	bool lab;
	int64_t now;
	struct keys keys;
	struct keyset set;
	bool valid;
	struct error refusal; /* of keyset_at, when not valid */
};

static uint16_t
tag_now(const struct key *k, int64_t now)
{
	return key_state_at(k, now) == KEY_STATE_REVOKED ? k->tag_revoked
							 : k->tag;
}

static void
key_line(struct buf *b, const struct key *k, int64_t now)
{
	int64_t since = key_state_since(k, now);
	int64_t until = key_state_until(k, now);
	char when[UTC_TEXT];

	cmd_key_text(b, k, tag_now(k, now));
	buf_printf(b, "  %-9s", key_state_text(key_state_at(k, now)));
	if (since != TIME_NEVER)
		buf_printf(b, "  since %s", utc_text(when, since));
	if (until != TIME_NEVER)
		buf_printf(b, "  %s from %s",
		    key_state_text(key_state_at(k, until)),
		    utc_text(when, until));
	buf_printf(b, "  %s  %.16s\n", k->label, k->id);
}

static void
signers_text(struct buf *b, const struct keyset *set, bool dnskey)
{
	buf_printf(b, "%s signed by", dnskey ? "DNSKEY RRset" : "zone");
	for (size_t i = 0; i < set->n; i++) {
		const struct keyset_member *m = &set->member[i];

		if (dnskey ? m->signs_dnskey : m->signs_zone)
			buf_printf(b, " %s (%u%s)", m->key->label,
			    (unsigned)m->tag,
			    m->flags & DNSKEY_REVOKE ? ", revoked" : "");
	}
	buf_u8(b, '\n');
}

static void
report_text(struct buf *b, const struct status_report *r)
{
	int64_t next = keyset_next_change(&r->keys, r->now);
	char when[UTC_TEXT];

	buf_printf(b, "zone %s%s at %s\n", r->cfg->zone, r->lab ? " (lab)" : "",
	    utc_text(when, r->now));
	for (size_t i = 0; i < r->keys.n; i++)
		key_line(b, &r->keys.key[i], r->now);
	if (r->valid) {
		buf_printf(b, "DNSKEY RRset of %zu keys\n", r->set.n);
		signers_text(b, &r->set, true);
		signers_text(b, &r->set, false);
	} else {
		buf_printf(b, "no valid zone: %s\n", r->refusal.text);
	}
	if (next == TIME_NEVER)
		buf_str(b, "no change is recorded for later\n");
	else
		buf_printf(b, "changes next at %s\n", utc_text(when, next));
}

static json_t *
time_json(int64_t t)
{
	char text[UTC_TEXT];

	return t == TIME_NEVER ? json_null() : json_string(utc_text(text, t));
}

static json_t *
key_status_json(const struct key *k, int64_t now)
{
	int64_t until = key_state_until(k, now);
	json_t *o = key_json(k), *next = json_null();

	json_object_set_new(
	    o, "state", json_string(key_state_text(key_state_at(k, now))));
	json_object_set_new(o, "since", time_json(key_state_since(k, now)));
	if (until != TIME_NEVER)
		next = json_pack("{s:s, s:o}", "state",
		    key_state_text(key_state_at(k, until)), "at",
		    time_json(until));
	json_object_set_new(o, "next", next);
	return o;
}

static json_t *
member_json(const struct keyset_member *m)
{
	return json_pack("{s:s, s:s, s:i, s:i, s:b, s:b}", "id", m->key->id,
	    "role", key_role_text(m->key->role), "flags", (int)m->flags, "tag",
	    (int)m->tag, "signs_dnskey", (int)m->signs_dnskey, "signs_zone",
	    (int)m->signs_zone);
}

static json_t *
report_json(const struct status_report *r)
{
	json_t *keys = json_array(), *members = json_array();

	for (size_t i = 0; i < r->keys.n; i++)
		json_array_append_new(
		    keys, key_status_json(&r->keys.key[i], r->now));
	for (size_t i = 0; i < r->set.n; i++)
		json_array_append_new(members, member_json(&r->set.member[i]));
	return json_pack("{s:s, s:b, s:o, s:o, s:b, s:s?, s:o, s:o}", "zone",
	    r->cfg->zone, "lab", (int)r->lab, "time", time_json(r->now), "keys",
	    keys, "valid", (int)r->valid, "refusal",
	    r->valid ? NULL : r->refusal.text, "dnskey", members, "next_change",
	    time_json(keyset_next_change(&r->keys, r->now)));
}

static int
print(const struct status_report *r, struct error *e)
{
	struct buf b = BUF_INIT;
	json_t *o;
	int rc;

	if (r->cli->json) {
		o = report_json(r);
		rc = o == NULL ? error_set(e, "the status is not UTF-8")
			       : cli_emit_json(r->cli, o, e);
		json_decref(o);
		return rc;
	}
	report_text(&b, r);
	rc = cli_emit(r->cli, &b, e);
	buf_free(&b);
	return rc;
}

static int
gather(struct status_report *r, struct error *e)
{
	struct state *s;
	int rc;

	if (config_need_state(r->cfg, e) == -1 ||
	    state_open_readonly(&s, r->cfg->state, r->cfg->zone, e) == -1)
		return -1;
	r->lab = state_is_lab(s);
	rc = key_store_load(s, &r->keys, e);
	state_close(s);
	if (rc == 0)
		r->valid =
		    keyset_at(&r->set, &r->keys, r->now, &r->refusal) == 0;
	return rc;
}

/* The exit status: with --check, the key set's refusal is the answer. */
static int
report(const struct cli *cli, const struct config *cfg)
{
	struct status_report r = {.cli = cli, .cfg = cfg, .now = cli->time};
	struct error e = ERROR_INIT;
	int status = STATUS_OK;

	if (gather(&r, &e) == -1 || print(&r, &e) == -1)
		status = cli_fail(cli, &e);
	else if (check && !r.valid)
		status = cli_fail(cli, &r.refusal);
	keyset_free(&r.set);
	keys_free(&r.keys);
	return status;
}

int
cmd_status(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;
	struct config *cfg;
	int status;

	if (argc > 0)
		return cli_usage(cli, "unexpected argument \"%s\"", argv[0]);
	if (cli_config(cli, &cfg, &e) == -1)
		return cli_fail(cli, &e);
	status = report(cli, cfg);
	config_free(cfg);
	return status;
}
