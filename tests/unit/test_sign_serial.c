/* The serial to publish, by policy, and around the end of its 32 bits. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lib/utc.h"
#include "signer/sign.h"

#define NOW INT64_C(1800000000) /* 2027-01-15T08:00:00Z */

static const struct {
	enum config_serial policy;
	uint32_t input;
	bool has_last;
	uint32_t last;
	int expect; /* -1: refused */
	uint32_t serial;
} serials[] = {
    {SERIAL_KEEP, 5, false, 0, 0, 5},
    {SERIAL_KEEP, 6, true, 5, 0, 6},
    {SERIAL_KEEP, 5, true, 5, -1, 0},
    {SERIAL_KEEP, 4, true, 5, -1, 0},
    {SERIAL_KEEP, 0, true, 4294967295U, 0, 0},
    {SERIAL_KEEP, 2147483648U, true, 0, -1, 0},
    {SERIAL_INCREMENT, 5, false, 0, 0, 5},
    {SERIAL_INCREMENT, 5, true, 5, 0, 6},
    {SERIAL_INCREMENT, 3, true, 5, 0, 6},
    {SERIAL_INCREMENT, 9, true, 5, 0, 9},
    {SERIAL_INCREMENT, 1, true, 4294967295U, 0, 1},
    {SERIAL_INCREMENT, 4294967295U, true, 4294967295U, 0, 0},
    {SERIAL_UNIXTIME, 5, false, 0, 0, 1800000000},
    {SERIAL_UNIXTIME, 1800000000, false, 0, 0, 1800000001},
    {SERIAL_UNIXTIME, 5, true, 1800000007, 0, 1800000008},
    {SERIAL_DATE, 5, false, 0, 0, 2027011500},
    {SERIAL_DATE, 5, true, 2027011500, 0, 2027011501},
    {SERIAL_DATE, 2027011599, false, 0, 0, 2027011600},
    {SERIAL_DATE, 5, true, 2027011499, 0, 2027011500},
    /* what was published last binds, wherever the input stands */
    {SERIAL_UNIXTIME, 2147483647, true, 0, 0, 1800000000},
    {SERIAL_UNIXTIME, 2147483648U, true, 0, 0, 1800000000},
    {SERIAL_DATE, 2147483648U, true, 0, 0, 2027011500},
};

static void
serial(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof serials / sizeof *serials; i++) {
		struct error e = ERROR_INIT;
		uint32_t got = 0;
		int rc = sign_serial(&got, serials[i].policy, serials[i].input,
		    serials[i].has_last, serials[i].last, NOW, &e);

		if (rc != serials[i].expect ||
		    (rc == 0 && got != serials[i].serial))
			fail_msg("case %zu: %d %u %s", i, rc, got, e.text);
		if (rc == -1)
			assert_int_equal(e.status, STATUS_NO);
	}
}

/* The day's serial fits 32 bits until the year 4294. */
static void
serial_of_a_late_date(void **state)
{
	struct error e = ERROR_INIT;
	uint32_t got = 0;

	(void)state;
	assert_int_equal(sign_serial(&got, SERIAL_DATE, 2150010100U - 500,
			     false, 0, utc_from_date(2150, 1, 1), &e), 0);
	assert_int_equal(got, 2150010100U);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(serial),
	    cmocka_unit_test(serial_of_a_late_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
