/*
 * A program as a table of verbs, and a verb as a table of options.  Usage,
 * --help, and the checks of `-h` against the man pages all come from these
 * tables.
 *
 *	PROGRAM VERB [options] [arguments]
 */
#ifndef RZ_LIB_CLI_H
#define RZ_LIB_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "lib/buf.h"
#include "lib/error.h"

struct config;
struct cli;

enum cli_kind {
	CLI_FLAG,     /* no argument; dest is bool * */
	CLI_COUNT,    /* no argument, repeatable; dest is int * */
	CLI_TEXT,     /* dest is const char ** (points into argv) */
	CLI_LIST,     /* repeatable; dest is struct cli_list * */
	CLI_NUMBER,   /* dest is int64_t *, from min to max */
	CLI_TIME,     /* dest is int64_t * (lib/utc.h) */
	CLI_DURATION, /* dest is int64_t *, seconds */
};

#define CLI_LIST_MAX 64

struct cli_list {
	const char *item[CLI_LIST_MAX];
	size_t n;
};

struct cli_option {
	const char *name; /* long name, without "--" */
	char letter;	  /* 0: none */
	enum cli_kind kind;
	void *dest;
	const char *argument; /* name of the argument: "FILE"; NULL: none */
	const char *help;     /* one line */
	int64_t min, max;     /* CLI_NUMBER */
};

struct verb {
	const char *name;    /* "sign"; "token init" for two words */
	const char *synopsis; /* what follows the common options: arguments */
	const char *summary; /* one line */
	const char *text;    /* more, for VERB --help; may be NULL */
	const struct cli_option *options; /* ends with a NULL name; or NULL */
	int (*run)(struct cli *cli, int argc, char **argv); /* exit status */
};

/* The options that every verb has (design: the contract of programs). */
struct cli {
	const char *program;
	const struct verb *verb;
	const char *config_path; /* -c, or NULL */
	bool dry_run;		 /* -n */
	bool json;		 /* -j */
	bool quiet;		 /* -q */
	int verbose;		 /* -v, counted */
	const char *output;	 /* -o, or NULL */
	int64_t time;		 /* -t, else the clock; set before run */
	bool time_given;
	bool colour; /* stderr is a terminal and NO_COLOR is not set */
};

/*
 * The whole of a main(): hardens the process, finds the verb, parses options
 * (anywhere among the arguments, "--" ends them), answers --help and
 * --version, sets the time, runs the verb with what is left of argv, checks
 * that stdout could be written, returns the exit status.  An unknown verb or
 * option, a missing or superfluous value: usage on stderr, 2.
 */
int cli_main(const char *program, const char *summary,
    const struct verb *verbs, int argc, char **argv);

/*
 * The configuration: from -c, else $RZ_CONFIG, ./rz.yaml, /etc/rz/rz.yaml;
 * the first that is named or exists.  The caller frees it.  An -o onto what
 * it names (config_check_output) is refused here, for every verb.
 */
int cli_config(const struct cli *cli, struct config **cfg, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* "program: text" on stderr; returns e->status, for `return cli_fail(…)`. */
int cli_fail(const struct cli *cli, const struct error *e)
    __attribute__((nonnull));
/* Wrong arguments: the message and one line of usage; returns 2. */
int cli_usage(const struct cli *cli, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* For people, on stderr; not with -q; say_more only with -v. */
void cli_say(const struct cli *cli, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void cli_say_more(const struct cli *cli, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* "program: warning: text" on stderr, also with -q. */
void cli_warn(const struct cli *cli, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/*
 * Data of the verb: to -o FILE, whole or not at all (with -n it is only said
 * that it would be), else to standard output.
 */
int cli_emit(const struct cli *cli, const struct buf *data, struct error *e)
    __attribute__((nonnull, warn_unused_result));
int cli_emit_json(const struct cli *cli, const json_t *value,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/*
 * Ask on the terminal for `expected` to be typed; a no (exit 1) when
 * anything else comes, trouble without a terminal.
 */
int cli_confirm(const struct cli *cli, const char *question,
    const char *expected, struct error *e) __attribute__((nonnull));

#endif
