/* RDATA of each known type: what is well formed, and one octet beside it. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/buf.h"
#include "lib/error.h"
#include "lib/hex.h"
#include "signer/canonical.h"

static int
try(uint16_t type, const struct buf *b, size_t len)
{
	uint8_t *p = malloc(len + 1); /* its end is watched */
	int rc;

	assert_non_null(p);
	if (len > 0)
		memcpy(p, b->data, len);
	p = realloc(p, len > 0 ? len : 1);
	assert_non_null(p);
	rc = canonical_rdata(type, p, len);
	free(p);
	return rc;
}

#define EIGHT "0001020304050607"

static const struct {
	uint16_t type;
	const char *rdata; /* the shortest that is accepted */
	int longer;	   /* may an octet follow it? 0: yes, -1: no */
} shortest[] = {
    {1, "c0000201", -1},			/* A */
    {2, "00", -1},				/* NS */
    {6, "0000" EIGHT EIGHT "00000000", -1},	/* SOA */
    {13, "0000", -1},				/* HINFO */
    {15, "000000", -1},				/* MX */
    {16, "00", 0},				/* TXT */
    {24, EIGHT EIGHT "00000000", 0},		/* SIG */
    {25, "c0000308", -1},			/* KEY: none */
    {28, EIGHT EIGHT, -1},			/* AAAA */
    {29, "00121212800000008000000000989680", -1}, /* LOC */
    {33, "00000000000000", -1},			/* SRV */
    {35, "0000000000000000", -1},		/* NAPTR */
    {37, "000000000000", 0},			/* CERT */
    {43, "0000000000", 0},			/* DS */
    {44, "000000", 0},				/* SSHFP */
    {46, EIGHT EIGHT "000000", 0},		/* RRSIG */
    {47, "00", 0},				/* NSEC */
    {48, "0000000000", 0},			/* DNSKEY */
    {49, "00", 0},				/* DHCID */
    {50, "01000000000100", -1},			/* NSEC3 */
    {51, "0100000000", -1},			/* NSEC3PARAM */
    {52, "00000000", 0},			/* TLSA */
    {53, "00000000", 0},			/* SMIMEA */
    {59, "0000000000", 0},			/* CDS */
    {60, "0000000000", 0},			/* CDNSKEY */
    {61, "00", 0},				/* OPENPGPKEY */
    {62, "000000000000", -1},			/* CSYNC */
    {63, "000000000000", 0},			/* ZONEMD */
    {64, "000000", -1},				/* SVCB */
    {65, "000000", -1},				/* HTTPS */
    {104, "0000" EIGHT, -1},			/* NID */
    {105, "000000000000", -1},			/* L32 */
    {106, "0000" EIGHT, -1},			/* L64 */
    {107, "000000", -1},			/* LP */
    {108, "000000000000", -1},			/* EUI48 */
    {109, EIGHT, -1},				/* EUI64 */
    {256, "00000000", 0},			/* URI */
    {257, "000161", 0},				/* CAA */
    {32769, "0000000000", 0},			/* DLV */
};

static void
lengths(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof shortest / sizeof *shortest; i++) {
		struct buf b = BUF_INIT;
		uint16_t type = shortest[i].type;

		assert_int_equal(hex_decode(&b, shortest[i].rdata), 0);
		for (size_t n = 0; n < b.len; n++)
			if (try(type, &b, n) == 0)
				fail_msg("type %u: %zu octets", type, n);
		if (try(type, &b, b.len) != 0)
			fail_msg("type %u: %zu octets", type, b.len);
		buf_u8(&b, 0);
		if (try(type, &b, b.len) != shortest[i].longer)
			fail_msg("type %u: %zu octets", type, b.len);
		buf_free(&b);
	}
}

static const struct {
	uint16_t type;
	int accepted;
	const char *rdata;
} forms[] = {
    /* TXT: strings to the very end */
    {16, -1, ""}, {16, 0, "0161016200"}, {16, -1, "01610262"},
    /* X25, ISDN, WKS */
    {19, 0, "0431323334"}, {19, -1, "03313233"}, {19, -1, "043132333a"},
    {20, 0, "0131"}, {20, 0, "01310132"}, {20, -1, "013101320133"},
    {11, 0, "c000020106"}, {11, 0, "c00002010640"},
    {11, -1, "c0000201064000"},
    /* KEY, SSHFP, CDS: lengths that agree */
    {25, -1, "80000308"}, {25, 0, "8000030801"}, {44, -1, "01010102"},
    {44, 0, "0101" EIGHT EIGHT "00000000"},
    {44, -1, "0101" EIGHT EIGHT "0000000000"},
    {44, 0, "0102" EIGHT EIGHT EIGHT EIGHT}, {44, 0, "010300"},
    {44, -1, "0102" EIGHT EIGHT EIGHT}, {59, 0, "0000000000"},
    {59, 0, "00010801" EIGHT EIGHT "00000000"}, {59, -1, "0001080100"},
    {59, 0, "00010802" EIGHT EIGHT EIGHT EIGHT}, {59, -1, "0001080200"},
    {59, 0, "00010804" EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT},
    {59, -1, "00010804" EIGHT EIGHT EIGHT EIGHT}, {59, 0, "0001080300"},
    /* bitmaps: windows in order, 1 to 32 octets, no zeros at the end */
    {62, 0, "000000000000" "000140" "010180"},
    {62, -1, "000000000000" "000140" "000180"},
    {62, -1, "000000000000" "010140" "000180"},
    {62, -1, "000000000000" "0000"}, {62, -1, "000000000000" "00024000"},
    {62, -1, "000000000000" "000240"},
    {62, 0, "000000000000" "0020" EIGHT EIGHT EIGHT EIGHT},
    {62, -1, "000000000000" "0021" EIGHT EIGHT EIGHT EIGHT "01"},
    {30, 0, "0040"}, {30, -1, "00"}, {30, -1, "004000"},
    {30, 0, "00" EIGHT EIGHT}, {30, -1, "00" EIGHT EIGHT "01"},
    /* LOC: version, sizes, 90 and 180 degrees */
    {29, -1, "01121212800000008000000000989680"},
    {29, -1, "001a1212800000008000000000989680"},
    {29, -1, "0012a112800000008000000000989680"},
    {29, -1, "00121201800000008000000000989680"},
    {29, 0, "00000000800000008000000000989680"},
    {29, 0, "00121212934fd9008000000000989680"},
    {29, 0, "001212126cb027008000000000989680"},
    {29, -1, "00121212934fd9018000000000989680"},
    {29, -1, "001212126cb026ff8000000000989680"},
    {29, 0, "0012121280000000a69fb200ffffffff"},
    {29, -1, "0012121280000000a69fb20100989680"},
    /* APL: families, prefixes, no zeros at the end */
    {42, 0, ""}, {42, 0, "00012001c0"}, {42, 0, "000120" "84" "c0000201"},
    {42, -1, "000121" "01" "c0"}, {42, -1, "000320" "01" "c0"},
    {42, -1, "000020" "01" "c0"}, {42, -1, "000120" "02" "c000"},
    {42, -1, "000120" "05" "c000020101"}, {42, -1, "00012002c0"},
    {42, 0, "000280" "00" "000120" "00"}, {42, -1, "000281" "00"},
    {42, -1, "0002" "80"},
    /* CAA: a tag of letters and digits */
    {257, -1, "0000"}, {257, 0, "00027a39"}, {257, -1, "00012d"},
    {257, -1, "0001e1"}, {257, -1, "000261"},
    /* NSEC3: a hash */
    {50, -1, "010000000000"}, {50, 0, "0100000001ff0100"},
    /* SVCB: keys in order, once each, values that their keys have */
    {64, 0, "000100" "00010003026832" "000300020050"},
    {64, -1, "000100" "000300020050" "00010003026832"},
    {64, -1, "000100" "000300020050" "000300020050"},
    {64, -1, "000100" "0003000100"}, {64, -1, "000100" "0003000200"},
    {64, -1, "000100" "000300"}, {64, -1, "000100" "00010000"},
    {64, -1, "000100" "0001000100"}, {64, -1, "000100" "00010003036832"},
    {64, 0, "000100" "00010003026832" "00020000"},
    {64, -1, "000100" "00010003026832" "0002000100"},
    {64, -1, "000100" "00020000"},
    {64, 0, "000100" "00040004c0000201"}, {64, -1, "000100" "00040000"},
    {64, -1, "000100" "00040003c00002"}, {64, -1, "000100" "00050000"},
    {64, -1, "000100" "00060008" EIGHT},
    {64, 0, "000100" "00060010" EIGHT EIGHT},
    {64, 0, "000100" "029b0000"}, {64, -1, "000100" "ffff0000"},
    {64, 0, "000100" "000000020003" "000300020050"},
    {64, -1, "000100" "000000020004" "000300020050"},
    {64, -1, "000100" "000000020000" "000300020050"},
    {64, -1, "000100" "00000000"}, {64, -1, "000100" "0000000100"},
    {64, -1, "000100" "0000000400030003" "000300020050"},
    /* IPSECKEY: each gateway; a key, unless its algorithm is 0 */
    {45, 0, "000000"}, {45, -1, "00000000"}, {45, -1, "000001"},
    {45, 0, "00000100"}, {45, 0, "000101c000020100"},
    {45, -1, "000101c0000201"}, {45, 0, "000201" EIGHT EIGHT "00"},
    {45, 0, "000301016100" "ff"}, {45, -1, "0003010161"},
    {45, -1, "00040100"}, {45, -1, "0000"},
    /* AMTRELAY */
    {260, 0, "0000"}, {260, 0, "0081c0000201"}, {260, -1, "0001c00002"},
    {260, 0, "0002" EIGHT EIGHT}, {260, 0, "0003016100"},
    {260, -1, "000301610000"}, {260, -1, "0004"}, {260, -1, "00"},
    /* HIP */
    {55, 0, "01020001aabb"}, {55, 0, "01020001aabb" "016100" "00"},
    {55, -1, "00020001aabb"}, {55, -1, "01020000aabb"},
    {55, -1, "01020001aa"}, {55, -1, "01020001aabb" "0161"},
    {55, -1, "010200"},
    /* A6 */
    {38, 0, "00" EIGHT EIGHT}, {38, -1, "00" EIGHT EIGHT "00"},
    {38, 0, "8000"}, {38, -1, "80"}, {38, -1, "8100"},
    {38, 0, "40" EIGHT "016100"}, {38, -1, "40" EIGHT},
    {38, 0, "7c0f" "00"}, {38, -1, "7c1f" "00"}, {38, -1, "7c0f" "0000"},
    /* not known: anything */
    {65280, 0, ""}, {65280, 0, "ff"},
};

static void
fields_of_their_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct buf b = BUF_INIT;

		if (forms[i].rdata[0] != '\0')
			assert_int_equal(hex_decode(&b, forms[i].rdata), 0);
		if (try(forms[i].type, &b, b.len) != forms[i].accepted)
			fail_msg("type %u: %s", forms[i].type, forms[i].rdata);
		buf_free(&b);
	}
}

/* RFC 4034 section 6.2 with RFC 6840 section 5.1, RFC 3597 section 7. */
static void
case_of_names(void **state)
{
	uint8_t mx[] = "\0\1\2AB", nsec[] = "\2AB", lp[] = "\0\1\2AB";
	uint8_t naptr[] = "\0\1\0\1\1A\1B\1C\1D", svcb[] = "\0\1\1A";

	(void)state;
	assert_int_equal(canonical_rdata(15, mx, sizeof mx), 0);
	assert_memory_equal(mx, "\0\1\2ab", sizeof mx);
	assert_int_equal(canonical_rdata(47, nsec, sizeof nsec), 0);
	assert_memory_equal(nsec, "\2AB", sizeof nsec);
	assert_int_equal(canonical_rdata(107, lp, sizeof lp), 0);
	assert_memory_equal(lp, "\0\1\2AB", sizeof lp);
	assert_int_equal(canonical_rdata(35, naptr, sizeof naptr), 0);
	assert_memory_equal(naptr, "\0\1\0\1\1A\1B\1C\1d", sizeof naptr);
	assert_int_equal(canonical_rdata(64, svcb, sizeof svcb), 0);
	assert_memory_equal(svcb, "\0\1\1A", sizeof svcb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lengths),
	    cmocka_unit_test(fields_of_their_own),
	    cmocka_unit_test(case_of_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
