#include "hsm/p11.h"

#include <stdlib.h>
#include <string.h>

#include "lib/pubkey.h"
#include "lib/xalloc.h"

/* What a key may be and do: the least that signing needs. */
static const struct {
	CK_ATTRIBUTE_TYPE type;
	bool value;
} private_flags[] =
    {
	{CKA_TOKEN, true},
	{CKA_PRIVATE, true},
	{CKA_SENSITIVE, true},
	{CKA_SIGN, true},
	{CKA_SIGN_RECOVER, false},
	{CKA_DECRYPT, false},
	{CKA_UNWRAP, false},
	{CKA_DERIVE, false},
},
  public_flags[] = {
      {CKA_TOKEN, true},
      {CKA_PRIVATE, false},
      {CKA_VERIFY, true},
      {CKA_VERIFY_RECOVER, false},
      {CKA_ENCRYPT, false},
      {CKA_WRAP, false},
      {CKA_DERIVE, false},
};

static void
template_rest(struct template *t, const struct hsm_key_spec *spec)
{
	template_add(t, CKA_LABEL, spec->label, strlen(spec->label));
	template_add(t, CKA_ID, spec->id, spec->id_len);
	/* Last, since some modules take a template one by one. */
	template_bool(t, CKA_MODIFIABLE, false);
}

void
template_private(struct template *t, const struct hsm_key_spec *spec)
{
	for (size_t i = 0; i < sizeof private_flags / sizeof private_flags[0];
	     i++)
		template_bool(t, private_flags[i].type, private_flags[i].value);
	template_bool(t, CKA_EXTRACTABLE, spec->extractable);
	template_rest(t, spec);
}

void
template_public(struct template *t, const struct hsm_key_spec *spec)
{
	for (size_t i = 0; i < sizeof public_flags / sizeof public_flags[0];
	     i++)
		template_bool(t, public_flags[i].type, public_flags[i].value);
	template_rest(t, spec);
}

CK_RV
objects_find(struct token *t, CK_OBJECT_CLASS class, const struct wanted *w,
    struct handles *out)
{
	struct template search = {.n = 0};
	CK_ULONG room, n = 0;
	CK_RV rv;

	template_add(&search, CKA_CLASS, &class, sizeof class);
	template_bool(&search, CKA_TOKEN, true); /* no copies of sessions */
	if (w->id != NULL)
		template_add(&search, CKA_ID, w->id, w->id_len);
	if (w->label != NULL)
		template_add(&search, CKA_LABEL, w->label, strlen(w->label));
	out->n = 0;
	rv = P11(t->module, C_FindObjectsInit, t->anchor, search.a, search.n);
	if (rv != CKR_OK)
		return rv;
	do {
		room = HSM_KEYS_MAX + 1 - out->n;
		rv = P11(t->module, C_FindObjects, t->anchor, out->h + out->n,
		    room, &n);
		if (rv == CKR_OK && n > room)
			rv = P11_LENGTH;
		out->n += rv == CKR_OK ? n : 0;
	} while (rv == CKR_OK && n > 0 && out->n <= HSM_KEYS_MAX);
	if (rv == CKR_OK && out->n > HSM_KEYS_MAX)
		rv = P11_TOO_MANY;
	t->module->f->C_FindObjectsFinal(t->anchor);
	return rv;
}

static CK_RV
read_rsa(struct token *t, CK_OBJECT_HANDLE o, struct hsm_key_info *i)
{
	struct buf n = BUF_INIT, e = BUF_INIT;
	size_t zeros = 0;
	CK_RV rv = attribute_get(t, o, CKA_MODULUS, &n);

	if (rv == CKR_OK)
		rv = attribute_get(t, o, CKA_PUBLIC_EXPONENT, &e);
	while (rv == CKR_OK && zeros < n.len && n.data[zeros] == 0)
		zeros++;
	if (rv == CKR_OK && zeros < n.len && e.len > 0) {
		i->bits = (unsigned)(n.len - zeros) * 8 -
			  (unsigned)__builtin_clz(n.data[zeros]) + 24;
		pubkey_encode_rsa(&i->public_key, e.data, e.len, n.data, n.len);
	}
	buf_free(&n);
	buf_free(&e);
	return rv;
}

static CK_RV
read_point(struct token *t, CK_OBJECT_HANDLE o, const struct kind *k,
    struct hsm_key_info *i)
{
	struct buf point = BUF_INIT;
	CK_RV rv = attribute_get(t, o, CKA_EC_POINT, &point);

	if (rv == CKR_OK &&
	    point_decode(&i->public_key, k, point.data, point.len) == -1)
		rv = CKR_ATTRIBUTE_VALUE_INVALID;
	buf_free(&point);
	/* Many tokens show the point in the public half only. */
	return rv == CKR_ATTRIBUTE_TYPE_INVALID ? CKR_OK : rv;
}

static CK_RV
read_public(
    struct token *t, CK_OBJECT_HANDLE o, struct hsm_key_info *i, bool *ours)
{
	struct buf params = BUF_INIT;
	const struct kind *k;
	CK_KEY_TYPE type = 0;
	CK_RV rv = attribute_ulong(t, o, CKA_KEY_TYPE, &type);

	if (rv == CKR_OK && type != CKK_RSA)
		rv = attribute_get(t, o, CKA_EC_PARAMS, &params);
	k = kind_by_params(type, &params);
	buf_free(&params);
	if (rv == CKR_ATTRIBUTE_TYPE_INVALID)
		rv = CKR_OK;
	*ours = rv == CKR_OK && k != NULL;
	if (!*ours)
		return rv;
	i->family = k->family;
	i->bits = k->bits;
	return k->family == FAMILY_RSA ? read_rsa(t, o, i)
				       : read_point(t, o, k, i);
}

static CK_RV
read_names(
    struct token *t, CK_OBJECT_HANDLE o, struct hsm_key_info *i, bool *ours)
{
	struct buf b = BUF_INIT;
	CK_RV rv = attribute_get(t, o, CKA_LABEL, &b);

	if (rv == CKR_OK && b.len < sizeof i->label &&
	    memchr(b.data, 0, b.len) == NULL)
		memcpy(i->label, b.data, b.len);
	else
		*ours = false;
	if (rv == CKR_OK)
		rv = attribute_get(t, o, CKA_ID, &b);
	if (rv == CKR_OK && b.len <= sizeof i->id) {
		memcpy(i->id, b.data, b.len);
		i->id_len = b.len;
	} else {
		*ours = false;
	}
	buf_free(&b);
	return rv;
}

/* What is not told is taken for the worse. */
static CK_RV
read_flags(struct token *t, CK_OBJECT_HANDLE o, struct hsm_key_info *i)
{
	const struct {
		CK_ATTRIBUTE_TYPE type;
		bool otherwise;
		bool *out;
	} flags[] = {
	    {CKA_SENSITIVE, false, &i->sensitive},
	    {CKA_EXTRACTABLE, true, &i->extractable},
	    {CKA_MODIFIABLE, true, &i->modifiable},
	    {CKA_NEVER_EXTRACTABLE, false, &i->never_extractable},
	    {CKA_SIGN, false, &i->sign_only},
	};
	const CK_ATTRIBUTE_TYPE uses[] = {
	    CKA_SIGN_RECOVER, CKA_DECRYPT, CKA_UNWRAP, CKA_DERIVE};
	CK_RV rv = CKR_OK;
	bool use;

	for (size_t n = 0; rv == CKR_OK && n < 5; n++)
		rv = attribute_bool(
		    t, o, flags[n].type, flags[n].otherwise, flags[n].out);
	/* A use that the token does not know is one it does not allow. */
	for (size_t n = 0; rv == CKR_OK && n < 4; n++) {
		rv = attribute_bool(t, o, uses[n], false, &use);
		i->sign_only = i->sign_only && !use;
	}
	return rv;
}

CK_RV
object_read(struct token *t, CK_OBJECT_HANDLE private, CK_OBJECT_HANDLE public,
    struct hsm_key_info *info, bool *ours)
{
	CK_OBJECT_HANDLE any = private != CK_INVALID_HANDLE ? private : public;
	CK_RV rv;

	memset(info, 0, sizeof *info);
	rv = read_public(
	    t, public != CK_INVALID_HANDLE ? public : private, info, ours);
	if (rv == CKR_OK)
		rv = read_names(t, any, info, ours);
	if (rv == CKR_OK && private != CK_INVALID_HANDLE) {
		info->has_private = true;
		rv = read_flags(t, private, info);
	}
	if (rv != CKR_OK || !*ours)
		hsm_key_info_free(info);
	return rv;
}
