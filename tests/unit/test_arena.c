#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/arena.h"

/* Pieces of all sizes are aligned, apart from each other, and keep still. */
static void
pieces(void **state)
{
	static const size_t sizes[] = {0, 1, 7, 8, 9, 100, 4096, 65535, 65536,
	    65537, 262144, 262145, 1000000};
	enum { ROUNDS = 40, SIZES = sizeof sizes / sizeof *sizes };
	struct arena a = ARENA_INIT;
	unsigned char *p[ROUNDS][SIZES];

	(void)state;
	for (size_t r = 0; r < ROUNDS; r++)
		for (size_t i = 0; i < SIZES; i++) {
			p[r][i] = arena_alloc(&a, sizes[i]);
			assert_int_equal((uintptr_t)p[r][i] % 8, 0);
			memset(p[r][i], (int)(r * SIZES + i) & 0xff, sizes[i]);
		}
	for (size_t r = 0; r < ROUNDS; r++)
		for (size_t i = 0; i < SIZES; i++)
			for (size_t o = 0; o < sizes[i]; o++)
				if (p[r][i][o] != ((r * SIZES + i) & 0xff))
					fail_msg("piece %zu overwritten", i);
	arena_free(&a);
}

static void
empty_pieces_differ(void **state)
{
	struct arena a = ARENA_INIT;
	void *p = arena_alloc(&a, 0);

	(void)state;
	assert_ptr_not_equal(p, arena_alloc(&a, 0));
	arena_free(&a);
}

static void
shrink(void **state)
{
	struct arena a = ARENA_INIT;
	char *first = arena_alloc(&a, 1000), *second;

	(void)state;
	arena_shrink(&a, first, 1000, 10);
	second = arena_alloc(&a, 100);
	assert_ptr_equal(second, first + 16);
	/* No longer the last one: nothing comes back. */
	arena_shrink(&a, first, 16, 0);
	assert_ptr_equal(arena_alloc(&a, 8), second + 104);
	arena_free(&a);
}

/* Growing is not shrinking. */
static void
shrink_to_more(void **state)
{
	struct arena a = ARENA_INIT;
	char *p = arena_alloc(&a, 16);
	size_t left = a.left;

	(void)state;
	arena_shrink(&a, p, 16, 16);
	arena_shrink(&a, p, 16, 1000000);
	assert_int_equal(a.left, left);
	assert_ptr_equal(a.next, p + 16);
	arena_free(&a);
}

/* A large piece does not cost the rest of the newest block. */
static void
large(void **state)
{
	struct arena a = ARENA_INIT;
	char *p = arena_alloc(&a, 8);
	size_t size = arena_size(&a);
	char *big = arena_alloc(&a, 10000000);

	(void)state;
	assert_true(arena_size(&a) >= size + 10000000);
	assert_true(arena_size(&a) < size + 10001000);
	arena_shrink(&a, big, 10000000, 5);
	assert_ptr_equal(arena_alloc(&a, 8), p + 8);
	p = arena_alloc(&a, 100000);
	arena_alloc(&a, 100000);
	assert_ptr_equal(arena_alloc(&a, 8), p + 100000);
	arena_free(&a);
}

static void
size_and_free(void **state)
{
	struct arena a = ARENA_INIT;

	(void)state;
	assert_int_equal(arena_size(&a), 0);
	arena_free(&a);
	for (int i = 0; i < 100000; i++)
		arena_alloc(&a, 40);
	assert_true(arena_size(&a) >= 4000000);
	assert_true(arena_size(&a) < 4400000);
	arena_free(&a);
	assert_int_equal(arena_size(&a), 0);
	assert_non_null(arena_alloc(&a, 1));
	arena_free(&a);
}

static void
too_much(void **state)
{
	struct arena a = ARENA_INIT;
	int status;
	pid_t pid;

	(void)state;
	if ((pid = fork()) == 0) {
		close(STDERR_FILENO);
		arena_alloc(&a, SIZE_MAX - 3);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pieces),
	    cmocka_unit_test(empty_pieces_differ),
	    cmocka_unit_test(shrink),
	    cmocka_unit_test(shrink_to_more),
	    cmocka_unit_test(large),
	    cmocka_unit_test(size_and_free),
	    cmocka_unit_test(too_much),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
