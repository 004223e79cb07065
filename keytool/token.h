/* The tokens of a role, as the configuration names them. */
#ifndef RZ_KEYTOOL_TOKEN_H
#define RZ_KEYTOOL_TOKEN_H

#include "hsm/hsm.h"
#include "keytool/key.h"
#include "lib/config.h"

struct tokens {
	struct hsm **hsm;
	unsigned n;
};

typedef void tokens_warn(void *arg, const char *text);

/*
 * Open every token of the role.  At least one; `all` demands every one (to
 * make a key), else those that cannot be opened are told through warn (not
 * NULL) and passed over as long as one is left.
 */
int tokens_open(struct tokens *ts, const struct config *cfg,
    enum key_role role, unsigned sessions, bool all,
    void (*warn)(void *arg, const char *text), void *arg, struct error *e)
    __attribute__((nonnull(1, 2, 8), warn_unused_result));
/*
 * The same with these options (hsm/hsm.h): where a PIN comes from.  Whether
 * key files are allowed is the role's.
 */
int tokens_open_with(struct tokens *ts, const struct config *cfg,
    enum key_role role, const struct hsm_options *o, bool all,
    tokens_warn *warn, void *arg, struct error *e)
    __attribute__((nonnull(1, 2, 4, 8), warn_unused_result));
void tokens_close(struct tokens *ts) __attribute__((nonnull));

/* The URIs of a role. */
const struct config_list *tokens_uris(const struct config *cfg,
    enum key_role role) __attribute__((nonnull));
/* "rz-zsk, rz-zsk2", for messages; the caller frees it. */
char *tokens_text(const struct tokens *ts) __attribute__((nonnull));

#endif
