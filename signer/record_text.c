#include "signer/record_text.h"

#include <arpa/inet.h>
#include <string.h>

#include <ldns/ldns.h>

#include "lib/hex.h"
#include "lib/utc.h"

/*
 * The types that fill a signed zone are written here; the others through
 * libldns, and what that does not know as RFC 3597 section 5 has it.
 */

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

/* Decimal and what follows it. */
static void
add_number(struct buf *out, uint32_t v, char after)
{
	char digits[12], *p = digits + sizeof digits;

	*--p = after;
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

/* A signature time: the digits of the 32 bits it is on the wire. */
static void
add_time(struct buf *out, const uint8_t *p)
{
	char text[UTC_TEXT];

	buf_str(out, utc_digits(text, get32(p)));
	buf_u8(out, ' ');
}

static void
add_address(struct buf *out, int family, const uint8_t *p)
{
	char text[INET6_ADDRSTRLEN];

	buf_str(out, inet_ntop(family, p, text, sizeof text));
}

static void
add_soa(struct buf *out, const struct record *r)
{
	const uint8_t *p = r->rdata;

	for (int i = 0; i < 2; i++) {
		name_add_text(out, p);
		buf_u8(out, ' ');
		p += name_len(p);
	}
	for (int i = 0; i < 5; i++, p += 4)
		add_number(out, get32(p), i < 4 ? ' ' : '\0');
	out->len--; /* the NUL after the last number */
}

static void
add_ds(struct buf *out, const struct record *r)
{
	add_number(out, get16(r->rdata), ' ');
	add_number(out, r->rdata[2], ' ');
	add_number(out, r->rdata[3], ' ');
	hex_add(out, r->rdata + 4, r->rdlen - 4U);
}

static void
add_dnskey(struct buf *out, const struct record *r)
{
	add_number(out, get16(r->rdata), ' ');
	add_number(out, r->rdata[2], ' ');
	add_number(out, r->rdata[3], ' ');
	base64_add(out, r->rdata + 4, r->rdlen - 4U);
}

static void
add_zonemd(struct buf *out, const struct record *r)
{
	add_number(out, get32(r->rdata), ' ');
	add_number(out, r->rdata[4], ' ');
	add_number(out, r->rdata[5], ' ');
	hex_add(out, r->rdata + 6, r->rdlen - 6U);
}

static void
add_rrsig(struct buf *out, const struct record *r)
{
	const uint8_t *p = r->rdata, *signer = p + 18;
	size_t fixed = 18 + name_len(signer);

	add_type(out, (uint16_t)get16(p));
	buf_u8(out, ' ');
	add_number(out, p[2], ' ');
	add_number(out, p[3], ' ');
	add_number(out, get32(p + 4), ' ');
	add_time(out, p + 8);
	add_time(out, p + 12);
	add_number(out, get16(p + 16), ' ');
	name_add_text(out, signer);
	buf_u8(out, ' ');
	base64_add(out, p + fixed, r->rdlen - fixed);
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

static void
add_nsec(struct buf *out, const struct record *r)
{
	const uint8_t *p = r->rdata + name_len(r->rdata);
	const uint8_t *end = r->rdata + r->rdlen;

	name_add_text(out, r->rdata);
	for (; end - p >= 2 && end - p - 2 >= p[1]; p += 2 + p[1])
		add_bits(out, p);
}

static void
add_generic(struct buf *out, const struct record *r)
{
	buf_printf(out, "\\# %u ", r->rdlen);
	hex_add(out, r->rdata, r->rdlen);
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

/* Octets that the code below reads without looking. */
static size_t
least(uint16_t type)
{
	switch (type) {
	case TYPE_A:
	case TYPE_DS:
	case TYPE_CDS:
	case TYPE_DNSKEY:
	case TYPE_CDNSKEY:
		return 4;
	case TYPE_AAAA:
		return 16;
	case TYPE_ZONEMD:
		return 6;
	default:
		return 0; /* their form was checked when they were added */
	}
}

static void
add_rdata(struct buf *out, const struct record *r)
{
	if (r->rdlen == 0 || r->rdlen < least(r->type)) {
		add_generic(out, r);
		return;
	}
	switch (r->type) {
	case TYPE_A:
		add_address(out, AF_INET, r->rdata);
		break;
	case TYPE_AAAA:
		add_address(out, AF_INET6, r->rdata);
		break;
	case TYPE_NS:
	case TYPE_CNAME:
	case TYPE_DNAME:
		name_add_text(out, r->rdata);
		break;
	case TYPE_SOA:
		add_soa(out, r);
		break;
	case TYPE_DS:
	case TYPE_CDS:
		add_ds(out, r);
		break;
	case TYPE_RRSIG:
		add_rrsig(out, r);
		break;
	case TYPE_NSEC:
		add_nsec(out, r);
		break;
	case TYPE_DNSKEY:
	case TYPE_CDNSKEY:
		add_dnskey(out, r);
		break;
	case TYPE_ZONEMD:
		add_zonemd(out, r);
		break;
	default:
		if (add_by_ldns(out, r) == -1)
			add_generic(out, r);
	}
}

void
record_text(struct buf *out, const uint8_t *owner, const struct record *r)
{
	name_add_text(out, owner);
	buf_u8(out, '\t');
	add_number(out, r->ttl, '\t');
	buf_add(out, "IN\t", 3);
	add_type(out, r->type);
	buf_u8(out, '\t');
	add_rdata(out, r);
	buf_u8(out, '\n');
}
