/* ZONEMD of the signer: RFC 8976 appendix A.1, exclusions, private hashes. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/buf.h"
#include "lib/hex.h"
#include "signer/zonemd.h"
#include "tests/support/zone_text.h"

#define A1                                                                    \
	"$TTL 86400\n@ SOA ns1 admin 2018031900 1800 900 604800 86400\n"      \
	"@ NS ns1\n@ NS ns2\nns1 3600 A 203.0.113.63\n"                       \
	"ns2 3600 AAAA 2001:db8::63\n"
#define A1_DIGEST                                                             \
	"c68090d90a7aed716bc459f9340e3d7c1370d4d24b7e2fc3"                    \
	"a1ddc0b9a87153b9a9713b3c9ae5cc27777f98b8e730044c"
#define ZERO48                                                                \
	"000000000000000000000000000000000000000000000000"                    \
	"000000000000000000000000000000000000000000000000"
#define ZERO64 ZERO48 "00000000000000000000000000000000"

static void
fill(struct zone *z, const char *text)
{
	struct error e = ERROR_INIT;

	zone_from_text(z, "example.", text);
	if (zonemd_fill(z, &e) == -1)
		fail_msg("%s", e.text);
}

/* Hexadecimal of the digest of the i-th ZONEMD record. */
static const char *
digest(const struct zone *z, unsigned i)
{
	static char text[200];
	struct rrset rs;

	assert_true(rrset_find(z, zone_apex(z), TYPE_ZONEMD, &rs));
	assert_true(i < rs.n);
	hex_encode(text, rrset_record(&rs, i)->rdata + 6,
	    rrset_record(&rs, i)->rdlen - 6U);
	return text;
}

static void
rfc8976_a1(void **state)
{
	struct zone z;

	(void)state;
	fill(&z, A1 "@ ZONEMD 2018031900 1 1 " ZERO48 "\n");
	assert_string_equal(digest(&z, 0), A1_DIGEST);
	zone_free(&z);
}

/* Case, order and a record given twice make no difference; glue does. */
static void
content(void **state)
{
	struct zone z;

	(void)state;
	fill(&z, "@ 86400 ZONEMD 2018031900 1 1 " ZERO48 "\n"
		 "NS2 3600 AAAA 2001:db8:0::63\nns1 3600 A 203.0.113.63\n"
		 "@ 86400 NS NS2.Example.\n@ 86400 NS ns2\n@ 86400 NS ns1\n"
		 "@ 86400 SOA ns1 ADMIN 2018031900 1800 900 604800 86400\n");
	assert_string_equal(digest(&z, 0), A1_DIGEST);
	zone_free(&z);
	fill(&z, A1 "@ ZONEMD 2018031900 1 1 " ZERO48 "\n"
		    "sub NS ns.sub\nns.sub A 192.0.2.1\n");
	assert_string_not_equal(digest(&z, 0), A1_DIGEST);
	zone_free(&z);
}

/* Only the apex ZONEMD RRset and its RRSIG are left out. */
static void
exclusions(void **state)
{
#define RRSIG(type, owner)                                                    \
	owner " 86400 RRSIG " type                                            \
	      " 8 1 86400 20200101000000 20190101000000 1 example. AAAA\n"
	struct zone z;

	(void)state;
	fill(&z, A1 "@ ZONEMD 2018031900 1 1 " ZERO48 "\n"
		    RRSIG("ZONEMD", "@"));
	assert_string_equal(digest(&z, 0), A1_DIGEST);
	zone_free(&z);
	fill(&z, A1 "@ ZONEMD 2018031900 1 1 " ZERO48 "\n" RRSIG("SOA", "@"));
	assert_string_not_equal(digest(&z, 0), A1_DIGEST);
	zone_free(&z);
	fill(&z, A1 "@ ZONEMD 2018031900 1 1 " ZERO48 "\n"
		    "ns1 ZONEMD 2018031900 1 1 " ZERO48 "\n");
	assert_string_not_equal(digest(&z, 0), A1_DIGEST);
	zone_free(&z);
}

/* Several: each is what it would be alone; a private one claims nothing. */
static void
several(void **state)
{
	struct zone z;
	char sha512[200];

	(void)state;
	fill(&z, A1 "@ ZONEMD 2018031900 1 2 " ZERO64 "\n");
	snprintf(sha512, sizeof sha512, "%s", digest(&z, 0));
	assert_int_equal(strlen(sha512), 128);
	zone_free(&z);
	fill(&z, A1 "@ ZONEMD 2018031900 1 1 " ZERO48 "\n"
		    "@ ZONEMD 2018031900 1 2 " ZERO64 "\n"
		    "@ ZONEMD 2018031900 1 241 " ZERO48 "\n");
	assert_string_equal(digest(&z, 0), A1_DIGEST);
	assert_string_equal(digest(&z, 1), sha512);
	assert_string_not_equal(digest(&z, 2), A1_DIGEST);
	assert_string_not_equal(digest(&z, 2), ZERO48);
	zone_free(&z);
}

static void
names(void **state)
{
	static const struct {
		const char *name;
		int number;
	} cases[] = {{"sha384", 1}, {"sha512", 2}, {"private-240", 240},
	    {"private-254", 254}, {"private-239", -1}, {"private-255", -1},
	    {"private-240x", -1}, {"private-", -1}, {"none", -1}, {"", -1}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(zonemd_hash_by_name(cases[i].name),
		    cases[i].number);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rfc8976_a1),
	    cmocka_unit_test(content),
	    cmocka_unit_test(exclusions),
	    cmocka_unit_test(several),
	    cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
