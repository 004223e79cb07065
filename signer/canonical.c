#include "signer/canonical.h"

#include <string.h>

#include "keytool/name.h"

/*
 * The RDATA of each type in RFC 4034 section 6.2 that is still to be met:
 * N a name, digits so many octets, S a character-string, * the rest.  HINFO
 * stands there by mistake (it has no names); NSEC was taken off the list by
 * RFC 6840 section 5.1 (n: a name that keeps its case).
 */
static const struct layout {
	uint16_t type;
	const char *fields;
} layouts[] = {
    {2, "N"},	   /* NS */
    {3, "N"},	   /* MD */
    {4, "N"},	   /* MF */
    {5, "N"},	   /* CNAME */
    {6, "NN44444"}, /* SOA */
    {7, "N"},	   /* MB */
    {8, "N"},	   /* MG */
    {9, "N"},	   /* MR */
    {12, "N"},	   /* PTR */
    {14, "NN"},	   /* MINFO */
    {15, "2N"},	   /* MX */
    {17, "NN"},	   /* RP */
    {18, "2N"},	   /* AFSDB */
    {21, "2N"},	   /* RT */
    {24, "99N*"},  /* SIG */
    {26, "2NN"},   /* PX */
    {30, "N*"},	   /* NXT */
    {33, "222N"},  /* SRV */
    {35, "22SSSN"}, /* NAPTR */
    {36, "2N"},	   /* KX */
    {39, "N"},	   /* DNAME */
    {46, "99N*"},  /* RRSIG */
    {47, "n*"},	   /* NSEC */
};

static const char *
fields_of(uint16_t type)
{
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
		if (layouts[i].type == type)
			return layouts[i].fields;
	return "*";
}

/* Octets of the field at p, 0 when it does not fit into what is left. */
static size_t
field_len(char field, const uint8_t *p, size_t left)
{
	size_t n;

	switch (field) {
	case 'N':
	case 'n':
		return name_check(p, left);
	case 'S':
		n = left > 0 ? (size_t)p[0] + 1 : 0;
		break;
	default:
		n = (size_t)(field - '0');
	}
	return n <= left ? n : 0;
}

int
canonical_rdata(uint16_t type, uint8_t *rdata, size_t len)
{
	size_t at = 0, n;

	for (const char *f = fields_of(type); *f != '\0'; f++) {
		if (*f == '*')
			return 0;
		if ((n = field_len(*f, rdata + at, len - at)) == 0)
			return -1;
		if (*f == 'N')
			name_lower(rdata + at, n);
		at += n;
	}
	return at == len ? 0 : -1;
}
