#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hsm/keyfile.h"
#include "hsm/pkcs8.h"
#include "lib/hex.h"
#include "lib/pubkey.h"
#include "lib/xalloc.h"

/* Octets of a public key's hash that name a key of BIND. */
#define ID_OF_BIND 20

static int
check_file(const struct stat *st, const char *path, struct error *e)
{
	if (!S_ISREG(st->st_mode))
		return error_set(e, "%s: not a regular file", path);
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return error_set(e, "%s: belongs to another user", path);
	if (st->st_mode & 077)
		return error_set(e,
		    "%s: a private key that group or others "
		    "may use: expected mode 0600",
		    path);
	if (st->st_size > KEY_FILE_MAX)
		return error_set(e, "%s: over %d octets", path, KEY_FILE_MAX);
	return 0;
}

/* Into memory of the final size, so that no copy is left behind. */
static int
read_whole(
    struct buf *out, int fd, size_t size, const char *path, struct error *e)
{
	uint8_t *room = buf_room(out, size + 1);
	ssize_t n;

	do {
		n = read(fd, room + out->len, size + 1 - out->len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return error_errno(e, "%s", path);
		out->len += (size_t)n;
	} while (n != 0 && out->len <= size);
	if (out->len > size)
		return error_set(e, "%s: changed while it was read", path);
	return 0;
}

int
key_file_read(struct buf *out, const char *path, struct error *e)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int rc = -1;

	if (fd == -1)
		return error_errno(e, "%s", path);
	if (fstat(fd, &st) == -1)
		error_errno(e, "%s", path);
	else if (check_file(&st, path, e) == 0)
		rc = read_whole(out, fd, (size_t)st.st_size, path, e);
	close(fd);
	return rc;
}

static int
fill_info(struct hsm_key_info *i, const EVP_PKEY *pkey, uint8_t algorithm,
    struct error *e)
{
	static const uint8_t by_family[] = {
	    [FAMILY_RSA] = ALG_RSASHA256,
	    [FAMILY_EDDSA] = ALG_ED25519,
	};
	uint8_t hash[SHA256_SIZE];

	if (pkey_kind(pkey, &i->family, &i->bits) == -1)
		return error_set(e, "private key of an unknown kind");
	if (algorithm == 0 && i->family == FAMILY_ECDSA)
		algorithm =
		    i->bits == 256 ? ALG_ECDSAP256SHA256 : ALG_ECDSAP384SHA384;
	else if (algorithm == 0)
		algorithm = by_family[i->family];
	if (pubkey_encode(&i->public_key, algorithm, pkey, e) == -1)
		return -1;
	if (i->id_len == 0) {
		sha256(hash, i->public_key.data, i->public_key.len);
		memcpy(i->id, hash, ID_OF_BIND);
		i->id_len = ID_OF_BIND;
	}
	i->has_private = true;
	i->extractable = true;
	i->modifiable = true;
	return 0;
}

int
key_file_load(struct file_store *s, const char *path, struct hsm_key_info *info,
    EVP_PKEY **pkey, struct error *e)
{
	struct buf text = BUF_INIT;
	uint8_t algorithm;
	int rc = -1;

	*pkey = NULL;
	if (key_file_read(&text, path, e) == 0) {
		rc = key_file_decode(pkey, &algorithm, &text, &s->pass, e);
		if (rc == 0)
			rc = fill_info(info, *pkey, algorithm, e);
		if (rc == -1)
			error_prefix(e, "%s", path);
	}
	buf_wipe(&text);
	if (rc == -1) {
		EVP_PKEY_free(*pkey);
		*pkey = NULL;
		hsm_key_info_free(info);
	}
	return rc;
}

static int
scan_one(struct file_store *s, const char *name, const struct wanted *w,
    struct key_list *list, struct error *e)
{
	struct wanted early = {w->id, w->id_len, w->label};
	struct hsm_key_info info, *add;
	EVP_PKEY *pkey;
	char *path;
	int rc = key_file_parse(&info, name);

	if (rc == -1)
		return error_set(e,
		    "%s/%s: expected LABEL.ID.pem, or BIND's "
		    "K*.private",
		    s->directory, name);
	/* What the name tells need not be read. */
	if (info.id_len == 0)
		early.id_len = 0;
	if (rc == 0 || !wanted_matches(&early, &info))
		return 0;
	path = xasprintf("%s/%s", s->directory, name);
	rc = key_file_load(s, path, &info, &pkey, e);
	free(path);
	if (rc == -1)
		return -1;
	EVP_PKEY_free(pkey);
	if (!wanted_matches(w, &info)) {
		hsm_key_info_free(&info);
		return 0;
	}
	if ((add = key_list_add(list)) == NULL) {
		hsm_key_info_free(&info);
		return error_set(
		    e, "%s: more than %d keys", s->directory, HSM_KEYS_MAX);
	}
	*add = info;
	return 0;
}

int
key_file_scan(struct file_store *s, const struct wanted *w,
    struct key_list *list, struct error *e)
{
	struct dirent **entry;
	int n = scandir(s->directory, &entry, NULL, alphasort);
	int rc = 0;

	if (n == -1)
		return error_errno(e, "%s", s->directory);
	for (int i = 0; i < n; i++) {
		if (rc == 0)
			rc = scan_one(s, entry[i]->d_name, w, list, e);
		free(entry[i]);
	}
	free(entry);
	if (rc == -1)
		key_list_free(list);
	return rc;
}

static int
overwrite(int fd, struct error *e, const char *path)
{
	static const uint8_t zeros[4096];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) == -1)
		return error_errno(e, "%s", path);
	for (off_t at = 0; at < st.st_size; at += n) {
		size_t left = (size_t)(st.st_size - at);

		n = write(fd, zeros, left < sizeof zeros ? left : sizeof zeros);
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n == -1)
			return error_errno(e, "%s", path);
	}
	return fsync(fd) == 0 ? 0 : error_errno(e, "%s", path);
}

int
key_file_remove(const char *path, const char *directory, struct error *e)
{
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	int rc;

	if (fd == -1)
		return error_errno(e, "%s", path);
	rc = overwrite(fd, e, path);
	close(fd);
	if (rc == 0 && unlink(path) == -1)
		rc = error_errno(e, "%s", path);
	if (rc == -1)
		return -1;
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1 || fsync(fd) == -1)
		rc = error_errno(e, "%s", directory);
	if (fd != -1)
		close(fd);
	return rc;
}
