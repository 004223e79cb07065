#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/xalloc.h"

#define READ_PIECE ((size_t)1 << 16)

static ssize_t
read_some(int fd, void *p, size_t n)
{
	ssize_t got;

	do
		got = read(fd, p, n);
	while (got == -1 && errno == EINTR);
	return got;
}

/* Room for the next read: the rest of the file at once where it is known. */
static size_t
piece_size(int fd, size_t have, size_t max)
{
	struct stat st;
	size_t left = max - have + 1; /* one more tells a file that is over */
	size_t want = READ_PIECE;

	if (have == 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size > 0)
		want = (size_t)st.st_size + 1;
	return want < left ? want : left;
}

int
file_read_fd(
    struct buf *out, int fd, const char *name, size_t max, struct error *e)
{
	size_t begin = out->len, want;
	ssize_t got;

	if (max > SIZE_MAX / 4)
		max = SIZE_MAX / 4;
	do {
		want = piece_size(fd, out->len - begin, max);
		got = read_some(fd, buf_room(out, want), want);
		if (got == -1) {
			out->len = begin;
			return error_errno(e, "%s: cannot read", name);
		}
		out->len += (size_t)got;
		if (out->len - begin > max) {
			out->len = begin;
			return error_set(e,
			    "%s: larger than the limit of %zu octets", name,
			    max);
		}
	} while (got > 0);
	return 0;
}

int
file_open(const char *path, struct error *e)
{
	struct stat st;
	int fd;

	/* O_NONBLOCK: a fifo must not make us wait before it is refused. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd == -1)
		return error_errno(e, "%s: cannot open", path);
	if (fstat(fd, &st) == -1)
		error_errno(e, "%s: cannot stat", path);
	else if (S_ISDIR(st.st_mode))
		error_set(e, "%s: is a directory", path);
	else if (!S_ISREG(st.st_mode))
		error_set(e, "%s: not a regular file", path);
	else
		return fd;
	close(fd);
	return -1;
}

int
file_read(struct buf *out, const char *path, size_t max, struct error *e)
{
	int fd = file_open(path, e), rc;

	if (fd == -1)
		return -1;
	rc = file_read_fd(out, fd, path, max, e);
	close(fd);
	return rc;
}

char *
file_directory(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return xstrdup(".");
	return xasprintf("%.*s", (int)(slash - path + 1), path);
}

bool
file_same(const char *a, const char *b)
{
	struct stat sa, sb;

	if (strcmp(a, "-") == 0 || strcmp(b, "-") == 0)
		return false;
	if (stat(a, &sa) == -1 || stat(b, &sb) == -1)
		return false;
	return sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

bool
file_same_name(const char *a, const char *b)
{
	const char *name_a = strrchr(a, '/'), *name_b = strrchr(b, '/');
	char *dir_a, *dir_b;
	bool same;

	if (strcmp(a, "-") == 0 || strcmp(b, "-") == 0)
		return false;
	if (file_same(a, b))
		return true;
	name_a = name_a != NULL ? name_a + 1 : a;
	name_b = name_b != NULL ? name_b + 1 : b;
	if (strcmp(name_a, name_b) != 0)
		return false;
	dir_a = file_directory(a);
	dir_b = file_directory(b);
	same = file_same(dir_a, dir_b);
	free(dir_a);
	free(dir_b);
	return same;
}
