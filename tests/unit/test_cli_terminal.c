/* What programs do on a terminal: ask, colour; and what they do without. */
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/cli.h"

static char shown[16384];

static int
warn(struct cli *cli, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	cli_warn(cli, "careful");
	return STATUS_OK;
}

static int
confirm(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;

	(void)argc;
	(void)argv;
	if (cli_confirm(cli, "Destroy it?", "yes", &e) == -1)
		return cli_fail(cli, &e);
	return STATUS_OK;
}

static const struct verb verbs[] = {
    {"warn", "", "warn", NULL, NULL, warn},
    {"confirm", "", "ask", NULL, NULL, confirm},
    {NULL, NULL, NULL, NULL, NULL, NULL}};

/* In a child on a new terminal; `typed` is sent when "go on: " is there. */
static int
on_terminal(char *word, const char *typed)
{
	char name[] = "prog", *argv[] = {name, word, NULL};
	size_t len = 0;
	bool sent = false;
	int fd, status;
	pid_t pid = forkpty(&fd, NULL, NULL, NULL);
	ssize_t n;

	assert_int_not_equal(pid, -1);
	if (pid == 0)
		exit(cli_main(name, "Do things.", verbs, 2, argv));
	while ((n = read(fd, shown + len, sizeof shown - 1 - len)) > 0) {
		len += (size_t)n;
		shown[len] = '\0';
		if (typed != NULL && !sent && strstr(shown, "go on: ")) {
			assert_int_equal(
			    write(fd, typed, strlen(typed)), strlen(typed));
			sent = true;
		}
	}
	shown[len] = '\0';
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
confirmation(void **state)
{
	static const struct {
		const char *typed;
		int status;
	} t[] = {{"yes\n", 0}, {"no\n", 1}, {"\n", 1}, {"yes \n", 1},
	    {"YES\n", 1}, {"y\n", 1}, {"\004", 1}};
	char word[] = "confirm";

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_int_equal(on_terminal(word, t[i].typed), t[i].status);
		assert_non_null(strstr(shown, "prog: Destroy it?"));
		assert_non_null(strstr(shown, "Type \"yes\" to go on: "));
		assert_int_equal(strstr(shown, "not confirmed") != NULL,
		    t[i].status == 1);
	}
}

static void
nobody_to_ask(void **state)
{
	char name[] = "prog", word[] = "confirm";
	char *argv[] = {name, word, NULL};
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		setsid();
		_exit(cli_main(name, "Do things.", verbs, 2, argv));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 2);
}

static void
colour(void **state)
{
	char word[] = "warn", help[] = "--help";

	(void)state;
	unsetenv("NO_COLOR");
	setenv("TERM", "xterm", 1);
	assert_int_equal(on_terminal(word, NULL), 0);
	assert_non_null(
	    strstr(shown, "prog: \033[33mwarning: \033[0mcareful"));
	assert_int_equal(on_terminal(help, NULL), 0);
	assert_non_null(strstr(shown, "\033[1mVerbs:\033[0m"));
	setenv("NO_COLOR", "1", 1);
	assert_int_equal(on_terminal(word, NULL), 0);
	assert_non_null(strstr(shown, "prog: warning: careful"));
	assert_null(strchr(shown, '\033'));
	assert_int_equal(on_terminal(help, NULL), 0);
	assert_null(strchr(shown, '\033'));
	unsetenv("NO_COLOR");
	setenv("TERM", "dumb", 1);
	assert_int_equal(on_terminal(word, NULL), 0);
	assert_null(strchr(shown, '\033'));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(confirmation),
	    cmocka_unit_test(nobody_to_ask), cmocka_unit_test(colour)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
