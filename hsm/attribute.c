#include "hsm/p11.h"

void
template_add(
    struct template *t, CK_ATTRIBUTE_TYPE type, const void *value, size_t len)
{
	if (t->n < TEMPLATE_MAX)
		t->a[t->n++] = (CK_ATTRIBUTE){type, (void *)value, len};
}

void
template_bool(struct template *t, CK_ATTRIBUTE_TYPE type, bool value)
{
	static const CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

	template_add(t, type, value ? &yes : &no, sizeof yes);
}

CK_RV
attribute_get(struct token *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    struct buf *out)
{
	CK_ATTRIBUTE a = {type, NULL, 0};
	CK_RV rv = P11(t->module, C_GetAttributeValue, t->anchor, o, &a, 1);
	CK_ULONG room;

	buf_clear(out);
	if (rv != CKR_OK)
		return rv;
	if (a.ulValueLen > ATTRIBUTE_MAX)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	room = a.ulValueLen;
	a.pValue = buf_room(out, room);
	rv = P11(t->module, C_GetAttributeValue, t->anchor, o, &a, 1);
	if (rv != CKR_OK)
		return rv;
	if (a.ulValueLen > room)
		return P11_LENGTH;
	out->len = a.ulValueLen;
	return CKR_OK;
}

static bool
untold(CK_RV rv)
{
	return rv == CKR_ATTRIBUTE_TYPE_INVALID ||
	       rv == CKR_ATTRIBUTE_SENSITIVE;
}

CK_RV
attribute_bool(struct token *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    bool otherwise, bool *out)
{
	CK_BBOOL b = CK_FALSE;
	CK_ATTRIBUTE a = {type, &b, sizeof b};
	CK_RV rv = P11(t->module, C_GetAttributeValue, t->anchor, o, &a, 1);

	if (rv == CKR_OK && a.ulValueLen != sizeof b)
		rv = P11_LENGTH;
	*out = rv == CKR_OK ? b : otherwise;
	return untold(rv) ? CKR_OK : rv;
}

CK_RV
attribute_ulong(
    struct token *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, CK_ULONG *out)
{
	CK_ATTRIBUTE a = {type, out, sizeof *out};
	CK_RV rv = P11(t->module, C_GetAttributeValue, t->anchor, o, &a, 1);

	return rv == CKR_OK && a.ulValueLen != sizeof *out ? P11_LENGTH : rv;
}
