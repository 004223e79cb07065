/* The same work on many items, on several threads. */
#ifndef RZ_LIB_PARALLEL_H
#define RZ_LIB_PARALLEL_H

#include <stddef.h>

#include "lib/error.h"

/*
 * Called for the items [first, end) by thread number `worker` (0 ..
 * threads - 1; one worker's calls never overlap).  0, or -1 with e filled:
 * then no further piece is begun.
 */
typedef int parallel_fn(void *arg, unsigned worker, size_t first, size_t end,
    struct error *e);

/*
 * Cut [0, items) into pieces of at most `piece` and hand them out in
 * ascending order to the threads; return when all are done.  On failure -1
 * and the error of the lowest-numbered piece that failed.  threads >= 1; the
 * calling thread is worker 0.
 */
int parallel(unsigned threads, size_t items, size_t piece, parallel_fn *fn,
    void *arg, struct error *e) __attribute__((nonnull(4, 6)));

/* Processors this process may run on, at least 1. */
unsigned parallel_processors(void);

#endif
