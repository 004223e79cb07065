#include "lib/clock.h"

#include <errno.h>
#include <time.h>

#include "lib/utc.h"

static double
seconds_of(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts) != 0)
		return 0;
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int
clock_believe(int64_t t, struct error *e)
{
	char text[UTC_TEXT];

	if (t >= utc_from_date(2020, 1, 1))
		return 0;
	return error_set(e,
	    "the system clock says %s, before 2020: set it, "
	    "or give the time with --time",
	    utc_text(text, t));
}

int
clock_now(int64_t *now, struct error *e)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		return error_errno(e, "system clock");
	if (clock_believe(ts.tv_sec, e) != 0)
		return -1;
	*now = ts.tv_sec;
	return 0;
}

int64_t
clock_says(void)
{
	struct timespec ts;

	return clock_gettime(CLOCK_REALTIME, &ts) == 0 ? ts.tv_sec : 0;
}

double
clock_elapsed(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

double
clock_cpu(void)
{
	return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

void
clock_sleep_ms(unsigned ms)
{
	struct timespec left = {ms / 1000, ms % 1000 * 1000000L};

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
		;
}
