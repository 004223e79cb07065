/*
 * Files read whole with a limit, and files that appear whole or not at all.
 *
 * Writing: file_create makes a temporary file in the directory of the final
 * name (".NAME.XXXXXX", exclusively); the caller writes and then says either
 * file_commit (fsync, rename, fsync of the directory), or file_discard, or
 * file_keep_aside (the temporary becomes "NAME.SUFFIX", for a person to look
 * at).  A kill at any moment leaves the old file whole.
 */
#ifndef RZ_LIB_FILE_H
#define RZ_LIB_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/error.h"

/* The whole file; over max octets, or not a regular file: trouble. */
int file_read(struct buf *out, const char *path, size_t max, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* The same for a descriptor that is open (standard input, a pipe). */
int file_read_fd(struct buf *out, int fd, const char *name, size_t max,
    struct error *e) __attribute__((nonnull, warn_unused_result));

struct file_new {
	int fd;	    /* -1 when not open */
	char *path; /* the final name */
	char *temporary;
};

#define FILE_NEW_INIT {-1, NULL, NULL}

/*
 * Trouble when the directory is not there or cannot be written; mode as for
 * open(2) (0600 for what is secret).  A path that is a symbolic link is
 * replaced at its target.  Not for "-".
 */
int file_create(struct file_new *f, const char *path, mode_t mode,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/* All of it, or trouble (a full disk is noticed here or in file_commit). */
int file_write(struct file_new *f, const void *data, size_t len,
    struct error *e) __attribute__((nonnull, warn_unused_result));
int file_commit(struct file_new *f, struct error *e)
    __attribute__((nonnull, warn_unused_result));
void file_discard(struct file_new *f) __attribute__((nonnull));
/* kept (owned by the caller) is the name it has now. */
int file_keep_aside(struct file_new *f, const char *suffix, char **kept,
    struct error *e) __attribute__((nonnull, warn_unused_result));

/* Do the two names lead to one file?  (-o onto the input.) */
bool file_same(const char *a, const char *b) __attribute__((nonnull));

/*
 * A new file that must not exist, mode 0600, never through a link, whole on
 * return: for private keys.
 */
int file_create_secret(const char *path, const void *data, size_t len,
    struct error *e) __attribute__((nonnull, warn_unused_result));

#endif
