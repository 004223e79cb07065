/*
 * Failing files, for tests: a library for LD_PRELOAD.
 *
 *	RZ_FAULT=OP:N:ERRNO    the Nth call of OP fails with ERRNO
 *	RZ_FAULT=OP:N+:ERRNO   the Nth and every later one (a full disk)
 *	RZ_FAULT=OP:N:KILL     SIGKILL at the Nth call of OP
 *	RZ_FAULT=kill:N        SIGKILL at the Nth call of any OP
 *	RZ_FAULT_PATH=TEXT     only files with TEXT in their path count;
 *			       unset: every file
 *
 * N counts from 1, over all threads.  OP is one of
 *
 *	open	open openat creat mkostemp mkstemp (and their 64 forms)
 *	write	write pwrite ftruncate
 *	fsync	fsync fdatasync
 *	rename	rename renameat renameat2 link linkat
 *	unlink	unlink
 *	close	close
 *
 * ERRNO is a name: ENOSPC EIO EDQUOT EFBIG EROFS EACCES EPERM EMFILE ENOENT
 * EINTR EXDEV EINVAL.  A wrong RZ_FAULT ends the program at once with 99: a
 * test must not pass because of a typing error.
 *
 * A kill at a write happens after half of the octets were written (a torn
 * write), at everything else before the call.  A close that fails closes the
 * descriptor, as Linux does.  To visit every moment, run with kill:1, kill:2,
 * ... until the program ends by itself.
 *
 * What the C library calls inside of itself (fwrite, fopen) is not seen.
 * With AddressSanitizer set ASAN_OPTIONS=verify_asan_link_order=0.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum op { OPEN, WRITE, FSYNC, RENAME, UNLINK, CLOSE, ANY };

static const char *const op_names[] = {
    "open", "write", "fsync", "rename", "unlink", "close", "kill"};

static const struct {
	const char *name;
	int number;
} errors[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EDQUOT", EDQUOT},
    {"EFBIG", EFBIG}, {"EROFS", EROFS}, {"EACCES", EACCES}, {"EPERM", EPERM},
    {"EMFILE", EMFILE}, {"ENOENT", ENOENT}, {"EINTR", EINTR},
    {"EXDEV", EXDEV}, {"EINVAL", EINVAL}};

static struct {
	bool armed;
	enum op op;
	unsigned long n;
	bool onwards;
	int error; /* 0: SIGKILL */
	const char *path;
} fault;

static atomic_ulong calls;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void
usage(const char *text)
{
	dprintf(2, "io_shim: not understood: RZ_FAULT=%s\n", text);
	_exit(99);
}

static int
error_number(const char *name, const char *whole)
{
	if (strcmp(name, "KILL") == 0)
		return 0;
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (strcmp(errors[i].name, name) == 0)
			return errors[i].number;
	usage(whole);
	return 0;
}

static void __attribute__((constructor))
arm(void)
{
	const char *text = getenv("RZ_FAULT");
	char op[16], error[16] = "", plus = ':';
	int fields;

	if (text == NULL)
		return;
	fields = sscanf(text, "%15[a-z]:%lu%c%15[:A-Z]", op, &fault.n, &plus,
	    error);
	while (fault.op <= ANY && strcmp(op_names[fault.op], op) != 0)
		if (fault.op++ == ANY)
			usage(text);
	fault.onwards = plus == '+';
	if (fault.n == 0 || (fault.op == ANY) != (fields == 2) ||
	    (fields > 2 && (fields != 4 || (plus != '+' && plus != ':'))))
		usage(text);
	if (fault.op != ANY)
		fault.error = error_number(
		    fault.onwards && error[0] == ':' ? error + 1 : error,
		    text);
	fault.path = getenv("RZ_FAULT_PATH");
	fault.armed = true;
}

static bool
path_counts(const char *path)
{
	return fault.path == NULL || strstr(path, fault.path) != NULL;
}

static bool
fd_counts(int fd)
{
	char link[64], path[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return path_counts(path);
}

/* Is this the call?  Counts those that match. */
static bool
due(enum op op, bool counts)
{
	unsigned long n;

	if (!fault.armed || !counts || (fault.op != ANY && fault.op != op))
		return false;
	n = atomic_fetch_add(&calls, 1) + 1;
	return n == fault.n || (fault.onwards && n > fault.n);
}

static void
strike(void)
{
	if (fault.error == 0) {
		kill(getpid(), SIGKILL);
		for (;;)
			pause();
	}
	errno = fault.error;
}

static bool
path_fails(enum op op, const char *path)
{
	if (!due(op, fault.armed && path_counts(path)))
		return false;
	strike();
	return true;
}

static bool
fd_fails(enum op op, int fd)
{
	int saved = errno;
	bool now = due(op, fault.armed && fd_counts(fd));

	errno = saved;
	if (now)
		strike();
	return now;
}

static mode_t
mode_of(int flags, va_list ap)
{
	if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE)
		return va_arg(ap, mode_t);
	return 0;
}

#define SHIM_OPEN(name) \
	int name(const char *path, int flags, ...) \
	{ \
		va_list ap; \
		mode_t mode; \
		va_start(ap, flags); \
		mode = mode_of(flags, ap); \
		va_end(ap); \
		if (path_fails(OPEN, path)) \
			return -1; \
		return NEXT(name)(path, flags, mode); \
	}

#define SHIM_OPENAT(name) \
	int name(int dir, const char *path, int flags, ...) \
	{ \
		va_list ap; \
		mode_t mode; \
		va_start(ap, flags); \
		mode = mode_of(flags, ap); \
		va_end(ap); \
		if (path_fails(OPEN, path)) \
			return -1; \
		return NEXT(name)(dir, path, flags, mode); \
	}

/* Functions of (arguments) that fail by the path in them. */
#define SHIM_PATH(op, type, name, params, args, path) \
	type name params \
	{ \
		if (path_fails(op, path)) \
			return -1; \
		return NEXT(name) args; \
	}

#define SHIM_FD(op, name, params, args) \
	int name params \
	{ \
		if (fd_fails(op, fd)) \
			return -1; \
		return NEXT(name) args; \
	}

#define SHIM_RENAME(name, params, args) \
	int name params \
	{ \
		bool counts = fault.armed && \
		    (path_counts(from) || path_counts(to)); \
		if (due(RENAME, counts)) { \
			strike(); \
			return -1; \
		} \
		return NEXT(name) args; \
	}

SHIM_OPEN(open)
SHIM_OPEN(open64)
SHIM_OPENAT(openat)
SHIM_OPENAT(openat64)
SHIM_PATH(OPEN, int, creat, (const char *path, mode_t mode), (path, mode),
    path)
SHIM_PATH(OPEN, int, mkstemp, (char *path), (path), path)
SHIM_PATH(OPEN, int, mkstemp64, (char *path), (path), path)
SHIM_PATH(OPEN, int, mkostemp, (char *path, int flags), (path, flags), path)
SHIM_PATH(OPEN, int, mkostemp64, (char *path, int flags), (path, flags), path)
SHIM_PATH(UNLINK, int, unlink, (const char *path), (path), path)

SHIM_FD(FSYNC, fsync, (int fd), (fd))
SHIM_FD(FSYNC, fdatasync, (int fd), (fd))
SHIM_FD(WRITE, ftruncate, (int fd, off_t len), (fd, len))
SHIM_FD(WRITE, ftruncate64, (int fd, off64_t len), (fd, len))

SHIM_RENAME(rename, (const char *from, const char *to), (from, to))
SHIM_RENAME(renameat, (int a, const char *from, int b, const char *to),
    (a, from, b, to))
SHIM_RENAME(renameat2,
    (int a, const char *from, int b, const char *to, unsigned flags),
    (a, from, b, to, flags))
SHIM_RENAME(link, (const char *from, const char *to), (from, to))
SHIM_RENAME(linkat,
    (int a, const char *from, int b, const char *to, int flags),
    (a, from, b, to, flags))

int
close(int fd)
{
	bool now = !fault.armed ? false : due(CLOSE, fd_counts(fd));

	if (!now)
		return NEXT(close)(fd);
	if (fault.error != 0)
		NEXT(close)(fd);
	strike();
	return -1;
}

/* Half of it first when the process is to die: a torn write. */
#define SHIM_WRITE(name, params, args, half) \
	ssize_t name params \
	{ \
		int saved = errno; \
		bool now = due(WRITE, fault.armed && fd_counts(fd)); \
		errno = saved; \
		if (!now) \
			return NEXT(name) args; \
		if (fault.error == 0) \
			(void)!NEXT(name) half; \
		strike(); \
		return -1; \
	}

SHIM_WRITE(write, (int fd, const void *data, size_t len), (fd, data, len),
    (fd, data, len / 2))
SHIM_WRITE(pwrite, (int fd, const void *data, size_t len, off_t at),
    (fd, data, len, at), (fd, data, len / 2, at))
SHIM_WRITE(pwrite64, (int fd, const void *data, size_t len, off64_t at),
    (fd, data, len, at), (fd, data, len / 2, at))
