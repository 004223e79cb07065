/* Key files, as the files of this directory share them. */
#ifndef RZ_HSM_KEYFILE_H
#define RZ_HSM_KEYFILE_H

#include <openssl/evp.h>

#include "hsm/backend.h"
#include "hsm/digest.h"

struct file_store {
	struct hsm hsm;
	char *directory;
	struct secret pass; /* of encrypted files; may be none */
};

/* What a worker has made for one key. */
struct file_worker {
	_Alignas(64) EVP_PKEY_CTX *ctx;
	EVP_MD_CTX *message; /* EdDSA signs the message itself */
	uint8_t algorithm;   /* that ctx is set up for */
	struct digest digest;
};

struct file_key {
	struct hsm_key key;
	char *path;
	EVP_PKEY *pkey;
	struct file_worker *worker;
};

/*
 * The name of a file of ours: "LABEL.ID.pem", the id in hexadecimal.  NULL
 * when the label cannot be part of a file name.
 */
char *key_file_name(const struct hsm_key_info *i);
/*
 * Which key a file name speaks of: 1 and label (and id, unless it is one of
 * BIND's "K*.private"); 0 for a name that is no key's; -1 for a "*.pem" that
 * has another form.
 */
int key_file_parse(struct hsm_key_info *i, const char *name);

/* Read the file, and complete info (label and id) from what is in it. */
int key_file_load(struct file_store *s, const char *path,
    struct hsm_key_info *info, EVP_PKEY **pkey, struct error *e);
/* Every key of the directory that matches. */
int key_file_scan(struct file_store *s, const struct wanted *w,
    struct key_list *list, struct error *e);
/* Overwritten, then removed. */
int key_file_remove(const char *path, const char *directory, struct error *e);

int file_workers_init(struct file_key *k, struct error *e);
void file_workers_free(struct file_key *k);
int file_sign(struct hsm_key *key, unsigned worker, const struct algorithm *a,
    const uint8_t *data, size_t len, uint8_t *sig, size_t *siglen,
    struct error *e);

#endif
