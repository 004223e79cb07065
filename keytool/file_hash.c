#include "keytool/file_hash.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#define BLOCK (64 * 1024)

static int
hash_fd(EVP_MD_CTX *ctx, int fd, const char *path, struct error *e)
{
	uint8_t block[BLOCK];
	ssize_t n;

	while ((n = read(fd, block, sizeof block)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return error_errno(e, "%s", path);
		if (!EVP_DigestUpdate(ctx, block, (size_t)n))
			return error_openssl(e, "SHA-256");
	}
	return 0;
}

/* A descriptor of a regular file; a pipe is read only as "-". */
static int
open_file(const char *path, struct error *e)
{
	struct stat st;
	int fd;

	if (strcmp(path, "-") == 0)
		return STDIN_FILENO;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1)
		return error_errno(e, "%s", path);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return error_set(e, "%s: not a regular file", path);
}

int
file_hash(uint8_t digest[SHA256_SIZE], const char *path, struct error *e)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int fd = open_file(path, e), rv = -1;

	if (fd == -1)
		goto out;
	if (ctx == NULL || !EVP_DigestInit_ex(ctx, EVP_sha256(), NULL)) {
		error_openssl(e, "SHA-256");
		goto out;
	}
	if (hash_fd(ctx, fd, path, e) == -1)
		goto out;
	if (!EVP_DigestFinal_ex(ctx, digest, NULL)) {
		error_openssl(e, "SHA-256");
		goto out;
	}
	rv = 0;
out:
	if (fd > STDIN_FILENO)
		close(fd);
	EVP_MD_CTX_free(ctx);
	return rv;
}
