#include "lib/cli_parse.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utc.h"

#define LONG_BASE 1000 /* values of long options: above every letter */

void
cli_common_options(struct cli_option out[CLI_COMMON_N + 1], struct cli *cli,
    struct cli_asked *asked)
{
	const struct cli_option common[CLI_COMMON_N + 1] = {
	    {"config", 'c', CLI_TEXT, &cli->config_path, "FILE",
		"configuration; else $RZ_CONFIG, ./rz.yaml, /etc/rz/rz.yaml",
		0, 0},
	    {"dry-run", 'n', CLI_FLAG, &cli->dry_run, NULL,
		"say what would be done, change nothing", 0, 0},
	    {"time", 't', CLI_TIME, &cli->time, "TIME",
		"act as of this UTC time (2026-10-11T00:00:00Z)", 0, 0},
	    {"json", 'j', CLI_FLAG, &cli->json, NULL, "print JSON", 0, 0},
	    {"output", 'o', CLI_TEXT, &cli->output, "FILE",
		"write to FILE, whole or not at all", 0, 0},
	    {"quiet", 'q', CLI_FLAG, &cli->quiet, NULL,
		"say nothing but errors and warnings", 0, 0},
	    {"verbose", 'v', CLI_COUNT, &cli->verbose, NULL,
		"say more; may be repeated", 0, 0},
	    {"version", 'V', CLI_FLAG, &asked->version, NULL,
		"print the version", 0, 0},
	    {"help", 'h', CLI_FLAG, &asked->help, NULL, "print this help", 0,
		0},
	    {NULL, 0, CLI_FLAG, NULL, NULL, NULL, 0, 0}};

	memcpy(out, common, sizeof common);
}

void
cli_parse_init(
    struct cli_parse *p, struct cli *cli, struct cli_asked *asked)
{
	memset(p, 0, sizeof *p);
	p->cli = cli;
	p->asked = asked;
	cli_common_options(p->common, cli, asked);
	cli_parse_add(p, p->common);
}

void
cli_parse_add(struct cli_parse *p, const struct cli_option *options)
{
	if (options == NULL)
		return;
	for (; options->name != NULL && p->n < CLI_OPTIONS_MAX; options++)
		p->option[p->n++] = options;
}

static bool
takes_argument(const struct cli_option *o)
{
	return o->kind != CLI_FLAG && o->kind != CLI_COUNT;
}

/* The tables of getopt_long(3). */
struct getopt_tables {
	struct option longs[CLI_OPTIONS_MAX + 1];
	char shorts[2 * CLI_OPTIONS_MAX + 3];
};

static void
make_tables(struct getopt_tables *t, const struct cli_parse *p, char order)
{
	char *s = t->shorts;

	memset(t, 0, sizeof *t);
	*s++ = order;
	*s++ = ':'; /* tell a missing argument from an unknown option */
	for (size_t i = 0; i < p->n; i++) {
		t->longs[i].name = p->option[i]->name;
		t->longs[i].has_arg = takes_argument(p->option[i])
		    ? required_argument
		    : no_argument;
		t->longs[i].val = LONG_BASE + (int)i;
		if (p->option[i]->letter == 0)
			continue;
		*s++ = p->option[i]->letter;
		if (takes_argument(p->option[i]))
			*s++ = ':';
	}
}

static int
parse_number(const struct cli_option *o, const char *text, struct error *e)
{
	const char *digits = text[0] == '-' ? text + 1 : text;
	char *end = NULL;
	intmax_t v = 0;

	errno = 0;
	if (isdigit((unsigned char)digits[0]))
		v = strtoimax(text, &end, 10);
	if (end == NULL || *end != '\0' || errno != 0 || v < o->min ||
	    v > o->max)
		return error_set(e,
		    "option --%s: a number from %" PRId64 " to %" PRId64
		    " was expected, found \"%s\"",
		    o->name, o->min, o->max, text);
	*(int64_t *)o->dest = v;
	return 0;
}

static int
add_item(const struct cli_option *o, const char *text, struct error *e)
{
	struct cli_list *list = o->dest;

	if (list->n == CLI_LIST_MAX)
		return error_set(e, "option --%s: given more than %d times",
		    o->name, CLI_LIST_MAX);
	list->item[list->n++] = text;
	return 0;
}

static int
store(const struct cli_option *o, const char *text, struct error *e)
{
	int rc = 0;

	switch (o->kind) {
	case CLI_FLAG:
		*(bool *)o->dest = true;
		return 0;
	case CLI_COUNT:
		++*(int *)o->dest;
		return 0;
	case CLI_TEXT:
		*(const char **)o->dest = text;
		return 0;
	case CLI_LIST:
		return add_item(o, text, e);
	case CLI_NUMBER:
		return parse_number(o, text, e);
	case CLI_TIME:
		rc = utc_parse(o->dest, text, e);
		break;
	case CLI_DURATION:
		rc = duration_parse(o->dest, text, e);
		break;
	}
	return rc == 0 ? 0 : error_prefix(e, "option --%s", o->name);
}

/* One value, or several: two that contradict each other are not guessed at. */
static int
take(struct cli_parse *p, size_t i, const char *text, struct error *e)
{
	const struct cli_option *o = p->option[i];

	if (p->seen[i] && takes_argument(o) && o->kind != CLI_LIST)
		return error_set(e, "option --%s: given twice", o->name);
	p->seen[i] = true;
	if (o->dest == &p->cli->time)
		p->cli->time_given = true;
	return store(o, text, e);
}

static size_t
index_of(const struct cli_parse *p, int value)
{
	size_t i = 0;

	if (value >= LONG_BASE)
		return (size_t)(value - LONG_BASE);
	while (i < p->n && p->option[i]->letter != value)
		i++;
	return i;
}

static int
wrong(const struct cli_parse *p, int c, const char *word, struct error *e)
{
	size_t i = optopt != 0 ? index_of(p, optopt) : p->n;

	if (c == ':' && i < p->n)
		return error_set(e, "option --%s: %s is missing",
		    p->option[i]->name, p->option[i]->argument);
	if (i < p->n)
		return error_set(e, "option --%s: takes no value",
		    p->option[i]->name);
	if (optopt != 0 && optopt < LONG_BASE)
		return error_set(e, "unknown option -%c", optopt);
	return error_set(e, "unknown option %.*s", (int)strcspn(word, "="),
	    word);
}

/*
 * getopt_long(3) takes "--out" for --output: a script that relies on it
 * breaks when another option is added, so we do not.
 */
static bool
abbreviated(const struct cli_parse *p, int c, const char *word)
{
	const char *name;

	if (c < LONG_BASE)
		return false;
	name = p->option[c - LONG_BASE]->name;
	return strcspn(word + 2, "=") != strlen(name);
}

/* c is what getopt_long said of word. */
static int
one_option(struct cli_parse *p, int c, const char *word, struct error *e)
{
	if (c == '?' || c == ':')
		return wrong(p, c, word, e);
	if (abbreviated(p, c, word))
		return error_set(e, "unknown option %.*s (is --%s meant?)",
		    (int)strcspn(word, "="), word,
		    p->option[c - LONG_BASE]->name);
	return take(p, index_of(p, c), optarg, e);
}

int
cli_parse_leading(
    struct cli_parse *p, int argc, char **argv, struct error *e)
{
	struct getopt_tables t;
	int c, word = 1;

	make_tables(&t, p, '+');
	optind = 0; /* glibc: begin anew */
	opterr = 0;
	while ((c = getopt_long(argc, argv, t.shorts, t.longs, NULL)) != -1) {
		if (one_option(p, c, argv[word], e) == -1)
			return -1;
		word = optind;
	}
	return optind;
}

int
cli_parse_all(struct cli_parse *p, int argc, char **argv, struct error *e)
{
	struct getopt_tables t;
	int c, word = 1, left = 1;

	make_tables(&t, p, '-');
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, t.shorts, t.longs, NULL)) != -1) {
		if (c == 1)
			argv[left++] = optarg;
		else if (one_option(p, c, argv[word], e) == -1)
			return -1;
		word = optind;
	}
	while (optind < argc)
		argv[left++] = argv[optind++];
	argv[left] = NULL;
	return left;
}
