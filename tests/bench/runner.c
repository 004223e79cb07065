/*
 * Runs a program and reports what it cost, as one line in FILE:
 *
 *	runner FILE PROGRAM ARGUMENT…
 *	user system wall maxrss status
 *
 * Seconds, seconds, seconds, KiB, exit status; all of its own children that
 * it waited for counted in.  Its standard output goes to /dev/null.
 */
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static pid_t
start(char **argv)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		errx(2, "%s: cannot be started", argv[0]);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

int
main(int argc, char **argv)
{
	struct rusage used;
	double begin = now();
	int status;
	pid_t pid;
	FILE *f;

	if (argc < 3)
		errx(2, "usage: runner FILE PROGRAM ARGUMENT...");
	pid = start(argv + 2);
	if (wait4(pid, &status, 0, &used) != pid)
		err(2, "wait4");
	if ((f = fopen(argv[1], "w")) == NULL)
		err(2, "%s", argv[1]);
	status = WIFEXITED(status) ? WEXITSTATUS(status) :
				     128 + WTERMSIG(status);
	fprintf(f, "%.3f %.3f %.3f %ld %d\n", seconds(used.ru_utime),
	    seconds(used.ru_stime), now() - begin, used.ru_maxrss, status);
	if (fclose(f) != 0)
		err(2, "%s", argv[1]);
	return status;
}
