#include <jansson.h>

#include "keytool/key_store.h"
#include "lib/algorithm.h"
#include "lib/hex.h"

static json_t *
times_json(const struct key *k)
{
	json_t *o = json_object();
	char text[UTC_TEXT];

	for (int t = 0; t < KEY_TIMES; t++)
		if (k->at[t] != TIME_NEVER)
			json_object_set_new(o, key_time_text(t),
			    json_string(utc_text(text, k->at[t])));
	return o;
}

json_t *
key_json(const struct key *k)
{
	const struct algorithm *a = algorithm_by_number(k->algorithm);
	char cka_id[2 * sizeof k->cka_id + 1];
	struct buf key = BUF_INIT;
	json_t *o;

	hex_encode(cka_id, k->cka_id, k->cka_id_len);
	base64_add(&key, k->public_key.data, k->public_key.len);
	o = json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:s, s:s, s:s}",
	    "id", k->id, "role", key_role_text(k->role), "algorithm",
	    a != NULL ? a->name : "unknown", "algorithm_number",
	    (int)k->algorithm, "bits", (int)k->bits, "flags",
	    (int)key_flags(k), "tag", (int)k->tag, "tag_revoked",
	    (int)k->tag_revoked, "label", k->label, "cka_id", cka_id,
	    "public_key", buf_cstr(&key));
	json_object_set_new(o, "times", times_json(k));
	buf_free(&key);
	return o;
}
