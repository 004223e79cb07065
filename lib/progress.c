#include "lib/progress.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/xalloc.h"

#define QUIET_MS 500 /* work that is done by then gets no bar */
#define FRAME_MS 100
#define BAR_MAX	 50

struct drawing {
	pthread_t thread;
	int wake; /* eventfd: readable when the work is done */
	double begin;
};

const char *
progress_text(char out[PROGRESS_TEXT], const char *what, size_t done,
    size_t total, double seconds, unsigned columns)
{
	double part = total > 0 ? (double)done / (double)total : 0;
	unsigned fixed = (unsigned)strlen(what) + 20;
	unsigned width = columns > fixed ? columns - fixed : 0;
	unsigned full, left = 0;
	char bar[BAR_MAX + 1];

	if (part > 1)
		part = 1;
	if (part > 0 && seconds * (1 - part) / part < 359999)
		left = (unsigned)(seconds * (1 - part) / part + 0.5);
	width = width < BAR_MAX ? width : BAR_MAX;
	full = (unsigned)(part * width);
	memset(bar, ' ', width);
	memset(bar, '=', full);
	bar[width] = '\0';
	snprintf(out, PROGRESS_TEXT, "%.80s [%s] %3u %% %4u:%02u", what, bar,
	    (unsigned)(part * 100), left / 60, left % 60);
	return out;
}

static unsigned
terminal_columns(void)
{
	struct winsize w;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == -1 || w.ws_col == 0)
		return 80;
	return w.ws_col;
}

static void
draw(struct progress *p, const struct drawing *d)
{
	char text[PROGRESS_TEXT];

	progress_text(text, p->what, atomic_load(&p->done), p->total,
	    clock_elapsed() - d->begin, terminal_columns());
	fprintf(stderr, "\r%s\033[K", text);
	fflush(stderr);
}

static void *
draw_until_end(void *arg)
{
	struct progress *p = arg;
	struct drawing *d = p->state;
	struct pollfd wake = {d->wake, POLLIN, 0};
	int wait = QUIET_MS;

	while (poll(&wake, 1, wait) == 0 && !atomic_load(&p->end)) {
		draw(p, d);
		wait = FRAME_MS;
	}
	if (wait == FRAME_MS) {
		fprintf(stderr, "\r\033[K");
		fflush(stderr);
	}
	return NULL;
}

/* Signals are for the thread that works, not for the one that draws. */
static int
start_thread(struct progress *p, struct drawing *d)
{
	sigset_t all, old;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&d->thread, NULL, draw_until_end, p);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

static bool
can_draw(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) &&
	    (term == NULL || strcmp(term, "dumb") != 0);
}

void
progress_begin(
    struct progress *p, const char *what, size_t total, bool show)
{
	struct drawing *d;

	p->what = what;
	p->total = total;
	atomic_init(&p->done, 0);
	atomic_init(&p->end, false);
	p->state = NULL;
	if (!show || !can_draw())
		return;
	d = xcalloc(1, sizeof *d);
	d->begin = clock_elapsed();
	d->wake = eventfd(0, EFD_CLOEXEC);
	p->state = d;
	if (d->wake != -1 && start_thread(p, d) == 0)
		return;
	if (d->wake != -1)
		close(d->wake);
	free(d);
	p->state = NULL; /* work goes on without a bar */
}

void
progress_end(struct progress *p)
{
	struct drawing *d = p->state;
	uint64_t one = 1;

	atomic_store(&p->end, true);
	if (d == NULL)
		return;
	(void)!write(d->wake, &one, sizeof one);
	pthread_join(d->thread, NULL);
	close(d->wake);
	free(d);
	p->state = NULL;
}
