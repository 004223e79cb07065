/*
 * Octets that grow: the only such buffer in the tree.  A zeroed struct is an
 * empty one.  The memory belongs to the buffer until buf_free.
 */
#ifndef RZ_LIB_BUF_H
#define RZ_LIB_BUF_H

#include <stddef.h>
#include <stdint.h>

struct buf {
	uint8_t *data;
	size_t len;
	size_t cap;
};

#define BUF_INIT {NULL, 0, 0}

/* Make room for n more octets; return where they go (len is unchanged). */
uint8_t *buf_room(struct buf *b, size_t n) __attribute__((nonnull));
void buf_add(struct buf *b, const void *data, size_t len);
void buf_u8(struct buf *b, uint8_t v) __attribute__((nonnull));
/* Network byte order. */
void buf_u16(struct buf *b, uint16_t v) __attribute__((nonnull));
void buf_u32(struct buf *b, uint32_t v) __attribute__((nonnull));
void buf_str(struct buf *b, const char *s) __attribute__((nonnull));
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), nonnull));
/* The content as a C string, NUL added after the end (not counted in len). */
const char *buf_cstr(struct buf *b) __attribute__((nonnull));
/* Forget the content, keep the memory. */
void buf_clear(struct buf *b) __attribute__((nonnull));
void buf_free(struct buf *b) __attribute__((nonnull));
/* Wipe all memory the buffer has, then free it: for secrets. */
void buf_wipe(struct buf *b) __attribute__((nonnull));

#endif
