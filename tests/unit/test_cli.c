#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/cli.h"
#include "lib/config.h"
#include "lib/file.h"

#define ARGS_MAX 160

/* What the verb saw. */
static struct cli seen;
static char positional[256];
static int runs;

static bool full;
static int count;
static const char *input;
static struct cli_list keys;
static int64_t threads, span;

static const struct cli_option sign_options[] = {
    {"input", 'i', CLI_TEXT, &input, "ZONE",
	"zone file to sign, in a help that is so long that it has to go on "
	"below itself", 0, 0},
    {"threads", 0, CLI_NUMBER, &threads, "N", "threads", 1, 64},
    {"full", 'f', CLI_FLAG, &full, NULL, "all", 0, 0},
    {"more", 'm', CLI_COUNT, &count, NULL, "more", 0, 0},
    {"key", 'k', CLI_LIST, &keys, "KEY", "a key", 0, 0},
    {"for", 0, CLI_DURATION, &span, "DURATION", "how long", 0, 0},
    {NULL, 0, CLI_FLAG, NULL, NULL, NULL, 0, 0}};

static int
run(struct cli *cli, int argc, char **argv)
{
	seen = *cli;
	runs++;
	for (int i = 0; i < argc; i++) {
		strncat(positional, argv[i], 60);
		strncat(positional, ";", 2);
	}
	return argc > 0 && strcmp(argv[0], "no") == 0 ? STATUS_NO : STATUS_OK;
}

static int
talk(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;

	(void)argv;
	if (argc > 0)
		return cli_usage(cli, "superfluous \"%s\"", argv[0]);
	cli_say(cli, "said %d", 1);
	cli_say_more(cli, "more");
	cli_warn(cli, "careful");
	printf("data\n");
	error_no(&e, "a\nb\033[31m\x7f\xc3\xa9");
	return cli_fail(cli, &e);
}

static int
configured(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;
	struct config *cfg = NULL;

	(void)argc;
	(void)argv;
	if (cli_config(cli, &cfg, &e) == -1)
		return cli_fail(cli, &e);
	printf("%s\n", cfg->path);
	config_free(cfg);
	return STATUS_OK;
}

/* Does the next file take the place of a standard descriptor? */
static int
open_next(struct cli *cli, int argc, char **argv)
{
	int fd = open("/dev/null", O_RDONLY);

	(void)cli;
	(void)argc;
	(void)argv;
	close(fd);
	return fd > 2 ? STATUS_OK : STATUS_NO;
}

static const struct verb verbs[] = {
    {"sign", "-i ZONE -o SIGNED", "sign a zone",
	"The whole zone is signed, in a text that does not fit into one "
	"line of a terminal, and so is wrapped.\n\n  as it is", sign_options,
	run},
    {"token init", "", "initialise a token", NULL, NULL, run},
    {"talk", "", "say things", NULL, NULL, talk},
    {"open", "", "open a file", NULL, NULL, open_next},
    {"config", "", "read the configuration", NULL, NULL, configured},
    {NULL, NULL, NULL, NULL, NULL, NULL}};

static char out[16384], err[16384];

static void
take_in(FILE *f, int saved, int fd, char *text, size_t size)
{
	size_t n;

	fflush(fd == 1 ? stdout : stderr);
	dup2(saved, fd);
	close(saved);
	rewind(f);
	n = fread(text, 1, size - 1, f);
	text[n] = '\0';
	fclose(f);
}

/* Run the program with the words of a line; out and err get what it says. */
static int
program(const char *line)
{
	static char words[8192];
	char *argv[ARGS_MAX + 1] = {words}, *word;
	FILE *o = tmpfile(), *e = tmpfile();
	int argc = 0, saved_out = dup(1), saved_err = dup(2), status;

	full = false;
	count = runs = 0;
	input = NULL;
	keys.n = 0;
	threads = span = 0;
	positional[0] = '\0';
	snprintf(words, sizeof words, "prog %s", line);
	for (word = words; *word != '\0' && argc < ARGS_MAX;) {
		argv[argc++] = word;
		word += strcspn(word, " ");
		if (*word != '\0')
			*word++ = '\0';
	}
	argv[argc] = NULL;
	fflush(stdout);
	dup2(fileno(o), 1);
	dup2(fileno(e), 2);
	status = cli_main("prog", "Do things.", verbs, argc, argv);
	take_in(o, saved_out, 1, out, sizeof out);
	take_in(e, saved_err, 2, err, sizeof err);
	return status;
}

static void
expect(int status, int expected, const char *line)
{
	if (status != expected)
		fail_msg("%s: %d, not %d: %s", line, status, expected, err);
}

static void
wrong_usage(void **state)
{
	static const struct {
		const char *line, *says;
	} t[] = {{"", "prog: a verb is missing\nusage: prog VERB [options]"},
	    {"-v", "prog: a verb is missing"},
	    {"bogus", "prog: unknown verb \"bogus\""},
	    {"token", "prog: unknown verb \"token\""},
	    {"token bogus", "prog: unknown verb \"token\""},
	    {"--bogus sign", "prog: unknown option --bogus"},
	    {"-i x sign", "prog: unknown option -i"},
	    {"sign --bogus",
		"prog: unknown option --bogus\nusage: prog sign [options] "
		"-i ZONE -o SIGNED\n"},
	    {"sign --bogus=x", "prog: unknown option --bogus\n"},
	    {"sign -z", "prog: unknown option -z\n"},
	    {"sign -fz", "prog: unknown option -z\n"},
	    {"sign --inp x",
		"prog: unknown option --inp (is --input meant?)"},
	    {"sign --ver", "prog: unknown option --ver\n"},
	    {"sign -i", "prog: option --input: ZONE is missing"},
	    {"sign --input", "prog: option --input: ZONE is missing"},
	    {"sign --full=1", "prog: option --full: takes no value"},
	    {"sign -i a -i b", "prog: option --input: given twice"},
	    {"-o a sign -o b", "prog: option --output: given twice"},
	    {"sign --threads 0",
		"prog: option --threads: a number from 1 to 64 was "
		"expected, found \"0\""},
	    {"sign --threads 65", "option --threads: a number from 1 to 64"},
	    {"sign --threads -1", "option --threads: a number from 1 to 64"},
	    {"sign --threads 4x", "option --threads: a number from 1 to 64"},
	    {"sign --threads +4", "option --threads: a number from 1 to 64"},
	    {"sign --threads=", "option --threads: a number from 1 to 64"},
	    {"sign --threads 99999999999999999999", "a number from 1 to 64"},
	    {"sign --for 13", "prog: option --for: "},
	    {"sign -t 2026-02-30", "prog: option --time: "},
	    {"sign -t yesterday", "prog: option --time: "},
	    {"talk x", "prog: superfluous \"x\"\nusage: prog talk [opt"}};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		expect(program(t[i].line), 2, t[i].line);
		assert_int_equal(runs, 0);
		assert_string_equal(out, "");
		if (strstr(err, t[i].says) == NULL)
			fail_msg("%s: %s", t[i].line, err);
	}
}

static void
options(void **state)
{
	(void)state;
	expect(program("-v sign a -ix b --full -mm -k 1 --key=2 -vj -o out "
		       "--threads=64 c --for 1h30m -- -q --bogus"), 0, "");
	assert_string_equal(positional, "a;b;c;-q;--bogus;");
	assert_string_equal(input, "x");
	assert_true(full);
	assert_int_equal(count, 2);
	assert_int_equal(keys.n, 2);
	assert_string_equal(keys.item[0], "1");
	assert_string_equal(keys.item[1], "2");
	assert_int_equal(threads, 64);
	assert_int_equal(span, 5400);
	assert_int_equal(seen.verbose, 2);
	assert_true(seen.json);
	assert_false(seen.quiet);
	assert_false(seen.dry_run);
	assert_string_equal(seen.output, "out");
	assert_string_equal(seen.verb->name, "sign");
	assert_string_equal(seen.program, "prog");
	expect(program("sign -n -q -c conf --threads 1 -"), 0, "");
	assert_true(seen.dry_run);
	assert_true(seen.quiet);
	assert_string_equal(seen.config_path, "conf");
	assert_int_equal(threads, 1);
	assert_string_equal(positional, "-;");
	expect(program("-q token init x"), 0, "");
	assert_string_equal(seen.verb->name, "token init");
	assert_string_equal(positional, "x;");
	expect(program("sign no"), 1, "sign no");
}

static void
posix_order(void **state)
{
	(void)state;
	setenv("POSIXLY_CORRECT", "1", 1);
	expect(program("sign a -i x b"), 0, "");
	unsetenv("POSIXLY_CORRECT");
	assert_string_equal(positional, "a;b;");
	assert_string_equal(input, "x");
}

static void
times(void **state)
{
	(void)state;
	expect(program("sign -t 2026-10-11T00:00:00Z"), 0, "");
	assert_true(seen.time_given);
	assert_int_equal(seen.time, 1791676800);
	expect(program("sign --time=20261011000000"), 0, "");
	assert_int_equal(seen.time, 1791676800);
	expect(program("--time 1999-01-01 sign"), 0, "");
	assert_int_equal(seen.time, 915148800);
	expect(program("sign"), 0, "");
	assert_false(seen.time_given);
	assert_true(seen.time > 1577836800);
}

static void
list_limit(void **state)
{
	char line[512] = "sign";

	(void)state;
	for (int i = 0; i < 64; i++)
		strncat(line, " -k a", 6);
	expect(program(line), 0, "64");
	assert_int_equal(keys.n, 64);
	strncat(line, " -k b", 6);
	expect(program(line), 2, "65");
	assert_non_null(strstr(err, "--key: given more than 64 times"));
}

static size_t
widest(const char *text)
{
	size_t most = 0, len;

	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		most = len > most ? len : most;
	}
	return most;
}

static void
help(void **state)
{
	(void)state;
	expect(program("--help"), 0, "--help");
	assert_string_equal(err, "");
	assert_non_null(strstr(out, "  sign        sign a zone\n"));
	assert_non_null(strstr(out, "  token init  initialise a token\n"));
	assert_non_null(strstr(out, "  -o, --output FILE"));
	assert_true(widest(out) <= 79);
	expect(program("sign --help"), 0, "sign --help");
	assert_string_equal(err, "");
	assert_int_equal(runs, 0);
	assert_int_equal(strncmp(out,
			     "usage: prog sign [options] -i ZONE -o "
			     "SIGNED\n", 45), 0);
	assert_non_null(strstr(out, "  -i, --input ZONE"));
	assert_non_null(strstr(out, "      --threads N"));
	assert_non_null(strstr(out, "  -t, --time TIME"));
	assert_non_null(strstr(out, "\n  as it is\n"));
	assert_true(widest(out) <= 79);
	assert_null(strchr(out, '\033'));
	expect(program("sign -h x"), 0, "sign -h x");
	expect(program("token init --help"), 0, "token init --help");
	assert_int_equal(
	    strncmp(out, "usage: prog token init [options]\n", 33), 0);
	expect(program("-V"), 0, "-V");
	assert_string_equal(out, "prog " RZ_VERSION "\n");
	expect(program("sign --version"), 0, "sign --version");
	assert_string_equal(out, "prog " RZ_VERSION "\n");
}

static void
talking(void **state)
{
	(void)state;
	expect(program("talk"), 1, "talk");
	assert_string_equal(out, "data\n");
	assert_string_equal(err, "prog: said 1\nprog: warning: careful\n"
				 "prog: a\\012b\\033[31m\\177\xc3\xa9\n");
	expect(program("talk -v"), 1, "talk -v");
	assert_non_null(strstr(err, "prog: more\n"));
	expect(program("talk -qv"), 1, "talk -qv");
	assert_string_equal(err, "prog: warning: careful\n"
				 "prog: a\\012b\\033[31m\\177\xc3\xa9\n");
}

/* The program in a child whose standard output is `fd`. */
static int
with_stdout(const char *line, int fd)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		char words[64];
		char *argv[] = {words, words + 5, NULL};

		snprintf(words, sizeof words, "prog %s", line);
		words[4] = '\0';
		if (fd == -1)
			close(1);
		else
			dup2(fd, 1);
		close(2);
		_exit(cli_main("prog", "Do things.", verbs, 2, argv));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
output_fails(void **state)
{
	int full_disk = open("/dev/full", O_WRONLY), pipes[2];

	(void)state;
	assert_int_not_equal(full_disk, -1);
	assert_int_equal(with_stdout("talk", full_disk), 2);
	assert_int_equal(with_stdout("--help", full_disk), 2);
	assert_int_equal(with_stdout("sign", full_disk), 0); /* says nothing */
	assert_int_equal(with_stdout("talk", -1), 2);
	assert_int_equal(with_stdout("sign", -1), 0);
	assert_int_equal(with_stdout("open", -1), 0);
	assert_int_equal(pipe(pipes), 0);
	close(pipes[0]); /* nobody reads: no SIGPIPE, an error */
	assert_int_equal(with_stdout("talk", pipes[1]), 2);
	close(pipes[1]);
	close(full_disk);
}

static void
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
config_search(void **state)
{
	char dir[] = "/tmp/rz-test-cli-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	unsetenv("RZ_CONFIG");
	if (access("/etc/rz/rz.yaml", F_OK) == -1) {
		expect(program("config"), 2, "no configuration");
		assert_non_null(strstr(err, "no configuration: no -c, "
					    "$RZ_CONFIG is not set, and "
					    "neither ./rz.yaml nor "
					    "/etc/rz/rz.yaml is there"));
	}
	put("rz.yaml", "zone: .\n");
	put("env.yaml", "zone: .\n");
	put("bad.yaml", "zone: .\nx: y\n");
	expect(program("config"), 0, "./rz.yaml");
	assert_string_equal(out, "rz.yaml\n");
	setenv("RZ_CONFIG", "", 1);
	expect(program("config"), 0, "empty RZ_CONFIG");
	assert_string_equal(out, "rz.yaml\n");
	setenv("RZ_CONFIG", "env.yaml", 1);
	expect(program("config"), 0, "RZ_CONFIG");
	assert_string_equal(out, "env.yaml\n");
	expect(program("config -c rz.yaml"), 0, "-c");
	assert_string_equal(out, "rz.yaml\n");
	expect(program("config -c absent.yaml"), 2, "-c absent");
	assert_non_null(strstr(err, "prog: absent.yaml: cannot open"));
	expect(program("config -c bad.yaml"), 2, "-c bad");
	assert_non_null(strstr(err, "prog: bad.yaml:2:1: unknown key"));
	setenv("RZ_CONFIG", "gone.yaml", 1);
	expect(program("config"), 2, "RZ_CONFIG absent");
	assert_non_null(strstr(err, "$RZ_CONFIG: gone.yaml: cannot open"));
	unsetenv("RZ_CONFIG");
	unlink("rz.yaml");
	unlink("env.yaml");
	unlink("bad.yaml");
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(dir), 0);
}

#define T(f) cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {T(wrong_usage), T(options),
	    T(posix_order), T(times), T(list_limit), T(help), T(talking),
	    T(output_fails), T(config_search)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
