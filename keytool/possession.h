/*
 * Proof that a store holds the private half of a public key: it signs a
 * fresh random challenge, and the public key as it will be published
 * verifies it in software.
 */
#ifndef RZ_KEYTOOL_POSSESSION_H
#define RZ_KEYTOOL_POSSESSION_H

#include "hsm/hsm.h"
#include "keytool/key.h"

/*
 * Find the key in the store by its CKA_ID and label, sign, verify.  *found
 * gets the handle.  Failure is trouble and names store and key: "token rz-zsk
 * holds another private key under label …" when the signature is wrong.
 */
int possession_prove(struct hsm *h, const struct key *k,
    struct hsm_key **found, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* The same for a handle at hand. */
int possession_prove_key(struct hsm *h, struct hsm_key *held,
    const struct key *k, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
