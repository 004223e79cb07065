/*
 * Replays scenarios: keys, what is done to them over injected time, and what
 * the zone then holds.
 *
 *	replay FILE.roll ...
 *
 * A line is one statement; "#" begins a comment; words are separated by
 * blanks.  The first statement is START.
 *
 *	START TIME
 *		the clock, as 2026-01-01T00:00:00Z
 *	KEY NAME ksk|zsk ALGORITHM [TAG-OF OTHER | REVOKED-TAG-OF OTHER]
 *		a key is created now; with the (revoked) tag of another
 *	STEP TEXT
 *		a name for what follows; failures quote it
 *	TIME_PASSES DURATION
 *		30d, 1h30m, 1s
 *	DO TIME-NAME KEY [IN DURATION]
 *		announce, publish, activate, retire, revoke, remove or destroy
 *		it now, or later
 *	EXPECT state KEY STATE
 *		none, ready, published, active, retired, revoked, removed,
 *		destroyed
 *	EXPECT dnskey KEY...
 *		exactly these are in the DNSKEY RRset, and it is not refused
 *	EXPECT signs-dnskey KEY...
 *	EXPECT signs-zone KEY...
 *		exactly these sign it
 *	EXPECT flags KEY NUMBER
 *		of the key in the DNSKEY RRset
 *	EXPECT refused TEXT
 *		the set cannot make a valid zone; the refusal holds TEXT
 *	EXPECT next DURATION|never
 *		the set changes next after so long
 *
 * Prints "ok FILE" or "not ok FILE: line: reason" for each file and at the
 * end "N passed, N failed"; the exit status is 1 when one failed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/file.h"
#include "lib/utc.h"
#include "tests/scenario/scenario.h"

#define SCENARIO_MAX (1 << 20) /* octets of a file */

int
scenario_words(
    const struct scenario *s, unsigned least, unsigned most, struct error *e)
{
	if (s->n < least || s->n > most)
		return error_set(e, "%s: %u words", s->word[0], s->n);
	return 0;
}

static int
do_start(struct scenario *s, struct error *e)
{
	if (scenario_words(s, 2, 2, e) == -1 ||
	    utc_parse(&s->now, s->word[1], e) == -1)
		return -1;
	if (s->started)
		return error_set(e, "START twice");
	s->started = true;
	return 0;
}

static int
do_step(struct scenario *s, struct error *e)
{
	if (scenario_words(s, 2, WORDS_MAX, e) == -1)
		return -1;
	snprintf(s->step, sizeof s->step, "%s%s%s", s->word[1],
	    *s->rest ? " " : "", s->rest);
	return 0;
}

static int
do_time_passes(struct scenario *s, struct error *e)
{
	int64_t d;

	if (scenario_words(s, 2, 2, e) == -1 ||
	    duration_parse(&d, s->word[1], e) == -1)
		return -1;
	s->now += d;
	return 0;
}

int
scenario_run(const struct statement *table, struct scenario *s, unsigned at,
    struct error *e)
{
	for (; s->n > at && table->word != NULL; table++)
		if (strcmp(s->word[at], table->word) == 0)
			return table->run(s, e);
	return error_set(e, "unknown statement");
}

static const struct statement statements[] = {
    {"START", do_start},
    {"KEY", do_key},
    {"STEP", do_step},
    {"TIME_PASSES", do_time_passes},
    {"DO", do_deed},
    {"EXPECT", do_expect},
    {NULL, NULL},
};

/* Words into s; a copy of what follows the first two stays whole. */
static int
split(struct scenario *s, char *line, char *rest, struct error *e)
{
	char *word;
	size_t skip;

	line[strcspn(line, "#")] = '\0';
	skip = strspn(line, " \t");
	for (int i = 0; i < 2; i++) {
		skip += strcspn(line + skip, " \t");
		skip += strspn(line + skip, " \t");
	}
	memcpy(rest, line + skip, strlen(line + skip) + 1);
	for (skip = strlen(rest); skip > 0 && rest[skip - 1] == ' '; skip--)
		rest[skip - 1] = '\0';
	s->rest = rest;
	s->n = 0;
	while ((word = strsep(&line, " \t")) != NULL) {
		if (*word == '\0')
			continue;
		if (s->n == WORDS_MAX)
			return error_set(e, "more than %d words", WORDS_MAX);
		s->word[s->n++] = word;
	}
	return 0;
}

static int
run_line(struct scenario *s, char *line, struct error *e)
{
	char *rest = strdup(line);
	int rc = 0;

	if (rest == NULL)
		return error_errno(e, "memory");
	if (split(s, line, rest, e) == -1)
		rc = -1;
	else if (s->n > 0 && !s->started && strcmp(s->word[0], "START") != 0)
		rc = error_set(e, "START comes first");
	else if (s->n > 0)
		rc = scenario_run(statements, s, 0, e);
	free(rest);
	return rc;
}

static int
run_text(struct scenario *s, char *text, struct error *e)
{
	char *line, *save = text;
	unsigned number = 0, expectations_n = 0;

	while ((line = strsep(&save, "\n")) != NULL) {
		number++;
		if (run_line(s, line, e) == -1)
			return error_prefix(e, "%u: %s%s%s", number, s->step,
			    *s->step ? ": " : "", s->n > 0 ? s->word[0] : "");
		if (s->n > 0 && strcmp(s->word[0], "EXPECT") == 0)
			expectations_n++;
	}
	if (expectations_n == 0)
		return error_set(e, "%u: nothing was expected", number);
	return 0;
}

static int
run_file(const char *path)
{
	struct scenario s = {.started = false};
	struct error e = ERROR_INIT;
	struct buf text = BUF_INIT;
	int rc = file_read(&text, path, SCENARIO_MAX, &e);

	if (rc == 0) {
		(void)buf_cstr(&text);
		rc = run_text(&s, (char *)text.data, &e);
	}
	if (rc == 0)
		printf("ok %s\n", path);
	else
		printf("not ok %s: %s\n", path, e.text);
	keys_free(&s.keys);
	buf_free(&text);
	return rc;
}

int
main(int argc, char **argv)
{
	unsigned passed = 0, failed = 0;

	for (int i = 1; i < argc; i++)
		if (run_file(argv[i]) == 0)
			passed++;
		else
			failed++;
	printf("%u passed, %u failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
