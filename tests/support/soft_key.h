/* Signing keys in software, for tests: OpenSSL makes and holds them. */
#ifndef RZ_TESTS_SUPPORT_SOFT_KEY_H
#define RZ_TESTS_SUPPORT_SOFT_KEY_H

#include <openssl/evp.h>

#include "lib/buf.h"
#include "signer/signing_key.h"

struct soft_key {
	uint8_t algorithm;
	EVP_PKEY *pkey;
	struct buf public_key;
	unsigned calls;	   /* of sign */
	unsigned fail_at;  /* this call fails (counted from 1); 0: none */
};

/* A new key pair; flags 256 or 257.  Fills key to point at s. */
void soft_key_make(struct soft_key *s, struct signing_key *key,
    uint8_t algorithm, uint16_t flags);
/* From a raw Ed25519 private key. */
void soft_key_ed25519(struct soft_key *s, struct signing_key *key,
    const uint8_t private_key[32], uint16_t flags);
void soft_key_free(struct soft_key *s);

#endif
