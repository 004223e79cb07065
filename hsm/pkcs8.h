/* Private keys as PKCS#8 (RFC 5958), and as OpenSSL holds them. */
#ifndef RZ_HSM_PKCS8_H
#define RZ_HSM_PKCS8_H

#include <openssl/evp.h>

#include "lib/algorithm.h"
#include "lib/buf.h"
#include "lib/error.h"
#include "lib/secret.h"

#define KEY_FILE_MAX 16384 /* octets of a file with one private key */

/* DER, both ways.  The caller wipes der, frees the key. */
int pkcs8_encode(struct buf *der, const EVP_PKEY *key, struct error *e)
    __attribute__((nonnull, warn_unused_result));
int pkcs8_decode(EVP_PKEY **key, const struct buf *der, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* PEM text; encrypted when there is a passphrase. */
int pem_encode(struct buf *pem, const EVP_PKEY *key, const struct secret *pass,
    struct error *e) __attribute__((nonnull(1, 2, 4), warn_unused_result));
int pem_decode(EVP_PKEY **key, const struct buf *pem, const struct secret *pass,
    struct error *e) __attribute__((nonnull(1, 2, 4), warn_unused_result));

/* Family and size of a key; -1: not one of ours. */
int pkey_kind(const EVP_PKEY *key, enum algorithm_family *family,
    unsigned *bits) __attribute__((nonnull));
/* Is it one for this algorithm, and do its halves belong together? */
int pkey_check(EVP_PKEY *key, const struct algorithm *a, unsigned bits,
    struct error *e) __attribute__((nonnull, warn_unused_result));

/*
 * A private key file, opened without following links: regular, owned by us
 * or root, no permission for group or others.  The caller wipes out.
 */
int key_file_read(struct buf *out, const char *path, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* BIND's "Private-key-format: v1.x" (text is not changed). */
bool bind_is(const struct buf *text) __attribute__((nonnull));
int bind_decode(EVP_PKEY **key, uint8_t *algorithm, const struct buf *text,
    struct error *e) __attribute__((nonnull, warn_unused_result));

/* Either of the two forms; *algorithm is 0 for PEM. */
int key_file_decode(EVP_PKEY **key, uint8_t *algorithm, const struct buf *text,
    const struct secret *pass, struct error *e)
    __attribute__((nonnull(1, 2, 3, 5), warn_unused_result));

#endif
