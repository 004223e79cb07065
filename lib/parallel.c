#include "lib/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/xalloc.h"

struct job {
	parallel_fn *fn;
	void *arg;
	size_t items;
	size_t piece; /* items in one */
	size_t pieces;
	atomic_size_t next; /* piece to hand out */
	atomic_bool stop;
	pthread_mutex_t lock; /* of the two below */
	size_t failed;	      /* lowest piece that failed; SIZE_MAX: none */
	struct error *error;
};

struct worker {
	struct job *job;
	unsigned number;
	pthread_t thread;
};

static void
job_fail(struct job *j, size_t piece, const struct error *e)
{
	atomic_store(&j->stop, true);
	pthread_mutex_lock(&j->lock);
	if (piece < j->failed) {
		j->failed = piece;
		*j->error = *e;
	}
	pthread_mutex_unlock(&j->lock);
}

/*
 * A piece that was taken is always worked on: all below a failed piece were
 * taken before it, hence which one is the lowest to fail depends on no race.
 */
static void *
work(void *arg)
{
	struct worker *w = arg;
	struct job *j = w->job;
	struct error e = ERROR_INIT;
	size_t piece, first, n;

	while (!atomic_load(&j->stop)) {
		piece = atomic_fetch_add(&j->next, 1);
		if (piece >= j->pieces)
			break;
		first = piece * j->piece;
		n = j->items - first < j->piece ? j->items - first : j->piece;
		if (j->fn(j->arg, w->number, first, first + n, &e) != 0)
			job_fail(j, piece, &e);
	}
	return NULL;
}

/* Where the system gives no more threads, fewer do the same work. */
static void
job_run(struct job *j, unsigned threads)
{
	struct worker *w = xcalloc(threads, sizeof *w);
	unsigned made;

	w[0].job = j;
	for (made = 1; made < threads; made++) {
		w[made].job = j;
		w[made].number = made;
		if (pthread_create(&w[made].thread, NULL, work, &w[made]) != 0)
			break;
	}
	work(&w[0]);
	while (--made > 0)
		pthread_join(w[made].thread, NULL);
	free(w);
}

int
parallel(unsigned threads, size_t items, size_t piece, parallel_fn *fn,
    void *arg, struct error *e)
{
	struct job j = {.fn = fn,
	    .arg = arg,
	    .items = items,
	    .piece = piece > 0 ? piece : 1,
	    .failed = SIZE_MAX,
	    .error = e};

	j.pieces = items / j.piece + (items % j.piece != 0);
	if (threads > j.pieces)
		threads = (unsigned)j.pieces;
	atomic_init(&j.next, 0);
	atomic_init(&j.stop, false);
	pthread_mutex_init(&j.lock, NULL);
	job_run(&j, threads > 0 ? threads : 1);
	pthread_mutex_destroy(&j.lock);
	return j.failed == SIZE_MAX ? 0 : -1;
}

unsigned
parallel_processors(void)
{
	cpu_set_t set;
	long n;

	if (sched_getaffinity(0, sizeof set, &set) == 0)
		n = CPU_COUNT(&set);
	else /* more processors than the set can name */
		n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}
