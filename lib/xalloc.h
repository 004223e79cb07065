/*
 * Memory, or the end of the program.  Out of memory is the one failure that
 * no caller can do anything about: these print one line and exit with 2.
 */
#ifndef RZ_LIB_XALLOC_H
#define RZ_LIB_XALLOC_H

#include <stddef.h>

void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *xcalloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *xreallocarray(void *p, size_t n, size_t size)
    __attribute__((returns_nonnull));
char *xstrdup(const char *s) __attribute__((malloc, returns_nonnull, nonnull));
void *xmemdup(const void *p, size_t size)
    __attribute__((malloc, returns_nonnull));
/* The caller frees the result, as for the others. */
char *xasprintf(const char *fmt, ...)
    __attribute__((format(printf, 1, 2), returns_nonnull));

#endif
