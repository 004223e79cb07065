#include "keytool/name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LABEL_MAX  63  /* RFC 1035 section 2.3.4 */
#define LABELS_MAX 127 /* of one octet each, and the root */

size_t
name_len(const uint8_t *wire)
{
	const uint8_t *p = wire;

	while (*p != 0)
		p += *p + 1;
	return (size_t)(p - wire) + 1;
}

size_t
name_check(const uint8_t *wire, size_t room)
{
	size_t at = 0;

	if (room > NAME_MAX_WIRE)
		room = NAME_MAX_WIRE;
	while (at < room && wire[at] != 0) {
		if (wire[at] > LABEL_MAX)
			return 0;
		at += wire[at] + 1U;
	}
	return at < room ? at + 1 : 0;
}

unsigned
name_labels(const uint8_t *wire)
{
	unsigned n = 0;

	for (; *wire != 0; wire += *wire + 1)
		n++;
	return n;
}

unsigned
name_labels_rrsig(const uint8_t *wire)
{
	unsigned n = name_labels(wire);

	return wire[0] == 1 && wire[1] == '*' ? n - 1 : n;
}

static uint8_t
lower(uint8_t c)
{
	return (uint8_t)(c + ((uint8_t)(c - 'A') < 26 ? 'a' - 'A' : 0));
}

/* An octet that counts a label is at most 63, so never a letter. */
void
name_lower(uint8_t *wire, size_t len)
{
	for (size_t i = 0; i < len; i++)
		wire[i] = lower(wire[i]);
}

bool
name_equal(const uint8_t *a, const uint8_t *b)
{
	size_t len = name_len(a);

	if (name_len(b) != len)
		return false;
	if (memcmp(a, b, len) == 0)
		return true;
	for (size_t i = 0; i < len; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

static uint8_t *
key_label(uint8_t *out, const uint8_t *label)
{
	for (unsigned i = 1; i <= label[0]; i++) {
		if (label[i] <= 1) {
			*out++ = 1;
			*out++ = (uint8_t)(label[i] + 1);
		} else {
			*out++ = label[i];
		}
	}
	*out++ = 0;
	return out;
}

size_t
name_key(uint8_t key[NAME_MAX_KEY], const uint8_t *wire)
{
	const uint8_t *label[LABELS_MAX];
	uint8_t *out = key;
	unsigned n = 0;

	for (; *wire != 0 && n < LABELS_MAX; wire += *wire + 1)
		label[n++] = wire;
	while (n > 0)
		out = key_label(out, label[--n]);
	return (size_t)(out - key);
}

int
name_key_compare(const uint8_t *a, size_t alen, const uint8_t *b, size_t blen)
{
	int order = memcmp(a, b, alen < blen ? alen : blen);

	return order != 0 ? order : (alen > blen) - (alen < blen);
}

bool
name_key_below(const uint8_t *a, size_t alen, const uint8_t *b, size_t blen)
{
	return alen >= blen && memcmp(a, b, blen) == 0;
}

/* What zone file readers give a meaning of its own (RFC 1035 section 5.1). */
static bool
is_special(uint8_t c)
{
	switch (c) {
	case '"':
	case '$':
	case '(':
	case ')':
	case '.':
	case ';':
	case '@':
	case '\\':
		return true;
	default:
		return false;
	}
}

static char *
put_octet(char *out, uint8_t c)
{
	if (c <= ' ' || c >= 127) {
		*out++ = '\\';
		*out++ = (char)('0' + c / 100);
		*out++ = (char)('0' + c / 10 % 10);
		*out++ = (char)('0' + c % 10);
		return out;
	}
	if (is_special(c))
		*out++ = '\\';
	*out++ = (char)c;
	return out;
}

/* At most NAME_MAX_TEXT - 1 characters; returns their end. */
static char *
put_name(char *out, const uint8_t *wire)
{
	if (*wire == 0)
		*out++ = '.';
	while (*wire != 0) {
		for (unsigned n = *wire++; n > 0; n--)
			out = put_octet(out, *wire++);
		*out++ = '.';
	}
	return out;
}

const char *
name_text(char out[NAME_MAX_TEXT], const uint8_t *wire)
{
	*put_name(out, wire) = '\0';
	return out;
}

void
name_add_text(struct buf *out, const uint8_t *wire)
{
	char *start = (char *)buf_room(out, NAME_MAX_TEXT);

	out->len += (size_t)(put_name(start, wire) - start);
}

/* After a backslash: one character, or three digits up to 255. */
static int
parse_escape(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	int v;

	if (!isdigit(s[0])) {
		*p += s[0] != '\0';
		return s[0] != '\0' ? s[0] : -1;
	}
	if (!isdigit(s[1]) || !isdigit(s[2]))
		return -1;
	v = (s[0] - '0') * 100 + (s[1] - '0') * 10 + (s[2] - '0');
	*p += 3;
	return v <= 255 ? v : -1;
}

/* The octet at *p, which is not at the end nor at a dot; -1: not allowed. */
static int
parse_octet(const char **p)
{
	uint8_t c = (uint8_t) * (*p)++;

	if (c == '\\')
		return parse_escape(p);
	if (c <= ' ' || c >= 127 || strchr("\"();", c) != NULL)
		return -1;
	return c;
}

/* One label to wire; returns its octets with the count, 0 with reason set. */
static size_t
parse_label(uint8_t *wire, size_t room, const char **p, const char **reason)
{
	size_t n = 0;
	int c;

	*reason = "an empty label";
	while (**p != '\0' && **p != '.') {
		*reason = "a character that must be escaped, or a bad escape";
		if ((c = parse_octet(p)) < 0)
			return 0;
		*reason = "a label of more than 63 octets";
		if (n == LABEL_MAX)
			return 0;
		*reason = "more than 255 octets";
		if (n + 2 >= room) /* the count, and the root at the end */
			return 0;
		wire[++n] = lower((uint8_t)c);
	}
	wire[0] = (uint8_t)n;
	return n > 0 ? n + 1 : 0;
}

int
name_parse(uint8_t wire[NAME_MAX_WIRE], size_t *len, const char *text,
    struct error *e)
{
	const char *p = text, *reason;
	size_t at = 0, n;

	if (strcmp(text, ".") == 0)
		p++;
	else if (*text == '\0')
		return error_set(e, "domain name: empty");
	while (*p != '\0') {
		n = 0;
		reason = "more than 255 octets";
		if (at + 2 < NAME_MAX_WIRE)
			n = parse_label(wire + at, NAME_MAX_WIRE - at, &p,
			    &reason);
		if (n == 0)
			return error_set(e, "domain name \"%.80s\": %s", text,
			    reason);
		at += n;
		p += *p == '.';
	}
	wire[at++] = 0;
	*len = at;
	return 0;
}
