/* The two forms of an ECDSA signature, declared in lib/pubkey.h. */
#include "lib/pubkey.h"

#include <stdbool.h>
#include <string.h>

#define DER_INTEGER  0x02
#define DER_SEQUENCE 0x30
#define DER_LONG_1   0x81 /* one octet of length follows */

/*
 * A header and the length that follows it, in the shortest form and not
 * beyond end.  Returns where the content begins, or NULL.
 */
static const uint8_t *
der_open(const uint8_t *p, const uint8_t *end, uint8_t tag, size_t *len)
{
	if (end - p < 2 || *p++ != tag)
		return NULL;
	*len = *p++;
	if (*len == DER_LONG_1) {
		if (p == end || (*len = *p++) < 0x80)
			return NULL;
	} else if (*len >= 0x80) {
		return NULL;
	}
	return (size_t)(end - p) < *len ? NULL : p;
}

/* A positive INTEGER, right-aligned in half octets; returns its end or NULL. */
static const uint8_t *
der_integer(const uint8_t *p, const uint8_t *end, uint8_t *out, size_t half)
{
	size_t len;

	if ((p = der_open(p, end, DER_INTEGER, &len)) == NULL || len == 0)
		return NULL;
	if ((p[0] & 0x80) != 0)
		return NULL;
	if (p[0] == 0 && len > 1) {
		if ((p[1] & 0x80) == 0)
			return NULL;
		p++;
		len--;
	}
	if (len > half)
		return NULL;
	memset(out, 0, half - len);
	memcpy(out + half - len, p, len);
	return p + len;
}

int
ecdsa_der_to_raw(const uint8_t *der, size_t len, size_t half, uint8_t *out)
{
	const uint8_t *p, *end;
	size_t inner;

	if ((p = der_open(der, der + len, DER_SEQUENCE, &inner)) == NULL)
		return -1;
	end = p + inner;
	if (end != der + len)
		return -1;
	if ((p = der_integer(p, end, out, half)) == NULL)
		return -1;
	p = der_integer(p, end, out + half, half);
	return p == end ? 0 : -1;
}

static uint8_t *
put_integer(uint8_t *out, const uint8_t *n, size_t len)
{
	bool sign;

	while (len > 1 && *n == 0) {
		n++;
		len--;
	}
	sign = (*n & 0x80) != 0;
	*out++ = DER_INTEGER;
	*out++ = (uint8_t)(len + sign);
	if (sign)
		*out++ = 0;
	memcpy(out, n, len);
	return out + len;
}

size_t
ecdsa_raw_to_der(const uint8_t *raw, size_t half, uint8_t *out)
{
	uint8_t *body = out + 3, *end, *start = out;
	size_t len;

	end = put_integer(body, raw, half);
	end = put_integer(end, raw + half, half);
	len = (size_t)(end - body);
	*out++ = DER_SEQUENCE;
	if (len >= 0x80)
		*out++ = DER_LONG_1;
	*out++ = (uint8_t)len;
	memmove(out, body, len);
	return (size_t)(out - start) + len;
}
