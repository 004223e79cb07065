#include "lib/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/state_private.h"
#include "lib/xalloc.h"

/* DEFENSIVE and untrusted schema: the file may come from elsewhere. */
static const char settings[] = "PRAGMA foreign_keys = ON;"
			       "PRAGMA recursive_triggers = ON;"
			       "PRAGMA trusted_schema = OFF;"
			       "PRAGMA cell_size_check = ON;"
			       "PRAGMA synchronous = EXTRA;";

int
state_fail(const struct state *s, const char *what, struct error *e)
{
	switch (sqlite3_extended_errcode(s->db)) {
	case SQLITE_NOTADB:
		return error_set(e, "%s: state: not a database", s->path);
	case SQLITE_READONLY_ROLLBACK:
	case SQLITE_READONLY_RECOVERY:
		return error_set(e,
		    "%s: state: a write was cut short and is undone by the "
		    "next program that may write here",
		    s->path);
	}
	switch (sqlite3_errcode(s->db) & 0xff) {
	case SQLITE_BUSY:
		return error_set(e,
		    "%s: state: in use by another program for over %d s",
		    s->path, STATE_BUSY_MS / 1000);
	case SQLITE_CORRUPT:
		return error_set(e, "%s: state: damaged: %s: %s", s->path, what,
		    sqlite3_errmsg(s->db));
	}
	return error_set(
	    e, "%s: state: %s: %s", s->path, what, sqlite3_errmsg(s->db));
}

int
state_exec(struct state *s, const char *sql, struct error *e)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return state_fail(s, "statement", e);
	return 0;
}

/* SQLite takes a name that begins with "file:" for a URI. */
static char *
plain_path(const char *path)
{
	return xasprintf("%s%s", *path == '/' ? "" : "./", path);
}

int
state_attach(struct state **out, const char *path, int flags, struct error *e)
{
	struct state *s = xcalloc(1, sizeof *s);
	char *plain = plain_path(path);
	int rc;

	s->path = xstrdup(path);
	rc =
	    sqlite3_open_v2(plain, &s->db, flags | SQLITE_OPEN_EXRESCODE, NULL);
	free(plain);
	if (rc != SQLITE_OK) {
		state_fail(s, "cannot be opened", e);
		goto fail;
	}
	sqlite3_busy_timeout(s->db, STATE_BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (state_exec(s, settings, e) == -1)
		goto fail;
	*out = s;
	return 0;
fail:
	state_close(s);
	return -1;
}

void
state_close(struct state *s)
{
	if (s == NULL)
		return;
	sqlite3_close(s->db);
	free(s->path);
	free(s->zone);
	free(s);
}

bool
state_is_lab(const struct state *s)
{
	return s->lab;
}

/* Whoever may write the file may write the history anew. */
static int
check_file(const char *path, struct error *e)
{
	struct stat st;

	if (stat(path, &st) == -1) {
		if (errno == ENOENT)
			return error_set(e,
			    "%s: state: no database there; "
			    "rz-rollover init makes one",
			    path);
		return error_errno(e, "%s: state", path);
	}
	if (!S_ISREG(st.st_mode))
		return error_set(e, "%s: state: not a regular file", path);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return error_set(e,
		    "%s: state: others may write it (mode %04o)", path,
		    (unsigned)st.st_mode & 07777);
	if (st.st_size == 0)
		return error_set(e, "%s: state: empty, not a database", path);
	return 0;
}

static int
pragma(struct state *s, const char *sql, int64_t *value, struct error *e)
{
	sqlite3_stmt *st = state_prepare(s, sql, e);
	int rc;

	if (st == NULL)
		return -1;
	rc = state_step(s, st, e);
	if (rc == 1)
		*value = sqlite3_column_int64(st, 0);
	if (rc == 0)
		error_set(e, "%s: state: %s: no answer", s->path, sql);
	sqlite3_finalize(st);
	return rc == 1 ? 0 : -1;
}

static int
check_program(struct state *s, struct error *e)
{
	int64_t application = 0, version = 0;

	if (pragma(s, "PRAGMA application_id", &application, e) == -1 ||
	    pragma(s, "PRAGMA user_version", &version, e) == -1)
		return -1;
	if (application != STATE_APPLICATION)
		return error_set(
		    e, "%s: state: the database of another program", s->path);
	if (version > STATE_VERSION)
		return error_set(e,
		    "%s: state: made by a newer version of this program "
		    "(schema %lld, this one knows %d)",
		    s->path, (long long)version, STATE_VERSION);
	if (version != STATE_VERSION)
		return error_set(e, "%s: state: schema %lld is not known",
		    s->path, (long long)version);
	return 0;
}

static int
check_zone(struct state *s, const char *zone, struct error *e)
{
	char *lab = NULL;
	int rc = -1;

	if (state_get(s, "zone", &s->zone, e) == -1 ||
	    state_get(s, "lab", &lab, e) == -1)
		goto out;
	if (s->zone == NULL || lab == NULL) {
		error_set(e, "%s: state: damaged: names no zone", s->path);
		goto out;
	}
	if (strcmp(s->zone, zone) != 0) {
		error_set(e, "%s: state: of the zone %s, not of %s", s->path,
		    s->zone, zone);
		goto out;
	}
	s->lab = strcmp(lab, "no") != 0;
	rc = 0;
out:
	free(lab);
	return rc;
}

static int
open_checked(struct state **out, const char *path, const char *zone, int flags,
    struct error *e)
{
	struct state *s;

	if (check_file(path, e) == -1 || state_attach(&s, path, flags, e) == -1)
		return -1;
	if (check_program(s, e) == -1 || check_zone(s, zone, e) == -1 ||
	    chain_check_last(s, e) == -1) {
		state_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

int
state_add_schemas(struct state *s, const struct state_schema *schemas, size_t n,
    struct error *e)
{
	for (size_t i = 0; i < n; i++)
		if (state_exec(s, schemas[i].sql, e) == -1)
			return error_prefix(
			    e, "tables of %s", schemas[i].owner);
	return 0;
}

int
state_open(struct state **out, const char *path, const char *zone,
    const struct state_schema *schemas, size_t n, struct error *e)
{
	struct state *s;

	if (open_checked(&s, path, zone, SQLITE_OPEN_READWRITE, e) == -1)
		return -1;
	if (state_exec(s, "PRAGMA journal_mode = DELETE", e) == -1 ||
	    state_begin(s, e) == -1 ||
	    state_add_schemas(s, schemas, n, e) == -1 ||
	    state_exec(s, "COMMIT", e) == -1) {
		state_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

int
state_open_readonly(
    struct state **out, const char *path, const char *zone, struct error *e)
{
	return open_checked(out, path, zone, SQLITE_OPEN_READONLY, e);
}

int
state_begin(struct state *s, struct error *e)
{
	return state_exec(s, "BEGIN IMMEDIATE", e);
}

int
state_commit(struct state *s, const struct event *ev, struct error *e)
{
	if (sqlite3_get_autocommit(s->db))
		return error_set(
		    e, "%s: state: no transaction to commit", s->path);
	if (chain_append(s, ev, e) == -1 || state_exec(s, "COMMIT", e) == -1) {
		state_rollback(s);
		return -1;
	}
	return 0;
}

/* A failure here has undone everything too: SQLite's own rollback. */
void
state_rollback(struct state *s)
{
	if (!sqlite3_get_autocommit(s->db))
		(void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

sqlite3_stmt *
state_prepare(struct state *s, const char *sql, struct error *e)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
		state_fail(s, "statement", e);
	return st;
}

int
state_step(struct state *s, sqlite3_stmt *st, struct error *e)
{
	switch (sqlite3_step(st)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return state_fail(s, "statement", e);
	}
}

int
state_put(struct state *s, const char *name, const char *value, struct error *e)
{
	sqlite3_stmt *st;
	int rc;

	if (sqlite3_get_autocommit(s->db))
		return error_set(e, "%s: state: %s put outside a transaction",
		    s->path, name);
	st = state_prepare(s,
	    "INSERT INTO meta (name, value) VALUES (?, ?) "
	    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
	    e);
	if (st == NULL)
		return -1;
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, value, -1, SQLITE_STATIC);
	rc = state_step(s, st, e);
	sqlite3_finalize(st);
	return rc;
}

int
state_get(struct state *s, const char *name, char **value, struct error *e)
{
	sqlite3_stmt *st;
	int rc;

	*value = NULL;
	st = state_prepare(s, "SELECT value FROM meta WHERE name = ?", e);
	if (st == NULL)
		return -1;
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	rc = state_step(s, st, e);
	if (rc == 1)
		*value = xstrdup((const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	return rc == -1 ? -1 : 0;
}
