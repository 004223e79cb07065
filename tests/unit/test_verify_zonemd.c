/* ZONEMD in the verifier: verified, failed, or not to be checked. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stddef.h>

#include <cmocka.h>

#include "signer/zonemd.h"
#include "tests/support/signed_zone.h"

static const struct sz_lie honest = SZ_HONEST;

/* The digest, its serial, its length, its neighbours. */
static void
zonemd_case(const char *line, const char *rule, enum zonemd_result result)
{
	struct signed_zone s;
	struct verify_report r;

	sz_make(&s);
	if (line[0] == '-')
		sz_remove(&s, "example.", TYPE_ZONEMD, 0);
	if (line[1] != '\0')
		sz_add(&s, line + 1);
	sz_resign(&s, "example.", TYPE_ZONEMD, 1, &honest);
	sz_verify(&r, &s.z, NULL);
	if (r.zonemd != result || sz_count(&r, rule, "example.", TYPE_ZONEMD) !=
		(result != ZONEMD_VERIFIED)) {
		sz_print(&r);
		fail_msg("%s: result %d", line, r.zonemd);
	}
	assert_int_equal(r.errors, result == ZONEMD_FAILED);
	verify_report_free(&r);
	sz_end(&s);
}

#define HEX48                                                             \
	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff" \
	"00112233445566778899aabbccddeeff"
#define HEX64 HEX48 "00112233445566778899aabbccddeeff"

static void
test_zonemd(void **state)
{
	(void)state;
	zonemd_case("+", "zonemd-wrong", ZONEMD_VERIFIED);
	zonemd_case("-@ 3600 IN ZONEMD 7 1 1 " HEX48, "zonemd-wrong",
	    ZONEMD_FAILED);
	zonemd_case("+@ 3600 IN ZONEMD 7 1 2 " HEX64, "zonemd-wrong",
	    ZONEMD_FAILED);
	zonemd_case("+@ 3600 IN ZONEMD 8 1 240 " HEX48, "zonemd-serial",
	    ZONEMD_FAILED);
	zonemd_case("+@ 3600 IN ZONEMD 7 1 2 " HEX48, "zonemd-malformed",
	    ZONEMD_FAILED);
	zonemd_case("-@ 3600 IN ZONEMD 7 1 240 " HEX48, "zonemd-unsupported",
	    ZONEMD_CANNOT_CHECK);
	/* RFC 8976 section 2.2.4: twelve octets at least. */
	zonemd_case("-@ 3600 IN TYPE63 \\# 18 00000007 01 f0 "
		    "00112233445566778899aabb", "zonemd-unsupported",
	    ZONEMD_CANNOT_CHECK);
	zonemd_case("-@ 3600 IN TYPE63 \\# 17 00000007 01 f0 "
		    "00112233445566778899aa", "zonemd-malformed",
	    ZONEMD_FAILED);
	zonemd_case("-@ 3600 IN ZONEMD 7 240 1 " HEX48, "zonemd-unsupported",
	    ZONEMD_CANNOT_CHECK);
}

/* Both hashes; a private one beside a good one; the same tuple twice. */
static void
test_zonemd_several(void **state)
{
	struct signed_zone s;
	struct verify_report r;

	(void)state;
	sz_begin(&s, "example.", sz_text);
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 2, 256);
	sz_add(&s, "@ 3600 IN ZONEMD 7 1 2 " HEX64);
	sz_add(&s, "@ 3600 IN ZONEMD 7 1 240 " HEX48);
	sz_sign(&s, ZONEMD_SHA384);
	sz_verify(&r, &s.z, NULL);
	assert_int_equal(r.zonemd, ZONEMD_VERIFIED);
	assert_int_equal(sz_count(&r, "zonemd-unsupported", NULL, 0), 1);
	assert_int_equal(r.errors, 0);
	verify_report_free(&r);
	sz_add(&s, "@ 3600 IN ZONEMD 7 1 240 " HEX64);
	sz_resign(&s, "example.", TYPE_ZONEMD, 1, &honest);
	sz_verify(&r, &s.z, NULL);
	assert_int_equal(r.zonemd, ZONEMD_FAILED);
	assert_int_equal(sz_count(&r, "zonemd-duplicate", "example.",
			     TYPE_ZONEMD), 1);
	verify_report_free(&r);
	sz_end(&s);
}

/* One that is wrong is not mended by one that is right, in any order. */
static void
test_zonemd_order(void **state)
{
	struct signed_zone s;
	struct verify_report r;

	(void)state;
	sz_begin(&s, "example.", sz_text);
	sz_key_number(&s, 1, 257);
	sz_key_number(&s, 2, 256);
	sz_sign(&s, ZONEMD_SHA512);
	sz_add(&s, "@ 3600 IN ZONEMD 7 0 1 " HEX48);
	sz_resign(&s, "example.", TYPE_ZONEMD, 1, &honest);
	sz_verify(&r, &s.z, NULL);
	assert_int_equal(r.zonemd, ZONEMD_VERIFIED);
	verify_report_free(&r);
	sz_add(&s, "@ 3600 IN ZONEMD 7 1 1 " HEX48);
	sz_resign(&s, "example.", TYPE_ZONEMD, 1, &honest);
	sz_verify(&r, &s.z, NULL);
	assert_int_equal(r.zonemd, ZONEMD_FAILED);
	assert_int_equal(sz_count(&r, "zonemd-wrong", NULL, 0), 1);
	verify_report_free(&r);
	sz_end(&s);
}

/* What only ZONEMD sees: glue. */
static void
test_zonemd_glue(void **state)
{
	struct signed_zone s;
	struct verify_report r;

	(void)state;
	sz_make(&s);
	sz_add(&s, "ns.alpha 3600 IN A 192.0.2.200");
	sz_verify(&r, &s.z, NULL);
	assert_int_equal(r.errors, 1);
	assert_int_equal(sz_count(&r, "zonemd-wrong", "example.", TYPE_ZONEMD),
	    1);
	assert_int_equal(r.zonemd, ZONEMD_FAILED);
	verify_report_free(&r);
	sz_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_zonemd),
	    cmocka_unit_test(test_zonemd_several),
	    cmocka_unit_test(test_zonemd_order),
	    cmocka_unit_test(test_zonemd_glue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
