/*
 * Cryptoki, as the files of this directory share it.  Nothing outside hsm/
 * includes this.
 *
 * Locks: hsm.c's management mutex first, then a module's read-write lock.
 * Whoever calls into a module holds that lock shared; re-establishing takes
 * it exclusively, so that C_Finalize never meets a call under way.
 */
#ifndef RZ_HSM_P11_H
#define RZ_HSM_P11_H

#include <pthread.h>

#include <p11-kit/pkcs11.h>

#include "hsm/backend.h"
#include "hsm/digest.h"
#include "hsm/uri.h"

/* Our own return value: the struct error is filled already. */
#define P11_TOLD     ((CK_RV)-1)
#define P11_TOO_MANY ((CK_RV)-2) /* more than HSM_KEYS_MAX objects */
#define P11_LENGTH   ((CK_RV)-3) /* the module tells one that cannot be */

/*
 * Call a function of the module, and remember its name for messages.  What
 * cleans up calls without, so that the name of what failed is kept.
 */
extern _Thread_local const char *p11_function;
#define P11(m, function, ...)                                                  \
	(p11_function = #function, (m)->f->function(__VA_ARGS__))

/* A shared library, loaded once and never unloaded. */
struct module {
	struct module *next;
	char *path;
	CK_FUNCTION_LIST *f;
	CK_INFO info;
	bool initialised;
	bool unfinished; /* our C_Finalize failed: it may still be ours */
	pthread_rwlock_t lock;
	struct token *tokens;
};

/* What this process has on one token: the login is common to all stores. */
struct token {
	struct token *next;
	struct module *module;
	CK_TOKEN_INFO info;
	char name[33]; /* label, for messages */
	CK_SLOT_ID slot;
	unsigned quirks;
	CK_SESSION_HANDLE anchor; /* management; while open, login lasts */
	bool login;		  /* a login is wanted */
	bool logged_in;
	bool pin_sent;	/* before now */
	bool pin_pad;	/* the token asks for the PIN itself */
	bool pin_wrong; /* or may be: for the rest of this process */
	struct secret pin;
	bool rsa_hashes; /* CKM_SHA256_RSA_PKCS, CKM_SHA512_RSA_PKCS */
	bool open;	 /* handles below are good */
	CK_RV why;	 /* what closed it */
	unsigned epoch;	 /* counts the times it was opened */
	struct p11_store *stores;
};

struct worker {
	_Alignas(64) CK_SESSION_HANDLE session;
	struct digest digest;
};

struct p11_store {
	struct hsm hsm;
	struct p11_store *next;
	struct token *token;
	struct worker *worker;
	unsigned workers; /* there is room for */
	bool keep_trying;
	bool opened; /* once: the number of sessions is settled */
};

struct p11_key {
	struct hsm_key key;
	CK_OBJECT_HANDLE private, public; /* CK_INVALID_HANDLE: not there */
	CK_OBJECT_HANDLE *signs; /* for each worker: private or a copy of it */
	bool changed;		 /* after a loss another key was there */
};

/* ckr.c */
const char *ckr_name(CK_RV rv, char room[24]);
bool ckr_lost(CK_RV rv);
/* "token T: C_Sign: CKR_X (0x…): what to do"; returns -1. */
int ckr_error(struct error *e, const char *what, const char *name, CK_RV rv);

/* quirks.c */
enum quirk {
	QUIRK_SOFTWARE = 1,	/* no hardware behind it */
	QUIRK_SESSION_COPY = 2, /* sign with a session copy of the key */
	QUIRK_LOGIN_RACES = 4	/* C_Login fails for no fault of the PIN */
};
unsigned quirks_find(
    const char *manufacturer, const char *model, CK_VERSION library);

/* module.c */
int module_get(struct module **m, const char *path, struct error *e);
CK_RV module_initialise(struct module *m);
/* C_Finalize, C_Initialize; every token of it is closed thereby. */
CK_RV module_restart(struct module *m);
void modules_finalise(void);

/* slot.c */
#define SLOTS_MAX 256
/* A space-padded field as a string; what is not printable becomes '?'. */
void field_text(char *out, size_t room, const unsigned char *field, size_t len);
CK_RV slots_list(struct module *m, CK_SLOT_ID *slots, CK_ULONG *n);
/* The one initialised token that the URI names. */
CK_RV slot_by_uri(struct module *m, const struct uri *u, CK_SLOT_ID *slot,
    CK_TOKEN_INFO *info, struct error *e);
/* The slot in which this very token is now. */
CK_RV slot_by_token(struct token *t);
/* The token's entry in this process, made when it is new. */
struct token *token_get(
    struct module *m, CK_SLOT_ID slot, const CK_TOKEN_INFO *info);

/* session.c */
/* Anchor session, login, and all that the stores need. */
CK_RV token_open(struct token *t, struct error *e);
CK_RV token_login(struct token *t, struct error *e);
void token_close(struct token *t, CK_RV why);
/* Sessions of the workers: as many as there can be, or as there were. */
CK_RV store_open(struct p11_store *s);
void store_close(struct p11_store *s);

/* recover.c */
typedef CK_RV p11_fn(struct p11_store *s, void *arg, struct error *e);
/*
 * Run fn with the token open.  After a loss it is re-established, and fn is
 * run again if `again` (else the loss is the failure).
 */
int p11_call(
    struct p11_store *s, p11_fn *fn, void *arg, bool again, struct error *e);

/* attribute.c */
#define ATTRIBUTE_MAX 4096
#define TEMPLATE_MAX  24
struct template
{
	CK_ATTRIBUTE a[TEMPLATE_MAX];
	CK_ULONG n;
};
void template_add(
    struct template *t, CK_ATTRIBUTE_TYPE type, const void *value, size_t len);
void template_bool(struct template *t, CK_ATTRIBUTE_TYPE type, bool value);
CK_RV attribute_get(struct token *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    struct buf *out);
/* What the token does not tell counts as `otherwise`. */
CK_RV attribute_bool(struct token *t, CK_OBJECT_HANDLE o,
    CK_ATTRIBUTE_TYPE type, bool otherwise, bool *out);
CK_RV attribute_ulong(
    struct token *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, CK_ULONG *out);

/* kind.c */
struct kind {
	enum algorithm_family family;
	unsigned bits; /* 0: any (RSA) */
	CK_KEY_TYPE type;
	CK_MECHANISM_TYPE generate;
	struct {
		const uint8_t *data;
		size_t len;
	} params, params_name; /* CKA_EC_PARAMS: OID; or by name, if read */
};
const struct kind *kind_by_spec(const struct hsm_key_spec *spec);
/* NULL: no kind of ours. */
const struct kind *kind_by_params(CK_KEY_TYPE type, const struct buf *params);
void kind_params(struct template *t, const struct kind *k);
/* The DNSKEY form of a CKA_EC_POINT, with or without its DER wrapping. */
int point_decode(
    struct buf *out, const struct kind *k, const uint8_t *der, size_t len);
/* And back, as the DER OCTET STRING. */
void point_encode(
    struct buf *out, const struct kind *k, const struct buf *public_key);

/* object.c, locate.c */
void template_private(struct template *t, const struct hsm_key_spec *spec);
void template_public(struct template *t, const struct hsm_key_spec *spec);
struct handles {
	CK_OBJECT_HANDLE h[HSM_KEYS_MAX + 1];
	size_t n;
};
CK_RV objects_find(struct token *t, CK_OBJECT_CLASS class,
    const struct wanted *w, struct handles *out);
/* What the token says of a pair; either half may be CK_INVALID_HANDLE. */
CK_RV object_read(struct token *t, CK_OBJECT_HANDLE private,
    CK_OBJECT_HANDLE public, struct hsm_key_info *info, bool *ours);
/* Both halves of the key with exactly this id and label. */
CK_RV key_locate(struct p11_store *s, struct p11_key *k);
void key_forget(struct p11_store *s, struct p11_key *k);
CK_RV store_list(
    struct p11_store *s, const struct wanted *w, struct key_list *list);

/* make.c */
int p11_generate(
    struct hsm *h, const struct hsm_key_spec *spec, struct error *e);
int p11_import(struct hsm *h, const struct hsm_key_spec *spec, EVP_PKEY *pkey,
    struct error *e);

/* sign.c */
int p11_sign(struct hsm_key *key, unsigned worker, const struct algorithm *a,
    const uint8_t *data, size_t len, uint8_t *sig, size_t *siglen,
    struct error *e);

/* token_init.c */
int p11_token_init(const struct uri *u, const struct secret *so_pin,
    const struct secret *user_pin, bool again, struct error *e);

#endif
