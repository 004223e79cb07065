/*
 * Memory that is given out in one direction and freed at once: no cost and no
 * header for each piece.  One thread at a time.
 */
#ifndef RZ_LIB_ARENA_H
#define RZ_LIB_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks;
	char *next; /* free octets of the newest block */
	size_t left;
};

#define ARENA_INIT {NULL, NULL, 0}

/* size octets aligned to 8; not cleared. */
void *arena_alloc(struct arena *a, size_t size)
    __attribute__((returns_nonnull, nonnull));
/* Give back the end of the piece that was allocated last. */
void arena_shrink(struct arena *a, void *p, size_t old_size, size_t size)
    __attribute__((nonnull));
/* Octets taken from the system. */
size_t arena_size(const struct arena *a) __attribute__((nonnull));
void arena_free(struct arena *a) __attribute__((nonnull));

#endif
