/* Durations; the rest of lib/utc.h is in utc.c. */
#include "lib/utc.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DURATION_MAX (36525 * DAY) /* 100 years of 365.25 days */

/* In descending order; a week is never written, only read. */
static const struct unit {
	char letter;
	int64_t seconds;
} units[] = {{'w', WEEK}, {'d', DAY}, {'h', HOUR}, {'m', MINUTE}, {'s', 1}};

#define UNITS	   ((int)(sizeof units / sizeof *units))
#define FIRST_TIME 2 /* the units that stand after the T of ISO 8601 */

/* A number of at most DURATION_MAX; NULL: there is none. */
static const char *
number_read(const char *p, int64_t *n)
{
	if (*p < '0' || *p > '9')
		return NULL;
	for (*n = 0; *p >= '0' && *p <= '9' && *n <= DURATION_MAX; p++)
		*n = *n * 10 + (*p - '0');
	return *n <= DURATION_MAX ? p : NULL;
}

/*
 * One number and its unit, which must be one of [*from, to); what follows
 * must be a smaller one.  NULL: wrong.
 */
static const char *
part_read(const char *p, bool iso, int *from, int to, int64_t *sum)
{
	int64_t n;
	int i;

	if ((p = number_read(p, &n)) == NULL)
		return NULL;
	for (i = *from; i < to; i++)
		if (*p == units[i].letter - (iso ? 'a' - 'A' : 0))
			break;
	if (i == to || n > (DURATION_MAX - *sum) / units[i].seconds)
		return NULL;
	*sum += n * units[i].seconds;
	*from = i + 1;
	return p + 1;
}

/* "1w2d3h4m5s" */
static bool
short_read(const char *p, int64_t *sum)
{
	int unit = 0;

	do {
		p = part_read(p, false, &unit, UNITS, sum);
	} while (p != NULL && *p != '\0');
	return p != NULL;
}

/* "P1W2DT3H4M5S", from after the P. */
static bool
iso_read(const char *p, int64_t *sum)
{
	int unit = 0;

	while (p != NULL && *p != '\0' && *p != 'T') {
		p = part_read(p, true, &unit, FIRST_TIME, sum);
		if (p != NULL && *p == '\0')
			return true;
	}
	if (p == NULL || *p++ != 'T')
		return false;
	unit = FIRST_TIME;
	do {
		p = part_read(p, true, &unit, UNITS, sum);
	} while (p != NULL && *p != '\0');
	return p != NULL;
}

int
duration_parse(int64_t *seconds, const char *text, struct error *e)
{
	int64_t sum = 0;
	bool ok;

	if (*text == 'P')
		ok = iso_read(text + 1, &sum);
	else
		ok = short_read(text, &sum);
	if (!ok)
		return error_set(e,
		    "duration %.40s: not in a form like 30d, "
		    "1h30m or P30D (units w d h m s, largest first, at most "
		    "100 years)",
		    text);
	*seconds = sum;
	return 0;
}

const char *
duration_text(char out[DURATION_TEXT], int64_t seconds)
{
	uint64_t left = seconds < 0 ? -(uint64_t)seconds : (uint64_t)seconds;
	size_t len = 0;

	if (seconds == TIME_NEVER)
		return memcpy(out, "never", sizeof "never");
	if (seconds < 0)
		out[len++] = '-';
	for (int i = 1; i < UNITS; i++) {
		uint64_t n = left / (uint64_t)units[i].seconds;

		left %= (uint64_t)units[i].seconds;
		if (n > 0 || (seconds == 0 && i == UNITS - 1))
			len += (size_t)snprintf(out + len, DURATION_TEXT - len,
			    "%" PRIu64 "%c", n, units[i].letter);
	}
	return out;
}
