#include "lib/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>

static void
set(struct error *e, enum status status, const char *fmt, va_list ap)
{
	e->status = status;
	vsnprintf(e->text, sizeof e->text, fmt, ap);
}

static void
append(struct error *e, const char *reason)
{
	size_t len = strlen(e->text);

	snprintf(e->text + len, sizeof e->text - len, ": %s", reason);
}

int
error_set(struct error *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, STATUS_TROUBLE, fmt, ap);
	va_end(ap);
	return -1;
}

int
error_no(struct error *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, STATUS_NO, fmt, ap);
	va_end(ap);
	return -1;
}

int
error_errno(struct error *e, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	set(e, STATUS_TROUBLE, fmt, ap);
	va_end(ap);
	append(e, strerror(saved));
	return -1;
}

int
error_openssl(struct error *e, const char *fmt, ...)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(code);
	va_list ap;

	va_start(ap, fmt);
	set(e, STATUS_TROUBLE, fmt, ap);
	va_end(ap);
	append(e, reason ? reason : "unknown OpenSSL failure");
	ERR_clear_error();
	return -1;
}

int
error_prefix(struct error *e, const char *fmt, ...)
{
	char old[ERROR_TEXT_MAX];
	va_list ap;

	memcpy(old, e->text, sizeof old);
	va_start(ap, fmt);
	set(e, e->status, fmt, ap);
	va_end(ap);
	append(e, old);
	return -1;
}
