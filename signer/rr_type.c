/* Record types as text, and the numbers inside a SOA. */
#include "signer/zone.h"

#include <stdio.h>
#include <string.h>

#include <ldns/ldns.h>

static const struct {
	uint16_t type;
	const char *text;
} frequent[] = {
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
};

const char *
type_text(char out[TYPE_TEXT], uint16_t type)
{
	const ldns_rr_descriptor *d;

	for (size_t i = 0; i < sizeof frequent / sizeof *frequent; i++)
		if (frequent[i].type == type)
			return frequent[i].text;
	d = ldns_rr_descript(type);
	if (d != NULL && d->_type == type && d->_name != NULL)
		snprintf(out, TYPE_TEXT, "%s", d->_name);
	else
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
