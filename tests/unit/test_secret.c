#include <fcntl.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/secret.h"

static char dir[] = "/tmp/rz-test-secret-XXXXXX";
static struct error e;

#define assert_says(part) assert_non_null(strstr(e.text, part))

static int
setup(void **state)
{
	(void)state;
	memcpy(strrchr(dir, '-'), "-XXXXXX", 7);
	return mkdtemp(dir) == NULL || chdir(dir) == -1 ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink("pin");
	unlink("link");
	rmdir("d");
	return chdir("/") == -1 ? -1 : rmdir(dir);
}

static void
put(const void *data, size_t len, mode_t mode)
{
	int fd;

	unlink("pin");
	fd = open("pin", O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, data, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void
file_modes(void **state)
{
	static const struct {
		mode_t mode;
		const char *says; /* NULL: good */
	} t[] = {{0600, NULL}, {0400, NULL}, {0700, NULL},
	    {0644, "PIN file pin: mode 0644 lets others read it (chmod 600)"},
	    {0640, "mode 0640 lets others read it"},
	    {0604, "mode 0604 lets others read it"},
	    {0620, "mode 0620 lets others use it"},
	    {0602, "mode 0602 lets others use it"},
	    {0610, "mode 0610 lets others use it"},
	    {0601, "mode 0601 lets others use it"}};
	struct secret s = SECRET_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		put("1234\n", 5, t[i].mode);
		assert_int_equal(secret_from_file(&s, "pin", &e),
		    t[i].says == NULL ? 0 : -1);
		if (t[i].says == NULL) {
			assert_string_equal(s.text, "1234");
			assert_int_equal(s.len, 4);
		} else {
			assert_int_equal(e.status, STATUS_TROUBLE);
			assert_says(t[i].says);
			assert_null(s.text);
		}
		secret_clear(&s);
	}
}

static void
file_content(void **state)
{
	static const struct {
		const char *data;
		size_t len;
		const char *secret, *says;
	} t[] = {{"1234", 4, "1234", NULL}, {"12 34\n", 6, "12 34", NULL},
	    {"", 0, NULL, "PIN file pin: empty"},
	    {"\n", 1, NULL, "PIN file pin: empty"},
	    {"12\0" "34\n", 6, NULL, "a NUL inside"},
	    {"1234\r\n", 6, NULL, "a carriage return at its end"},
	    {"12\n34\n", 6, NULL, "more than one line"},
	    {"1234\n\n", 6, NULL, "more than one line"}};
	struct secret s = SECRET_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		put(t[i].data, t[i].len, 0600);
		assert_int_equal(secret_from_file(&s, "pin", &e),
		    t[i].secret != NULL ? 0 : -1);
		if (t[i].secret != NULL)
			assert_string_equal(s.text, t[i].secret);
		else
			assert_says(t[i].says);
		secret_clear(&s);
	}
}

static void
file_length(void **state)
{
	struct secret s = SECRET_INIT;
	char data[300];

	(void)state;
	memset(data, 'x', sizeof data);
	for (size_t len = 254; len <= 257; len++) {
		data[len] = '\n';
		put(data, len + 1, 0600);
		data[len] = 'x';
		assert_int_equal(secret_from_file(&s, "pin", &e),
		    len <= 255 ? 0 : -1);
		if (len <= 255)
			assert_int_equal(s.len, len);
		else
			assert_says("longer than 255 octets");
		secret_clear(&s);
	}
}

static void
file_kinds(void **state)
{
	struct secret s = SECRET_INIT;

	(void)state;
	assert_int_equal(secret_from_file(&s, "absent", &e), -1);
	assert_says("PIN file absent: cannot open: No such file");
	put("1234\n", 5, 0600);
	assert_int_equal(symlink("pin", "link"), 0);
	assert_int_equal(secret_from_file(&s, "link", &e), -1);
	assert_string_equal(e.text, "PIN file link: a symbolic link");
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(secret_from_file(&s, "d", &e), -1);
	assert_string_equal(e.text, "PIN file d: not a regular file");
	unlink("pin");
	assert_int_equal(mkfifo("pin", 0600), 0);
	assert_int_equal(secret_from_file(&s, "pin", &e), -1);
	assert_string_equal(e.text, "PIN file pin: not a regular file");
	assert_null(s.text);
}

static void
file_owner(void **state)
{
	struct secret s = SECRET_INIT;

	(void)state;
	if (geteuid() != 0) {
		print_message("needs root to give a file away\n");
		skip();
	}
	put("1234\n", 5, 0600);
	assert_int_equal(chown("pin", 54321, 0), 0);
	assert_int_equal(secret_from_file(&s, "pin", &e), -1);
	assert_string_equal(e.text, "PIN file pin: belongs to user 54321, "
				    "neither to us nor to root");
}

/* Two PINs through one descriptor: a line each. */
static void
descriptor(void **state)
{
	struct secret s = SECRET_INIT;
	char name[64];
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], "first\nsecond", 12), 12);
	close(fd[1]);
	assert_int_equal(secret_from_fd(&s, fd[0], &e), 0);
	assert_string_equal(s.text, "first");
	assert_int_equal(secret_from_fd(&s, fd[0], &e), 0);
	assert_string_equal(s.text, "second");
	assert_int_equal(secret_from_fd(&s, fd[0], &e), -1);
	snprintf(name, sizeof name, "PIN from descriptor %d: empty", fd[0]);
	assert_string_equal(e.text, name);
	assert_string_equal(s.text, "second"); /* a failure changes nothing */
	close(fd[0]);
	assert_int_equal(secret_from_fd(&s, fd[0], &e), -1);
	assert_says("cannot read: Bad file descriptor");
	secret_clear(&s);
}

/* The VmFlags of the mapping at p, from /proc/self/smaps. */
static bool
has_flag(const void *p, const char *flag)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[512];
	unsigned long begin, end;
	bool ours = false, found = false;

	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
			ours = begin <= (uintptr_t)p && (uintptr_t)p < end;
		if (ours && strncmp(line, "VmFlags:", 8) == 0)
			found = strstr(line, flag) != NULL;
	}
	fclose(f);
	return found;
}

static void
memory(void **state)
{
	struct secret s = SECRET_INIT;
	struct rlimit limit;
	char *page;

	(void)state;
	secret_set(&s, "1234", 4);
	page = s.text;
	assert_string_equal(s.text, "1234");
	assert_true(has_flag(page, " dd"));
	assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
#ifndef __SANITIZE_ADDRESS__ /* which makes mlock(2) do nothing */
	if (limit.rlim_cur >= 65536)
		assert_true(has_flag(page, " lo"));
#endif
	secret_set(&s, "56", 2);
	assert_string_equal(s.text, "56");
	page = s.text;
	secret_clear(&s);
	assert_null(s.text);
	assert_int_equal(s.len, 0);
	/* ENOMEM: not mapped any more */
	assert_int_equal(msync(page, 1, MS_ASYNC), -1);
	secret_clear(&s);
}

static void
hardened(void **state)
{
	struct rlimit limit;
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		secret_harden_process();
		_exit(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
			getrlimit(RLIMIT_CORE, &limit) == 0 &&
			limit.rlim_cur == 0 && limit.rlim_max == 0
			? 0
			: 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
child_on_terminal(const char *expected)
{
	struct secret s = SECRET_INIT;
	int rc = secret_from_terminal(&s, "PIN of rz: ", &e);
	bool right;

	if (expected == NULL)
		right = rc == -1;
	else
		right = rc == 0 && strcmp(s.text, expected) == 0;
	secret_clear(&s);
	_exit(right ? 0 : 1);
}

/* What the terminal showed, until its other side is closed. */
static int
type_in(const char *typed, const char *expected, char *shown, size_t size)
{
	size_t len = 0;
	ssize_t n;
	int fd, status;
	pid_t pid = forkpty(&fd, NULL, NULL, NULL);
	bool sent = false;

	if (pid == 0)
		child_on_terminal(expected);
	assert_int_not_equal(pid, -1);
	while ((n = read(fd, shown + len, size - 1 - len)) > 0) {
		len += (size_t)n;
		shown[len] = '\0';
		if (!sent && strstr(shown, "rz: ") != NULL) {
			assert_int_equal(
			    write(fd, typed, strlen(typed)), strlen(typed));
			sent = true;
		}
	}
	shown[len] = '\0';
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
terminal(void **state)
{
	char shown[4096], typed[258], most[256];

	(void)state;
	assert_int_equal(
	    type_in("my pin\n", "my pin", shown, sizeof shown), 0);
	assert_non_null(strstr(shown, "PIN of rz: "));
	assert_null(strstr(shown, "my pin"));
	assert_int_equal(type_in("\n", NULL, shown, sizeof shown), 0);
	/* One octet over the limit is seen, not cut. */
	memset(typed, 'x', 256);
	memcpy(typed + 256, "\n", 2);
	assert_int_equal(type_in(typed, NULL, shown, sizeof shown), 0);
	memset(most, 'x', 255);
	most[255] = '\0';
	memcpy(typed + 255, "\n", 2);
	assert_int_equal(type_in(typed, most, shown, sizeof shown), 0);
}

static void
no_terminal(void **state)
{
	struct secret s = SECRET_INIT;
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		setsid();
		if (secret_from_terminal(&s, "PIN: ", &e) != -1)
			_exit(1);
		_exit(strstr(e.text, "no terminal to ask on") ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {T(file_modes), T(file_content),
	    T(file_length), T(file_kinds), T(file_owner), T(descriptor),
	    T(memory), T(hardened), T(terminal), T(no_terminal)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
