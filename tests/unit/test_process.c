#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/clock.h"
#include "lib/process.h"

static struct error e;

static void
shell(const char *script, unsigned seconds, struct process_result *r)
{
	const char *argv[] = {"sh", "-c", script, NULL};

	e = (struct error)ERROR_INIT;
	if (process_run(argv, seconds, r, &e) == -1)
		fail_msg("%s", e.text);
}

static void
ends(void **state)
{
	static const struct {
		const char *script;
		enum process_end end;
		int code;
		const char *output;
	} t[] = {{"exit 0", PROCESS_EXITED, 0, ""},
	    {"echo out; echo err >&2; exit 3", PROCESS_EXITED, 3,
		"out\nerr\n"},
	    {"exit 127", PROCESS_EXITED, 127, ""},
	    {"kill -TERM $$", PROCESS_SIGNALED, SIGTERM, ""},
	    {"cat; echo read", PROCESS_EXITED, 0, "read\n"},
	    {"exec >&- 2>&-; sleep 0.2; exit 4", PROCESS_EXITED, 4, ""}};
	struct process_result r;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		shell(t[i].script, 20, &r);
		assert_int_equal(r.end, t[i].end);
		assert_int_equal(r.code, t[i].code);
		assert_string_equal(buf_cstr(&r.output), t[i].output);
		process_result_free(&r);
	}
}

static void
missing(void **state)
{
	const char *absent[] = {"rz-no-such-program", NULL};
	const char *path[] = {"/nonexistent/program", NULL};
	const char *directory[] = {"/tmp", NULL};
	const char *plain[] = {"/etc/passwd", NULL};
	const char *const *all[] = {absent, path, directory, plain};
	struct process_result r;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(process_run(all[i], 5, &r, &e), 0);
		assert_int_equal(r.end, PROCESS_MISSING);
		process_result_free(&r);
	}
}

/* An empty entry of PATH is no reason to run what lies here. */
static void
path_entries(void **state)
{
	char dir[] = "/tmp/rz-test-process-XXXXXX";
	const char *argv[] = {"rz-here", NULL};
	struct process_result r;
	char *old = strdup(getenv("PATH"));
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	fd = open("rz-here", O_WRONLY | O_CREAT, 0700);
	assert_int_equal(write(fd, "#!/bin/sh\nexit 9\n", 17), 17);
	close(fd);
	setenv("PATH", ":/usr/bin::/bin:", 1);
	assert_int_equal(process_run(argv, 5, &r, &e), 0);
	assert_int_equal(r.end, PROCESS_MISSING);
	process_result_free(&r);
	setenv("PATH", dir, 1);
	assert_int_equal(process_run(argv, 5, &r, &e), 0);
	assert_int_equal(r.end, PROCESS_EXITED);
	assert_int_equal(r.code, 9);
	process_result_free(&r);
	setenv("PATH", old, 1);
	free(old);
	unlink("rz-here");
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* A script whose interpreter is not there: found, but cannot be run. */
static void
cannot_run(void **state)
{
	char name[] = "/tmp/rz-test-process-XXXXXX";
	const char *argv[] = {name, NULL};
	struct process_result r;
	int fd = mkstemp(name);

	(void)state;
	assert_int_equal(write(fd, "#!/nonexistent/x\n", 17), 17);
	assert_int_equal(fchmod(fd, 0700), 0);
	close(fd);
	assert_int_equal(process_run(argv, 5, &r, &e), -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	assert_non_null(strstr(e.text, "cannot run: No such file"));
	process_result_free(&r);
	unlink(name);
}

/* The whole group is killed; a process of it that is left is a zombie. */
static bool
is_gone(long pid)
{
	char name[64], stat[256] = "";
	FILE *f;

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "/proc/%ld/stat", pid);
		f = fopen(name, "r");
		if (f == NULL)
			return true;
		if (fgets(stat, sizeof stat, f) != NULL &&
		    strstr(stat, ") Z ") != NULL)
			i = 1000;
		fclose(f);
		clock_sleep_ms(20);
	}
	return strstr(stat, ") Z ") != NULL;
}

static void
time_limit(void **state)
{
	struct process_result r;
	double begin = clock_elapsed(), took;

	(void)state;
	shell("sleep 300 & echo $!; wait", 1, &r);
	took = clock_elapsed() - begin;
	assert_int_equal(r.end, PROCESS_TIMEOUT);
	assert_true(took >= 1);
	assert_true(took < 60);
	assert_true(is_gone(strtol(buf_cstr(&r.output), NULL, 10)));
	process_result_free(&r);
}

/* A grandchild that keeps the pipe open does not keep us. */
static void
grandchild(void **state)
{
	struct process_result r;
	double begin = clock_elapsed();

	(void)state;
	shell("sleep 100 & echo $!; exit 5", 90, &r);
	assert_true(clock_elapsed() - begin < 60);
	assert_int_equal(r.end, PROCESS_EXITED);
	assert_int_equal(r.code, 5);
	kill((pid_t)strtol(buf_cstr(&r.output), NULL, 10), SIGKILL);
	process_result_free(&r);
}

/* Over the limit it is read and dropped: the child ends by itself. */
static void
output_limit(void **state)
{
	struct process_result r;

	(void)state;
	shell("head -c 65536 /dev/zero", 60, &r);
	assert_int_equal(r.output.len, 65536);
	process_result_free(&r);
	shell("head -c 3000000 /dev/zero; exit 6", 60, &r);
	assert_int_equal(r.end, PROCESS_EXITED);
	assert_int_equal(r.code, 6);
	assert_int_equal(r.output.len, 65536);
	process_result_free(&r);
}

/* The child has no descriptor and no ignored signal of ours. */
static void
inheritance(void **state)
{
	struct process_result r;
	int fd = open("/dev/null", O_RDONLY);
	char script[128];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	snprintf(script, sizeof script,
	    "[ -e /proc/self/fd/%d ] && echo open; kill -PIPE $$; exit 0",
	    fd);
	shell(script, 20, &r);
	assert_int_equal(r.end, PROCESS_SIGNALED);
	assert_int_equal(r.code, SIGPIPE);
	assert_string_equal(buf_cstr(&r.output), "");
	process_result_free(&r);
	signal(SIGPIPE, SIG_DFL);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(ends),
	    cmocka_unit_test(missing), cmocka_unit_test(path_entries),
	    cmocka_unit_test(cannot_run), cmocka_unit_test(time_limit),
	    cmocka_unit_test(grandchild), cmocka_unit_test(output_limit),
	    cmocka_unit_test(inheritance)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
