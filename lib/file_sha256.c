/* SHA-256 of files of any size. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "lib/file.h"
#include "lib/xalloc.h"

#define BLOCK ((size_t)1 << 16)

static int
add_all(EVP_MD_CTX *sum, int fd, const char *name, struct error *e)
{
	uint8_t *block = xmalloc(BLOCK);
	ssize_t n;
	int rc = 0;

	while (rc == 0 && (n = read(fd, block, BLOCK)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			rc = error_errno(e, "%s: cannot read", name);
		else if (EVP_DigestUpdate(sum, block, (size_t)n) != 1)
			rc = error_openssl(e, "%s: SHA-256", name);
	}
	free(block);
	return rc;
}

int
file_sha256_fd(
    char out[SHA256_TEXT], int fd, const char *name, struct error *e)
{
	EVP_MD *md = EVP_MD_fetch(NULL, "SHA256", NULL);
	EVP_MD_CTX *sum = EVP_MD_CTX_new();
	uint8_t digest[SHA256_SIZE];
	int rc = -1;

	if (md == NULL || sum == NULL ||
	    EVP_DigestInit_ex2(sum, md, NULL) != 1)
		error_openssl(e, "%s: SHA-256", name);
	else if (add_all(sum, fd, name, e) == -1)
		; /* told */
	else if (EVP_DigestFinal_ex(sum, digest, NULL) != 1)
		error_openssl(e, "%s: SHA-256", name);
	else
		rc = 0;
	if (rc == 0)
		hex_encode(out, digest, sizeof digest);
	EVP_MD_CTX_free(sum);
	EVP_MD_free(md);
	return rc;
}

int
file_sha256(char out[SHA256_TEXT], const char *path, struct error *e)
{
	int fd = file_open(path, e), rc;

	if (fd == -1)
		return -1;
	rc = file_sha256_fd(out, fd, path, e);
	close(fd);
	return rc;
}
