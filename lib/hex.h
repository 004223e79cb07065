/* Octets as text: hexadecimal (RFC 4648 section 8) and base64 (section 4). */
#ifndef RZ_LIB_HEX_H
#define RZ_LIB_HEX_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

/* Lower case, NUL at the end: out has 2 * len + 1 octets of room. */
void hex_encode(char *out, const uint8_t *data, size_t len);
/* Added to out as upper case, without a NUL (DS, ZONEMD in zone files). */
void hex_add(struct buf *out, const uint8_t *data, size_t len);
/* Exact: an odd number of digits or any other character gives -1. */
int hex_decode(struct buf *out, const char *text) __attribute__((nonnull));

/* Added to out, padded, without line breaks and without a NUL. */
void base64_add(struct buf *out, const uint8_t *data, size_t len);
/* White space between characters is allowed; anything else gives -1. */
int base64_decode(struct buf *out, const char *text, size_t len)
    __attribute__((nonnull));

/* SHA-256 of data; and the same as 64 lower-case hexadecimal digits. */
#define SHA256_SIZE 32
#define SHA256_TEXT 65
void sha256(uint8_t out[SHA256_SIZE], const void *data, size_t len);
void sha256_text(char out[SHA256_TEXT], const void *data, size_t len);

#endif
