#include "keytool/dnskey.h"

#include <string.h>

#include <openssl/evp.h>

#include "keytool/name.h"
#include "lib/algorithm.h"
#include "lib/hex.h"

#define RDATA_FIXED 4 /* flags, protocol, algorithm */

enum { ALG_RSAMD5 = 1 }; /* RFC 4034 appendix B.1: a tag of its own kind */

void
dnskey_rdata(struct buf *out, const struct dnskey *k)
{
	buf_u16(out, k->flags);
	buf_u8(out, DNSKEY_PROTOCOL);
	buf_u8(out, k->algorithm);
	buf_add(out, k->key, k->len);
}

int
dnskey_parse(struct dnskey *k, const uint8_t *rdata, size_t len)
{
	if (len <= RDATA_FIXED || rdata[2] != DNSKEY_PROTOCOL)
		return -1;
	k->flags = (uint16_t)(rdata[0] << 8 | rdata[1]);
	k->algorithm = rdata[3];
	k->key = rdata + RDATA_FIXED;
	k->len = len - RDATA_FIXED;
	return 0;
}

uint16_t
dnskey_tag_flags(const struct dnskey *k, uint16_t flags)
{
	uint32_t sum = flags + (DNSKEY_PROTOCOL << 8 | k->algorithm);
	const uint8_t *p = k->key;

	if (k->algorithm == ALG_RSAMD5)
		return k->len < 3 ? 0
				  : (uint16_t)(p[k->len - 3] << 8 |
					p[k->len - 2]);
	for (size_t i = 0; i < k->len; i++)
		sum += i & 1 ? p[i] : (uint32_t)p[i] << 8;
	return (uint16_t)(sum + (sum >> 16));
}

uint16_t
dnskey_tag(const uint8_t *rdata, size_t len)
{
	uint32_t sum = 0;

	if (len > RDATA_FIXED && rdata[3] == ALG_RSAMD5)
		return len < RDATA_FIXED + 3
			   ? 0
			   : (uint16_t)(rdata[len - 3] << 8 | rdata[len - 2]);
	for (size_t i = 0; i < len; i++)
		sum += i & 1 ? rdata[i] : (uint32_t)rdata[i] << 8;
	return (uint16_t)(sum + (sum >> 16));
}

bool
dnskey_same_key(const struct dnskey *a, const struct dnskey *b)
{
	return (a->flags | DNSKEY_REVOKE) == (b->flags | DNSKEY_REVOKE) &&
	    a->algorithm == b->algorithm && a->len == b->len &&
	    memcmp(a->key, b->key, a->len) == 0;
}

static const EVP_MD *
digest_of(uint8_t type)
{
	switch (type) {
	case DS_SHA1:
		return EVP_sha1();
	case DS_SHA256:
		return EVP_sha256();
	case DS_SHA384:
		return EVP_sha384();
	default:
		return NULL;
	}
}

int
ds_make(struct ds *ds, const uint8_t *owner, const uint8_t *rdata, size_t len,
    uint8_t digest_type)
{
	const EVP_MD *md = digest_of(digest_type);
	EVP_MD_CTX *ctx = NULL;
	unsigned n = 0;
	int rv = -1;

	if (md == NULL || len <= RDATA_FIXED)
		return -1;
	memset(ds, 0, sizeof *ds);
	ctx = EVP_MD_CTX_new();
	if (ctx == NULL || !EVP_DigestInit_ex(ctx, md, NULL) ||
	    !EVP_DigestUpdate(ctx, owner, name_len(owner)) ||
	    !EVP_DigestUpdate(ctx, rdata, len) ||
	    !EVP_DigestFinal_ex(ctx, ds->digest, &n))
		goto out;
	ds->tag = dnskey_tag(rdata, len);
	ds->algorithm = rdata[3];
	ds->digest_type = digest_type;
	ds->len = n;
	rv = 0;
out:
	EVP_MD_CTX_free(ctx);
	return rv;
}

void
ds_rdata(struct buf *out, const struct ds *ds)
{
	buf_u16(out, ds->tag);
	buf_u8(out, ds->algorithm);
	buf_u8(out, ds->digest_type);
	buf_add(out, ds->digest, ds->len);
}

bool
ds_matches(const struct ds *ds, const uint8_t *owner, const uint8_t *rdata,
    size_t len)
{
	struct ds made;

	if (len <= RDATA_FIXED || ds->algorithm != rdata[3] ||
	    ds->tag != dnskey_tag(rdata, len) ||
	    ds_make(&made, owner, rdata, len, ds->digest_type) == -1)
		return false;
	return made.len == ds->len &&
	    memcmp(made.digest, ds->digest, made.len) == 0;
}

/* RFC 3110 section 2: one octet counts the exponent, or 0 and then two. */
static unsigned
rsa_bits(const uint8_t *key, size_t len)
{
	size_t exponent, skip = 1;
	unsigned bits;

	if (len < 3)
		return 0;
	exponent = key[0];
	if (exponent == 0) {
		exponent = (size_t)(key[1] << 8 | key[2]);
		skip = 3;
	}
	if (len - skip <= exponent)
		return 0;
	key += skip + exponent;
	len -= skip + exponent;
	while (len > 0 && *key == 0) {
		key++;
		len--;
	}
	bits = (unsigned)len * 8;
	for (unsigned top = 0x80; len > 0 && !(*key & top); top >>= 1)
		bits--;
	return bits;
}

unsigned
dnskey_bits(const struct dnskey *k)
{
	const struct algorithm *a = algorithm_by_number(k->algorithm);

	if (a == NULL)
		return 0;
	if (a->family == FAMILY_RSA)
		return rsa_bits(k->key, k->len);
	/* An ECDSA key is a point: two numbers of the curve's size. */
	return (unsigned)a->key * (a->family == FAMILY_ECDSA ? 4 : 8);
}

void
dnskey_text(struct buf *out, const char *owner, uint32_t ttl,
    const char *type, const struct dnskey *k)
{
	buf_printf(out, "%s %u IN %s %u %d %u ", owner, ttl, type, k->flags,
	    DNSKEY_PROTOCOL, k->algorithm);
	base64_add(out, k->key, k->len);
	buf_printf(out, " ;{id = %u (%s), size = %ub}",
	    dnskey_tag_flags(k, k->flags),
	    k->flags & DNSKEY_SEP ? "ksk" : "zsk", dnskey_bits(k));
}

void
ds_text(struct buf *out, const char *owner, uint32_t ttl, const char *type,
    const struct ds *ds)
{
	buf_printf(out, "%s %u IN %s %u %u %u ", owner, ttl, type, ds->tag,
	    ds->algorithm, ds->digest_type);
	hex_add(out, ds->digest, ds->len);
}
