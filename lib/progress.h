/* A bar on a terminal for work that takes longer than half a second. */
#ifndef RZ_LIB_PROGRESS_H
#define RZ_LIB_PROGRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct progress {
	const char *what;
	size_t total;
	atomic_size_t done; /* the workers add to it, and nothing else */
	atomic_bool end;
	void *state; /* progress.c's own: the drawing thread */
};

/* Draws nothing unless stderr is a terminal and `show` is set. */
void progress_begin(struct progress *p, const char *what, size_t total,
    bool show) __attribute__((nonnull));
void progress_end(struct progress *p) __attribute__((nonnull));

/*
 * The bar as text, at most `columns` wide: "signing [====    ]  50 %  0:07"
 * (the time that is left at this rate).  Returns out.
 */
#define PROGRESS_TEXT 256
const char *progress_text(char out[PROGRESS_TEXT], const char *what,
    size_t done, size_t total, double seconds, unsigned columns);

#endif
