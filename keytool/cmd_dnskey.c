#include "keytool/cmd.h"
#include "keytool/key_store.h"

static bool cdnskey;

const struct cli_option dnskey_options[] = {
    {"cdnskey", 0, CLI_FLAG, &cdnskey, NULL, "as CDNSKEY records (RFC 7344)",
	0, 0},
    OPTION_END};

static struct dnskey
as_published(const struct session *s, const struct key *k)
{
	struct dnskey d = key_dnskey(k);

	if (session_revoked(s, k))
		d.flags |= DNSKEY_REVOKE;
	return d;
}

static void
add_text(const struct session *s, const struct key *k, struct buf *out)
{
	const struct dnskey d = as_published(s, k);

	dnskey_text(out, s->cfg->zone, session_ttl_dnskey(s),
	    cdnskey ? "CDNSKEY" : "DNSKEY", &d);
	buf_u8(out, '\n');
}

static void
add_json(const struct session *s, const struct key *k, json_t *array)
{
	const struct dnskey d = as_published(s, k);
	struct buf b = BUF_INIT;
	json_t *o = key_json(k);

	add_text(s, k, &b);
	b.len--; /* the newline */
	json_object_set_new(o, "flags", json_integer(d.flags));
	json_object_set_new(o, "tag",
	    json_integer(dnskey_tag_flags(&d, d.flags)));
	json_object_set_new(o, "record", json_string(buf_cstr(&b)));
	json_array_append_new(array, o);
	buf_free(&b);
}

/* What a parent is asked to turn into a DS is a KSK that stays. */
static int
check_cdnskey(const struct session *s, const struct key *k, struct error *e)
{
	if (cdnskey && (k->role != KEY_KSK || session_revoked(s, k)))
		return error_no(e, "key %s: %s: no CDNSKEY", k->label,
		    k->role == KEY_KSK ? "revoked" : "not a ksk");
	return 0;
}

static int
add(const struct session *s, const struct key *k, struct buf *text,
    json_t *array, struct error *e)
{
	if (check_cdnskey(s, k, e) == -1)
		return -1;
	if (s->cli->json)
		add_json(s, k, array);
	else
		add_text(s, k, text);
	return 0;
}

int
cmd_dnskey(struct cli *cli, int argc, char **argv)
{
	return session_print(cli, cdnskey, argc, argv, add);
}
