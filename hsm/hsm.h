/*
 * Private keys, and what can be done with them.  This header is the whole of
 * what the rest of the tree knows of an HSM; Cryptoki stays in this directory.
 *
 * A store is one token (PKCS#11, named by an RFC 7512 URI) or one directory
 * of key files ("file:/etc/rz/keys"; for ZSKs only).  A store key is a handle
 * to one key pair in it, found once and cached for as long as the store is
 * open.
 *
 * Threads: the management calls (open, find, list, generate, import,
 * destroy) are serialised inside; hsm_sign may run in parallel, one call at a
 * time for each worker number.
 *
 * Nothing here forks, and no caller may fork (posix_spawn is fine) between
 * hsm_open and hsm_exit.
 */
#ifndef RZ_HSM_HSM_H
#define RZ_HSM_HSM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/algorithm.h"
#include "lib/buf.h"
#include "lib/error.h"
#include "lib/secret.h"

#define HSM_ID_MAX    64  /* octets of CKA_ID */
#define HSM_LABEL_MAX 128 /* octets of CKA_LABEL, with a NUL */

struct hsm;
struct hsm_key;

struct hsm_options {
	unsigned sessions; /* worker sessions at most; 0: 1 */
	/*
	 * Where a PIN comes from when the URI has no pin-source: asked with
	 * this prompt on the terminal, or read from pin_fd (-1: none).
	 * A pin-value in a URI is refused: it would be seen in a
	 * configuration file.  "pin-source=fd:N" and "file:PATH" are known.
	 */
	int pin_fd;
	bool terminal;
	bool keep_trying; /* wait and re-establish after a loss (backoff) */
	bool public_only; /* no login: only public objects are read */
	bool allow_files; /* "file:DIR" is allowed: the role is ZSK */
};

struct hsm_identity {
	char name[128];	 /* token label, or the directory */
	char serial[64]; /* of the token; "" for key files */
	char model[128]; /* manufacturer, model, firmware, module version */
	bool hardware;	 /* false for SoftHSM and key files */
};

/*
 * Load the module, find the token (by every attribute the URI names; two
 * tokens that match are trouble), open sessions, log in once.  Messages name
 * the URI without its PIN parts.  Errors, all trouble: no such module, token;
 * no PIN, a PIN that is wrong (tried once, never again, and never when the
 * token says that it would be the last try), a PIN file readable by others.
 */
int hsm_open(struct hsm **h, const char *uri, const struct hsm_options *o,
    struct error *e) __attribute__((nonnull, warn_unused_result));
void hsm_close(struct hsm *h);
/* C_Finalize every module; call once, before main returns. */
void hsm_exit(void);

const struct hsm_identity *hsm_identity(const struct hsm *h)
    __attribute__((nonnull));
/* Worker sessions that could be opened: 1 .. options.sessions. */
unsigned hsm_sessions(const struct hsm *h) __attribute__((nonnull));
/* Losses of session, token or device that were mended so far. */
unsigned hsm_recoveries(const struct hsm *h) __attribute__((nonnull));

/* What a store says of a key pair. */
struct hsm_key_info {
	char label[HSM_LABEL_MAX];
	uint8_t id[HSM_ID_MAX];
	size_t id_len;
	enum algorithm_family family;
	unsigned bits;
	struct buf public_key; /* DNSKEY form (lib/pubkey.h); may be empty
				  when the store shows no public half */
	bool has_private;
	bool sensitive, extractable, modifiable, sign_only, never_extractable;
};
void hsm_key_info_free(struct hsm_key_info *i) __attribute__((nonnull));

struct hsm_key_spec {
	uint8_t algorithm;
	unsigned bits;
	const char *label;
	const uint8_t *id;
	size_t id_len;
	bool extractable; /* only for a key made for backup by wrapping */
};

/*
 * Make a pair: sensitive, not extractable, sign only, not modifiable, id and
 * label set; refused (trouble) when a key with this id or label is there.
 * What the store really made is read back and compared with what was asked.
 */
int hsm_generate(struct hsm *h, const struct hsm_key_spec *spec,
    struct hsm_key **key, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* A private key from outside: PKCS#8 DER.  The same rules. */
int hsm_import(struct hsm *h, const struct hsm_key_spec *spec,
    const struct buf *pkcs8, struct hsm_key **key, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/*
 * Find by id (id_len > 0), by label (not NULL), or by both.  None, or more
 * than one that matches: trouble.  The handle belongs to the store.
 */
int hsm_find(struct hsm *h, const uint8_t *id, size_t id_len, const char *label,
    struct hsm_key **key, struct error *e)
    __attribute__((nonnull(1, 5, 6), warn_unused_result));

/* All key pairs of the families above; the caller frees each and the array. */
int hsm_list(struct hsm *h, struct hsm_key_info **keys, size_t *n,
    struct error *e) __attribute__((nonnull, warn_unused_result));

/* Filled for a key at hand; the caller frees it. */
int hsm_key_info(struct hsm_key *key, struct hsm_key_info *info,
    struct error *e) __attribute__((nonnull, warn_unused_result));

/* Both halves; the handle is gone afterwards. */
int hsm_destroy(struct hsm_key *key, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/*
 * Sign the octets of data (not a digest of them) with the DNSSEC algorithm
 * given; sig gets the form of RRSIG RDATA, *siglen is the room on entry
 * (SIGNATURE_MAX is enough) and the length on return.  worker < hsm_sessions.
 *
 * A lost session, token or device is re-established with bounded back-off
 * (hsm_open's option), then the signature is tried again; after that a clear
 * failure.  What comes back is not verified here.
 */
int hsm_sign(struct hsm_key *key, unsigned worker, uint8_t algorithm,
    const uint8_t *data, size_t len, uint8_t *sig, size_t *siglen,
    struct error *e) __attribute__((nonnull, warn_unused_result));

/*
 * Initialise a token (C_InitToken, C_InitPIN): the slot is found by the
 * URI's token label if such a token is there (refused unless `again`), else
 * the first slot with an uninitialised token takes the label.
 */
int hsm_token_init(const char *uri, const struct secret *so_pin,
    const struct secret *user_pin, bool again, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* The URI without pin-value and pin-source, for messages; caller frees. */
char *hsm_uri_public(const char *uri) __attribute__((nonnull));
/* Does the URI name a directory of key files? */
bool hsm_uri_is_files(const char *uri) __attribute__((nonnull));

/*
 * Read a private key file: PKCS#8 PEM (encrypted: the passphrase is asked
 * for through `pass`, which may be NULL) or BIND's ".private" text.  pkcs8 is
 * DER to be wiped by the caller with buf_wipe; *algorithm is 0 when the file
 * does not say (PEM).
 */
int hsm_read_key_file(const char *path, const struct secret *pass,
    struct buf *pkcs8, uint8_t *algorithm, struct error *e)
    __attribute__((nonnull(1, 3, 4, 5), warn_unused_result));

#endif
