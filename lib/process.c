#include "lib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/clock.h"

#define OUTPUT_MAX ((size_t)1 << 16)
#define POLL_MS	   50 /* an exit without end of output is seen by then */
#define REAP_MS	   2  /* the same, after the end of output */

extern char **environ;

static bool
executable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    access(path, X_OK) == 0;
}

/* As execvp(3), but an empty entry of PATH is not the current directory. */
static bool
search_path(char out[PATH_MAX], const char *name)
{
	const char *dirs = getenv("PATH");
	size_t len;

	if (strchr(name, '/') != NULL)
		return (size_t)snprintf(out, PATH_MAX, "%s", name) <
		    PATH_MAX && executable(out);
	if (dirs == NULL)
		dirs = "/usr/bin:/bin";
	for (; *dirs != '\0'; dirs += len + (dirs[len] == ':')) {
		len = strcspn(dirs, ":");
		if (len > 0 && (size_t)snprintf(out, PATH_MAX, "%.*s/%s",
				   (int)len, dirs, name) < PATH_MAX &&
		    executable(out))
			return true;
	}
	return false;
}

/* Nothing of ours is left open in the child, nothing ignored or blocked. */
static int
spawn(pid_t *pid, const char *path, const char *const argv[], int output)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	char **args = (char **)(uintptr_t)argv; /* not written to */
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, output, 1);
	posix_spawn_file_actions_adddup2(&files, output, 2);
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
		POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setsigmask(&attr, &none);
	rc = posix_spawn(pid, path, &files, &attr, args, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return rc;
}

/* What is over the limit is read and let go: the child must not block. */
static bool
read_output(int fd, struct buf *out)
{
	char piece[4096];
	ssize_t n = read(fd, piece, sizeof piece);
	size_t room = OUTPUT_MAX - out->len;

	if (n == -1)
		return errno == EINTR || errno == EAGAIN;
	buf_add(out, piece, (size_t)n < room ? (size_t)n : room);
	return n > 0;
}

/* What lies in the pipe now; a grandchild may hold it open for ever. */
static void
drain(int fd, struct buf *out)
{
	struct pollfd p = {fd, POLLIN, 0};

	while (poll(&p, 1, 0) == 1 && read_output(fd, out))
		;
}

static int
reap(pid_t pid, int *status, int flags)
{
	pid_t got;

	do
		got = waitpid(pid, status, flags);
	while (got == -1 && errno == EINTR);
	return got;
}

/* Read until the child is gone or its time is up; 1, 0 time is up, -1. */
static int
attend(pid_t pid, int fd, double end, int *status, struct buf *out)
{
	struct pollfd p = {fd, POLLIN, 0};
	double left;
	int got, wait;

	while ((left = end - clock_elapsed()) > 0) {
		wait = p.fd == -1 ? REAP_MS : POLL_MS;
		if (left * 1000 < wait)
			wait = (int)(left * 1000) + 1;
		if (poll(&p, 1, wait) == 1 && !read_output(fd, out))
			p.fd = -1;
		got = reap(pid, status, WNOHANG);
		if (got != 0) {
			drain(fd, out);
			return got == pid ? 1 : -1;
		}
	}
	return 0;
}

static int
watch(pid_t pid, int fd, unsigned seconds, struct process_result *r)
{
	int status = 0;
	int ended = attend(
	    pid, fd, clock_elapsed() + seconds, &status, &r->output);

	if (ended == 0) {
		kill(-pid, SIGKILL);
		if (reap(pid, &status, 0) == -1)
			return -1;
		r->end = PROCESS_TIMEOUT;
		return 0;
	}
	if (ended == -1)
		return -1;
	r->end = WIFEXITED(status) ? PROCESS_EXITED : PROCESS_SIGNALED;
	r->code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
	return 0;
}

int
process_run(const char *const argv[], unsigned seconds,
    struct process_result *r, struct error *e)
{
	char path[PATH_MAX];
	int pipes[2], rc;
	pid_t pid;

	*r = (struct process_result){PROCESS_MISSING, 0, BUF_INIT};
	if (!search_path(path, argv[0]))
		return 0;
	if (pipe2(pipes, O_CLOEXEC) == -1)
		return error_errno(e, "%s: cannot make a pipe", argv[0]);
	errno = spawn(&pid, path, argv, pipes[1]);
	rc = errno != 0 ? error_errno(e, "%s: cannot run", path) : 0;
	close(pipes[1]);
	if (rc == 0 && watch(pid, pipes[0], seconds, r) == -1)
		rc = error_errno(e, "%s: cannot wait for it", path);
	close(pipes[0]);
	return rc;
}

void
process_result_free(struct process_result *r)
{
	buf_free(&r->output);
}
