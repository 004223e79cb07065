#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/file.h"

/* Every test runs inside a directory of its own. */
static char dir[] = "/tmp/rz-test-file-XXXXXX";
static struct error e;

static void
remove_entries(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *entry;
	char name[512];

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		if (unlink(name) == -1) {
			remove_entries(name);
			assert_int_equal(rmdir(name), 0);
		}
	}
	closedir(d);
}

static unsigned
entries(const char *path)
{
	DIR *d = opendir(path);
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;
}

static int
setup(void **state)
{
	(void)state;
	memcpy(strrchr(dir, '-'), "-XXXXXX", 7);
	e = (struct error)ERROR_INIT;
	return mkdtemp(dir) == NULL || chdir(dir) == -1 ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	remove_entries(dir);
	return chdir("/") == -1 ? -1 : rmdir(dir);
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
expect(const char *path, const char *text)
{
	struct buf b = BUF_INIT;

	assert_int_equal(file_read(&b, path, 1 << 20, &e), 0);
	assert_string_equal(buf_cstr(&b), text);
	buf_free(&b);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

#define assert_says(part) assert_non_null(strstr(e.text, part))

static void
read_limit(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	put("f", "0123456789");
	assert_int_equal(file_read(&b, "f", 10, &e), 0);
	assert_int_equal(b.len, 10);
	assert_memory_equal(b.data, "0123456789", 10);
	buf_clear(&b);
	assert_int_equal(file_read(&b, "f", 9, &e), -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	assert_string_equal(
	    e.text, "f: larger than the limit of 9 octets");
	assert_int_equal(b.len, 0);
	put("f", "");
	assert_int_equal(file_read(&b, "f", 0, &e), 0);
	assert_int_equal(b.len, 0);
	buf_free(&b);
}

static void
read_adds(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	put("f", "second");
	buf_str(&b, "first ");
	assert_int_equal(file_read(&b, "f", 6, &e), 0);
	assert_string_equal(buf_cstr(&b), "first second");
	assert_int_equal(file_read(&b, "f", 5, &e), -1);
	assert_string_equal(buf_cstr(&b), "first second");
	buf_free(&b);
}

static void
read_refuses(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(file_read(&b, "absent", 10, &e), -1);
	assert_says("absent: cannot open: No such file");
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(file_read(&b, "d", 10, &e), -1);
	assert_string_equal(e.text, "d: is a directory");
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(file_read(&b, "fifo", 10, &e), -1);
	assert_string_equal(e.text, "fifo: not a regular file");
	assert_int_equal(file_read(&b, "/dev/zero", 10, &e), -1);
	assert_string_equal(e.text, "/dev/zero: not a regular file");
	buf_free(&b);
}

static void
read_pipe(void **state)
{
	struct buf b = BUF_INIT;
	char big[300000];
	int fd[2], status;
	pid_t pid;

	(void)state;
	memset(big, 'x', sizeof big);
	assert_int_equal(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		close(fd[0]);
		for (size_t at = 0; at < sizeof big; at += 1000)
			if (write(fd[1], big + at, 1000) != 1000)
				_exit(1);
		_exit(0);
	}
	close(fd[1]);
	assert_int_equal(file_read_fd(&b, fd[0], "-", sizeof big, &e), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(b.len, sizeof big);
	assert_memory_equal(b.data, big, sizeof big);
	assert_int_equal(file_read_fd(&b, fd[0], "-", 0, &e), 0);
	close(fd[0]);
	assert_int_equal(file_read_fd(&b, -1, "input", 9, &e), -1);
	assert_says("input: cannot read: Bad file descriptor");
	buf_free(&b);
}

static void
commit_replaces(void **state)
{
	struct file_new f = FILE_NEW_INIT;

	(void)state;
	put("out", "old");
	assert_int_equal(file_create(&f, "out", 0644, &e), 0);
	assert_int_equal(strncmp(f.temporary, ".out.", 5), 0);
	assert_int_equal(fcntl(f.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(file_write(&f, "new ", 4, &e), 0);
	assert_int_equal(file_write(&f, "text", 4, &e), 0);
	expect("out", "old");
	assert_int_equal(file_commit(&f, &e), 0);
	expect("out", "new text");
	assert_int_equal(entries("."), 1);
	assert_int_equal(f.fd, -1);
	assert_null(f.path);
	file_discard(&f); /* harmless */
	expect("out", "new text");
}

static void
discard_leaves_nothing(void **state)
{
	struct file_new f = FILE_NEW_INIT;

	(void)state;
	put("out", "old");
	assert_int_equal(file_create(&f, "out", 0644, &e), 0);
	assert_int_equal(file_write(&f, "new", 3, &e), 0);
	assert_int_equal(entries("."), 2);
	file_discard(&f);
	assert_int_equal(entries("."), 1);
	expect("out", "old");
	assert_int_equal(file_create(&f, "fresh", 0644, &e), 0);
	file_discard(&f);
	assert_int_equal(access("fresh", F_OK), -1);
}

static void
modes(void **state)
{
	static const struct {
		mode_t wanted, mask, got;
	} t[] = {{0644, 022, 0644}, {0644, 027, 0640}, {0666, 077, 0600},
	    {0600, 0, 0600}, {0600, 022, 0600}, {0644, 0, 0644}};
	struct file_new f = FILE_NEW_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		mode_t old = umask(t[i].mask);

		assert_int_equal(file_create(&f, "m", t[i].wanted, &e), 0);
		assert_int_equal(file_commit(&f, &e), 0);
		assert_int_equal(umask(old), t[i].mask);
		assert_int_equal(mode_of("m"), t[i].got);
		assert_int_equal(unlink("m"), 0);
	}
}

static void
keep_aside(void **state)
{
	struct file_new f = FILE_NEW_INIT;
	char *kept = NULL;

	(void)state;
	put("out", "old");
	put("out.rejected", "an older one");
	assert_int_equal(file_create(&f, "out", 0644, &e), 0);
	assert_int_equal(file_write(&f, "bad", 3, &e), 0);
	assert_int_equal(file_keep_aside(&f, "rejected", &kept, &e), 0);
	assert_string_equal(kept, "out.rejected");
	expect("out", "old");
	expect("out.rejected", "bad");
	assert_int_equal(entries("."), 2);
	free(kept);
}

static void
links_are_followed(void **state)
{
	struct file_new f = FILE_NEW_INIT;
	struct stat st;

	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	put("d/real", "old");
	assert_int_equal(symlink("d/real", "link"), 0);
	assert_int_equal(file_create(&f, "link", 0644, &e), 0);
	assert_int_equal(entries("d"), 2); /* the temporary is beside it */
	assert_int_equal(file_write(&f, "new", 3, &e), 0);
	assert_int_equal(file_commit(&f, &e), 0);
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	expect("d/real", "new");
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(file_create(&f, "dangling", 0644, &e), -1);
	assert_says("dangling: cannot follow the link");
}

static void
create_refuses(void **state)
{
	static const struct {
		const char *path, *says;
	} t[] = {{"d", "d: is a directory"}, {"d/", "d/: is a directory"},
	    {"absent/", "absent/: no such directory"},
	    {"absent/f", "absent/f: its directory: No such file"},
	    {"f/x", "f/x: Not a directory"}, {"", "an empty file name"},
	    {"/dev/full", "/dev/full: not a regular file"},
	    {"fifo", "fifo: not a regular file"}, {".", ".: is a directory"}};
	struct file_new f = FILE_NEW_INIT;

	(void)state;
	put("f", "");
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_int_equal(file_create(&f, t[i].path, 0644, &e), -1);
		assert_int_equal(e.status, STATUS_TROUBLE);
		assert_says(t[i].says);
		assert_int_equal(f.fd, -1);
	}
	assert_int_equal(entries("."), 3);
}

/* A file size limit stands for a full disk. */
static void
disk_full(void **state)
{
	struct file_new f = FILE_NEW_INIT;
	struct rlimit old, small;
	char data[8192] = "";
	int rc;

	(void)state;
	put("out", "old");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 4096;
	assert_int_equal(file_create(&f, "out", 0644, &e), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	rc = file_write(&f, data, sizeof data, &e);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(rc, -1);
	assert_string_equal(e.text, "out: cannot write: File too large");
	file_discard(&f);
	expect("out", "old");
	assert_int_equal(entries("."), 1);
}

/* The descriptor is broken behind our back: nothing gets the name. */
static void
commit_fails(void **state)
{
	struct file_new f = FILE_NEW_INIT;

	(void)state;
	put("out", "old");
	assert_int_equal(file_create(&f, "out", 0644, &e), 0);
	close(f.fd);
	assert_int_equal(file_commit(&f, &e), -1);
	assert_says("out: cannot sync: Bad file descriptor");
	expect("out", "old");
	assert_int_equal(entries("."), 1);
	assert_int_equal(file_create(&f, "d", 0644, &e), 0);
	assert_int_equal(mkdir("d", 0700), 0); /* meanwhile */
	assert_int_equal(file_commit(&f, &e), -1);
	assert_says("d: is a directory");
	assert_int_equal(entries("."), 2);
}

static void
begin_and_raise(int sig, void (*disposition)(int))
{
	struct file_new f = FILE_NEW_INIT;

	signal(sig, disposition);
	if (file_create(&f, "out", 0644, &e) == -1 ||
	    file_write(&f, "half", 4, &e) == -1)
		_exit(99);
	raise(sig);
	file_discard(&f);
	_exit(7);
}

static void
signals(void **state)
{
	static const struct {
		int sig;
		void (*disposition)(int);
		bool dies;
		unsigned left;
	} t[] = {{SIGINT, SIG_DFL, true, 1}, {SIGTERM, SIG_DFL, true, 1},
	    {SIGHUP, SIG_DFL, true, 1}, {SIGHUP, SIG_IGN, false, 1},
	    {SIGKILL, SIG_DFL, true, 2}};
	int status;
	pid_t pid;

	(void)state;
	put("out", "old");
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		pid = fork();
		if (pid == 0)
			begin_and_raise(t[i].sig, t[i].disposition);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(WIFSIGNALED(status), t[i].dies);
		assert_int_equal(t[i].dies ? WTERMSIG(status)
					   : WEXITSTATUS(status),
		    t[i].dies ? t[i].sig : 7);
		expect("out", "old");
		assert_int_equal(entries("."), t[i].left);
	}
}

static void
many_at_once(void **state)
{
	struct file_new f[17] = {FILE_NEW_INIT};
	char name[8];
	int i;

	(void)state;
	for (i = 0; i < 16; i++) {
		snprintf(name, sizeof name, "f%d", i);
		assert_int_equal(file_create(&f[i], name, 0600, &e), 0);
	}
	assert_int_equal(file_create(&f[16], "over", 0600, &e), -1);
	assert_says("more than 16 temporary files");
	for (i = 0; i < 16; i++)
		file_discard(&f[i]);
	assert_int_equal(file_create(&f[0], "again", 0600, &e), 0);
	file_discard(&f[0]);
	assert_int_equal(entries("."), 0);
}

static void
same(void **state)
{
	(void)state;
	put("a", "x");
	put("b", "x");
	assert_int_equal(link("a", "hard"), 0);
	assert_int_equal(symlink("a", "soft"), 0);
	assert_true(file_same("a", "a"));
	assert_true(file_same("a", "./a"));
	assert_true(file_same("a", "hard"));
	assert_true(file_same("soft", "a"));
	assert_false(file_same("a", "b"));
	assert_false(file_same("a", "absent"));
	assert_false(file_same("absent", "absent"));
	put("-", "x");
	assert_false(file_same("-", "-"));
}

static void
secret_file(void **state)
{
	mode_t old = umask(0);

	(void)state;
	assert_int_equal(file_create_secret("key", "private", 7, &e), 0);
	umask(old);
	assert_int_equal(mode_of("key"), 0600);
	expect("key", "private");
	assert_int_equal(file_create_secret("key", "other", 5, &e), -1);
	assert_string_equal(e.text, "key: exists already");
	expect("key", "private");
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(file_create_secret("link", "x", 1, &e), -1);
	assert_string_equal(e.text, "link: exists already");
	assert_int_equal(access("target", F_OK), -1);
	assert_int_equal(file_create_secret("absent/k", "x", 1, &e), -1);
	assert_says("absent/k: its directory");
	assert_int_equal(entries("."), 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {T(read_limit), T(read_adds),
	    T(read_refuses), T(read_pipe), T(commit_replaces),
	    T(discard_leaves_nothing), T(modes), T(keep_aside),
	    T(links_are_followed), T(create_refuses), T(disk_full),
	    T(commit_fails), T(signals), T(many_at_once), T(same),
	    T(secret_file)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
