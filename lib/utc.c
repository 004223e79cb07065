#include "lib/utc.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct date {
	int64_t year;
	int month;
	int day;
};

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/*
 * Days since 1970-01-01 in the proleptic Gregorian calendar.  Years begin
 * with March, so that the leap day is the last one; 400 of them (an era)
 * have 146,097 days.
 */
static int64_t
days_of_date(int64_t year, int64_t month, int64_t day)
{
	int64_t months = year * 12 + month - 3; /* since March of year 0 */
	int64_t y = floor_div(months, 12);
	int64_t m = months - y * 12;
	int64_t era = floor_div(y, 400);
	int64_t yoe = y - era * 400;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 +
	       (153 * m + 2) / 5 + day - 1 - 719468;
}

static struct date
date_of_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = floor_div(z, 146097);
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t m = (5 * doy + 2) / 153;
	struct date d;

	d.day = (int)(doy - (153 * m + 2) / 5 + 1);
	d.month = (int)(m < 10 ? m + 3 : m - 9);
	d.year = era * 400 + yoe + (m >= 10);
	return d;
}

int64_t
utc_from_date(int year, int month, int day)
{
	return days_of_date(year, month, day) * DAY;
}

void
utc_to_date(int64_t t, int *year, int *month, int *day)
{
	struct date d = date_of_days(floor_div(t, DAY));

	*year = (int)d.year;
	*month = d.month;
	*day = d.day;
}

enum field { F_YEAR, F_MONTH, F_DAY, F_HOUR, F_MINUTE, F_SECOND, FIELDS };

/* The letters of form stand for a digit of a field, the rest for itself. */
static bool
fields_match(const char *form, const char *text, int field[FIELDS])
{
	static const char letters[] = "yMdhms";
	const char *l;

	memset(field, 0, FIELDS * sizeof *field);
	for (; *form != '\0'; form++, text++) {
		if ((l = strchr(letters, *form)) == NULL) {
			if (*text != *form)
				return false;
			continue;
		}
		if (*text < '0' || *text > '9')
			return false;
		field[l - letters] = field[l - letters] * 10 + *text - '0';
	}
	return *text == '\0';
}

static int
month_days(int year, int month)
{
	return (int)(days_of_date(year, month + 1, 1) -
		     days_of_date(year, month, 1));
}

static bool
fields_valid(const int f[FIELDS])
{
	return f[F_YEAR] >= 1970 && f[F_MONTH] >= 1 && f[F_MONTH] <= 12 &&
	       f[F_DAY] >= 1 && f[F_DAY] <= month_days(f[F_YEAR], f[F_MONTH]) &&
	       f[F_HOUR] <= 23 && f[F_MINUTE] <= 59 && f[F_SECOND] <= 59;
}

int
utc_parse(int64_t *t, const char *text, struct error *e)
{
	static const char *const forms[] = {"yyyy-MM-ddThh:mm:ssZ",
	    "yyyy-MM-ddThh:mm:ss+00:00", "yyyyMMddhhmmss", "yyyy-MM-dd"};
	int f[FIELDS];
	size_t i;

	for (i = 0; i < sizeof forms / sizeof *forms; i++)
		if (fields_match(forms[i], text, f))
			break;
	if (i == sizeof forms / sizeof *forms)
		return error_set(e,
		    "time %.40s: not in the form 2026-10-11T00:00:00Z, "
		    "20261011000000 or 2026-10-11",
		    text);
	if (!fields_valid(f))
		return error_set(
		    e, "time %s: no such moment (years 1970 to 9999)", text);
	*t = utc_from_date(f[F_YEAR], f[F_MONTH], f[F_DAY]) + f[F_HOUR] * HOUR +
	     f[F_MINUTE] * MINUTE + f[F_SECOND];
	return 0;
}

struct clock_face {
	int hour, minute, second;
};

static struct clock_face
face_of(int64_t t)
{
	int left = (int)(t % DAY + (t % DAY < 0 ? DAY : 0));
	struct clock_face f = {left / 3600, left / 60 % 60, left % 60};

	return f;
}

const char *
utc_text(char out[UTC_TEXT], int64_t t)
{
	struct date d = date_of_days(floor_div(t, DAY));
	struct clock_face f = face_of(t);

	if (t == TIME_NEVER)
		return memcpy(out, "never", sizeof "never");
	snprintf(out, UTC_TEXT, "%04" PRId64 "-%02d-%02dT%02d:%02d:%02dZ",
	    d.year, d.month, d.day, f.hour, f.minute, f.second);
	return out;
}

const char *
utc_digits(char out[UTC_TEXT], int64_t t)
{
	struct date d = date_of_days(floor_div(t, DAY));
	struct clock_face f = face_of(t);

	if (t == TIME_NEVER)
		return memcpy(out, "never", sizeof "never");
	snprintf(out, UTC_TEXT, "%04" PRId64 "%02d%02d%02d%02d%02d", d.year,
	    d.month, d.day, f.hour, f.minute, f.second);
	return out;
}

bool
serial_after(uint32_t a, uint32_t b)
{
	uint32_t ahead = a - b;

	return ahead != 0 && ahead < UINT32_C(0x80000000);
}

uint32_t
utc_to_wire(int64_t t)
{
	return (uint32_t)((uint64_t)t & UINT32_MAX);
}

int64_t
utc_from_wire(uint32_t wire, int64_t near)
{
	uint32_t now = utc_to_wire(near);

	if (serial_after(wire, now))
		return near + (int64_t)(uint32_t)(wire - now);
	return near - (int64_t)(uint32_t)(now - wire);
}
