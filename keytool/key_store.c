#include "keytool/key_store.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define KEYS_MAX 4096 /* a key each week for 78 years */
#define TIMES_SQL                                                          \
	"created, announced, published, activated, retired, revoked, "     \
	"removed, destroyed, ds_submitted, ds_seen, ds_withdrawn, ds_gone"

/* Times are in seconds of UTC; NULL is never. */
const struct state_schema key_store_schema = {
    .owner = "keytool",
    .sql = "CREATE TABLE IF NOT EXISTS key ("
	   "id TEXT PRIMARY KEY, role TEXT NOT NULL, "
	   "algorithm INTEGER NOT NULL, bits INTEGER NOT NULL, "
	   "public_key BLOB NOT NULL, label TEXT NOT NULL, "
	   "cka_id BLOB NOT NULL, "
	   "created INTEGER, announced INTEGER, published INTEGER, "
	   "activated INTEGER, retired INTEGER, revoked INTEGER, "
	   "removed INTEGER, destroyed INTEGER, ds_submitted INTEGER, "
	   "ds_seen INTEGER, ds_withdrawn INTEGER, ds_gone INTEGER"
	   ") STRICT, WITHOUT ROWID;",
};

enum column { ID, ROLE, ALGORITHM, BITS, PUBLIC_KEY, LABEL, CKA_ID, TIMES };

static int
damaged(const char *id, const char *what, struct error *e)
{
	return error_set(e, "the state database holds a damaged key: %.16s: %s",
	    id, what);
}

static const char *
text_column(sqlite3_stmt *st, int column)
{
	const char *text = (const char *)sqlite3_column_text(st, column);

	if (text == NULL ||
	    strlen(text) != (size_t)sqlite3_column_bytes(st, column))
		return "";
	return text;
}

static bool
is_label(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len >= sizeof ((struct key *)NULL)->label)
		return false;
	for (; *text != '\0'; text++)
		if (iscntrl((unsigned char)*text))
			return false;
	return true;
}

static int
read_times(sqlite3_stmt *st, struct key *k, struct error *e)
{
	for (int t = 0; t < KEY_TIMES; t++) {
		if (sqlite3_column_type(st, TIMES + t) == SQLITE_NULL)
			continue;
		k->at[t] = sqlite3_column_int64(st, TIMES + t);
		if (k->at[t] < 0 || k->at[t] == TIME_NEVER)
			return damaged(k->id, key_time_text(t), e);
	}
	return 0;
}

/* Nothing that is read is believed: the id proves the public key. */
static int
read_key(sqlite3_stmt *st, struct key *k, struct error *e)
{
	const char *id = text_column(st, ID);
	const char *label = text_column(st, LABEL);
	int role = key_role_by_text(text_column(st, ROLE));
	int64_t algorithm = sqlite3_column_int64(st, ALGORITHM);
	size_t len = (size_t)sqlite3_column_bytes(st, PUBLIC_KEY);
	size_t cka_len = (size_t)sqlite3_column_bytes(st, CKA_ID);

	memset(k, 0, sizeof *k);
	if (role == -1)
		return damaged(id, "role", e);
	if (algorithm < 1 || algorithm > 255 || len == 0)
		return damaged(id, "public key", e);
	key_init(k, role, (uint8_t)algorithm,
	    sqlite3_column_blob(st, PUBLIC_KEY), len);
	if (strcmp(k->id, id) != 0)
		return damaged(id, "not the hash of its public key", e);
	if (k->bits == 0 || sqlite3_column_int64(st, BITS) != k->bits)
		return damaged(id, "size", e);
	if (!is_label(label))
		return damaged(id, "label", e);
	snprintf(k->label, sizeof k->label, "%s", label);
	if (cka_len > sizeof k->cka_id)
		return damaged(id, "CKA_ID", e);
	if (cka_len > 0)
		memcpy(k->cka_id, sqlite3_column_blob(st, CKA_ID), cka_len);
	k->cka_id_len = cka_len;
	return read_times(st, k, e);
}

static int
read_keys(struct state *s, sqlite3_stmt *st, struct keys *ks, struct error *e)
{
	struct key k;
	int more;

	while ((more = state_step(s, st, e)) == 1) {
		if (ks->n == KEYS_MAX)
			return error_set(e,
			    "the state database holds more than %d keys",
			    KEYS_MAX);
		if (read_key(st, &k, e) == -1) {
			key_free(&k);
			return -1;
		}
		keys_add(ks, &k);
	}
	return more;
}

int
key_store_load(struct state *s, struct keys *ks, struct error *e)
{
	struct keys read = {NULL, 0};
	sqlite3_stmt *st = state_prepare(s,
	    "SELECT id, role, algorithm, bits, public_key, label, cka_id, "
	    TIMES_SQL " FROM key "
	    "ORDER BY role, created IS NULL, created, id", e);
	int rv = -1;

	if (st == NULL)
		return -1;
	if (read_keys(s, st, &read, e) == -1) {
		keys_free(&read);
		goto out;
	}
	*ks = read;
	rv = 0;
out:
	sqlite3_finalize(st);
	return rv;
}

static void
bind_key(sqlite3_stmt *st, const struct key *k)
{
	sqlite3_bind_text(st, 1 + ID, k->id, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 1 + ROLE, key_role_text(k->role), -1,
	    SQLITE_STATIC);
	sqlite3_bind_int(st, 1 + ALGORITHM, k->algorithm);
	sqlite3_bind_int64(st, 1 + BITS, k->bits);
	sqlite3_bind_blob(st, 1 + PUBLIC_KEY, k->public_key.data,
	    (int)k->public_key.len, SQLITE_STATIC);
	sqlite3_bind_text(st, 1 + LABEL, k->label, -1, SQLITE_STATIC);
	sqlite3_bind_blob(st, 1 + CKA_ID, k->cka_id, (int)k->cka_id_len,
	    SQLITE_STATIC);
	for (int t = 0; t < KEY_TIMES; t++)
		if (k->at[t] != TIME_NEVER)
			sqlite3_bind_int64(st, 1 + TIMES + t, k->at[t]);
}

int
key_store_add(struct state *s, const struct key *k, struct error *e)
{
	sqlite3_stmt *st;
	int rv;

	if (!is_label(k->label))
		return error_set(e, "a key needs a label of plain characters");
	st = state_prepare(s,
	    "INSERT INTO key (id, role, algorithm, bits, public_key, label, "
	    "cka_id, " TIMES_SQL ") VALUES (?, ?, ?, ?, ?, ?, ?, "
	    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", e);
	if (st == NULL)
		return -1;
	bind_key(st, k);
	rv = state_step(s, st, e);
	sqlite3_finalize(st);
	return rv == -1 ? error_prefix(e, "key %s", k->label) : 0;
}

/* A moment that is set stays what it is. */
int
key_store_set_time(struct state *s, const struct key *k, enum key_time which,
    int64_t t, struct error *e)
{
	const char *column = key_time_text(which);
	char sql[128];
	sqlite3_stmt *st;
	int rv = -1;

	if (t < 0 || t == TIME_NEVER)
		return error_set(e, "key %s: no time for %s", k->label,
		    column);
	snprintf(sql, sizeof sql,
	    "UPDATE key SET %s = ?1 WHERE id = ?2 AND "
	    "(%s IS NULL OR %s = ?1)", column, column, column);
	if ((st = state_prepare(s, sql, e)) == NULL)
		return -1;
	sqlite3_bind_int64(st, 1, t);
	sqlite3_bind_text(st, 2, k->id, -1, SQLITE_STATIC);
	if (state_step(s, st, e) == -1)
		goto out;
	if (sqlite3_changes(sqlite3_db_handle(st)) != 1) {
		error_set(e, "key %s: not in the state, or its time of "
		    "\"%s\" is set to another moment", k->label, column);
		goto out;
	}
	rv = 0;
out:
	sqlite3_finalize(st);
	return rv;
}
