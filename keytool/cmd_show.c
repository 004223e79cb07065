#include <stdlib.h>

#include "keytool/cmd.h"
#include "keytool/key_store.h"
#include "lib/algorithm.h"
#include "lib/hex.h"
#include "lib/words.h"

/* A key in the forms that people and machines compare. */
struct shown {
	struct ds ds;
	struct buf dnskey, ds_text, words;
	char cka_id[2 * sizeof((struct key *)NULL)->cka_id + 1];
	char *tokens;
};

static int
fill(struct shown *v, const struct session *s, const struct key *k,
    const struct tokens *ts, struct error *e)
{
	const struct dnskey d = key_dnskey(k);
	struct buf rdata = BUF_INIT;
	int rv;

	dnskey_rdata(&rdata, &d);
	rv = ds_make(&v->ds, s->zone, rdata.data, rdata.len, DS_SHA256);
	buf_free(&rdata);
	if (rv == -1)
		return error_openssl(e, "SHA-256");
	dnskey_text(&v->dnskey, s->cfg->zone, session_ttl_dnskey(s), "DNSKEY",
	    &d);
	ds_text(&v->ds_text, s->cfg->zone, session_ttl_ds(s), "DS", &v->ds);
	words_add(&v->words, v->ds.digest, v->ds.len);
	hex_encode(v->cka_id, k->cka_id, k->cka_id_len);
	v->tokens = tokens_text(ts);
	return 0;
}

static void
shown_free(struct shown *v)
{
	buf_free(&v->dnskey);
	buf_free(&v->ds_text);
	buf_free(&v->words);
	free(v->tokens);
}

static int
show_json(const struct session *s, const struct key *k, const char *did,
    struct shown *v, struct error *e)
{
	json_t *o = key_json(k);
	int rv;

	json_object_set_new(o, "done", json_string(did));
	json_object_set_new(o, "tokens", json_string(v->tokens));
	json_object_set_new(o, "dnskey", json_string(buf_cstr(&v->dnskey)));
	json_object_set_new(o, "ds", json_string(buf_cstr(&v->ds_text)));
	json_object_set_new(o, "ds_words", json_string(buf_cstr(&v->words)));
	if (state_is_lab(s->state))
		json_object_set_new(o, "lab", json_true());
	rv = cli_emit_json(s->cli, o, e);
	json_decref(o);
	return rv;
}

static int
show_text(const struct session *s, const struct key *k, const char *did,
    struct shown *v, struct error *e)
{
	const struct algorithm *a = algorithm_by_number(k->algorithm);
	struct buf b = BUF_INIT;
	int rv;

	buf_printf(&b, "%s %s, %s, %u bits%s\n", did, key_role_text(k->role),
	    a != NULL ? a->name : "unknown algorithm", k->bits,
	    state_is_lab(s->state) ? " (LAB)" : "");
	buf_printf(&b, "label:     %s\n", k->label);
	buf_printf(&b, "CKA_ID:    %s\n", v->cka_id);
	buf_printf(&b, "key id:    %s\n", k->id);
	buf_printf(&b, "tag:       %u (revoked: %u)\n", k->tag,
	    k->tag_revoked);
	buf_printf(&b, "token:     %s\n", v->tokens);
	buf_printf(&b, "DNSKEY:    %s\n", buf_cstr(&v->dnskey));
	buf_printf(&b, "DS:        %s\n", buf_cstr(&v->ds_text));
	buf_printf(&b, "DS words:  %s\n", buf_cstr(&v->words));
	rv = cli_emit(s->cli, &b, e);
	buf_free(&b);
	return rv;
}

int
session_show(const struct session *s, const struct key *k, const char *did,
    const struct tokens *ts, struct error *e)
{
	struct shown v = {.tokens = NULL};
	int rv = -1;

	if (fill(&v, s, k, ts, e) == 0)
		rv = s->cli->json ? show_json(s, k, did, &v, e)
				  : show_text(s, k, did, &v, e);
	shown_free(&v);
	return rv;
}
