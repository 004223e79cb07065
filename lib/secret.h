/*
 * PINs and passphrases: locked in memory, out of core files, wiped when done.
 * They come from a file, a descriptor or the terminal; never from argv or
 * the environment.
 */
#ifndef RZ_LIB_SECRET_H
#define RZ_LIB_SECRET_H

#include <stddef.h>

#include "lib/error.h"

#define SECRET_MAX 255 /* octets of a PIN or passphrase */

struct secret {
	char *text; /* NUL-terminated; NULL when there is none */
	size_t len;
};

#define SECRET_INIT {NULL, 0}

/*
 * Called first in every main: no core files, not dumpable, umask 077 not
 * touched.  Cannot fail in a way that matters to the caller.
 */
void secret_harden_process(void);

/*
 * From a file: regular, owned by us or root, without any permission for
 * group or others, opened without following links.  One line; the newline
 * is not part of it.  Empty, a NUL inside, or too long: trouble.
 */
int secret_from_file(struct secret *s, const char *path, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* From a descriptor, up to its end or the first newline. */
int secret_from_fd(struct secret *s, int fd, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* Asked on /dev/tty without echo.  No terminal: trouble. */
int secret_from_terminal(struct secret *s, const char *prompt,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/* A copy of octets that the caller has (and wipes). */
void secret_set(struct secret *s, const char *text, size_t len)
    __attribute__((nonnull));
void secret_clear(struct secret *s) __attribute__((nonnull));

#endif
