/* Temporary files that a process left which was killed. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/file_temporary.h"
#include "lib/utc.h"

#define STALE_AFTER HOUR

/* ".NAME.XXXXXX", where the six are letters and digits: mkstemp(3). */
static bool
is_temporary_of(const char *entry, const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t len = strlen(name);

	return entry[0] == '.' && strncmp(entry + 1, name, len) == 0 &&
	    entry[len + 1] == '.' && strlen(entry) == len + 8 &&
	    strspn(entry + len + 2, letters) == 6;
}

static bool
is_stale(const struct stat *st, int64_t now)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid() &&
	    st->st_nlink == 1 && now - st->st_mtime > STALE_AFTER;
}

/* Locked: its writer is alive, however long it takes. */
static void
remove_if_stale(int dir, const char *name, int64_t now)
{
	struct stat st;
	int fd;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	    !is_stale(&st, now))
		return;
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0 &&
	    is_stale(&st, now))
		(void)unlinkat(dir, name, 0);
	close(fd);
}

/* Now is when the new file was made, as its file system says: no clock. */
void
temporary_remove_stale(const char *path, int fd)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	char *where = file_directory(path);
	DIR *dir = opendir(where);
	struct dirent *entry;
	struct stat st;

	if (dir != NULL && fstat(fd, &st) == 0)
		while ((entry = readdir(dir)) != NULL)
			if (is_temporary_of(entry->d_name, name))
				remove_if_stale(dirfd(dir), entry->d_name,
				    st.st_mtime);
	if (dir != NULL)
		closedir(dir);
	free(where);
}
