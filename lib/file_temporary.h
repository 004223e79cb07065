/*
 * Temporary files that a signal must not leave behind.  Each name is held in
 * a small table that a handler of SIGHUP, SIGINT and SIGTERM may read; the
 * handler removes the files and lets the signal do its work.
 */
#ifndef RZ_LIB_FILE_TEMPORARY_H
#define RZ_LIB_FILE_TEMPORARY_H

#include "lib/error.h"

#define TEMPORARIES_MAX 16 /* at one time */

/*
 * Make ".NAME.XXXXXX" beside path, exclusively, mode 0600.  *name is owned by
 * the caller.  Returns the descriptor, open for reading and writing; or -1.
 */
int temporary_open(char **name, const char *path, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/*
 * Remove what a process that was killed left beside path: regular files of
 * ours of this pattern that were last written over an hour before fd was, and
 * that no process holds a lock on.  As far as it can be done.
 */
void temporary_remove_stale(const char *path, int fd)
    __attribute__((nonnull));
/* The file has another name now, or none: the handler leaves it alone. */
void temporary_forget(const char *name) __attribute__((nonnull));

#endif
