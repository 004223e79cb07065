/*
 * Files read whole with a limit, and files that appear whole or not at all.
 *
 * Writing: file_create makes a temporary file in the directory of the final
 * name (".NAME.XXXXXX", exclusively); the caller writes and then says either
 * file_commit (fsync, rename, fsync of the directory), or file_discard, or
 * file_keep_aside (the temporary becomes "NAME.SUFFIX", for a person to look
 * at).  A kill at any moment leaves the old file whole.
 *
 * SIGHUP, SIGINT and SIGTERM remove the temporary file.  One that SIGKILL or a
 * power cut left is removed by the next file_create of the same name: when it
 * is ours, a regular file, last written over an hour before, and no process
 * has it open for writing (each is locked with flock(2) while it is).
 */
#ifndef RZ_LIB_FILE_H
#define RZ_LIB_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/error.h"
#include "lib/hex.h"

/* For reading; trouble when it is not a regular file. */
int file_open(const char *path, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* The whole file; over max octets, or not a regular file: trouble. */
int file_read(struct buf *out, const char *path, size_t max, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* The same for a descriptor that is open (standard input, a pipe). */
int file_read_fd(struct buf *out, int fd, const char *name, size_t max,
    struct error *e) __attribute__((nonnull, warn_unused_result));

/* SHA-256 of a file of any size, in hexadecimal. */
int file_sha256(char out[SHA256_TEXT], const char *path, struct error *e)
    __attribute__((nonnull, warn_unused_result));
int file_sha256_fd(char out[SHA256_TEXT], int fd, const char *name,
    struct error *e) __attribute__((nonnull, warn_unused_result));

struct file_new {
	int fd;	    /* -1 when not open */
	char *path; /* the final name */
	char *temporary;
};

#define FILE_NEW_INIT {-1, NULL, NULL}

/*
 * Trouble when the directory is not there or cannot be written; mode as for
 * open(2) (0600 for what is secret).  A file that is replaced hands on its
 * mode and, as far as we may give them, its group and owner; a mode without
 * rights for others is never widened by that.  A path that is a symbolic link
 * is replaced at its target.  An SQLite database is never replaced.  Not for
 * "-".
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
/* The same, also where one of the two is not there yet. */
bool file_same_name(const char *a, const char *b) __attribute__((nonnull));
/* The directory of a path ("." when it names none); owned by the caller. */
char *file_directory(const char *path) __attribute__((nonnull));
/* A new name is on the disk when its directory is. */
int file_sync_directory(const char *path, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/*
 * A new file that must not exist, mode 0600, never through a link, whole on
 * return: for private keys.
 */
int file_create_secret(const char *path, const void *data, size_t len,
    struct error *e) __attribute__((nonnull, warn_unused_result));

#endif
