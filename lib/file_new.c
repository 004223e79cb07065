#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file_temporary.h"
#include "lib/xalloc.h"

/* A rename is on the disk when its directory is. */
int
file_sync_directory(const char *path, struct error *e)
{
	char *dir = file_directory(path);
	int fd, rc = -1;

	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		error_errno(e, "%s: cannot open the directory", dir);
	else if (fsync(fd) == -1 && errno != EINVAL) /* cannot be synced */
		error_errno(e, "%s: cannot sync the directory", dir);
	else
		rc = 0;
	if (fd != -1)
		close(fd);
	free(dir);
	return rc;
}

/* Where a new file of this name would lie: links are followed. */
static char *
target_of(const char *path, struct error *e)
{
	char *target;
	struct stat st;

	if (lstat(path, &st) == -1 || !S_ISLNK(st.st_mode))
		return xstrdup(path);
	target = realpath(path, NULL);
	if (target == NULL)
		error_errno(e, "%s: cannot follow the link", path);
	return target;
}

/*
 * A database holds what no output can: the keys of a zone, the record of what
 * was done.  Its place is never an output's.
 */
static int
check_no_database(const char *path, struct error *e)
{
	static const char magic[] = "SQLite format 3"; /* and a NUL */
	char begin[sizeof magic];
	int fd = file_open(path, e);
	ssize_t n;

	if (fd == -1)
		return -1;
	do
		n = pread(fd, begin, sizeof begin, 0);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		error_errno(e, "%s: cannot read", path);
	else if (n == (ssize_t)sizeof begin &&
		 memcmp(begin, magic, sizeof begin) == 0)
		n = error_set(e, "%s: a database is never replaced", path);
	close(fd);
	return n == -1 ? -1 : 0;
}

/*
 * What is there already may be replaced only when it is a regular file, and
 * no database.
 */
static int
check_replaceable(const char *path, struct error *e)
{
	size_t len = strlen(path);
	struct stat st;
	char *dir;
	int rc = 0;

	if (len == 0)
		return error_set(e, "an empty file name");
	if (stat(path, &st) == 0)
		return check_no_database(path, e);
	if (errno != ENOENT)
		return error_errno(e, "%s", path);
	if (path[len - 1] == '/')
		return error_set(e, "%s: no such directory", path);
	dir = file_directory(path);
	if (stat(dir, &st) == -1)
		rc = error_errno(e, "%s: its directory", path);
	free(dir);
	return rc;
}

/* The mode that open(2) would give; what is secret is not widened. */
static mode_t
masked(mode_t mode)
{
	mode_t mask = umask(077);

	umask(mask);
	return mode & ~mask;
}

/*
 * The group's rights are for the group of the file that is replaced: where
 * the new one cannot get it, its group has what everybody has.
 */
static int
take_over(int fd, const struct stat *old, mode_t mode)
{
	uid_t owner = geteuid() == 0 ? old->st_uid : (uid_t)-1;
	mode_t as = old->st_mode & 0777;

	if (fchown(fd, owner, old->st_gid) == -1)
		as &= ~(mode_t)S_IRWXG | (as & S_IRWXO) << 3;
	if ((mode & 077) == 0) /* a secret is not widened */
		as &= mode;
	return fchmod(fd, as);
}

static int
set_mode(int fd, const char *path, mode_t mode)
{
	struct stat old;

	if (stat(path, &old) == 0)
		return take_over(fd, &old, mode);
	return errno == ENOENT ? fchmod(fd, masked(mode)) : -1;
}

int
file_create(
    struct file_new *f, const char *path, mode_t mode, struct error *e)
{
	char *target = target_of(path, e);
	char *temporary = NULL;
	int fd;

	*f = (struct file_new)FILE_NEW_INIT;
	if (target == NULL)
		return -1;
	if (check_replaceable(target, e) == -1 ||
	    (fd = temporary_open(&temporary, target, e)) == -1) {
		free(target);
		return -1;
	}
	*f = (struct file_new){fd, target, temporary};
	if (set_mode(fd, target, mode) == -1) {
		error_errno(e, "%s: cannot set the mode", path);
		file_discard(f);
		return -1;
	}
	return 0;
}

static int
write_all(int fd, const char *p, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int
file_write(struct file_new *f, const void *data, size_t len, struct error *e)
{
	if (write_all(f->fd, data, len) == -1)
		return error_errno(e, "%s: cannot write", f->path);
	return 0;
}

static void
forget(struct file_new *f)
{
	int saved = errno;

	if (f->temporary != NULL)
		temporary_forget(f->temporary);
	if (f->fd != -1)
		close(f->fd);
	free(f->path);
	free(f->temporary);
	*f = (struct file_new)FILE_NEW_INIT;
	errno = saved;
}

void
file_discard(struct file_new *f)
{
	int saved = errno;

	if (f->temporary != NULL)
		unlink(f->temporary);
	errno = saved;
	forget(f);
}

/* To the disk, closed: a full or broken disk is noticed here at the latest. */
static int
finish(struct file_new *f, struct error *e)
{
	int fd = f->fd;

	if (fsync(fd) == -1)
		return error_errno(e, "%s: cannot sync", f->path);
	f->fd = -1;
	if (close(fd) == -1)
		return error_errno(e, "%s: cannot close", f->path);
	return 0;
}

static int
rename_to(struct file_new *f, const char *name, struct error *e)
{
	int rc = -1;

	/* Looked at again: much can come to lie there in the meantime. */
	if (check_replaceable(name, e) == -1 || finish(f, e) == -1) {
		file_discard(f);
		return -1;
	}
	if (rename(f->temporary, name) == -1) {
		error_errno(e, "%s: cannot rename to it", name);
		file_discard(f);
		return -1;
	}
	rc = file_sync_directory(name, e);
	forget(f);
	return rc;
}

int
file_commit(struct file_new *f, struct error *e)
{
	char *name = xstrdup(f->path);
	int rc = rename_to(f, name, e);

	free(name);
	return rc;
}

int
file_keep_aside(
    struct file_new *f, const char *suffix, char **kept, struct error *e)
{
	char *name = xasprintf("%s.%s", f->path, suffix);

	if (rename_to(f, name, e) == -1) {
		free(name);
		return -1;
	}
	*kept = name;
	return 0;
}

/* As rename, but never over another file (nor a link). */
static int
rename_new(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	/* A file system that cannot: link(2) does not replace either. */
	if (link(from, to) == -1)
		return -1;
	return unlink(from);
}

int
file_create_secret(
    const char *path, const void *data, size_t len, struct error *e)
{
	struct file_new f = FILE_NEW_INIT;
	struct stat st;
	int rc = -1;

	if (lstat(path, &st) == 0)
		return error_set(e, "%s: exists already", path);
	if (check_replaceable(path, e) == -1)
		return -1;
	f.fd = temporary_open(&f.temporary, path, e);
	if (f.fd == -1)
		return -1;
	f.path = xstrdup(path);
	if (file_write(&f, data, len, e) == 0 && finish(&f, e) == 0) {
		if (rename_new(f.temporary, path) == 0)
			rc = file_sync_directory(path, e);
		else
			error_errno(e, "%s: cannot make a new file", path);
	}
	if (rc == 0)
		forget(&f);
	else
		file_discard(&f);
	return rc;
}
