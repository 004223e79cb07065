#include "signer/output_store.h"

#include <stdlib.h>
#include <string.h>

#include "lib/file.h"
#include "lib/xalloc.h"

const struct state_schema output_store_schema = {
    .owner = "signer",
    .sql = "CREATE TABLE IF NOT EXISTS output ("
	   "id INTEGER PRIMARY KEY, at INTEGER NOT NULL, "
	   "serial INTEGER NOT NULL, path TEXT NOT NULL, "
	   "sha256 TEXT NOT NULL, digest TEXT NOT NULL, "
	   "first_expiration INTEGER NOT NULL, "
	   "published INTEGER NOT NULL DEFAULT 0) STRICT;",
};

enum column { ID, AT, SERIAL, PATH, SHA256, DIGEST, EXPIRATION, PUBLISHED };

static int
read_text(char out[SHA256_TEXT], sqlite3_stmt *st, int column)
{
	const char *text = (const char *)sqlite3_column_text(st, column);

	if (text == NULL || strlen(text) != SHA256_TEXT - 1)
		return -1;
	memcpy(out, text, SHA256_TEXT);
	return 0;
}

static int
read_output(sqlite3_stmt *st, struct output *o, struct error *e)
{
	const char *path = (const char *)sqlite3_column_text(st, PATH);

	*o = (struct output){.id = sqlite3_column_int64(st, ID),
	    .at = sqlite3_column_int64(st, AT),
	    .serial = (uint32_t)sqlite3_column_int64(st, SERIAL),
	    .first_expiration = sqlite3_column_int64(st, EXPIRATION),
	    .published = sqlite3_column_int(st, PUBLISHED) != 0};
	if (path == NULL || read_text(o->sha256, st, SHA256) == -1 ||
	    read_text(o->digest, st, DIGEST) == -1)
		return error_set(e,
		    "the state database holds a damaged output");
	o->path = xstrdup(path);
	return 0;
}

/* Announced only: the file tells whether it got its name. */
static bool
is_published(const struct output *o)
{
	char sha256[SHA256_TEXT];
	struct error ignored = ERROR_INIT;

	return o->published ||
	       (file_sha256(sha256, o->path, &ignored) == 0 &&
		   strcmp(sha256, o->sha256) == 0);
}

/* A database that nothing was signed with has no table yet. */
static int
has_table(struct state *s, struct error *e)
{
	sqlite3_stmt *st = state_prepare(s,
	    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND "
	    "name = 'output'", e);
	int rc;

	if (st == NULL)
		return -1;
	rc = state_step(s, st, e);
	sqlite3_finalize(st);
	return rc;
}

static int
newest_published(struct state *s, struct output *o, struct error *e)
{
	sqlite3_stmt *st = state_prepare(s,
	    "SELECT id, at, serial, path, sha256, digest, first_expiration, "
	    "published FROM output ORDER BY id DESC",
	    e);
	int rc;

	if (st == NULL)
		return -1;
	while ((rc = state_step(s, st, e)) == 1) {
		if ((rc = read_output(st, o, e)) == -1)
			break;
		if (is_published(o)) {
			rc = 1;
			break;
		}
		output_free(o);
	}
	sqlite3_finalize(st);
	return rc;
}

int
output_last(struct state *s, struct output *o, struct error *e)
{
	int rc = has_table(s, e);

	return rc == 1 ? newest_published(s, o, e) : rc;
}

void
output_free(struct output *o)
{
	free(o->path);
	*o = (struct output){0};
}

int
output_newest(struct state *s, int64_t *id, struct error *e)
{
	int rc = has_table(s, e);
	sqlite3_stmt *st;

	*id = 0;
	if (rc != 1)
		return rc;
	if ((st = state_prepare(s, "SELECT max(id) FROM output", e)) == NULL)
		return -1;
	if ((rc = state_step(s, st, e)) == 1)
		*id = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc == -1 ? -1 : 0;
}

static int
run(struct state *s, sqlite3_stmt *st, struct error *e)
{
	int rc = state_step(s, st, e);

	sqlite3_finalize(st);
	return rc == 0 ? 0 : -1;
}

int
output_announce(struct state *s, struct output *o, struct error *e)
{
	sqlite3_stmt *st = state_prepare(s,
	    "INSERT INTO output (at, serial, path, sha256, digest, "
	    "first_expiration) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
	    e);
	int rc;

	if (st == NULL)
		return -1;
	sqlite3_bind_int64(st, 1, o->at);
	sqlite3_bind_int64(st, 2, o->serial);
	sqlite3_bind_text(st, 3, o->path, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 4, o->sha256, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 5, o->digest, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 6, o->first_expiration);
	if ((rc = state_step(s, st, e)) == 1)
		o->id = sqlite3_column_int64(st, 0);
	if (rc == 1)
		rc = state_step(s, st, e);
	sqlite3_finalize(st);
	return rc;
}

int
output_publish(struct state *s, const struct output *o, struct error *e)
{
	sqlite3_stmt *st = state_prepare(s,
	    "UPDATE output SET published = 1 WHERE id = ?", e);

	if (st == NULL)
		return -1;
	sqlite3_bind_int64(st, 1, o->id);
	return run(s, st, e);
}
