#include "signer/published.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/xalloc.h"

#define COPY_SIZE 65536

static char *
kept_path(const char *state_path)
{
	return xasprintf("%s.published", state_path);
}

static int
copy_octets(struct file_new *f, int from, const char *path, struct error *e)
{
	char *block = xmalloc(COPY_SIZE);
	ssize_t n;
	int rc = 0;

	while (rc == 0 && (n = read(from, block, COPY_SIZE)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		rc = n == -1 ? error_errno(e, "%s", path)
			     : file_write(f, block, (size_t)n, e);
	}
	free(block);
	return rc;
}

int
published_copy(const char *path, const char *to, struct error *e)
{
	struct file_new f = FILE_NEW_INIT;
	int from = open(path, O_RDONLY | O_CLOEXEC), rc = -1;

	if (from == -1)
		return error_errno(e, "%s", path);
	if (file_create(&f, to, 0644, e) == 0 &&
	    copy_octets(&f, from, path, e) == 0)
		rc = file_commit(&f, e);
	if (rc == -1)
		file_discard(&f);
	close(from);
	return rc;
}

/* Under a name of its own first, so that the one kept before is replaced. */
static int
link_to(const char *path, const char *kept)
{
	char *fresh = xasprintf("%s.%ld", kept, (long)getpid());
	int rc = -1;

	if (unlink(fresh) == -1 && errno != ENOENT)
		goto out;
	if (link(path, fresh) == -1)
		goto out;
	rc = rename(fresh, kept);
	unlink(fresh); /* rename leaves it when both are one file already */
out:
	free(fresh);
	return rc;
}

int
published_keep(const char *state_path, const char *path, struct error *e)
{
	char *kept = kept_path(state_path);
	int rc = link_to(path, kept);

	if (rc == -1)
		rc = published_copy(path, kept, e);
	free(kept);
	return rc;
}

static bool
is_the_output(const char *path, const struct output *last)
{
	char sha256[SHA256_TEXT];
	struct error ignored = ERROR_INIT;

	return file_sha256(sha256, path, &ignored) == 0 &&
	       strcmp(sha256, last->sha256) == 0;
}

char *
published_find(const char *state_path, const struct output *last)
{
	char *kept;

	if (is_the_output(last->path, last))
		return xstrdup(last->path);
	kept = kept_path(state_path);
	if (is_the_output(kept, last))
		return kept;
	free(kept);
	return NULL;
}
