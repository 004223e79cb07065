#include <strings.h>

#include "keytool/cmd.h"
#include "lib/hex.h"
#include "lib/words.h"

static bool cds;
static struct cli_list digest;

const struct cli_option ds_options[] = {
    {"digest", 0, CLI_LIST, &digest, "NAME",
	"sha256 (when none is given), sha384 or sha1; may be repeated", 0,
	0},
    {"cds", 0, CLI_FLAG, &cds, NULL, "as CDS records (RFC 7344)", 0, 0},
    OPTION_END};

static const struct {
	const char *name;
	enum ds_digest type;
} digests[] = {{"sha1", DS_SHA1}, {"sha256", DS_SHA256},
    {"sha384", DS_SHA384}};

static int
digest_type(const char *name)
{
	for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
		if (strcasecmp(digests[i].name, name) == 0)
			return digests[i].type;
	return -1;
}

static void
add_json(const struct session *s, const struct key *k, const struct ds *ds,
    json_t *array)
{
	char hex[2 * sizeof ds->digest + 1];
	struct buf words = BUF_INIT, text = BUF_INIT;

	hex_encode(hex, ds->digest, ds->len);
	words_add(&words, ds->digest, ds->len);
	ds_text(&text, s->cfg->zone,
	    cds ? session_ttl_dnskey(s) : session_ttl_ds(s),
	    cds ? "CDS" : "DS", ds);
	json_array_append_new(array,
	    json_pack("{s:s, s:s, s:i, s:i, s:i, s:s, s:s, s:s}", "id", k->id,
		"label", k->label, "tag", (int)ds->tag, "algorithm_number",
		(int)ds->algorithm, "digest_type", (int)ds->digest_type,
		"digest", hex, "words", buf_cstr(&words), "record",
		buf_cstr(&text)));
	buf_free(&words);
	buf_free(&text);
}

/* One record as text or JSON; a revoked key is named as it was before. */
static int
add(const struct session *s, const struct key *k, int type, struct buf *text,
    json_t *array, struct error *e)
{
	const struct dnskey d = key_dnskey(k);
	struct buf rdata = BUF_INIT;
	struct ds ds;
	int rv;

	dnskey_rdata(&rdata, &d);
	rv = ds_make(&ds, s->zone, rdata.data, rdata.len, (uint8_t)type);
	buf_free(&rdata);
	if (rv == -1)
		return error_openssl(e, "digest");
	if (s->cli->json) {
		add_json(s, k, &ds, array);
		return 0;
	}
	ds_text(text, s->cfg->zone,
	    cds ? session_ttl_dnskey(s) : session_ttl_ds(s),
	    cds ? "CDS" : "DS", &ds);
	buf_u8(text, '\n');
	return 0;
}

static int
add_all(const struct session *s, const struct key *k, struct buf *text,
    json_t *array, struct error *e)
{
	for (size_t d = 0; d < digest.n; d++)
		if (add(s, k, digest_type(digest.item[d]), text, array, e) ==
		    -1)
			return -1;
	return 0;
}

int
cmd_ds(struct cli *cli, int argc, char **argv)
{
	for (size_t i = 0; i < digest.n; i++)
		if (digest_type(digest.item[i]) == -1)
			return cli_usage(cli, "--digest: sha1, sha256 or "
			    "sha384 is expected, found %s", digest.item[i]);
	if (digest.n == 0)
		digest.item[digest.n++] = "sha256";
	return session_print(cli, true, argc, argv, add_all);
}
