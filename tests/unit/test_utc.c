#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/utc.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void
moments(void **state)
{
	static const struct {
		const char *text, *digits;
		int64_t t;
	} rows[] = {{"1970-01-01T00:00:00Z", "19700101000000", 0},
	    {"2000-02-29T12:34:56Z", "20000229123456", 951827696},
	    {"2026-10-11T00:00:00Z", "20261011000000", 1791676800},
	    {"2038-01-19T03:14:07Z", "20380119031407", 2147483647},
	    {"2038-01-19T03:14:08Z", "20380119031408", 2147483648},
	    {"2106-02-07T06:28:15Z", "21060207062815", 4294967295},
	    {"2106-02-07T06:28:16Z", "21060207062816", 4294967296},
	    {"9999-12-31T23:59:59Z", "99991231235959", 253402300799}};
	struct error e = ERROR_INIT;
	char out[UTC_TEXT];
	int64_t t;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_string_equal(utc_text(out, rows[i].t), rows[i].text);
		assert_string_equal(utc_digits(out, rows[i].t), rows[i].digits);
		assert_int_equal(utc_parse(&t, rows[i].text, &e), 0);
		assert_int_equal(t, rows[i].t);
		assert_int_equal(utc_parse(&t, rows[i].digits, &e), 0);
		assert_int_equal(t, rows[i].t);
	}
	assert_int_equal(utc_parse(&t, "2026-10-11", &e), 0);
	assert_int_equal(t, 1791676800);
	assert_int_equal(utc_parse(&t, "2026-10-11T00:00:00+00:00", &e), 0);
	assert_int_equal(t, 1791676800);
}

static void
moments_at_the_ends(void **state)
{
	char out[UTC_TEXT];

	(void)state;
	assert_string_equal(utc_text(out, TIME_NEVER), "never");
	assert_string_equal(utc_digits(out, TIME_NEVER), "never");
	assert_string_equal(utc_text(out, -1), "1969-12-31T23:59:59Z");
	assert_string_equal(utc_text(out, -DAY), "1969-12-31T00:00:00Z");
	assert_string_equal(
	    utc_text(out, 253402300800), "10000-01-01T00:00:00Z");
	assert_string_equal(
	    utc_text(out, INT64_MAX - 1), "292277026596-12-04T15:30:06Z");
	assert_string_equal(
	    utc_text(out, INT64_MIN), "-292277022657-01-27T08:29:52Z");
}

static void
moments_refused(void **state)
{
	static const char *const rows[] = {"", "never", "0", "1791676800",
	    "1969-12-31T23:59:59Z", "0000-01-01", "10000-01-01", "2026-00-11",
	    "2026-13-11", "2026-10-00", "2026-10-32", "2026-02-29",
	    "2026-04-31", "2100-02-29", "20260230000000",
	    "2026-10-11T24:00:00Z", "2026-10-11T23:60:00Z",
	    "2026-10-11T23:59:60Z", "2016-12-31T23:59:60Z",
	    "2026-10-11T00:00:00", "2026-10-11T00:00:00z",
	    "2026-10-11t00:00:00Z", "2026-10-11 00:00:00Z",
	    "2026-10-11T00:00:00+01:00", "2026-10-11T00:00:00-00:00",
	    "2026-10-11T00:00:00Z ", " 2026-10-11", "2026-10-1", "2026-10-111",
	    "2026/10/11", "2026-+1-11", "2026101100000", "202610110000000",
	    "20261011", "2026-10-11T00:00Z", "2026-10-11T00:00:00.5Z",
	    "yyyy-MM-dd"};
	struct error e = ERROR_INIT;
	int64_t t;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		t = -7;
		if (utc_parse(&t, rows[i], &e) != -1)
			fail_msg("accepted: %s", rows[i]);
		assert_int_equal(t, -7);
		assert_int_equal(e.status, STATUS_TROUBLE);
		assert_non_null(strstr(e.text, rows[i]));
	}
}

/* Every day of 800 years beside a calendar that only counts. */
static void
calendar(void **state)
{
	static const int lengths[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t t = -11676096000; /* 1600-01-01 */
	int y, m, d;

	(void)state;
	assert_int_equal(utc_from_date(1600, 1, 1), t);
	for (int year = 1600; year < 2400; year++)
		for (int month = 1; month <= 12; month++) {
			bool leap = year % 400 == 0 ||
				    (year % 4 == 0 && year % 100 != 0);
			int days = lengths[month - 1] + (leap && month == 2);

			for (int day = 1; day <= days; day++, t += DAY) {
				utc_to_date(t + DAY - 1, &y, &m, &d);
				if (utc_from_date(year, month, day) != t ||
				    y != year || m != month || d != day)
					fail_msg("%d-%d-%d", year, month, day);
			}
		}
}

/* Months and days beyond their range carry over, as for plans. */
static void
dates_carry(void **state)
{
	(void)state;
	assert_int_equal(utc_from_date(2026, 13, 1), utc_from_date(2027, 1, 1));
	assert_int_equal(utc_from_date(2026, 15, 1), utc_from_date(2027, 3, 1));
	assert_int_equal(utc_from_date(2026, 0, 1), utc_from_date(2025, 12, 1));
	assert_int_equal(utc_from_date(2026, 3, 0), utc_from_date(2026, 2, 28));
}

static void
no_time_zone(void **state)
{
	struct error e = ERROR_INIT;
	char out[UTC_TEXT];
	int64_t t;

	(void)state;
	assert_int_equal(setenv("TZ", "Pacific/Auckland", 1), 0);
	tzset();
	assert_int_equal(utc_parse(&t, "20261011000000", &e), 0);
	assert_int_equal(t, 1791676800);
	assert_string_equal(utc_text(out, t), "2026-10-11T00:00:00Z");
	unsetenv("TZ");
	tzset();
}

static void
durations(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
		const char *written;
	} rows[] = {{"0s", 0, "0s"}, {"0d", 0, "0s"}, {"PT0S", 0, "0s"},
	    {"1s", 1, "1s"}, {"90s", 90, "1m30s"}, {"30d", 30 * DAY, "30d"},
	    {"48h", 2 * DAY, "2d"}, {"2w", 14 * DAY, "14d"},
	    {"1h30m", 5400, "1h30m"}, {"007d", WEEK, "7d"},
	    {"1w2d3h4m5s", 9 * DAY + 3 * HOUR + 245, "9d3h4m5s"},
	    {"P30D", 30 * DAY, "30d"}, {"PT1H30M", 5400, "1h30m"},
	    {"P1W", WEEK, "7d"}, {"P1DT1S", DAY + 1, "1d1s"},
	    {"P1W2DT3H4M5S", 9 * DAY + 3 * HOUR + 245, "9d3h4m5s"},
	    {"36525d", 36525 * DAY, "36525d"},
	    {"3155760000s", 36525 * DAY, "36525d"},
	    {"36524d24h", 36525 * DAY, "36525d"}};
	struct error e = ERROR_INIT;
	char out[DURATION_TEXT];
	int64_t s;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (duration_parse(&s, rows[i].text, &e) != 0)
			fail_msg("%s", e.text);
		assert_int_equal(s, rows[i].seconds);
		assert_string_equal(duration_text(out, s), rows[i].written);
		assert_int_equal(duration_parse(&s, out, &e), 0);
		assert_int_equal(s, rows[i].seconds);
	}
}

static void
durations_refused(void **state)
{
	static const char *const rows[] = {"", "0", "30", "d", "30 d", "-1d",
	    "+1d", "1d ", " 1d", "1D", "1y", "1M", "1mo", "30m1h", "1d1d",
	    "1d2w", "1s1m", "1.5h", "1h30", "1d,2h", "0x1d", "36526d",
	    "36525d1s", "3155760001s", "5218w", "99999999999999999999d", "P",
	    "PT", "P1", "P1DT", "P1M", "P1Y", "PT1D", "P1H", "P1D1W", "P1D1D",
	    "PT1M1H", "PT1H1H", "p1d", "P1d", "PT1h", "1dT1h", "P-1D",
	    "P36525DT1S", "PT1HT1M", "P 1D", "P1DX", "PT1.5S"};
	struct error e = ERROR_INIT;
	int64_t s;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		s = -7;
		if (duration_parse(&s, rows[i], &e) != -1)
			fail_msg("accepted: %s", rows[i]);
		assert_int_equal(s, -7);
		assert_int_equal(e.status, STATUS_TROUBLE);
		assert_non_null(strstr(e.text, rows[i]));
	}
}

static void
durations_at_the_ends(void **state)
{
	char out[DURATION_TEXT];

	(void)state;
	assert_string_equal(duration_text(out, -90), "-1m30s");
	assert_string_equal(duration_text(out, TIME_NEVER), "never");
	assert_string_equal(
	    duration_text(out, INT64_MIN), "-106751991167300d15h30m8s");
}

/* RFC 1982 section 3.2, SERIAL_BITS 32. */
static void
serials(void **state)
{
	static const struct {
		uint32_t a, b;
		bool after;
	} rows[] = {{0, 0, false}, {1, 0, true}, {0, 1, false},
	    {0x7fffffff, 0, true}, {0, 0x7fffffff, false},
	    {0x80000000, 0, false}, {0, 0x80000000, false},
	    {0x80000001, 0, false}, {0, 0x80000001, true},
	    {0, 0xffffffff, true}, {0xffffffff, 0, false},
	    {0xffffffff, 0xffffffff, false}, {0x7ffffffe, 0xffffffff, true},
	    {0x7fffffff, 0xffffffff, false}};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (serial_after(rows[i].a, rows[i].b) != rows[i].after)
			fail_msg("%u after %u", rows[i].a, rows[i].b);
}

static void
wire(void **state)
{
	static const struct {
		int64_t t;
		uint32_t wire;
		int64_t near;
	} rows[] = {{0, 0, 0}, {1791676800, 1791676800, 1791676800},
	    {2147483647, 0x7fffffff, 2147483648},
	    {2147483648, 0x80000000, 2147483647},
	    {2147483648, 0x80000000, 1791676800},
	    {4294967295, 0xffffffff, 4294967296}, {4294967296, 0, 4294967295},
	    {4294967297, 1, 4294000000},
	    {4294967296 + 100, 100, 4294967296 * 2 - 2147483648 + 99},
	    /* 2^31 - 1 on either side of near */
	    {5000000000, 705032704, 5000000000 - 0x7fffffff},
	    {5000000000, 705032704, 5000000000 + 0x7fffffff},
	    {-1, 0xffffffff, 5}};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(utc_to_wire(rows[i].t), rows[i].wire);
		assert_int_equal(
		    utc_from_wire(rows[i].wire, rows[i].near), rows[i].t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(moments),
	    cmocka_unit_test(moments_at_the_ends),
	    cmocka_unit_test(moments_refused),
	    cmocka_unit_test(calendar),
	    cmocka_unit_test(dates_carry),
	    cmocka_unit_test(no_time_zone),
	    cmocka_unit_test(durations),
	    cmocka_unit_test(durations_refused),
	    cmocka_unit_test(durations_at_the_ends),
	    cmocka_unit_test(serials),
	    cmocka_unit_test(wire),
	};

	return cmocka_run_group_tests_name("utc", tests, NULL, NULL);
}
