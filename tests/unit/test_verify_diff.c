/* Against the unsigned zone: nothing lost, nothing added. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/utc.h"
#include "signer/zonemd.h"
#include "tests/support/signed_zone.h"
#include "tests/support/zone_text.h"

/* sz_text and more, signed; the same text and other more, unsigned. */
static const struct {
	const char *zone, *input; /* lines added to either */
	const char *rule, *owner; /* NULL: no difference */
	uint16_t type;
	size_t findings;
} changes[] = {
    {"", "", NULL, NULL, 0, 0},
    /* What signing makes may be in the input. */
    {"", "@ 1 IN DNSKEY 256 3 15 AAAA\n@ 1 IN CDS 0 0 0 00\n"
	"@ 1 IN CDNSKEY 0 3 0 AA==\n@ 1 IN ZONEMD 7 1 1 " \
	"00112233445566778899AABB\n"
	"gamma 1 IN NSEC alpha TXT\n@ 1 IN NSEC3PARAM 1 0 0 -\n", NULL, NULL, 0,
	0},
    /* Elsewhere these are content. */
    {"", "zz 1 IN CDS 0 0 0 00\n", "record-lost", "zz.example.", TYPE_CDS, 1},
    {"", "x 60 IN A 192.0.2.1\n", "record-lost", "x.example.", TYPE_A, 1},
    {"x 60 IN A 192.0.2.1\n", "", "record-added", "x.example.", TYPE_A, 1},
    {"x 60 IN A 192.0.2.1\n", "x 60 IN A 192.0.2.2\n", "record-lost",
	"x.example.", TYPE_A, 2},
    {"x 60 IN A 192.0.2.1\n", "x 61 IN A 192.0.2.1\n", "ttl-changed",
	"x.example.", TYPE_A, 1},
    {"x 60 IN A 192.0.2.1\nx 60 IN A 192.0.2.2\n",
	"x 60 IN A 192.0.2.1\nx 90 IN A 192.0.2.2\n", "ttl-lowered",
	"x.example.", TYPE_A, 1},
    {"x 90 IN A 192.0.2.1\nx 90 IN A 192.0.2.2\n",
	"x 60 IN A 192.0.2.1\nx 90 IN A 192.0.2.2\n", "ttl-changed",
	"x.example.", TYPE_A, 1},
    {"x 60 IN A 192.0.2.1\nx 60 IN A 192.0.2.2\nx 60 IN TXT x\n",
	"x 61 IN A 192.0.2.1\nx 61 IN A 192.0.2.2\nx 61 IN TXT x\n",
	"ttl-changed", "x.example.", TYPE_A, 2},
    /* One record under several TTLs. */
    {"x 60 IN A 192.0.2.1\n", "x 60 IN A 192.0.2.1\nx 90 IN A 192.0.2.1\n",
	"ttl-lowered", "x.example.", TYPE_A, 1},
    {"x 60 IN A 192.0.2.1\nx 60 IN A 192.0.2.2\n",
	"x 60 IN A 192.0.2.1\nx 90 IN A 192.0.2.1\nx 99 IN A 192.0.2.1\n"
	"x 90 IN A 192.0.2.2\n", "ttl-lowered", "x.example.", TYPE_A, 1},
    {"x 90 IN A 192.0.2.1\n", "x 60 IN A 192.0.2.1\nx 90 IN A 192.0.2.1\n",
	"ttl-changed", "x.example.", TYPE_A, 1},
    {"x 80 IN A 192.0.2.1\n", "x 60 IN A 192.0.2.1\nx 90 IN A 192.0.2.1\n",
	"ttl-changed", "x.example.", TYPE_A, 1},
    {"x 60 IN A 192.0.2.1\nx 90 IN A 192.0.2.1\n", "x 60 IN A 192.0.2.1\n",
	"ttl-changed", "x.example.", TYPE_A, 1},
    {"x 60 IN A 192.0.2.1\nx 99 IN A 192.0.2.1\n",
	"x 60 IN A 192.0.2.1\nx 90 IN A 192.0.2.1\n", "ttl-changed",
	"x.example.", TYPE_A, 1},
    {"x 60 IN A 192.0.2.1\n", "x 60 IN A 192.0.2.1\nx 90 IN A 192.0.2.1\n"
	"x 60 IN A 192.0.2.2\n", "record-lost", "x.example.", TYPE_A, 2},
    /* Glue is content, and the last names of either zone. */
    {"", "ns.alpha 3600 IN A 192.0.2.99\n", "record-lost",
	"ns.alpha.example.", TYPE_A, 1},
    {"zzz 60 IN TXT a\n", "", "record-added", "zzz.example.", TYPE_TXT, 1},
    {"", "zzz 60 IN TXT a\n", "record-lost", "zzz.example.", TYPE_TXT, 1},
};

static void
run_change(size_t i)
{
	struct signed_zone s;
	struct verify_report r;
	struct buf b = BUF_INIT;
	struct zone input;
	size_t n;

	sz_make_text(&s, "example.", sz_text, changes[i].zone);
	buf_printf(&b, "%s%s", sz_text, changes[i].input);
	zone_from_text(&input, "example.", buf_cstr(&b));
	sz_compare(&r, &s.z, &input, NULL, NULL);
	n = sz_count(&r, "record-lost", NULL, 0) +
	    sz_count(&r, "record-added", NULL, 0) +
	    sz_count(&r, "ttl-changed", NULL, 0) +
	    sz_count(&r, "ttl-lowered", NULL, 0);
	if (n != changes[i].findings || (changes[i].rule != NULL &&
		sz_count(&r, changes[i].rule, changes[i].owner,
		    changes[i].type) != 1)) {
		sz_print(&r);
		fail_msg("change %zu", i);
	}
	assert_int_equal(r.unsigned_same, changes[i].rule == NULL ||
	    strcmp(changes[i].rule, "ttl-lowered") == 0);
	assert_int_equal(r.errors > 0, !r.unsigned_same);
	verify_report_free(&r);
	zone_free(&input);
	sz_end(&s);
	buf_free(&b);
}

/* Which record it is. */
static void
test_lost_text(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct zone input;

	(void)state;
	sz_make(&s);
	sz_add(&s, "x 60 IN NS ns");
	zone_from_text(&input, "example.", sz_text);
	sz_compare(&r, &s.z, &input, NULL, NULL);
	for (size_t i = 0; i < r.findings; i++)
		if (strcmp(r.finding[i].rule, "record-added") == 0)
			assert_string_equal(r.finding[i].text,
			    "not in the unsigned zone: ns.example.");
	assert_int_equal(sz_count(&r, "record-added", "x.example.", TYPE_NS),
	    1);
	verify_report_free(&r);
	zone_free(&input);
	sz_end(&s);
}

static void
test_unsigned(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		run_change(i);
}

/* The serial may differ, nothing else of the SOA; DS TTL by policy only. */
static void
test_unsigned_soa_ds(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct config cfg;
	struct zone input;

	(void)state;
	sz_config(&cfg);
	cfg.policy.zonemd_n = 0;
	sz_make_text(&s, "example.",
	    "@ 60 SOA a. b. 9 1 2 3 600\n@ 60 NS a.\nx 60 NS a.\n"
	    "x 600 DS 1 13 4 " \
	    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	    "00112233445566778899aabbccddeeff\n", "");
#define INPUT(soa, ttl)                                                  \
	zone_from_text(&input, "example.", soa "@ 60 NS a.\nx 60 NS a.\n" \
	    "x " ttl " DS 1 13 4 "                                       \
	    "00112233445566778899aabbccddeeff00112233445566778899aabbccdd" \
	    "eeff00112233445566778899aabbccddeeff\n")
	INPUT("@ 60 SOA a. b. 8 1 2 3 600\n", "3600");
	sz_compare(&r, &s.z, &input, NULL, &cfg);
	assert_int_equal(sz_count(&r, "ttl-changed", "x.example.", TYPE_DS), 1);
	verify_report_free(&r);
	cfg.policy.ttl.ds = 600;
	sz_compare(&r, &s.z, &input, NULL, &cfg);
	assert_true(r.unsigned_same);
	verify_report_free(&r);
	cfg.policy.ttl.ds = 601;
	sz_compare(&r, &s.z, &input, NULL, &cfg);
	assert_false(r.unsigned_same);
	verify_report_free(&r);
	zone_free(&input);
	INPUT("@ 60 SOA a. b. 8 1 2 4 600\n", "600");
	sz_compare(&r, &s.z, &input, NULL, NULL);
	assert_int_equal(sz_count(&r, "record-lost", "example.", TYPE_SOA), 1);
	verify_report_free(&r);
	zone_free(&input);
	INPUT("@ 61 SOA a. b. 8 1 2 3 600\n", "600");
	sz_compare(&r, &s.z, &input, NULL, NULL);
	assert_int_equal(sz_count(&r, "ttl-changed", "example.", TYPE_SOA), 1);
	verify_report_free(&r);
	zone_free(&input);
	sz_end(&s);
}

static void
test_other_zone(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct zone other;

	(void)state;
	sz_make_text(&s, "example.", sz_text, "");
	zone_from_text(&other, "test.", sz_text);
	sz_compare(&r, &s.z, &other, &other, NULL);
	assert_int_equal(sz_count(&r, "other-zone", NULL, 0), 2);
	assert_false(r.unsigned_same);
	assert_false(r.compared_previous);
	verify_report_free(&r);
	zone_free(&other);
	sz_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_unsigned),
	    cmocka_unit_test(test_lost_text),
	    cmocka_unit_test(test_unsigned_soa_ds),
	    cmocka_unit_test(test_other_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
