/* A scenario while it is replayed; replay.c documents the grammar. */
#ifndef RZ_TESTS_SCENARIO_SCENARIO_H
#define RZ_TESTS_SCENARIO_SCENARIO_H

#include "rollover/keyset.h"

#define WORDS_MAX 32 /* of a line */

struct scenario {
	struct keys keys;
	bool started;
	int64_t now;
	char step[128];
	char *word[WORDS_MAX];
	unsigned n;
	const char *rest; /* the line after its first two words */
};

struct statement {
	const char *word;
	int (*run)(struct scenario *s, struct error *e);
};

/* By its name in the scenario. */
int scenario_key(struct scenario *s, const char *name, struct key **k,
    struct error *e);
/* Has the line at least and at most so many words? */
int scenario_words(const struct scenario *s, unsigned least, unsigned most,
    struct error *e);
/* The statement of the word at this place of the line. */
int scenario_run(const struct statement *table, struct scenario *s,
    unsigned at, struct error *e);

int do_key(struct scenario *s, struct error *e);
int do_deed(struct scenario *s, struct error *e);
int do_expect(struct scenario *s, struct error *e);

#endif
