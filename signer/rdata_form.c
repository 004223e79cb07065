/* The fields of RDATA that have a form of their own. */
#include "signer/rdata_field.h"

#include "keytool/name.h"

static unsigned
get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

/* RFC 3658 and its successors; a DS is looked at by the verifier. */
static bool
digest_agrees(uint8_t type, size_t len)
{
	static const uint8_t size[] = {[1] = 20, [2] = 32, [4] = 48};

	return type >= sizeof size || size[type] == 0 || len == size[type];
}

/* RFC 4255 section 3.1.2, RFC 6594 section 5.2. */
static bool
fingerprint_agrees(uint8_t type, size_t len)
{
	static const uint8_t size[] = {0, 20, 32};

	return type == 0 || type >= sizeof size || len == size[type];
}

bool
rdata_length_agrees(uint16_t type, const uint8_t *rdata, size_t len)
{
	switch (type) {
	case 25: /* KEY: no key (RFC 2535 section 3.1.2) */
		return (len == 4) == (rdata[0] >> 6 == 3);
	case 44:
		return fingerprint_agrees(rdata[1], len - 2);
	case 59:
		return digest_agrees(rdata[3], len - 4);
	default:
		return true;
	}
}

/* Windows in order, each of 1 to 32 octets, the last of them not zero. */
bool
rdata_bitmap(const uint8_t *p, size_t len)
{
	int window = -1;
	size_t n;

	for (; len > 0; p += n, len -= n) {
		if (len < 3 || p[0] <= window || p[1] < 1 || p[1] > 32)
			return false;
		n = 2 + (size_t)p[1];
		if (n > len || p[n - 1] == 0)
			return false;
		window = p[0];
	}
	return true;
}

/* Mantissa and power of ten (RFC 1876 section 2). */
static bool
is_size(uint8_t c)
{
	return c >> 4 <= 9 && (c & 15) <= 9 && (c >> 4 > 0 || c == 0);
}

/* Thousandths of a second of arc, from 2^31 on. */
static bool
is_angle(uint32_t v, uint32_t degrees)
{
	uint32_t middle = UINT32_C(1) << 31;

	return (v > middle ? v - middle : middle - v) <= degrees * 3600000;
}

bool
rdata_loc(const uint8_t *p, size_t len)
{
	return len == 16 && p[0] == 0 && is_size(p[1]) && is_size(p[2]) &&
	       is_size(p[3]) && is_angle(get32(p + 4), 90) &&
	       is_angle(get32(p + 8), 180);
}

/* RFC 3123 section 4: no trailing zero octets, no unknown family. */
static bool
is_apl_item(const uint8_t *p, size_t n)
{
	unsigned family = get16(p), octets = family == 1 ? 4 : 16;

	return family >= 1 && family <= 2 && p[2] <= octets * 8 &&
	       n <= octets && (n == 0 || p[3 + n] != 0);
}

bool
rdata_apl(const uint8_t *p, size_t len)
{
	size_t n;

	for (; len > 0; p += 4 + n, len -= 4 + n) {
		if (len < 4)
			return false;
		n = p[3] & 0x7f;
		if (n > len - 4 || !is_apl_item(p, n))
			return false;
	}
	return true;
}

/* A list of keys in order, each there, not itself (RFC 9460 section 8). */
static bool
is_mandatory(const uint8_t *p, size_t len, const uint8_t *param, size_t all)
{
	int last = 0, key;
	size_t at;

	if (len == 0 || len % 2 != 0)
		return false;
	for (; len > 0; p += 2, len -= 2) {
		if ((key = (int)get16(p)) <= last)
			return false;
		last = key;
		for (at = 0; at < all && (int)get16(param + at) != key;)
			at += 4 + get16(param + at + 2);
		if (at >= all)
			return false;
	}
	return true;
}

/* Protocol names, none of them empty (RFC 9460 section 7.1.1). */
static bool
is_alpn(const uint8_t *p, size_t len)
{
	if (len == 0)
		return false;
	for (size_t n; len > 0; p += n, len -= n) {
		n = (size_t)p[0] + 1;
		if (n == 1 || n > len)
			return false;
	}
	return true;
}

static bool
is_hint(size_t len, size_t size)
{
	return len > 0 && len % size == 0;
}

/* The value of a key that RFC 9460 section 14.3.2 lists. */
static bool
is_value(unsigned key, const uint8_t *p, size_t len)
{
	switch (key) {
	case 1:
		return is_alpn(p, len);
	case 2:
		return len == 0;
	case 3:
		return len == 2;
	case 4:
		return is_hint(len, 4);
	case 5:
		return len > 0;
	case 6:
		return is_hint(len, 16);
	default:
		return key != 65535; /* reserved */
	}
}

/* Keys in order, none twice (RFC 9460 section 2.2). */
bool
rdata_svcb(const uint8_t *p, size_t len)
{
	const uint8_t *first = p;
	size_t all = len, n;
	int last = -1;
	bool alpn = false, no_default = false;

	for (; len > 0; p += 4 + n, len -= 4 + n) {
		if (len < 4 || (int)get16(p) <= last ||
		    (n = get16(p + 2)) > len - 4)
			return false;
		last = (int)get16(p);
		if (!is_value((unsigned)last, p + 4, n))
			return false;
		alpn = alpn || last == 1;
		no_default = no_default || last == 2;
	}
	if (no_default && !alpn)
		return false;
	return all == 0 || get16(first) != 0 ||
	       is_mandatory(first + 4, get16(first + 2), first, all);
}

/* Where to go: nothing, an address, a name (RFC 4025 section 2.5). */
static bool
gateway_len(unsigned type, const uint8_t *p, size_t left, size_t *len)
{
	static const uint8_t size[] = {0, 4, 16};

	if (type == 3)
		return (*len = name_check(p, left)) > 0;
	if (type > 3)
		return false;
	*len = size[type];
	return *len <= left;
}

/* A key, but for algorithm 0, which has none (RFC 4025 section 2.4). */
bool
rdata_ipseckey(const uint8_t *p, size_t len)
{
	size_t n;

	return len >= 3 && gateway_len(p[1], p + 3, len - 3, &n) &&
	       (p[2] == 0) == (len - 3 == n);
}

/* RFC 8777 section 4.2. */
bool
rdata_amtrelay(const uint8_t *p, size_t len)
{
	size_t n;

	return len >= 2 && gateway_len(p[1] & 0x7f, p + 2, len - 2, &n) &&
	       len - 2 == n;
}

/* A tag and a key, then servers (RFC 8005 section 5). */
bool
rdata_hip(const uint8_t *p, size_t len)
{
	size_t n;

	if (len < 4 || p[0] == 0 || get16(p + 2) == 0)
		return false;
	n = 4 + (size_t)p[0] + get16(p + 2);
	if (n > len)
		return false;
	for (p += n, len -= n; len > 0; p += n, len -= n)
		if ((n = name_check(p, len)) == 0)
			return false;
	return true;
}

/* A suffix as long as the prefix leaves, then a name (RFC 2874 3.1). */
bool
rdata_a6(const uint8_t *p, size_t len)
{
	size_t n;

	if (len == 0 || p[0] > 128)
		return false;
	n = 1 + (128U - p[0] + 7) / 8;
	if (n > len || (p[0] % 8 != 0 && p[1] >> (8 - p[0] % 8) != 0))
		return false;
	return p[0] == 0 ? n == len : name_check(p + n, len - n) == len - n &&
	    len > n;
}
