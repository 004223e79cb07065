#include <fcntl.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/clock.h"
#include "lib/progress.h"

static char shown[65536];

static void
text(void **state)
{
	static const struct {
		size_t done, total;
		double seconds;
		unsigned columns;
		const char *text;
	} t[] = {{0, 100, 1, 37, "signing [          ]   0 %    0:00"},
	    {50, 100, 7, 37, "signing [=====     ]  50 %    0:07"},
	    {99, 100, 99, 37, "signing [========= ]  99 %    0:01"},
	    {100, 100, 9, 37, "signing [==========] 100 %    0:00"},
	    {150, 100, 9, 37, "signing [==========] 100 %    0:00"},
	    {0, 0, 9, 37, "signing [          ]   0 %    0:00"},
	    {1, 4, 100, 37, "signing [==        ]  25 %    5:00"},
	    {1, 100, 1e9, 37, "signing [          ]   1 %    0:00"},
	    {50, 100, 7, 27, "signing []  50 %    0:07"},
	    {50, 100, 7, 0, "signing []  50 %    0:07"}};
	char out[PROGRESS_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		assert_string_equal(progress_text(out, "signing", t[i].done,
					t[i].total, t[i].seconds,
					t[i].columns),
		    t[i].text);
	for (unsigned columns = 27; columns < 300; columns++)
		assert_true(strlen(progress_text(out, "signing", 1, 2, 3,
				columns)) < columns);
}

/* A child that works for some milliseconds; what its terminal shows. */
static void
on_terminal(unsigned ms, bool show)
{
	struct progress p;
	size_t len = 0;
	int fd, status;
	pid_t pid = forkpty(&fd, NULL, NULL, NULL);
	ssize_t n;

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		progress_begin(&p, "working", 10, show);
		atomic_fetch_add(&p.done, 5);
		clock_sleep_ms(ms);
		progress_end(&p);
		fprintf(stderr, "after");
		exit(0);
	}
	while ((n = read(fd, shown + len, sizeof shown - 1 - len)) > 0)
		len += (size_t)n;
	shown[len] = '\0';
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
bar(void **state)
{
	const char *clear;

	(void)state;
	setenv("TERM", "xterm", 1);
	on_terminal(900, true);
	assert_non_null(strstr(shown, "\rworking [====="));
	assert_non_null(strstr(shown, " 50 %"));
	clear = strstr(shown, "\r\033[Kafter"); /* nothing of it stays */
	assert_non_null(clear);
}

static void
no_bar(void **state)
{
	(void)state;
	on_terminal(900, false);
	assert_string_equal(shown, "after");
	on_terminal(1, true); /* done before anybody waits */
	assert_string_equal(shown, "after");
	setenv("TERM", "dumb", 1);
	on_terminal(700, true);
	assert_string_equal(shown, "after");
	setenv("TERM", "xterm", 1);
}

/* Nobody waits for a frame at the end: 20 of them would be two seconds. */
static void
no_delay(void **state)
{
	struct progress p;
	double begin;
	int fd, status;
	pid_t pid = forkpty(&fd, NULL, NULL, NULL);

	(void)state;
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		begin = clock_elapsed();
		for (int i = 0; i < 20; i++) {
			progress_begin(&p, "working", 1, true);
			if (p.state == NULL)
				_exit(1);
			progress_end(&p);
		}
		_exit(clock_elapsed() - begin < 2 ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(fd);
}

/* Standard error is a file: silence, and no thread. */
static void
not_a_terminal(void **state)
{
	FILE *f = tmpfile();
	int saved = dup(2);
	struct progress p;

	(void)state;
	dup2(fileno(f), 2);
	progress_begin(&p, "working", 10, true);
	assert_null(p.state);
	clock_sleep_ms(600);
	progress_end(&p);
	dup2(saved, 2);
	close(saved);
	assert_int_equal(lseek(fileno(f), 0, SEEK_END), 0);
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(text),
	    cmocka_unit_test(bar), cmocka_unit_test(no_bar),
	    cmocka_unit_test(no_delay), cmocka_unit_test(not_a_terminal)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
