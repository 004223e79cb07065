#include "hsm/digest.h"

#include <string.h>

int
digest_init(struct digest *d, struct error *e)
{
	d->ctx = EVP_MD_CTX_new();
	d->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	d->sha384 = EVP_MD_fetch(NULL, "SHA384", NULL);
	d->sha512 = EVP_MD_fetch(NULL, "SHA512", NULL);
	if (d->ctx && d->sha256 && d->sha384 && d->sha512)
		return 0;
	digest_free(d);
	return error_openssl(e, "digests");
}

void
digest_free(struct digest *d)
{
	EVP_MD_CTX_free(d->ctx);
	EVP_MD_free(d->sha256);
	EVP_MD_free(d->sha384);
	EVP_MD_free(d->sha512);
	memset(d, 0, sizeof *d);
}

const EVP_MD *
digest_of(const struct digest *d, const struct algorithm *a)
{
	switch (a->number) {
	case ALG_RSASHA256:
	case ALG_ECDSAP256SHA256:
		return d->sha256;
	case ALG_ECDSAP384SHA384:
		return d->sha384;
	case ALG_RSASHA512:
		return d->sha512;
	default:
		return NULL;
	}
}

size_t
digest_make(struct digest *d, const struct algorithm *a, const uint8_t *data,
    size_t len, uint8_t out[DIGEST_MAX])
{
	const EVP_MD *md = digest_of(d, a);
	unsigned n = 0;

	if (md == NULL || EVP_DigestInit_ex2(d->ctx, md, NULL) != 1 ||
	    EVP_DigestUpdate(d->ctx, data, len) != 1 ||
	    EVP_DigestFinal_ex(d->ctx, out, &n) != 1)
		return 0;
	return n;
}

size_t
digest_info(struct digest *d, const struct algorithm *a, const uint8_t *data,
    size_t len, uint8_t out[DIGESTINFO_MAX])
{
	static const uint8_t sha256[19] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09,
	    0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
	    0x04, 0x20};
	static const uint8_t sha512[19] = {0x30, 0x51, 0x30, 0x0d, 0x06, 0x09,
	    0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00,
	    0x04, 0x40};
	size_t n = digest_make(d, a, data, len, out + sizeof sha256);

	memcpy(out, n == 32 ? sha256 : sha512, sizeof sha256);
	return n == 32 || n == 64 ? sizeof sha256 + n : 0;
}
