#include "signer/rdata_field.h"

#include <ctype.h>

#include "keytool/name.h"

static const struct {
	uint16_t type;
	const char *fields;
} layouts[] = {
    {1, "a"},		  /* A */
    {2, "N"},		  /* NS */
    {28, "q"},		  /* AAAA */
    {43, "211X"},	  /* DS */
    {46, "y114tt2Nb"},	  /* RRSIG */
    {47, "nm"},		  /* NSEC */
    {6, "NN44444"},	  /* SOA */
    {16, "T"},		  /* TXT */
    {3, "N"},		  /* MD */
    {4, "N"},		  /* MF */
    {5, "N"},		  /* CNAME */
    {7, "N"},		  /* MB */
    {8, "N"},		  /* MG */
    {9, "N"},		  /* MR */
    {11, "a1k"},	  /* WKS */
    {12, "N"},		  /* PTR */
    {13, "SS"},		  /* HINFO */
    {14, "NN"},		  /* MINFO */
    {15, "2N"},		  /* MX */
    {17, "NN"},		  /* RP */
    {18, "2N"},		  /* AFSDB */
    {19, "D"},		  /* X25 */
    {20, "W"},		  /* ISDN */
    {21, "2N"},		  /* RT */
    {22, "X"},		  /* NSAP */
    {23, "n"},		  /* NSAP-PTR */
    {24, "y114tt2NB"},	  /* SIG */
    {25, "211b"},	  /* KEY: may be none (RFC 2535 section 3.1.2) */
    {26, "2NN"},	  /* PX */
    {27, "SSS"},	  /* GPOS */
    {29, "L"},		  /* LOC */
    {30, "NO"},		  /* NXT */
    {31, "X"},		  /* EID */
    {32, "X"},		  /* NIMLOC */
    {33, "222N"},	  /* SRV */
    {34, "1X"},		  /* ATMA */
    {35, "22SSSN"},	  /* NAPTR */
    {36, "2N"},		  /* KX */
    {37, "221B"},	  /* CERT */
    {38, "6"},		  /* A6 */
    {39, "N"},		  /* DNAME */
    {40, "11X"},	  /* SINK */
    {42, "P"},		  /* APL */
    {44, "11X"},	  /* SSHFP */
    {45, "I"},		  /* IPSECKEY */
    {48, "211B"},	  /* DNSKEY */
    {49, "B"},		  /* DHCID */
    {50, "112hHM"},	  /* NSEC3 */
    {51, "112h"},	  /* NSEC3PARAM */
    {52, "111X"},	  /* TLSA */
    {53, "111X"},	  /* SMIMEA */
    {55, "J"},		  /* HIP */
    {56, "T"},		  /* NINFO */
    {57, "211B"},	  /* RKEY */
    {58, "nn"},		  /* TALINK */
    {59, "211X"},	  /* CDS */
    {60, "211B"},	  /* CDNSKEY */
    {61, "B"},		  /* OPENPGPKEY */
    {62, "42M"},	  /* CSYNC */
    {63, "411x"},	  /* ZONEMD: its length is a rule of the verifier */
    {64, "2nK"},	  /* SVCB */
    {65, "2nK"},	  /* HTTPS */
    {66, "y12n"},	  /* DSYNC */
    {67, "B"},		  /* HHIT */
    {68, "B"},		  /* BRID */
    {99, "T"},		  /* SPF */
    {104, "2g"},	  /* NID */
    {105, "2a"},	  /* L32 */
    {106, "2g"},	  /* L64 */
    {107, "2n"},	  /* LP */
    {108, "e"},		  /* EUI48 */
    {109, "E"},		  /* EUI64 */
    {256, "22V"},	  /* URI */
    {257, "1cV"},	  /* CAA */
    {258, "T"},		  /* AVC */
    {259, "441Sb"},	  /* DOA */
    {260, "R"},		  /* AMTRELAY */
    {261, "T"},		  /* RESINFO */
    {262, "T"},		  /* WALLET */
    {263, "T"},		  /* CLA */
    {264, "g"},		  /* IPN */
    {32768, "211X"},	  /* TA */
    {32769, "211X"},	  /* DLV */
};

const char *
rdata_fields(uint16_t type)
{
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
		if (layouts[i].type == type)
			return layouts[i].fields;
	return "*";
}

/* Octets of a field whose length the letter alone tells; 0: another one. */
static size_t
fixed_len(char field)
{
	switch (field) {
	case '1':
		return 1;
	case '2':
	case 'y':
		return 2;
	case '4':
	case 't':
	case 'a':
		return 4;
	case 'e':
		return 6;
	case 'E':
	case 'g':
		return 8;
	case 'q':
		return 16;
	default:
		return 0;
	}
}

/* Letters and digits (RFC 8659 section 4.1). */
static bool
is_tag(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] >= 0x80 || !isalnum(p[i]))
			return false;
	return len > 0;
}

static bool
are_digits(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] < '0' || p[i] > '9')
			return false;
	return true;
}

static bool
string_len(char field, const uint8_t *p, size_t left, size_t *len)
{
	if (left == 0 || p[0] >= left)
		return false;
	*len = (size_t)p[0] + 1;
	if (field == 'c')
		return is_tag(p + 1, p[0]);
	if (field == 'D')
		return p[0] >= 4 && are_digits(p + 1, p[0]);
	return field != 'H' || p[0] > 0;
}

/* At least one, at most so many. */
static bool
are_strings(const uint8_t *p, size_t left, size_t most)
{
	size_t n;

	do {
		if (most-- == 0 || !string_len('S', p, left, &n))
			return false;
		p += n;
		left -= n;
	} while (left > 0);
	return true;
}

/* Is this what the field, which ends the RDATA, may be? */
static bool
rest_is(char field, const uint8_t *p, size_t left)
{
	switch (field) {
	case 'T':
		return are_strings(p, left, left);
	case 'W':
		return are_strings(p, left, 2);
	case 'k': /* RFC 1035 section 3.4.2 */
		return left == 0 || (left <= 8192 && p[left - 1] != 0);
	case 'X':
	case 'B':
		return left > 0;
	case 'O': /* RFC 2535 section 5.2 */
		return left > 0 && left <= 16 && p[left - 1] != 0;
	case 'M':
		return rdata_bitmap(p, left);
	case 'L':
		return rdata_loc(p, left);
	case 'P':
		return rdata_apl(p, left);
	case 'K':
		return rdata_svcb(p, left);
	case 'I':
		return rdata_ipseckey(p, left);
	case 'J':
		return rdata_hip(p, left);
	case 'R':
		return rdata_amtrelay(p, left);
	case '6':
		return rdata_a6(p, left);
	default: /* V x b m * */
		return true;
	}
}

bool
rdata_field(char field, const uint8_t *p, size_t left, size_t *len)
{
	switch (field) {
	case 'N':
	case 'n':
		*len = name_check(p, left);
		return *len > 0;
	case 'S':
	case 'c':
	case 'D':
	case 'h':
	case 'H':
		return string_len(field, p, left, len);
	default:
		if ((*len = fixed_len(field)) > 0)
			return *len <= left;
		*len = left;
		return rest_is(field, p, left);
	}
}
