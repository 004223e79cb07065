/*
 * How the signer sees a key that can sign: its public half, and a function.
 * Where the private half is, it does not know; cmd_sign.c binds it.
 */
#ifndef RZ_SIGNER_SIGNING_KEY_H
#define RZ_SIGNER_SIGNING_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "keytool/dnskey.h"
#include "lib/error.h"

/*
 * Sign the octets of data; sig has SIGNATURE_MAX octets of room, *siglen is
 * the room on entry and the length on return.  Calls of different workers
 * run in parallel.
 */
typedef int signing_key_fn(void *arg, unsigned worker, const uint8_t *data,
    size_t len, uint8_t *sig, size_t *siglen, struct error *e);

struct signing_key {
	struct dnskey dnskey; /* as it is published */
	uint16_t tag;
	bool signs_dnskey;
	bool signs_zone;
	signing_key_fn *sign; /* NULL: published only */
	void *arg;
};

struct signing_keys {
	const struct signing_key *key;
	size_t n;
};

#endif
