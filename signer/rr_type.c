/* Record types as text, and the numbers inside a SOA. */
#include "signer/zone.h"

#include <stdio.h>

/*
 * The mnemonics that every reader of zone files knows, libzscanner 3.2 among
 * them; those of a signed zone first.  A type that is not here is TYPEnn, so
 * that what is written can be read (RFC 3597 section 5).
 */
static const struct {
	uint16_t type;
	const char *text;
} mnemonics[] = {
    {TYPE_NS, "NS"},
    {TYPE_A, "A"},
    {TYPE_AAAA, "AAAA"},
    {TYPE_RRSIG, "RRSIG"},
    {TYPE_NSEC, "NSEC"},
    {TYPE_DS, "DS"},
    {TYPE_SOA, "SOA"},
    {TYPE_DNSKEY, "DNSKEY"},
    {TYPE_ZONEMD, "ZONEMD"},
    {TYPE_TXT, "TXT"},
    {TYPE_CNAME, "CNAME"},
    {12, "PTR"},
    {13, "HINFO"},
    {14, "MINFO"},
    {15, "MX"},
    {17, "RP"},
    {18, "AFSDB"},
    {21, "RT"},
    {25, "KEY"},
    {29, "LOC"},
    {33, "SRV"},
    {35, "NAPTR"},
    {36, "KX"},
    {37, "CERT"},
    {TYPE_DNAME, "DNAME"},
    {42, "APL"},
    {44, "SSHFP"},
    {45, "IPSECKEY"},
    {49, "DHCID"},
    {TYPE_NSEC3, "NSEC3"},
    {TYPE_NSEC3PARAM, "NSEC3PARAM"},
    {52, "TLSA"},
    {53, "SMIMEA"},
    {TYPE_CDS, "CDS"},
    {TYPE_CDNSKEY, "CDNSKEY"},
    {61, "OPENPGPKEY"},
    {62, "CSYNC"},
    {64, "SVCB"},
    {65, "HTTPS"},
    {99, "SPF"},
    {104, "NID"},
    {105, "L32"},
    {106, "L64"},
    {107, "LP"},
    {108, "EUI48"},
    {109, "EUI64"},
    {256, "URI"},
    {257, "CAA"},
};

const char *
type_text(char out[TYPE_TEXT], uint16_t type)
{
	for (size_t i = 0; i < sizeof mnemonics / sizeof *mnemonics; i++)
		if (mnemonics[i].type == type)
			return mnemonics[i].text;
	snprintf(out, TYPE_TEXT, "TYPE%u", type);
	return out;
}

/* Both names, then serial, refresh, retry, expire, minimum. */
#define SOA_NUMBERS 20

static uint8_t *
soa_number(const struct record *soa, unsigned i)
{
	return (uint8_t *)soa->rdata + soa->rdlen - SOA_NUMBERS + 4 * i;
}

static uint32_t
read32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

uint32_t
soa_serial(const struct record *soa)
{
	return read32(soa_number(soa, 0));
}

uint32_t
soa_minimum(const struct record *soa)
{
	return read32(soa_number(soa, 4));
}

void
soa_set_serial(struct record *soa, uint32_t serial)
{
	uint8_t *p = soa_number(soa, 0);

	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(serial >> (24 - 8 * i));
}
