/*
 * The state database: SQLite, rollback journal, synchronous=EXTRA.  This file
 * owns opening, transactions, and the chain of events; each directory above
 * owns its tables, and hands their schema to state_open.
 *
 * Every change is one transaction that also writes its event.  Events are
 * numbered from 1 without gaps; triggers refuse to change or delete one.  The
 * hash of an event is SHA-256 over these texts in this order, each preceded
 * by its length as 32 bits, most significant octet first:
 *
 *	"rz event 1", id, at, clock, uid (the four in decimal), host, verb,
 *	what, why, detail (compact JSON with sorted keys, or nothing), previous
 *
 * where previous is the hash of the event before in lower-case hexadecimal
 * (64 zeros for the first), at the time that the program acted for and clock
 * what the system clock said then, both in seconds since 1970 in UTC.
 */
#ifndef RZ_LIB_STATE_H
#define RZ_LIB_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>
#include <sqlite3.h>

#include "lib/error.h"
#include "lib/hex.h"

struct state;

/* Tables of a directory: "CREATE TABLE IF NOT EXISTS …; …". */
struct state_schema {
	const char *owner;
	const char *sql;
};

#define STATE_BUSY_MS 10000 /* how long another writer is waited for */

/*
 * Make a new database (mode 0600, exclusively); its first event says so.
 * zone in presentation form.  A database that exists: trouble.  It gets its
 * name when it is whole.
 */
int state_create(struct state **s, const char *path, const char *zone,
    bool lab, int64_t now, const struct state_schema *schemas, size_t n,
    struct error *e)
    __attribute__((nonnull(1, 2, 3, 8), warn_unused_result));
/*
 * Open one that exists.  zone must be that of the database.  The schema's
 * missing tables are added.  A lab state stays one for ever.  The last link
 * of the chain is checked: a no when it is broken.  Trouble: no such file,
 * one that others may write, another program's, another zone's, a newer
 * schema, damage.
 */
int state_open(struct state **s, const char *path, const char *zone,
    const struct state_schema *schemas, size_t n, struct error *e)
    __attribute__((nonnull(1, 2, 3, 6), warn_unused_result));
/* Read only; nothing is written, not even a journal that was not there. */
int state_open_readonly(struct state **s, const char *path,
    const char *zone, struct error *e)
    __attribute__((nonnull, warn_unused_result));
void state_close(struct state *s);
bool state_is_lab(const struct state *s) __attribute__((nonnull));

/*
 * BEGIN IMMEDIATE, waiting at most 10 s for another writer.  Ends with
 * state_commit, which writes the event, or state_rollback.  A state_commit
 * that fails has rolled back.  state_rollback without a transaction does
 * nothing.
 */
int state_begin(struct state *s, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/*
 * Texts are UTF-8 without control characters, so that an event is one line
 * wherever it is shown.  What happens in a lab state begins with "lab: ".
 */
#define EVENT_TEXT_MAX	 1000	   /* octets of verb, what, why each */
#define EVENT_DETAIL_MAX (1 << 20) /* octets of detail as JSON */

struct event {
	int64_t when; /* UTC seconds: the time the program acts for */
	const char *verb; /* "rz-keytool generate" */
	const char *what; /* one line for people */
	const char *why;  /* reason given, or "" */
	json_t *detail;	  /* what changed; stored as compact, sorted JSON;
			     borrowed; may be NULL */
};
int state_commit(struct state *s, const struct event *ev, struct error *e)
    __attribute__((nonnull, warn_unused_result));
void state_rollback(struct state *s) __attribute__((nonnull));

/* A prepared statement, finalized by the caller; NULL with e filled. */
sqlite3_stmt *state_prepare(struct state *s, const char *sql,
    struct error *e) __attribute__((nonnull));
/* Step: 1 a row, 0 done, -1 trouble with e filled. */
int state_step(struct state *s, sqlite3_stmt *st, struct error *e)
    __attribute__((nonnull));

/*
 * Values by name, for facts of which there is one; state_put inside a
 * transaction.  "zone" and "lab" are ours and never change.
 */
int state_put(struct state *s, const char *name, const char *value,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/* *value is owned by the caller; NULL when the name is not there. */
int state_get(struct state *s, const char *name, char **value,
    struct error *e) __attribute__((nonnull, warn_unused_result));

/* An event as it is stored. */
struct state_event {
	int64_t id, at, clock, uid;
	const char *host, *verb, *what, *why, *detail, *previous, *hash;
};
typedef int state_event_fn(void *arg, const struct state_event *ev,
    struct error *e);

/*
 * Hand every event to fn, the oldest first, after its link was checked.  A
 * break: a no, naming the event; fn's -1 ends the walk too.
 */
int state_events(struct state *s, state_event_fn *fn, void *arg,
    struct error *e) __attribute__((nonnull(1, 2, 4), warn_unused_result));

/*
 * Walk the chain: every hash right, no number left out, zone and lab as the
 * first event says, the file without damage.  head gets the last hash in
 * hexadecimal.  A break: a no, naming the event.
 */
int state_verify(struct state *s, char head[SHA256_TEXT], int64_t *events,
    struct error *e) __attribute__((nonnull, warn_unused_result));

#endif
