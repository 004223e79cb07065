#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "lib/clock.h"

static void
belief(void **state)
{
	struct error e = ERROR_INIT;

	(void)state;
	assert_int_equal(clock_believe(1577836800, &e), 0);
	assert_int_equal(clock_believe(INT64_MAX, &e), 0);
	assert_int_equal(e.status, STATUS_OK);
	assert_int_equal(clock_believe(1577836799, &e), -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	assert_non_null(strstr(e.text, "2019-12-31T23:59:59Z"));
	assert_int_equal(clock_believe(0, &e), -1);
	assert_int_equal(clock_believe(-1, &e), -1);
}

static void
now(void **state)
{
	struct error e = ERROR_INIT;
	int64_t a = 0, b = 0;

	(void)state;
	assert_int_equal(clock_now(&a, &e), 0);
	assert_int_equal(clock_now(&b, &e), 0);
	assert_true(a >= 1577836800);
	assert_true(b >= a - 1 && b <= a + 60);
}

static volatile sig_atomic_t alarms;

static void
on_alarm(int sig)
{
	(void)sig;
	alarms = alarms + 1;
}

/* Signals do not shorten a wait; waiting costs no CPU, work does. */
static void
sleep_and_cpu(void **state)
{
	struct sigaction sa = {.sa_handler = on_alarm};
	struct itimerval every = {{0, 10000}, {0, 10000}},
			 off = {{0, 0}, {0, 0}};
	double start = clock_elapsed(), cpu = clock_cpu();

	(void)state;
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
	clock_sleep_ms(150);
	setitimer(ITIMER_REAL, &off, NULL);
	assert_true(alarms > 0);
	assert_true(clock_elapsed() - start >= 0.150);
	assert_true(clock_cpu() - cpu < 0.140);
	while (clock_cpu() - cpu < 0.150 && clock_elapsed() - start < 60)
		;
	assert_true(clock_cpu() - cpu >= 0.150);
	start = clock_elapsed();
	clock_sleep_ms(0);
	clock_sleep_ms(1001);
	assert_true(clock_elapsed() - start >= 1.001);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(belief),
	    cmocka_unit_test(now),
	    cmocka_unit_test(sleep_and_cpu),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
