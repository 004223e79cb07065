#include "tests/unit/state_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const struct state_schema schema = {"test",
    "CREATE TABLE IF NOT EXISTS thing (n INTEGER PRIMARY KEY) STRICT;"};

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
write_file(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	assert_true(fd != -1);
	assert_int_equal(write(fd, data, len), len);
	close(fd);
}

static int
open_again(struct fixture *f)
{
	fixture_close(f);
	return state_open(&f->s, f->path, ".", NULL, 0, &f->e);
}

static void
test_create(void **arg)
{
	static const mode_t umasks[] = {0, 022, 0777};
	struct fixture *f = *arg;

	for (size_t i = 0; i < 3; i++) {
		mode_t old = umask(umasks[i]);

		fixture_create(f);
		assert_int_equal(state_begin(f->s, &f->e), 0);
		assert_int_equal(state_put(f->s, "a", "b", &f->e), 0);
		umask(old);
		assert_int_equal(mode_of(f->path), 0600);
		fixture_close(f);
		assert_int_equal(fixture_files(f, 1), 1);
	}
}

static void
test_create_journal_mode(void **arg)
{
	struct fixture *f = *arg;
	char journal[160];
	mode_t old = umask(0);

	fixture_create(f);
	assert_int_equal(state_begin(f->s, &f->e), 0);
	assert_int_equal(state_put(f->s, "a", "b", &f->e), 0);
	umask(old);
	/* Small changes stay in memory; this makes the journal. */
	assert_int_equal(sqlite3_db_cacheflush(f->s->db), SQLITE_OK);
	snprintf(journal, sizeof journal, "%s-journal", f->path);
	assert_int_equal(mode_of(journal), 0600);
	state_rollback(f->s);
	assert_int_equal(access(journal, F_OK), -1);
}

static void
test_create_exists(void **arg)
{
	struct fixture *f = *arg;
	struct state *s = NULL;

	fixture_create(f);
	assert_int_equal(fixture_commit(f, 1), 0);
	fixture_refused(f,
	    state_create(&s, f->path, ".", false, NOW, NULL, 0, &f->e),
	    STATUS_TROUBLE, "exists already");
	assert_null(s);
	assert_int_equal(fixture_commit(f, 2), 0);
	assert_int_equal(fixture_files(f, 0), 1);
}

static void
test_create_link(void **arg)
{
	struct fixture *f = *arg;

	assert_int_equal(symlink("elsewhere.db", f->path), 0);
	fixture_refused(f,
	    state_create(&f->s, f->path, ".", false, NOW, NULL, 0, &f->e),
	    STATUS_TROUBLE, "exists already");
	assert_int_equal(fixture_files(f, 0), 1);
}

/* SQLite would play the old journal back into the new file. */
static void
test_create_old_journal(void **arg)
{
	struct fixture *f = *arg;
	char journal[160];

	snprintf(journal, sizeof journal, "%s-journal", f->path);
	write_file(journal, "x", 1);
	fixture_refused(f,
	    state_create(&f->s, f->path, ".", false, NOW, NULL, 0, &f->e),
	    STATUS_TROUBLE, "root.db-journal: state: exists already");
}

static void
test_create_no_directory(void **arg)
{
	struct fixture *f = *arg;
	char path[160];

	snprintf(path, sizeof path, "%s/none/root.db", f->dir);
	fixture_refused(f,
	    state_create(&f->s, path, ".", false, NOW, NULL, 0, &f->e),
	    STATUS_TROUBLE, "root.db: cannot create a file beside it: No such");
}

/* A schema that is wrong leaves nothing behind, and is named. */
static void
test_create_bad_schema(void **arg)
{
	static const struct state_schema bad = {"somebody", "CREATE NONSENSE"};
	struct fixture *f = *arg;

	fixture_refused(f,
	    state_create(&f->s, f->path, ".", false, NOW, &bad, 1, &f->e),
	    STATUS_TROUBLE, "tables of somebody: ");
	assert_int_equal(fixture_files(f, 0), 0);
}

/* Not taken for a URI, and relative to where we are. */
static void
test_relative_path(void **arg)
{
	struct fixture *f = *arg;
	char old[512];

	assert_non_null(getcwd(old, sizeof old));
	assert_int_equal(chdir(f->dir), 0);
	assert_int_equal(state_create(&f->s, "file:a.db?mode=memory", ".",
			     false, NOW, NULL, 0, &f->e), 0);
	assert_int_equal(access("file:a.db?mode=memory", F_OK), 0);
	assert_int_equal(chdir(old), 0);
}

static void
test_open_mode(void **arg)
{
	static const struct {
		mode_t mode;
		int rc;
	} c[] = {{0600, 0}, {0640, 0}, {0644, 0}, {0660, -1}, {0620, -1},
	    {0602, -1}, {0666, -1}};
	struct fixture *f = *arg;

	fixture_create(f);
	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		assert_int_equal(chmod(f->path, c[i].mode), 0);
		assert_int_equal(open_again(f), c[i].rc);
		if (c[i].rc == -1)
			fixture_refused(f, -1, STATUS_TROUBLE,
			    "others may write it");
	}
}

static void
test_open_missing(void **arg)
{
	struct fixture *f = *arg;

	fixture_refused(f, open_again(f), STATUS_TROUBLE,
	    "no database there; rz-rollover init makes one");
	assert_int_equal(fixture_files(f, 0), 0);
}

static void
test_open_other_files(void **arg)
{
	char text[5000];
	struct fixture *f = *arg;

	memset(text, 'x', sizeof text);
	write_file(f->path, text, 0);
	fixture_refused(f, open_again(f), STATUS_TROUBLE, "empty");
	write_file(f->path, text, 10);
	fixture_refused(f, open_again(f), STATUS_TROUBLE, "not a database");
	write_file(f->path, text, sizeof text);
	fixture_refused(f, open_again(f), STATUS_TROUBLE, "not a database");
	assert_int_equal(unlink(f->path), 0);
	assert_int_equal(mkdir(f->path, 0700), 0);
	fixture_refused(f, open_again(f), STATUS_TROUBLE,
	    "not a regular file");
	assert_int_equal(rmdir(f->path), 0);
}

static void
test_open_other_program(void **arg)
{
	struct fixture *f = *arg;

	assert_int_equal(fixture_sql(f, "CREATE TABLE t (a)"), SQLITE_OK);
	assert_int_equal(chmod(f->path, 0600), 0);
	fixture_refused(f, open_again(f), STATUS_TROUBLE, "another program");
	assert_int_equal(fixture_sql(f, "PRAGMA application_id = 1"),
	    SQLITE_OK);
	fixture_refused(f, open_again(f), STATUS_TROUBLE, "another program");
}

static void
test_open_versions(void **arg)
{
	struct fixture *f = *arg;

	fixture_create(f);
	assert_int_equal(fixture_sql(f, "PRAGMA user_version = 2"),
	    SQLITE_OK);
	fixture_refused(f, open_again(f), STATUS_TROUBLE,
	    "newer version of this program (schema 2, this one knows 1)");
	assert_int_equal(fixture_sql(f, "PRAGMA user_version = 0"),
	    SQLITE_OK);
	fixture_refused(f, open_again(f), STATUS_TROUBLE,
	    "schema 0 is not known");
	assert_int_equal(fixture_sql(f, "PRAGMA user_version = 1"),
	    SQLITE_OK);
	assert_int_equal(open_again(f), 0);
}

static void
test_open_other_zone(void **arg)
{
	struct fixture *f = *arg;

	fixture_create(f);
	fixture_close(f);
	fixture_refused(f,
	    state_open(&f->s, f->path, "example.", NULL, 0, &f->e),
	    STATUS_TROUBLE, "of the zone ., not of example.");
	fixture_refused(f,
	    state_open_readonly(&f->s, f->path, "example.", &f->e),
	    STATUS_TROUBLE, "of the zone ., not of example.");
}

static void
test_damage(void **arg)
{
	struct fixture *f = *arg;
	char head[SHA256_TEXT];
	struct stat st;
	int64_t n;

	fixture_create(f);
	for (int i = 0; i < 40; i++)
		assert_int_equal(fixture_commit(f, i), 0);
	fixture_close(f);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(truncate(f->path, st.st_size / 2), 0);
	if (state_open_readonly(&f->s, f->path, ".", &f->e) == 0)
		fixture_refused(f, state_verify(f->s, head, &n, &f->e),
		    STATUS_TROUBLE, "damaged");
	else
		fixture_refused(f, -1, STATUS_TROUBLE, "damaged");
}

/* In a table that neither opening nor the chain looks at. */
static void
test_damage_elsewhere(void **arg)
{
	static const uint8_t zeros[4096];
	struct fixture *f = *arg;
	char head[SHA256_TEXT];
	sqlite3_stmt *st;
	int64_t n, page;
	int fd;

	assert_int_equal(state_create(&f->s, f->path, ".", false, NOW, &schema,
			     1, &f->e), 0);
	st = state_prepare(f->s, "SELECT rootpage FROM sqlite_schema "
				 "WHERE name = 'thing'", &f->e);
	assert_int_equal(state_step(f->s, st, &f->e), 1);
	page = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	fixture_close(f);
	fd = open(f->path, O_WRONLY);
	assert_int_equal(pwrite(fd, zeros, sizeof zeros,
			     (page - 1) * (off_t)sizeof zeros), sizeof zeros);
	close(fd);
	assert_int_equal(state_open_readonly(&f->s, f->path, ".", &f->e), 0);
	fixture_refused(f, state_verify(f->s, head, &n, &f->e), STATUS_NO,
	    "damaged");
}

static void
test_lab(void **arg)
{
	struct fixture *f = *arg;

	assert_int_equal(state_create(&f->s, f->path, ".", true, NOW, NULL, 0,
			     &f->e), 0);
	assert_true(state_is_lab(f->s));
	assert_int_equal(open_again(f), 0);
	assert_true(state_is_lab(f->s));
	assert_int_equal(state_begin(f->s, &f->e), 0);
	fixture_refused(f, state_put(f->s, "lab", "no", &f->e),
	    STATUS_TROUBLE, "zone and lab never change");
	state_rollback(f->s);
	assert_int_not_equal(fixture_sql(f,
	    "DELETE FROM meta WHERE name = 'lab'"), SQLITE_OK);
	fixture_close(f);
	assert_int_equal(unlink(f->path), 0);
	fixture_create(f);
	assert_false(state_is_lab(f->s));
}

static void
test_values(void **arg)
{
	struct fixture *f = *arg;
	char *value;

	fixture_create(f);
	fixture_refused(f, state_put(f->s, "a", "1", &f->e), STATUS_TROUBLE,
	    "outside a transaction");
	assert_int_equal(state_begin(f->s, &f->e), 0);
	assert_int_equal(state_put(f->s, "a", "1", &f->e), 0);
	assert_int_equal(state_put(f->s, "a", "2", &f->e), 0);
	assert_int_equal(state_get(f->s, "a", &value, &f->e), 0);
	assert_string_equal(value, "2");
	free(value);
	state_rollback(f->s);
	assert_int_equal(state_get(f->s, "a", &value, &f->e), 0);
	assert_null(value);
	state_rollback(f->s); /* nothing to roll back: nothing happens */
	assert_int_equal(fixture_commit(f, 7), 0);
	assert_int_equal(open_again(f), 0);
	assert_int_equal(state_get(f->s, "last", &value, &f->e), 0);
	assert_string_equal(value, "change 7");
	free(value);
}

static void
test_schema_added(void **arg)
{
	struct fixture *f = *arg;

	fixture_create(f);
	assert_null(state_prepare(f->s, "SELECT n FROM thing", &f->e));
	fixture_close(f);
	for (int i = 0; i < 2; i++) {
		sqlite3_stmt *st;

		assert_int_equal(state_open(&f->s, f->path, ".", &schema, 1,
				     &f->e), 0);
		st = state_prepare(f->s, "SELECT n FROM thing", &f->e);
		assert_non_null(st);
		assert_int_equal(state_step(f->s, st, &f->e), 0);
		sqlite3_finalize(st);
		fixture_close(f);
	}
}

static void
test_readonly(void **arg)
{
	struct fixture *f = *arg;
	char head[SHA256_TEXT];
	int64_t n;

	fixture_create(f);
	fixture_close(f);
	assert_int_equal(state_open_readonly(&f->s, f->path, ".", &f->e), 0);
	fixture_refused(f, fixture_commit(f, 1), STATUS_TROUBLE, "readonly");
	assert_int_equal(state_verify(f->s, head, &n, &f->e), 0);
	assert_int_equal(n, 1);
	assert_int_equal(fixture_files(f, 0), 1);
}

/* A writer that dies in the middle: what it leaves is undone, once. */
static void
die_in_transaction(struct fixture *f)
{
	pid_t pid = fork();
	int status;

	assert_true(pid != -1);
	if (pid == 0) {
		struct error e;
		struct state *s;

		if (state_open(&s, f->path, ".", &schema, 1, &e) == -1 ||
		    state_begin(s, &e) == -1 ||
		    state_put(s, "last", "never", &e) == -1 ||
		    sqlite3_db_cacheflush(s->db) != SQLITE_OK)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
test_killed_writer(void **arg)
{
	struct fixture *f = *arg;
	char head[SHA256_TEXT], *value;
	int64_t n;

	fixture_create(f);
	assert_int_equal(fixture_commit(f, 1), 0);
	fixture_close(f);
	die_in_transaction(f);
	assert_int_equal(fixture_files(f, 0), 2);
	fixture_refused(f, state_open_readonly(&f->s, f->path, ".", &f->e),
	    STATUS_TROUBLE, "a write was cut short");
	assert_int_equal(open_again(f), 0);
	assert_int_equal(state_get(f->s, "last", &value, &f->e), 0);
	assert_string_equal(value, "change 1");
	free(value);
	assert_int_equal(state_verify(f->s, head, &n, &f->e), 0);
	assert_int_equal(n, 2);
	assert_int_equal(fixture_files(f, 0), 1);
}

static void
test_busy(void **arg)
{
	struct fixture *f = *arg;
	struct state *other;

	fixture_create(f);
	assert_int_equal(state_open(&other, f->path, ".", NULL, 0, &f->e), 0);
	assert_int_equal(state_begin(other, &f->e), 0);
	sqlite3_busy_timeout(f->s->db, 20);
	fixture_refused(f, state_begin(f->s, &f->e), STATUS_TROUBLE,
	    "in use by another program for over 10 s");
	state_rollback(other);
	assert_int_equal(fixture_commit(f, 1), 0);
	state_close(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIXTURE_TEST(test_create),
	    FIXTURE_TEST(test_create_journal_mode),
	    FIXTURE_TEST(test_create_exists),
	    FIXTURE_TEST(test_create_link),
	    FIXTURE_TEST(test_create_old_journal),
	    FIXTURE_TEST(test_create_no_directory),
	    FIXTURE_TEST(test_create_bad_schema),
	    FIXTURE_TEST(test_relative_path),
	    FIXTURE_TEST(test_open_mode),
	    FIXTURE_TEST(test_open_missing),
	    FIXTURE_TEST(test_open_other_files),
	    FIXTURE_TEST(test_open_other_program),
	    FIXTURE_TEST(test_open_versions),
	    FIXTURE_TEST(test_open_other_zone),
	    FIXTURE_TEST(test_damage),
	    FIXTURE_TEST(test_damage_elsewhere),
	    FIXTURE_TEST(test_lab),
	    FIXTURE_TEST(test_values),
	    FIXTURE_TEST(test_schema_added),
	    FIXTURE_TEST(test_readonly),
	    FIXTURE_TEST(test_killed_writer),
	    FIXTURE_TEST(test_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
