#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/file.h"
#include "lib/utc.h"

/* Every test runs inside a directory of its own. */
static char dir[] = "/tmp/rz-test-file-new-XXXXXX";
static struct error e;

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
	DIR *d = opendir(dir);
	struct dirent *entry;

	(void)state;
	while ((entry = readdir(d)) != NULL)
		if (unlinkat(dirfd(d), entry->d_name, 0) == -1)
			(void)unlinkat(dirfd(d), entry->d_name, AT_REMOVEDIR);
	closedir(d);
	return chdir("/") == -1 ? -1 : rmdir(dir);
}

static void
put(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, data, len), len);
	close(fd);
}

/* A file that was last written so long ago. */
static void
put_old(const char *path, int64_t age)
{
	struct timespec t[2];
	struct stat st;

	put(path, "x", 1);
	assert_int_equal(stat(path, &st), 0);
	t[0] = t[1] = (struct timespec){st.st_mtime - age, 0};
	assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static void
write_out(const char *path, mode_t mode)
{
	struct file_new f = FILE_NEW_INIT;

	if (file_create(&f, path, mode, &e) == -1 ||
	    file_write(&f, "new", 3, &e) == -1 || file_commit(&f, &e) == -1)
		fail_msg("%s: %s", path, e.text);
}

/* What a kill left behind goes; nothing else that looks like it. */
static void
stale(void **state)
{
	static const struct {
		const char *name;
		int64_t age;
		bool stays;
	} t[] = {{".out.aB3xY9", HOUR + 60, false},
	    {".out.aB3xY8", HOUR - 60, true}, {".out.aB3xY", DAY, true},
	    {".out.aB3xY99", DAY, true}, {".out.aB3x.9", DAY, true},
	    {"xout.aB3xY9", DAY, true}, {".outaaB3xY9", DAY, true},
	    {".oux.aB3xY9", DAY, true}, {".out.b.aB3xY9", DAY, true},
	    {"out.aB3xY9", DAY, true}};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		put_old(t[i].name, t[i].age);
	write_out("out", 0644);
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		if (exists(t[i].name) != t[i].stays)
			fail_msg("%s %s", t[i].name,
			    t[i].stays ? "is gone" : "is still there");
}

/* However old: a link, a second name, a directory, one that is written. */
static void
stale_not(void **state)
{
	int fd;

	(void)state;
	put_old("elsewhere", DAY);
	assert_int_equal(symlink("elsewhere", ".out.aaaaaa"), 0);
	put_old(".out.bbbbbb", DAY);
	assert_int_equal(link(".out.bbbbbb", "second"), 0);
	assert_int_equal(mkdir(".out.cccccc", 0700), 0);
	put_old(".out.dddddd", DAY);
	fd = open(".out.dddddd", O_RDWR);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	write_out("out", 0644);
	assert_true(exists(".out.aaaaaa") && exists("elsewhere"));
	assert_true(exists(".out.bbbbbb"));
	assert_true(exists(".out.cccccc"));
	assert_true(exists(".out.dddddd"));
	close(fd);
	write_out("out", 0644);
	assert_false(exists(".out.dddddd"));
}

/* Ours is locked for as long as it is written. */
static void
locked(void **state)
{
	struct file_new f = FILE_NEW_INIT;
	int fd;

	(void)state;
	assert_int_equal(file_create(&f, "out", 0644, &e), 0);
	fd = open(f.temporary, O_RDONLY);
	assert_int_not_equal(fd, -1);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
	close(fd);
	file_discard(&f);
}

/* A file that is replaced hands on its mode; a secret is never widened. */
static void
mode_taken_over(void **state)
{
	static const struct {
		mode_t was, asked, got;
	} t[] = {{0600, 0644, 0600}, {0640, 0644, 0640}, {0664, 0644, 0664},
	    {0444, 0644, 0444}, {0644, 0600, 0600}, {0640, 0600, 0600},
	    {0400, 0600, 0400}, {04755, 0644, 0755}};
	struct stat st;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		mode_t old = umask(077); /* it says nothing here */

		put("m", "old", 3);
		assert_int_equal(chmod("m", t[i].was), 0);
		write_out("m", t[i].asked);
		umask(old);
		assert_int_equal(stat("m", &st), 0);
		assert_int_equal(st.st_mode & 07777, t[i].got);
		assert_int_equal(unlink("m"), 0);
	}
}

static void
owner_taken_over(void **state)
{
	struct stat st;

	(void)state;
	if (geteuid() != 0)
		skip();
	put("m", "old", 3);
	assert_int_equal(chown("m", 12345, 54321), 0);
	assert_int_equal(chmod("m", 0640), 0);
	write_out("m", 0644);
	assert_int_equal(stat("m", &st), 0);
	assert_int_equal(st.st_uid, 12345);
	assert_int_equal(st.st_gid, 54321);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void
refused(int rv, const char *says)
{
	assert_int_equal(rv, -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	if (strstr(e.text, says) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", e.text, says);
}

static void
database(void **state)
{
	static const char begin[] = "SQLite format 3";
	struct file_new f = FILE_NEW_INIT;
	char *kept;

	(void)state;
	put("rz.db", begin, sizeof begin);
	refused(file_create(&f, "rz.db", 0644, &e), "rz.db: a database");
	put("rz.db", begin, sizeof begin - 1); /* without its NUL: none */
	write_out("rz.db", 0644);
	/* One that came in the meantime, and one where a refused file goes. */
	assert_int_equal(file_create(&f, "late", 0644, &e), 0);
	put("late", begin, sizeof begin);
	refused(file_commit(&f, &e), "late: a database");
	put("out.bad", begin, sizeof begin);
	assert_int_equal(file_create(&f, "out", 0644, &e), 0);
	refused(file_keep_aside(&f, "bad", &kept, &e), "out.bad: a database");
	assert_false(exists("out"));
}

static void
same_name(void **state)
{
	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	assert_true(file_same_name("a", "./a"));
	assert_true(file_same_name("d/../a", "a"));
	assert_false(file_same_name("a", "b"));
	assert_false(file_same_name("a", "d/a"));
	assert_false(file_same_name("none/a", "none/a")); /* no directory */
	put("a", "x", 1);
	assert_int_equal(link("a", "b"), 0);
	assert_true(file_same_name("a", "b"));
	assert_false(file_same_name("-", "-"));
}

/* FIPS 180-4: the messages "abc" and "". */
static void
hash(void **state)
{
	char text[SHA256_TEXT];
	int p[2];

	(void)state;
	refused(file_sha256(text, "f", &e), "f: cannot open");
	put("f", "abc", 3);
	assert_int_equal(file_sha256(text, "f", &e), 0);
	assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396"
				  "177a9cb410ff61f20015ad");
	put("f", "", 0);
	assert_int_equal(file_sha256(text, "f", &e), 0);
	assert_string_equal(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e464"
				  "9b934ca495991b7852b855");
	refused(file_sha256(text, ".", &e), "is a directory");
	assert_int_equal(mkfifo("fifo", 0600), 0);
	refused(file_sha256(text, "fifo", &e), "not a regular file");
	assert_int_equal(pipe(p), 0);
	assert_int_equal(write(p[1], "abc", 3), 3);
	close(p[1]);
	assert_int_equal(file_sha256_fd(text, p[0], "pipe", &e), 0);
	assert_memory_equal(text, "ba7816bf", 8);
	close(p[0]);
	refused(file_sha256_fd(text, p[0], "pipe", &e), "pipe: cannot read");
}

/* Longer than a block: as one piece in memory. */
static void
hash_long(void **state)
{
	const size_t len = 200001;
	char text[SHA256_TEXT], want[SHA256_TEXT];
	char *data = calloc(1, len);

	(void)state;
	for (size_t i = 0; i < len; i++)
		data[i] = (char)(i * 7);
	put("f", data, len);
	sha256_text(want, data, len);
	assert_int_equal(file_sha256(text, "f", &e), 0);
	assert_string_equal(text, want);
	free(data);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(stale), TEST(stale_not),
	    TEST(locked), TEST(mode_taken_over), TEST(owner_taken_over),
	    TEST(database), TEST(same_name), TEST(hash), TEST(hash_long)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
