/*
 * What went wrong, as text for a person and as an exit status for a script.
 *
 * Library functions neither print nor exit.  One that can fail takes a
 * struct error as its last argument, and returns 0 for success and -1 after
 * filling it.  The text is one line, without a newline at its end, in the
 * form "file:line: rule: what was found" (as much of it as is known).
 */
#ifndef RZ_LIB_ERROR_H
#define RZ_LIB_ERROR_H

#include <stdarg.h>

/* The exit statuses of every program. */
enum status {
	STATUS_OK = 0,	   /* done, valid, nothing due */
	STATUS_NO = 1,	   /* a check said no */
	STATUS_TROUBLE = 2 /* usage, configuration, input, output, HSM */
};

#define ERROR_TEXT_MAX 1024 /* octets with the NUL; longer text is cut */

struct error {
	enum status status;
	char text[ERROR_TEXT_MAX];
};

#define ERROR_INIT {STATUS_OK, ""}

/* Trouble (exit 2): format the text, return -1. */
int error_set(struct error *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), nonnull));

/* A check said no (exit 1): format the text, return -1. */
int error_no(struct error *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), nonnull));

/* As error_set, followed by ": " and the meaning of errno. */
int error_errno(struct error *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), nonnull));

/* As error_set, followed by the newest OpenSSL error; empties its queue. */
int error_openssl(struct error *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), nonnull));

/* Put "prefix: " before the text that is there; keep the status; return -1. */
int error_prefix(struct error *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), nonnull));

#endif
