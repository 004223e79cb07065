/* Hashing for those who sign: digests fetched once for each worker. */
#ifndef RZ_HSM_DIGEST_H
#define RZ_HSM_DIGEST_H

#include <openssl/evp.h>

#include "lib/algorithm.h"
#include "lib/error.h"

#define DIGEST_MAX     64
#define DIGESTINFO_MAX (19 + DIGEST_MAX)

struct digest {
	EVP_MD_CTX *ctx;
	EVP_MD *sha256, *sha384, *sha512;
};

int digest_init(struct digest *d, struct error *e) __attribute__((nonnull));
void digest_free(struct digest *d) __attribute__((nonnull));
/* NULL: the algorithm signs the message itself. */
const EVP_MD *digest_of(const struct digest *d, const struct algorithm *a)
    __attribute__((nonnull));
/* The digest of data: its length, or 0 when OpenSSL failed. */
size_t digest_make(struct digest *d, const struct algorithm *a,
    const uint8_t *data, size_t len, uint8_t out[DIGEST_MAX])
    __attribute__((nonnull(1, 2, 5)));
/* The same inside a DigestInfo (RFC 8017 section 9.2, note 1). */
size_t digest_info(struct digest *d, const struct algorithm *a,
    const uint8_t *data, size_t len, uint8_t out[DIGESTINFO_MAX])
    __attribute__((nonnull(1, 2, 5)));

#endif
