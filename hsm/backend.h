/*
 * The seam inside hsm/: what a kind of key store does for hsm.c.  Every call
 * but sign runs under hsm.c's management lock.
 */
#ifndef RZ_HSM_BACKEND_H
#define RZ_HSM_BACKEND_H

#include <stdatomic.h>

#include <openssl/evp.h>

#include "hsm/hsm.h"

#define HSM_SESSIONS_MAX 256  /* workers of one store */
#define HSM_KEYS_MAX	 4096 /* key pairs in one store */

/* Which keys; an id_len of 0 and a NULL label stand for any. */
struct wanted {
	const uint8_t *id;
	size_t id_len;
	const char *label;
};

/* What hsm_list gives out, while it grows. */
struct key_list {
	struct hsm_key_info *key;
	size_t n;
};

struct backend {
	int (*open)(struct hsm **h, const char *uri,
	    const struct hsm_options *o, struct error *e);
	void (*close)(struct hsm *h);
	/* All keys that match, added to the list. */
	int (*list)(struct hsm *h, const struct wanted *w,
	    struct key_list *list, struct error *e);
	/* A handle to the one key that a list has shown. */
	int (*take)(struct hsm *h, const struct hsm_key_info *info,
	    struct hsm_key **key, struct error *e);
	/* Make; read back and compare what was made. */
	int (*generate)(
	    struct hsm *h, const struct hsm_key_spec *spec, struct error *e);
	int (*import)(struct hsm *h, const struct hsm_key_spec *spec,
	    EVP_PKEY *pkey, struct error *e);
	/* Takes the handle off its store and frees it. */
	int (*destroy)(struct hsm_key *key, struct error *e);
	int (*sign)(struct hsm_key *key, unsigned worker,
	    const struct algorithm *a, const uint8_t *data, size_t len,
	    uint8_t *sig, size_t *siglen, struct error *e);
};

/* Each backend's store begins with this one. */
struct hsm {
	const struct backend *backend;
	char *uri; /* for messages */
	struct hsm_identity identity;
	unsigned sessions;
	bool public_only;
	atomic_uint recoveries;
	struct hsm_key *keys; /* handles given out */
};

/* And each backend's key with this one. */
struct hsm_key {
	struct hsm *hsm;
	struct hsm_key *next;
	struct hsm_key_info info;
};

extern const struct backend backend_pkcs11;
extern const struct backend backend_files;

void hsm_key_init(
    struct hsm_key *k, struct hsm *h, const struct hsm_key_info *info);
/* Off the store's list; the info freed. */
void hsm_key_detach(struct hsm_key *k);
void key_info_copy(struct hsm_key_info *to, const struct hsm_key_info *from);
/* Room for one more, zeroed; NULL when the list is full. */
struct hsm_key_info *key_list_add(struct key_list *l);
void key_list_free(struct key_list *l);
bool wanted_matches(const struct wanted *w, const struct hsm_key_info *i);

#endif
