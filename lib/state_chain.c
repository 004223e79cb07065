/* The chain of events: what was done, when, by whom, why. */
#include <string.h>

#include "lib/state_private.h"

/*
 * The trigger on insertion also stops INSERT OR REPLACE, which deletes a row
 * without asking the triggers on deletion.
 */
const char chain_sql[] =
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;"
    "CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
    " clock INTEGER NOT NULL, uid INTEGER NOT NULL, host TEXT NOT NULL,"
    " verb TEXT NOT NULL,"
    " what TEXT NOT NULL, why TEXT NOT NULL, detail TEXT NOT NULL,"
    " previous TEXT NOT NULL, hash TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TRIGGER event_insert BEFORE INSERT ON event"
    " WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM event)"
    " BEGIN SELECT RAISE(ABORT, 'events are numbered in order'); END;"
    "CREATE TRIGGER event_update BEFORE UPDATE ON event"
    " BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;"
    "CREATE TRIGGER event_delete BEFORE DELETE ON event"
    " BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;"
    "CREATE TRIGGER meta_update BEFORE UPDATE ON meta"
    " WHEN OLD.name IN ('zone', 'lab')"
    " BEGIN SELECT RAISE(ABORT, 'zone and lab never change'); END;"
    "CREATE TRIGGER meta_delete BEFORE DELETE ON meta"
    " WHEN OLD.name IN ('zone', 'lab')"
    " BEGIN SELECT RAISE(ABORT, 'zone and lab never change'); END;";

static int
check_link(const struct state *s, const struct state_event *ev, int64_t id,
    const char *previous, struct error *e)
{
	if (ev->id != id)
		return error_no(e, "%s: chain: event %lld is missing", s->path,
		    (long long)id);
	if (strcmp(ev->previous, previous) != 0)
		return error_no(e,
		    "%s: chain: event %lld does not follow the one before it",
		    s->path, (long long)ev->id);
	return event_check_hash(s, ev, e);
}

#define EVENT_BEFORE "id = (SELECT max(id) - 1 FROM event)"

int
chain_check_last(struct state *s, struct error *e)
{
	sqlite3_stmt *last_st = NULL, *before_st = NULL;
	struct state_event last, before;
	int found, rc = -1;

	if ((found = event_find(s, EVENT_LAST, &last_st, &last, e)) != 1) {
		if (found == 0)
			error_no(e, "%s: chain: no event at all", s->path);
		goto out;
	}
	found = event_find(s, EVENT_BEFORE, &before_st, &before, e);
	if (found == -1)
		goto out;
	if (found == 0 && last.id != 1) {
		error_no(e, "%s: chain: event %lld is missing", s->path,
		    (long long)last.id - 1);
		goto out;
	}
	rc = check_link(s, &last, found ? before.id + 1 : 1,
	    found ? before.hash : event_first_previous, e);
out:
	sqlite3_finalize(last_st);
	sqlite3_finalize(before_st);
	return rc;
}

int
state_events(struct state *s, state_event_fn *fn, void *arg, struct error *e)
{
	char previous[SHA256_TEXT];
	struct state_event ev;
	int64_t id = 1;
	sqlite3_stmt *st;
	int more;

	memcpy(previous, event_first_previous, sizeof previous);
	st = state_prepare(
	    s, "SELECT " EVENT_COLUMNS " FROM event ORDER BY id", e);
	if (st == NULL)
		return -1;
	while ((more = state_step(s, st, e)) == 1) {
		if (event_read_row(s, &ev, st, e) == -1 ||
		    check_link(s, &ev, id, previous, e) == -1 ||
		    fn(arg, &ev, e) == -1) {
			more = -1;
			break;
		}
		memcpy(previous, ev.hash, sizeof previous);
		id++;
	}
	if (more == 0 && id == 1)
		more = error_no(e, "%s: chain: no event at all", s->path);
	sqlite3_finalize(st);
	return more;
}

struct walk {
	struct state *s;
	char *head;
	int64_t n;
};

/* The first event says what the database is, once and for all. */
static int
check_first(
    const struct state *s, const struct state_event *ev, struct error *e)
{
	json_t *detail = json_loads(ev->detail, JSON_REJECT_DUPLICATES, NULL);
	const char *zone = NULL;
	int lab = 0, rc = 0;

	if (detail == NULL ||
	    json_unpack(detail, "{s:s, s:b}", "zone", &zone, "lab", &lab) ==
		-1 ||
	    strcmp(zone, s->zone) != 0 || (lab != 0) != s->lab)
		rc = error_no(e,
		    "%s: chain: event 1: made for another zone or another "
		    "lab setting than the database has now",
		    s->path);
	json_decref(detail);
	return rc;
}

static int
walk_event(void *arg, const struct state_event *ev, struct error *e)
{
	struct walk *w = arg;

	if (ev->id == 1 && check_first(w->s, ev, e) == -1)
		return -1;
	memcpy(w->head, ev->hash, SHA256_TEXT);
	w->n = ev->id;
	return 0;
}

static int
check_damage(struct state *s, struct error *e)
{
	sqlite3_stmt *st = state_prepare(s, "PRAGMA integrity_check(1)", e);
	const char *text;
	int rc;

	if (st == NULL)
		return -1;
	rc = state_step(s, st, e);
	if (rc == 1) {
		text = (const char *)sqlite3_column_text(st, 0);
		rc = text != NULL && strcmp(text, "ok") == 0
			 ? 0
			 : error_no(e, "%s: state: damaged: %s", s->path,
			       text != NULL ? text : "no memory");
	}
	sqlite3_finalize(st);
	return rc;
}

int
state_verify(
    struct state *s, char head[SHA256_TEXT], int64_t *events, struct error *e)
{
	struct walk w = {s, head, 0};

	if (state_events(s, walk_event, &w, e) == -1 ||
	    check_damage(s, e) == -1)
		return -1;
	*events = w.n;
	return 0;
}
