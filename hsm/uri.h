/* RFC 7512 URIs of tokens, and "file:DIR" for key files. */
#ifndef RZ_HSM_URI_H
#define RZ_HSM_URI_H

#include "lib/error.h"

#define URI_MAX 2048 /* octets */

struct uri {
	char *text;	  /* for messages: without its PIN parts */
	char *module;	  /* absolute path of a PKCS#11 module */
	char *directory;  /* or of the key files */
	char *pin_source; /* NULL: none */
	char *token;	  /* label that is asked for; NULL: any */
	struct p11_kit_uri *match;
};

/* The caller calls uri_free, also after a failure. */
int uri_parse(struct uri *u, const char *text, struct error *e)
    __attribute__((nonnull, warn_unused_result));
void uri_free(struct uri *u) __attribute__((nonnull));

#endif
