/* A directory of its own for each test of the state database. */
#ifndef RZ_TESTS_UNIT_STATE_FIXTURE_H
#define RZ_TESTS_UNIT_STATE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/state_private.h"
#include "lib/utc.h"

#define NOW INT64_C(1750000000)

struct fixture {
	char dir[64];
	char path[128];
	struct state *s;
	struct error e;
};

static inline int
fixture_setup(void **arg)
{
	struct fixture *f = calloc(1, sizeof *f);

	*arg = f;
	snprintf(f->dir, sizeof f->dir, "/tmp/rz-state.XXXXXX");
	if (mkdtemp(f->dir) == NULL)
		return -1;
	snprintf(f->path, sizeof f->path, "%s/root.db", f->dir);
	return 0;
}

/* The names in the directory; removes them when asked to. */
static inline unsigned
fixture_files(const struct fixture *f, int and_remove)
{
	DIR *d = opendir(f->dir);
	struct dirent *entry;
	unsigned n = 0;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		n++;
		if (and_remove)
			(void)unlinkat(dirfd(d), entry->d_name, 0);
	}
	closedir(d);
	return n;
}

static inline int
fixture_teardown(void **arg)
{
	struct fixture *f = *arg;

	state_close(f->s);
	fixture_files(f, 1);
	rmdir(f->dir);
	free(f);
	return 0;
}

static inline void
fixture_create(struct fixture *f)
{
	assert_int_equal(state_create(&f->s, f->path, ".", false, NOW, NULL, 0,
			     &f->e), 0);
}

static inline void
fixture_close(struct fixture *f)
{
	state_close(f->s);
	f->s = NULL;
}

/* One transaction with one event; at NOW + n. */
static inline int
fixture_commit(struct fixture *f, int n)
{
	char what[32];
	struct event ev = {NOW + n, "test commit", what, "because", NULL};

	snprintf(what, sizeof what, "change %d", n);
	if (state_begin(f->s, &f->e) == -1 ||
	    state_put(f->s, "last", what, &f->e) == -1)
		return -1;
	return state_commit(f->s, &ev, &f->e);
}

/* As somebody would who has the sqlite3 program: past lib/state. */
static inline int
fixture_sql(struct fixture *f, const char *sql)
{
	sqlite3 *db;
	int rc;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	return rc;
}

static inline void
fixture_refused(const struct fixture *f, int rc, enum status status,
    const char *text)
{
	if (rc != -1 || f->e.status != status ||
	    strstr(f->e.text, text) == NULL)
		fail_msg("rc %d, status %d, \"%s\", wanted %d \"%s\"", rc,
		    (int)f->e.status, f->e.text, (int)status, text);
}

#define FIXTURE_TEST(function) \
	cmocka_unit_test_setup_teardown( \
	    function, fixture_setup, fixture_teardown)

#endif
