#include "hsm/patience.h"

#include "lib/clock.h"

static unsigned first_ms = 100;
static unsigned longest_ms = 5000;
static unsigned total_ms = 30000;

void
patience_limits(unsigned first, unsigned longest, unsigned total)
{
	first_ms = first;
	longest_ms = longest;
	total_ms = total;
}

static unsigned
next_delay(unsigned now)
{
	if (now == 0)
		return first_ms;
	return now > longest_ms / 2 ? longest_ms : now * 2;
}

int
patience_wait(struct patience *p)
{
	if (p->tries == 0) {
		p->start = clock_elapsed();
		p->tries = 1;
		return 0;
	}
	p->delay_ms = next_delay(p->delay_ms);
	if (!p->keep_trying || p->tries == p->most ||
	    patience_spent(p) * 1000 + p->delay_ms > total_ms)
		return -1;
	clock_sleep_ms(p->delay_ms);
	p->tries++;
	return 0;
}

double
patience_spent(const struct patience *p)
{
	return p->tries == 0 ? 0 : clock_elapsed() - p->start;
}
