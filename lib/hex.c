#include "lib/hex.h"

#include <err.h>
#include <pthread.h>
#include <string.h>

#include <openssl/evp.h>

/* Octets encoded by one call of EVP_EncodeBlock, whose lengths are int. */
#define BASE64_CHUNK (3 * (size_t)0x100000)

static const char digits_lower[] = "0123456789abcdef";
static const char digits_upper[] = "0123456789ABCDEF";

static void
put_digits(char *out, const uint8_t *data, size_t len, const char *digits)
{
	for (size_t i = 0; i < len; i++) {
		*out++ = digits[data[i] >> 4];
		*out++ = digits[data[i] & 0x0f];
	}
}

void
hex_encode(char *out, const uint8_t *data, size_t len)
{
	put_digits(out, data, len, digits_lower);
	out[2 * len] = '\0';
}

void
hex_add(struct buf *out, const uint8_t *data, size_t len)
{
	char *room = (char *)buf_room(out, 2 * len);

	put_digits(room, data, len, digits_upper);
	out->len += 2 * len;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
hex_decode(struct buf *out, const char *text)
{
	size_t len = strlen(text);
	uint8_t *room;

	if (len % 2 != 0)
		return -1;
	room = buf_room(out, len / 2);
	for (size_t i = 0; i < len; i += 2) {
		int high = hex_value(text[i]);
		int low = hex_value(text[i + 1]);

		if (high < 0 || low < 0)
			return -1;
		room[i / 2] = (uint8_t)(high << 4 | low);
	}
	out->len += len / 2;
	return 0;
}

void
base64_add(struct buf *out, const uint8_t *data, size_t len)
{
	while (len > 0) {
		size_t n = len < BASE64_CHUNK ? len : BASE64_CHUNK;
		uint8_t *room = buf_room(out, (n + 2) / 3 * 4 + 1);

		out->len += (size_t)EVP_EncodeBlock(room, data, (int)n);
		data += n;
		len -= n;
	}
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/*
 * The end of base64 text (RFC 4648 sections 3.2 and 3.5): characters and
 * padding fill groups of four, and the bits that were left over are zero.
 */
static int
base64_ends(size_t chars, size_t padding, uint32_t bits)
{
	if (padding > 2 || (chars + padding) % 4 != 0)
		return 0;
	if (padding == 2)
		return (bits & 0x0f) == 0;
	return padding == 0 || (bits & 0x03) == 0;
}

int
base64_decode(struct buf *out, const char *text, size_t len)
{
	uint8_t *room = buf_room(out, len / 4 * 3 + 3);
	size_t chars = 0, padding = 0, n = 0;
	uint32_t bits = 0;

	for (size_t i = 0; i < len; i++) {
		int v = base64_value(text[i]);

		if (text[i] == '=') {
			padding++;
			continue;
		}
		if (v < 0 && text[i] != '\0' && strchr(" \t\r\n", text[i]))
			continue;
		if (v < 0 || padding > 0)
			return -1;
		bits = bits << 6 | (uint32_t)v;
		if (chars++ % 4 != 0)
			room[n++] =
			    (bits >> (6 - 2 * ((chars - 1) % 4))) & 0xff;
	}
	if (!base64_ends(chars, padding, bits))
		return -1;
	out->len += n;
	return 0;
}

static EVP_MD *sha256_md;

static void
sha256_fetch(void)
{
	sha256_md = EVP_MD_fetch(NULL, "SHA256", NULL);
}

void
sha256(uint8_t out[SHA256_SIZE], const void *data, size_t len)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, sha256_fetch);
	if (sha256_md == NULL ||
	    EVP_Digest(data, len, out, NULL, sha256_md, NULL) != 1)
		errx(2, "SHA-256: not available from OpenSSL");
}

void
sha256_text(char out[SHA256_TEXT], const void *data, size_t len)
{
	uint8_t hash[SHA256_SIZE];

	sha256(hash, data, len);
	hex_encode(out, hash, sizeof hash);
}
