/* What the files of the state database share; nobody else includes this. */
#ifndef RZ_LIB_STATE_PRIVATE_H
#define RZ_LIB_STATE_PRIVATE_H

#include "lib/state.h"

#define STATE_APPLICATION 0x727a7374 /* "rzst" */
#define STATE_VERSION	  1

struct state {
	sqlite3 *db;
	char *path;
	char *zone;
	bool lab;
};

/* A handle on a file, with nothing read yet.  flags: SQLITE_OPEN_… */
int state_attach(struct state **s, const char *path, int flags,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/* The text of SQLite's last failure on this handle; returns -1. */
int state_fail(const struct state *s, const char *what, struct error *e)
    __attribute__((nonnull));
int state_exec(struct state *s, const char *sql, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* The tables of the directories above, inside a transaction. */
int state_add_schemas(struct state *s, const struct state_schema *schemas,
    size_t n, struct error *e)
    __attribute__((nonnull(1, 4), warn_unused_result));

/* The tables and triggers of lib/ itself. */
extern const char chain_sql[];
/* Is the last event whole, and does it follow the one before it? */
int chain_check_last(struct state *s, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* Add the event after the last one, inside a transaction. */
int chain_append(struct state *s, const struct event *ev, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#define EVENT_COLUMNS \
	"id, at, clock, uid, host, verb, what, why, detail, previous, hash"
#define EVENT_LAST "id = (SELECT max(id) FROM event)"

/* What the first event has in the place of the hash before it. */
extern const char event_first_previous[SHA256_TEXT];
/* A row of EVENT_COLUMNS; the texts hold until the statement moves. */
int event_read_row(const struct state *s, struct state_event *ev,
    sqlite3_stmt *st, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* A no when the hash is not that of the content. */
int event_check_hash(const struct state *s, const struct state_event *ev,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/* The one event where this holds: 1 found, 0 none.  The caller finalizes. */
int event_find(struct state *s, const char *where, sqlite3_stmt **st,
    struct state_event *ev, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
