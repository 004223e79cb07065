/* Inside of cli: option tables, read from argv; help, made from them. */
#ifndef RZ_LIB_CLI_PARSE_H
#define RZ_LIB_CLI_PARSE_H

#include "lib/buf.h"
#include "lib/cli.h"

#define CLI_OPTIONS_MAX 64 /* of one verb, with the common ones */

/* What the common options asked for beside what struct cli holds. */
struct cli_asked {
	bool help;
	bool version;
};

/* The common options, bound to cli and asked; ends with a NULL name. */
#define CLI_COMMON_N 10
void cli_common_options(struct cli_option out[CLI_COMMON_N + 1],
    struct cli *cli, struct cli_asked *asked) __attribute__((nonnull));

struct cli_parse {
	struct cli *cli;
	struct cli_asked *asked;
	const struct cli_option *option[CLI_OPTIONS_MAX];
	bool seen[CLI_OPTIONS_MAX];
	size_t n;
	struct cli_option common[CLI_COMMON_N + 1];
};

/* The common options; cli_parse_add: those of the verb too. */
void cli_parse_init(struct cli_parse *p, struct cli *cli,
    struct cli_asked *asked) __attribute__((nonnull));
void cli_parse_add(struct cli_parse *p, const struct cli_option *options)
    __attribute__((nonnull(1)));
/*
 * Read argv[1..]; what is no option is gathered at its front, NULL after it.
 * With `leading`, stop at the first that is no option.  Returns how many
 * entries of argv were used (leading) or are left (else); -1 with e filled.
 */
int cli_parse_leading(struct cli_parse *p, int argc, char **argv,
    struct error *e) __attribute__((nonnull));
int cli_parse_all(struct cli_parse *p, int argc, char **argv,
    struct error *e) __attribute__((nonnull));

/* The text of --help. */
void cli_help_program(struct buf *out, const char *program,
    const char *summary, const struct verb *verbs, bool colour)
    __attribute__((nonnull));
void cli_help_verb(struct buf *out, const char *program,
    const struct verb *verb, bool colour) __attribute__((nonnull));
/* "usage: PROGRAM VERB [options] ARGS", with a newline; verb may be NULL. */
void cli_help_usage(struct buf *out, const char *program,
    const struct verb *verb) __attribute__((nonnull(1, 2)));

#endif
