/* Other programs, run by name and argument vector, never through a shell. */
#ifndef RZ_LIB_PROCESS_H
#define RZ_LIB_PROCESS_H

#include "lib/buf.h"
#include "lib/error.h"

enum process_end {
	PROCESS_EXITED,	  /* code holds its exit status */
	PROCESS_SIGNALED, /* code holds the signal */
	PROCESS_TIMEOUT,  /* killed (with its process group) at the limit */
	PROCESS_MISSING	  /* no such program on PATH */
};

struct process_result {
	enum process_end end;
	int code;
	struct buf output; /* stdout and stderr together, at most 64 KiB */
};

/*
 * Run argv (NULL at its end) with standard input from /dev/null, wait at
 * most `seconds`.  Uses posix_spawn: safe after an HSM module was loaded.
 * -1 only when nothing could be started for another reason than MISSING.
 */
int process_run(const char *const argv[], unsigned seconds,
    struct process_result *r, struct error *e)
    __attribute__((nonnull, warn_unused_result));
void process_result_free(struct process_result *r) __attribute__((nonnull));

#endif
