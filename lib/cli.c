#include "lib/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/cli_parse.h"
#include "lib/clock.h"
#include "lib/config.h"
#include "lib/secret.h"

#define ANSWER_MAX 256 /* octets of a typed confirmation, with the NUL */

static const char *const config_places[] = {"rz.yaml", "/etc/rz/rz.yaml"};

#define YELLOW "\033[33m"
#define PLAIN  "\033[0m"

/*
 * A line on stderr.  Text may quote what a file holds: nothing in it may
 * move the cursor or colour the terminal.
 */
static void
put_line(const struct cli *cli, const char *colour, const char *label,
    struct buf *line)
{
	const char *s = buf_cstr(line);

	flockfile(stderr);
	if (cli->colour && colour[0] != '\0')
		fprintf(stderr, "%s: %s%s%s", cli->program, colour, label,
		    PLAIN);
	else
		fprintf(stderr, "%s: %s", cli->program, label);
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			fprintf(stderr, "\\%03o", (unsigned char)*s);
		else
			putc(*s, stderr);
	putc('\n', stderr);
	funlockfile(stderr);
	buf_free(line);
}

static void __attribute__((format(printf, 2, 0)))
format(struct buf *b, const char *fmt, va_list ap)
{
	char *s = NULL;

	if (vasprintf(&s, fmt, ap) != -1)
		buf_str(b, s);
	free(s);
}

static void __attribute__((format(printf, 4, 0)))
say(const struct cli *cli, const char *colour, const char *label,
    const char *fmt, va_list ap)
{
	struct buf line = BUF_INIT;

	format(&line, fmt, ap);
	put_line(cli, colour, label, &line);
}

int
cli_fail(const struct cli *cli, const struct error *e)
{
	struct buf line = BUF_INIT;

	buf_str(&line, e->text);
	put_line(cli, "", "", &line);
	return (int)e->status;
}

int
cli_usage(const struct cli *cli, const char *fmt, ...)
{
	struct buf line = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	say(cli, "", "", fmt, ap);
	va_end(ap);
	cli_help_usage(&line, cli->program, cli->verb);
	fputs(buf_cstr(&line), stderr);
	buf_free(&line);
	return STATUS_TROUBLE;
}

void
cli_say(const struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!cli->quiet)
		say(cli, "", "", fmt, ap);
	va_end(ap);
}

void
cli_say_more(const struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!cli->quiet && cli->verbose > 0)
		say(cli, "", "", fmt, ap);
	va_end(ap);
}

void
cli_warn(const struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(cli, YELLOW, "warning: ", fmt, ap);
	va_end(ap);
}

int
cli_confirm(const struct cli *cli, const char *question, const char *expected,
    struct error *e)
{
	char answer[ANSWER_MAX];
	FILE *tty = fopen("/dev/tty", "r+e");
	bool got;

	if (tty == NULL)
		return error_set(e, "no terminal to ask on: %s", question);
	fprintf(tty, "%s: %s\nType \"%s\" to go on: ", cli->program, question,
	    expected);
	fflush(tty);
	got = fgets(answer, sizeof answer, tty) != NULL;
	fclose(tty);
	if (got)
		answer[strcspn(answer, "\n")] = '\0';
	if (!got || strcmp(answer, expected) != 0)
		return error_no(e, "not confirmed: nothing was done");
	return 0;
}

static int
load(const struct cli *cli, struct config **cfg, struct error *e)
{
	const char *named = getenv("RZ_CONFIG");
	struct stat st;

	if (cli->config_path != NULL)
		return config_load(cfg, cli->config_path, e);
	if (named != NULL && named[0] != '\0') {
		if (config_load(cfg, named, e) == 0)
			return 0;
		return stat(named, &st) == -1 ? error_prefix(e, "$RZ_CONFIG")
					      : -1;
	}
	for (size_t i = 0; i < 2; i++)
		if (stat(config_places[i], &st) == 0 || errno != ENOENT)
			return config_load(cfg, config_places[i], e);
	return error_set(e,
	    "no configuration: no -c, $RZ_CONFIG is not set, and neither "
	    "./%s nor %s is there",
	    config_places[0], config_places[1]);
}

int
cli_config(const struct cli *cli, struct config **cfg, struct error *e)
{
	if (load(cli, cfg, e) == -1)
		return -1;
	if (cli->output != NULL && strcmp(cli->output, "-") != 0 &&
	    config_check_output(*cfg, cli->output, e) == -1) {
		config_free(*cfg);
		*cfg = NULL;
		return -1;
	}
	return 0;
}

/*
 * A standard descriptor that is closed would be taken by the next file that
 * is opened, and printing would go into that file.
 */
static void
hold_standard_descriptors(void)
{
	static const int wrong_way[] = {O_WRONLY, O_RDONLY, O_RDONLY};

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
			(void)!open("/dev/null", wrong_way[fd]);
}

static bool
may_colour(int fd)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return (no == NULL || no[0] == '\0') && isatty(fd) &&
	    (term == NULL || strcmp(term, "dumb") != 0);
}

/* The verb that argv begins with; *words: how many of its entries it takes. */
static const struct verb *
verb_find(const struct verb *verbs, char **argv, int *words)
{
	size_t len;

	for (const struct verb *v = verbs; v->name != NULL; v++) {
		len = strcspn(v->name, " ");
		if (strncmp(v->name, argv[0], len) != 0 ||
		    argv[0][len] != '\0')
			continue;
		*words = v->name[len] == ' ' ? 2 : 1;
		if (*words == 1 ||
		    (argv[1] != NULL &&
			strcmp(v->name + len + 1, argv[1]) == 0))
			return v;
	}
	return NULL;
}

static int
print_help(const struct cli *cli, const char *summary,
    const struct verb *verbs)
{
	struct buf b = BUF_INIT;
	bool colour = may_colour(STDOUT_FILENO);

	if (cli->verb == NULL)
		cli_help_program(&b, cli->program, summary, verbs, colour);
	else
		cli_help_verb(&b, cli->program, cli->verb, colour);
	fwrite(b.data, 1, b.len, stdout);
	buf_free(&b);
	return STATUS_OK;
}

static int
run_verb(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;

	if (!cli->time_given && clock_now(&cli->time, &e) == -1)
		return cli_fail(cli, &e);
	return cli->verb->run(cli, argc, argv);
}

static int
dispatch(struct cli *cli, const char *summary, const struct verb *verbs,
    int argc, char **argv)
{
	struct cli_asked asked = {false, false};
	struct error e = ERROR_INIT;
	struct cli_parse p;
	int used, words = 0;

	cli_parse_init(&p, cli, &asked);
	used = cli_parse_leading(&p, argc, argv, &e);
	if (used == -1)
		return cli_usage(cli, "%s", e.text);
	if (!asked.help && !asked.version) {
		if (used >= argc)
			return cli_usage(cli, "a verb is missing");
		cli->verb = verb_find(verbs, argv + used, &words);
		if (cli->verb == NULL)
			return cli_usage(cli,
			    "unknown verb \"%s\" (--help lists them)",
			    argv[used]);
		used += words - 1;
		cli_parse_add(&p, cli->verb->options);
		argc = cli_parse_all(&p, argc - used, argv + used, &e);
		if (argc == -1)
			return cli_usage(cli, "%s", e.text);
	}
	if (asked.version) {
		printf("%s %s\n", cli->program, RZ_VERSION);
		return STATUS_OK;
	}
	if (asked.help)
		return print_help(cli, summary, verbs);
	return run_verb(cli, argc - 1, argv + used + 1);
}

int
cli_main(const char *program, const char *summary, const struct verb *verbs,
    int argc, char **argv)
{
	struct cli cli = {.program = program};
	struct error e = ERROR_INIT;
	int status;

	hold_standard_descriptors();
	secret_harden_process();
	signal(SIGPIPE, SIG_IGN); /* a write error instead */
	cli.colour = may_colour(STDERR_FILENO);
	status = dispatch(&cli, summary, verbs, argc, argv);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		error_errno(&e, "standard output: cannot write");
		status = cli_fail(&cli, &e);
	}
	return status;
}
