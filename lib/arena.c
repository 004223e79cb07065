#include "lib/arena.h"

#include <err.h>
#include <stdint.h>
#include <stdlib.h>

#include "lib/xalloc.h"

#define BLOCK_SIZE (128 * (size_t)1024)
#define ALIGNMENT  ((size_t)8)

struct arena_block {
	struct arena_block *older;
	size_t size; /* octets of data */
	_Alignas(16) char data[];
};

static size_t
aligned(size_t size)
{
	if (size > PTRDIFF_MAX - sizeof(struct arena_block) - ALIGNMENT)
		errx(2, "piece of more than half the address space");
	if (size == 0)
		size = 1;
	return (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

static struct arena_block *
block_new(size_t size)
{
	struct arena_block *b = xmalloc(sizeof *b + size);

	b->size = size;
	return b;
}

/* A large piece has a block to itself, so that the newest is not left early. */
static void *
alloc_large(struct arena *a, size_t size)
{
	struct arena_block *b = block_new(size);

	if (a->blocks == NULL) {
		b->older = NULL;
		a->blocks = b;
	} else {
		b->older = a->blocks->older;
		a->blocks->older = b;
	}
	return b->data;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b;
	void *p;

	size = aligned(size);
	if (size > a->left) {
		if (size > BLOCK_SIZE / 4)
			return alloc_large(a, size);
		b = block_new(BLOCK_SIZE);
		b->older = a->blocks;
		a->blocks = b;
		a->next = b->data;
		a->left = b->size;
	}
	p = a->next;
	a->next += size;
	a->left -= size;
	return p;
}

/* A piece with a block to itself keeps what it has. */
void
arena_shrink(struct arena *a, void *p, size_t old_size, size_t size)
{
	size_t back = aligned(old_size) - aligned(size);

	if (size >= old_size || (char *)p + aligned(old_size) != a->next)
		return;
	a->next -= back;
	a->left += back;
}

size_t
arena_size(const struct arena *a)
{
	const struct arena_block *b;
	size_t sum = 0;

	for (b = a->blocks; b != NULL; b = b->older)
		sum += sizeof *b + b->size;
	return sum;
}

void
arena_free(struct arena *a)
{
	struct arena_block *b;

	while ((b = a->blocks) != NULL) {
		a->blocks = b->older;
		free(b);
	}
	*a = (struct arena)ARENA_INIT;
}
