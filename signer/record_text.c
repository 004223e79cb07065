#include "signer/record_text.h"

#include <arpa/inet.h>
#include <string.h>

#include <ldns/ldns.h>

#include "lib/hex.h"
#include "lib/utc.h"
#include "signer/rdata_field.h"

/*
 * A zone reader must get back what is written here, octet by octet: RDATA
 * whose text not every reader takes so is written as RFC 3597 section 5 has
 * it.
 */
#define LINE_ROOM 60000 /* octets of text that are left on one line */
#define WRAPPED	  8192	/* octets of RDATA on each line of a longer one */

static unsigned
get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void
add_number(struct buf *out, uint32_t v)
{
	char digits[12], *p = digits + sizeof digits;

	do
		*--p = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	buf_add(out, p, (size_t)(digits + sizeof digits - p));
}

static void
add_type(struct buf *out, uint16_t type)
{
	char text[TYPE_TEXT];

	buf_str(out, type_text(text, type));
}

/* What no reader of zone files gives a meaning, or refuses. */
static bool
is_bare(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c >= 'A' && c <= 'Z') || (c > 0 && strchr("-_*/", c) != NULL);
}

static uint8_t *
put_octet(uint8_t *to, uint8_t c)
{
	if (!is_bare(c))
		*to++ = '\\';
	if (!is_bare(c) && (c == 0 || strchr("\"$().;@\\", c) == NULL)) {
		*to++ = '0' + c / 100;
		*to++ = '0' + c / 10 % 10;
		c = '0' + c % 10;
	}
	*to++ = c;
	return to;
}

/*
 * For every reader of zone files: some take few characters as they are, and
 * "\#" where RDATA begins as that of RFC 3597.
 */
static void
add_name(struct buf *out, const uint8_t *name)
{
	uint8_t *start = buf_room(out, NAME_MAX_TEXT), *to = start;

	if (name[0] == 0)
		*to++ = '.';
	for (; name[0] != 0; name += name[0] + 1) {
		for (unsigned i = 1; i <= name[0]; i++)
			to = put_octet(to, name[i]);
		*to++ = '.';
	}
	out->len += (size_t)(to - start);
}

/* A signature time: the digits of the 32 bits it is on the wire. */
static void
add_time(struct buf *out, const uint8_t *p)
{
	char text[UTC_TEXT];

	buf_str(out, utc_digits(text, get32(p)));
}

static void
add_address(struct buf *out, int family, const uint8_t *p)
{
	char text[INET6_ADDRSTRLEN];

	buf_str(out, inet_ntop(family, p, text, sizeof text));
}

static void
add_bits(struct buf *out, const uint8_t *block)
{
	for (unsigned i = 0; i < block[1] * 8U; i++)
		if (block[2 + i / 8] & (0x80 >> (i & 7))) {
			buf_u8(out, ' ');
			add_type(out, (uint16_t)(block[0] << 8 | i));
		}
}

/* Each type with a space before it: what follows a name or a number. */
static void
add_bitmap(struct buf *out, const uint8_t *p, size_t len)
{
	const uint8_t *end = p + len;

	for (; p < end; p += 2 + p[1])
		add_bits(out, p);
}

/* A quoted <character-string> (RFC 1035 section 5.1). */
static void
add_string(struct buf *out, const uint8_t *p, size_t len)
{
	buf_u8(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (p[i] < ' ' || p[i] > '~') {
			buf_printf(out, "\\%03u", p[i]);
			continue;
		}
		if (p[i] == '"' || p[i] == '\\')
			buf_u8(out, '\\');
		buf_u8(out, p[i]);
	}
	buf_u8(out, '"');
}

static void
add_strings(struct buf *out, const uint8_t *p, size_t len)
{
	const uint8_t *end = p + len;

	for (; p < end; p += 1 + p[0]) {
		add_string(out, p + 1, p[0]);
		if (p + 1 + p[0] < end)
			buf_u8(out, ' ');
	}
}

/* Hexadecimal in groups of so many octets. */
static void
add_groups(struct buf *out, const uint8_t *p, size_t len, size_t group,
    char between)
{
	for (size_t i = 0; i < len; i += group) {
		if (i > 0)
			buf_u8(out, (uint8_t)between);
		hex_add(out, p + i, group);
	}
}

/* RFC 5155 section 3.3: a salt of no octets is "-". */
static void
add_salt(struct buf *out, const uint8_t *p)
{
	if (p[0] > 0)
		hex_add(out, p + 1, p[0]);
	else
		buf_u8(out, '-');
}

static void
add_generic(struct buf *out, const struct record *r)
{
	buf_printf(out, "\\# %u ", r->rdlen);
	hex_add(out, r->rdata, r->rdlen);
}

/* The same over many lines, none too long to be read. */
static void
add_wrapped(struct buf *out, const struct record *r)
{
	size_t n;

	buf_printf(out, "\\# %u (", r->rdlen);
	for (size_t at = 0; at < r->rdlen; at += n) {
		n = r->rdlen - at < WRAPPED ? r->rdlen - at : WRAPPED;
		buf_str(out, "\n ");
		hex_add(out, r->rdata + at, n);
	}
	buf_str(out, " )");
}

/* Through libldns; -1: it could not. */
static int
add_by_ldns(struct buf *out, const struct record *r)
{
	struct buf wire = BUF_INIT;
	ldns_buffer *text = ldns_buffer_new(LDNS_MIN_BUFLEN);
	ldns_rr *rr = NULL;
	size_t at = 0;
	int rc = -1;

	buf_u8(&wire, 0); /* the owner does not matter here */
	buf_u16(&wire, r->type);
	buf_u16(&wire, 1);
	buf_u32(&wire, r->ttl);
	buf_u16(&wire, r->rdlen);
	buf_add(&wire, r->rdata, r->rdlen);
	if (text == NULL || ldns_wire2rr(&rr, wire.data, wire.len, &at,
				LDNS_SECTION_ANSWER) != LDNS_STATUS_OK)
		goto out;
	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		if (i > 0)
			ldns_buffer_printf(text, " ");
		if (ldns_rdf2buffer_str(text, ldns_rr_rdf(rr, i)) !=
		    LDNS_STATUS_OK)
			goto out;
	}
	buf_add(out, ldns_buffer_begin(text), ldns_buffer_position(text));
	rc = 0;
out:
	ldns_rr_free(rr);
	ldns_buffer_free(text);
	buf_free(&wire);
	return rc;
}

/* The fields of few types. */
static void
add_short(struct buf *out, char field, const uint8_t *p)
{
	switch (field) {
	case 'a':
		add_address(out, AF_INET, p);
		break;
	case 'q':
		add_address(out, AF_INET6, p);
		break;
	case 'S':
		add_string(out, p + 1, p[0]);
		break;
	case 'c':
		buf_add(out, p + 1, p[0]);
		break;
	case 'e':
		add_groups(out, p, 6, 1, '-');
		break;
	case 'E':
		add_groups(out, p, 8, 1, '-');
		break;
	case 'g':
		add_groups(out, p, 8, 2, ':');
		break;
	case 'h':
		add_salt(out, p);
		break;
	}
}

static void
add_field(struct buf *out, char field, const uint8_t *p, size_t len)
{
	switch (field) {
	case 'N':
	case 'n':
		add_name(out, p);
		break;
	case '1':
		add_number(out, p[0]);
		break;
	case '2':
		add_number(out, get16(p));
		break;
	case '4':
		add_number(out, get32(p));
		break;
	case 'y':
		add_type(out, (uint16_t)get16(p));
		break;
	case 't':
		add_time(out, p);
		break;
	case 'X':
	case 'x':
		hex_add(out, p, len);
		break;
	case 'B':
	case 'b':
		base64_add(out, p, len);
		break;
	case 'T':
		add_strings(out, p, len);
		break;
	case 'V':
		add_string(out, p, len);
		break;
	default:
		add_short(out, field, p);
	}
}

/* Has the field a text that every reader takes, with these octets? */
static bool
has_text(char field, const uint8_t *p, size_t len)
{
	switch (field) {
	case 'x':
	case 'b':
		return len > 0;
	case 'c': /* some readers take no upper case */
		for (size_t i = 1; i < len; i++)
			if (p[i] >= 'A' && p[i] <= 'Z')
				return false;
		return true;
	case 'm':
		return len > 0 && rdata_bitmap(p, len);
	default:
		return strchr("DHWkOPKIJR6*", field) == NULL;
	}
}

/* By the fields of its type; false, and nothing added, when that fails. */
static bool
add_fields(struct buf *out, const struct record *r, const char *fields)
{
	size_t begin = out->len, at = 0, n;

	for (const char *f = fields; *f != '\0'; f++) {
		if (!rdata_field(*f, r->rdata + at, r->rdlen - at, &n) ||
		    !has_text(*f, r->rdata + at, n)) {
			out->len = begin;
			return false;
		}
		if (*f == 'm' || *f == 'M') {
			add_bitmap(out, r->rdata + at, n);
		} else {
			if (f > fields)
				buf_u8(out, ' ');
			add_field(out, *f, r->rdata + at, n);
		}
		at += n;
	}
	if (at < r->rdlen)
		out->len = begin;
	return at == r->rdlen;
}

/* As text, if its type has one; false, and nothing added: it has not. */
static bool
add_text(struct buf *out, const struct record *r)
{
	const char *fields = rdata_fields(r->type);
	char text[TYPE_TEXT];

	if (strncmp(type_text(text, r->type), "TYPE", 4) == 0)
		return false; /* nobody would know how to read it */
	if (fields[0] == 'L')
		return add_by_ldns(out, r) == 0;
	return add_fields(out, r, fields);
}

static void
add_rdata(struct buf *out, const struct record *r)
{
	size_t begin = out->len;

	if (!add_text(out, r))
		add_generic(out, r);
	if (out->len - begin <= LINE_ROOM)
		return;
	out->len = begin;
	add_wrapped(out, r);
}

void
record_text(struct buf *out, const uint8_t *owner, const struct record *r)
{
	add_name(out, owner);
	buf_u8(out, '\t');
	add_number(out, r->ttl);
	buf_str(out, "\tIN\t");
	add_type(out, r->type);
	buf_u8(out, '\t');
	add_rdata(out, r);
	buf_u8(out, '\n');
}
