/*
 * The public half of a key, in the form of the DNSKEY RDATA's last field
 * (RFC 3110 section 2, RFC 6605 section 4, RFC 8080 section 3), and the
 * check of one signature with it, in software.  This code shares nothing
 * with the path on which signatures are made.
 */
#ifndef RZ_LIB_PUBKEY_H
#define RZ_LIB_PUBKEY_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "lib/buf.h"
#include "lib/error.h"

/*
 * A public key ready to verify: decoded once, digest fetched once.  It holds
 * contexts, so each thread has its own (verifier_dup is cheap).
 */
struct verifier;

/*
 * Decode the octets of a DNSKEY's public key field.  Fails on an unknown
 * algorithm, a length that does not fit it, a point that is not on its
 * curve, an RSA modulus under 512 or over 4096 bits, an exponent that is
 * even, under 3 or over 35 bits.  The caller owns the result.
 */
int verifier_new(struct verifier **v, uint8_t algorithm,
    const uint8_t *key, size_t len, struct error *e)
    __attribute__((nonnull, warn_unused_result));
struct verifier *verifier_dup(const struct verifier *v);
void verifier_free(struct verifier *v);

/*
 * Does sig (in the form of RRSIG RDATA) sign the octets of data?
 * 1 yes, 0 no (also when its length is wrong), never trouble.
 */
int verifier_check(struct verifier *v, const uint8_t *data, size_t len,
    const uint8_t *sig, size_t siglen) __attribute__((nonnull));

/* Size of the key: bits of the modulus, of the curve's order. */
unsigned verifier_bits(const struct verifier *v);

/* RSA's public exponent; 0 for the others. */
uint64_t verifier_exponent(const struct verifier *v);

/* The DNSKEY form of an OpenSSL public (or private) key, added to out. */
int pubkey_encode(struct buf *out, uint8_t algorithm, const EVP_PKEY *key,
    struct error *e) __attribute__((nonnull));
/* The DNSKEY form of RSA numbers, big-endian, leading zeros dropped. */
void pubkey_encode_rsa(struct buf *out, const uint8_t *exponent, size_t elen,
    const uint8_t *modulus, size_t mlen) __attribute__((nonnull));

/*
 * A DER ECDSA-Sig-Value as r || s, each half octets long (RFC 6605 section 4),
 * and back; out must have 2 * half, or 2 * half + 9 octets of room.
 */
int ecdsa_der_to_raw(const uint8_t *der, size_t len, size_t half, uint8_t *out)
    __attribute__((nonnull));
size_t ecdsa_raw_to_der(const uint8_t *raw, size_t half, uint8_t *out)
    __attribute__((nonnull));

#endif
