#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/parallel.h"

#define ITEMS_MAX   1000
#define THREADS_MAX 16

struct record {
	size_t piece;
	unsigned threads;
	pthread_t caller;
	atomic_int seen[ITEMS_MAX];
	atomic_int busy[THREADS_MAX];
	atomic_int wrong;
};

static int
record_items(
    void *arg, unsigned worker, size_t first, size_t end, struct error *e)
{
	struct record *r = arg;

	(void)e;
	if (worker >= r->threads || first >= end || end - first > r->piece ||
	    first % r->piece != 0 || end > ITEMS_MAX ||
	    (worker == 0) != pthread_equal(pthread_self(), r->caller)) {
		atomic_fetch_add(&r->wrong, 1);
		return 0;
	}
	if (atomic_exchange(&r->busy[worker], 1) != 0)
		atomic_fetch_add(&r->wrong, 1);
	for (size_t i = first; i < end; i++)
		atomic_fetch_add(&r->seen[i], 1);
	atomic_store(&r->busy[worker], 0);
	return 0;
}

/* Each item once, whatever the threads and the piece. */
static void
each_item_once(void **state)
{
	static const unsigned threads[] = {1, 2, 3, THREADS_MAX};
	static const size_t items[] = {0, 1, 2, 7, 64, 999, ITEMS_MAX};
	static const size_t pieces[] = {1, 2, 7, 64, ITEMS_MAX, SIZE_MAX};
	struct error e = ERROR_INIT;

	(void)state;
	for (size_t n = 0; n < 4 * 7 * 6; n++) {
		struct record r = {.caller = pthread_self()};
		size_t count = items[n / 4 % 7];

		r.threads = threads[n % 4];
		r.piece = pieces[n / 28];
		assert_int_equal(
		    parallel(r.threads, count, r.piece, record_items, &r, &e),
		    0);
		assert_int_equal(r.wrong, 0);
		for (size_t i = 0; i < ITEMS_MAX; i++)
			if (r.seen[i] != (i < count))
				fail_msg("item %zu: %d times", i, r.seen[i]);
	}
	assert_int_equal(e.status, STATUS_OK);
}

static void
piece_of_none(void **state)
{
	struct record r = {.caller = pthread_self(), .piece = 1, .threads = 2};
	struct error e = ERROR_INIT;

	(void)state;
	assert_int_equal(parallel(2, 3, 0, record_items, &r, &e), 0);
	assert_int_equal(r.wrong, 0);
	assert_int_equal(r.seen[0] + r.seen[1] + r.seen[2], 3);
}

/* Both workers must be inside at the same moment. */
static int
meet(void *arg, unsigned worker, size_t first, size_t end, struct error *e)
{
	atomic_int *inside = arg;
	double start = clock_elapsed();

	(void)worker;
	(void)first;
	(void)end;
	atomic_fetch_add(inside, 1);
	while (atomic_load(inside) < 2)
		if (clock_elapsed() - start > 20)
			return error_set(e, "alone");
	return 0;
}

static void
at_once(void **state)
{
	atomic_int inside = 0;
	struct error e = ERROR_INIT;

	(void)state;
	if (parallel(2, 2, 1, meet, &inside, &e) != 0)
		fail_msg("%s", e.text);
}

struct failing {
	size_t from;	   /* the pieces from here on fail */
	bool lowest_first; /* the lowest of them before the others */
	atomic_size_t highest;
};

/* Not for ever: there is none where one thread does all. */
static void
wait_for_higher(struct failing *f, size_t first)
{
	double start = clock_elapsed();

	while (
	    atomic_load(&f->highest) <= first && clock_elapsed() - start < 0.5)
		;
}

static int
fail_from(void *arg, unsigned worker, size_t first, size_t end, struct error *e)
{
	struct failing *f = arg;
	size_t highest = atomic_load(&f->highest);

	(void)worker;
	(void)end;
	while (highest < first &&
	       !atomic_compare_exchange_weak(&f->highest, &highest, first))
		;
	if (first < f->from)
		return 0;
	if (first == f->from && f->lowest_first)
		wait_for_higher(f, first);
	else if (first == f->from || f->lowest_first)
		clock_sleep_ms(2);
	return error_no(e, "piece %zu", first);
}

static void
lowest_error(void **state)
{
	struct error e = ERROR_INIT;

	(void)state;
	for (unsigned n = 0; n < 100; n++) {
		struct failing f = {.from = n / 2 % 20, .lowest_first = n % 2};
		char want[40];

		snprintf(want, sizeof want, "piece %zu", f.from);
		assert_int_equal(
		    parallel(2 + n % 4, 1000, 1, fail_from, &f, &e), -1);
		assert_string_equal(e.text, want);
		assert_int_equal(e.status, STATUS_NO);
	}
}

/* One thread: the piece after the one that failed is not begun. */
static void
stops(void **state)
{
	struct failing f = {.from = 5};
	struct error e = ERROR_INIT;

	(void)state;
	assert_int_equal(parallel(1, 1000, 1, fail_from, &f, &e), -1);
	assert_int_equal(f.highest, 5);
	f.highest = 0;
	assert_int_equal(parallel(4, 1000, 1, fail_from, &f, &e), -1);
	assert_true(f.highest < 999);
}

static void
processors(void **state)
{
	cpu_set_t all, one;
	unsigned n = parallel_processors();
	int cpu = 0;

	(void)state;
	assert_true(n >= 1);
	assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
	assert_int_equal(n, CPU_COUNT(&all));
	while (!CPU_ISSET(cpu, &all))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
	assert_int_equal(parallel_processors(), 1);
	assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_item_once),
	    cmocka_unit_test(piece_of_none),
	    cmocka_unit_test(at_once),
	    cmocka_unit_test(lowest_error),
	    cmocka_unit_test(stops),
	    cmocka_unit_test(processors),
	};

	return cmocka_run_group_tests_name("parallel", tests, NULL, NULL);
}
