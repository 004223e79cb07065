#include "lib/secret.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bsd/readpassphrase.h>

/* Room of a secret: one page, so that locking it locks nothing else. */
static size_t
page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/*
 * mlock(2) can be forbidden by a limit; the secret is then still wiped and
 * left out of core files, so that is no reason to stop.
 */
static char *
page_take(void)
{
	void *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort(); /* no page of memory is left */
	(void)!mlock(p, page_size());
	(void)!madvise(p, page_size(), MADV_DONTDUMP);
	return p;
}

static void
page_give(char *p)
{
	explicit_bzero(p, page_size());
	munmap(p, page_size());
}

void
secret_harden_process(void)
{
	const struct rlimit none = {0, 0};

	(void)!setrlimit(RLIMIT_CORE, &none);
	(void)!prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void
secret_set(struct secret *s, const char *text, size_t len)
{
	char *page;

	assert(len <= SECRET_MAX);
	page = page_take();
	memcpy(page, text, len);
	secret_clear(s);
	s->text = page;
	s->len = len;
}

void
secret_clear(struct secret *s)
{
	if (s->text != NULL)
		page_give(s->text);
	s->text = NULL;
	s->len = 0;
}

/*
 * A line (without its end) as a secret.  A carriage return would make a
 * wrong PIN of a right one, and wrong PINs are counted by the token.
 */
static int
check_line(const char *line, size_t len, const char *name, struct error *e)
{
	if (len == 0)
		return error_set(e, "%s: empty", name);
	if (len > SECRET_MAX)
		return error_set(e, "%s: longer than %d octets", name,
		    SECRET_MAX);
	if (memchr(line, '\0', len) != NULL)
		return error_set(e, "%s: a NUL inside", name);
	if (line[len - 1] == '\r')
		return error_set(e, "%s: a carriage return at its end", name);
	return 0;
}

/*
 * Octet by octet: what follows the newline is for who reads next.  Returns
 * the length, SECRET_MAX + 1 when it is longer; -1.
 */
static ssize_t
read_line(int fd, char *line)
{
	size_t len = 0;
	ssize_t n;

	while (len <= SECRET_MAX) {
		n = read(fd, line + len, 1);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		if (n == 0 || line[len] == '\n')
			break;
		len++;
	}
	return (ssize_t)len;
}

static int
from_fd(struct secret *s, int fd, const char *name, struct error *e)
{
	char *page = page_take();
	ssize_t len = read_line(fd, page);
	int rc = -1;

	if (len == -1) {
		error_errno(e, "%s: cannot read", name);
	} else if (check_line(page, (size_t)len, name, e) == 0) {
		secret_set(s, page, (size_t)len);
		rc = 0;
	}
	page_give(page);
	return rc;
}

int
secret_from_fd(struct secret *s, int fd, struct error *e)
{
	char name[48];

	snprintf(name, sizeof name, "PIN from descriptor %d", fd);
	return from_fd(s, fd, name, e);
}

/* Whoever could read or change it would have the key. */
static int
check_file(int fd, const char *name, struct error *e)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return error_errno(e, "%s: cannot stat", name);
	if (!S_ISREG(st.st_mode))
		return error_set(e, "%s: not a regular file", name);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return error_set(e,
		    "%s: belongs to user %u, neither to us nor to root", name,
		    (unsigned)st.st_uid);
	if ((st.st_mode & 077) != 0)
		return error_set(e,
		    "%s: mode %04o lets others %s it (chmod 600)", name,
		    (unsigned)st.st_mode & 07777,
		    (st.st_mode & 044) != 0 ? "read" : "use");
	return 0;
}

static int
from_open_file(struct secret *s, int fd, const char *name, struct error *e)
{
	char more;

	if (check_file(fd, name, e) == -1 || from_fd(s, fd, name, e) == -1)
		return -1;
	if (read(fd, &more, 1) == 0)
		return 0;
	secret_clear(s);
	return error_set(e, "%s: more than one line", name);
}

int
secret_from_file(struct secret *s, const char *path, struct error *e)
{
	char name[512];
	int fd, rc;

	snprintf(name, sizeof name, "PIN file %s", path);
	fd = open(path,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd == -1 && errno == ELOOP)
		return error_set(e, "%s: a symbolic link", name);
	if (fd == -1)
		return error_errno(e, "%s: cannot open", name);
	rc = from_open_file(s, fd, name, e);
	close(fd);
	return rc;
}

int
secret_from_terminal(struct secret *s, const char *prompt, struct error *e)
{
	char *page = page_take();
	int rc = -1;

	/* Room for one more than allowed: too long is seen, not cut. */
	if (readpassphrase(prompt, page, SECRET_MAX + 2, RPP_REQUIRE_TTY) ==
	    NULL) {
		error_set(e, "no terminal to ask on for \"%s\"", prompt);
	} else if (check_line(page, strlen(page), "what was typed", e) == 0) {
		secret_set(s, page, strlen(page));
		rc = 0;
	}
	page_give(page);
	return rc;
}
