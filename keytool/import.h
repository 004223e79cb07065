/* A private key from a file into every token of its role. */
#ifndef RZ_KEYTOOL_IMPORT_H
#define RZ_KEYTOOL_IMPORT_H

#include "keytool/key.h"
#include "keytool/record.h"
#include "keytool/token.h"

struct import {
	struct record record;
	const struct tokens *tokens; /* every one of the role */
	const struct keys *keys;
	enum key_role role;
	uint8_t algorithm;    /* what the policy says */
	const char *path;
	const struct secret *passphrase; /* or NULL */
	const char *label;    /* NULL: one is chosen */
};

/*
 * Read the file and fill k, changing nothing; pkcs8 is wiped by the caller.
 * The algorithm of a BIND file must be the policy's.  The caller frees k in
 * every case.
 */
int import_read(const struct import *im, struct key *k, struct buf *pkcs8,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/*
 * Bring it into each token, prove it in each, record it.  On a failure what
 * this call imported is destroyed again.
 */
int import_key(const struct import *im, const struct key *k,
    const struct buf *pkcs8, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
