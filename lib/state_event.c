/* One event: its row, its hash, and how it is added to the chain. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/state_private.h"
#include "lib/xalloc.h"

const char event_first_previous[SHA256_TEXT] =
    "0000000000000000000000000000000000000000000000000000000000000000";

static void
add_text(struct buf *b, const char *text)
{
	buf_u32(b, (uint32_t)strlen(text));
	buf_str(b, text);
}

static void
add_number(struct buf *b, int64_t n)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)n);
	add_text(b, text);
}

static void
event_hash(char out[SHA256_TEXT], const struct state_event *ev)
{
	struct buf b = BUF_INIT;

	add_text(&b, "rz event 1");
	add_number(&b, ev->id);
	add_number(&b, ev->at);
	add_number(&b, ev->clock);
	add_number(&b, ev->uid);
	add_text(&b, ev->host);
	add_text(&b, ev->verb);
	add_text(&b, ev->what);
	add_text(&b, ev->why);
	add_text(&b, ev->detail);
	add_text(&b, ev->previous);
	sha256_text(out, b.data, b.len);
	buf_free(&b);
}

/* -1: not a text that we would have written. */
static int
column_text(sqlite3_stmt *st, int column, const char **text)
{
	*text = (const char *)sqlite3_column_text(st, column);
	if (*text == NULL)
		return -1;
	return strlen(*text) == (size_t)sqlite3_column_bytes(st, column) ? 0
									 : -1;
}

/* Valid until the next step of the statement. */
static int
event_from_row(struct state_event *ev, sqlite3_stmt *st)
{
	const char **text[] = {&ev->host, &ev->verb, &ev->what, &ev->why,
	    &ev->detail, &ev->previous, &ev->hash};

	ev->id = sqlite3_column_int64(st, 0);
	ev->at = sqlite3_column_int64(st, 1);
	ev->clock = sqlite3_column_int64(st, 2);
	ev->uid = sqlite3_column_int64(st, 3);
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
		if (column_text(st, 4 + (int)i, text[i]) == -1)
			return -1;
	return 0;
}

int
event_check_hash(
    const struct state *s, const struct state_event *ev, struct error *e)
{
	char hash[SHA256_TEXT];

	event_hash(hash, ev);
	if (strcmp(hash, ev->hash) != 0)
		return error_no(e,
		    "%s: chain: event %lld: its hash is not that of its "
		    "content",
		    s->path, (long long)ev->id);
	return 0;
}

int
event_read_row(const struct state *s, struct state_event *ev, sqlite3_stmt *st,
    struct error *e)
{
	if (event_from_row(ev, st) == -1)
		return error_no(e, "%s: chain: event %lld: not text", s->path,
		    (long long)ev->id);
	return 0;
}

/* 1: found (at most one row is wanted), 0: none, -1. */
int
event_find(struct state *s, const char *where, sqlite3_stmt **st,
    struct state_event *ev, struct error *e)
{
	char *sql =
	    xasprintf("SELECT " EVENT_COLUMNS " FROM event WHERE %s", where);
	int rc = -1;

	*st = state_prepare(s, sql, e);
	if (*st != NULL)
		rc = state_step(s, *st, e);
	if (rc == 1 && event_read_row(s, ev, *st, e) == -1)
		rc = -1;
	free(sql);
	return rc;
}

/* A control character could forge a line of the log, or move the cursor. */
static int
check_text(
    const struct state *s, const char *field, const char *text, struct error *e)
{
	const unsigned char *p = (const unsigned char *)text;
	json_t *utf8;

	if (strlen(text) > EVENT_TEXT_MAX)
		return error_set(e, "%s: event: %s: longer than %d octets",
		    s->path, field, EVENT_TEXT_MAX);
	for (; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f ||
		    (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0))
			return error_set(e,
			    "%s: event: %s: a control character", s->path,
			    field);
	if ((utf8 = json_string(text)) == NULL)
		return error_set(e, "%s: event: %s: not UTF-8", s->path, field);
	json_decref(utf8);
	return 0;
}

static int
detail_text(const struct state *s, json_t *detail, char **text, struct error *e)
{
	if (detail == NULL) {
		*text = xstrdup("");
		return 0;
	}
	*text = json_dumps(detail, JSON_COMPACT | JSON_SORT_KEYS);
	if (*text == NULL || strlen(*text) > EVENT_DETAIL_MAX) {
		free(*text);
		*text = NULL;
		return error_set(e,
		    "%s: event: detail: over %d octets, or not an object",
		    s->path, EVENT_DETAIL_MAX);
	}
	return 0;
}

static int
insert(struct state *s, const struct state_event *ev, struct error *e)
{
	const char *text[] = {ev->host, ev->verb, ev->what, ev->why, ev->detail,
	    ev->previous, ev->hash};
	sqlite3_stmt *st;
	int rc;

	st = state_prepare(s,
	    "INSERT INTO event (" EVENT_COLUMNS
	    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    e);
	if (st == NULL)
		return -1;
	sqlite3_bind_int64(st, 1, ev->id);
	sqlite3_bind_int64(st, 2, ev->at);
	sqlite3_bind_int64(st, 3, ev->clock);
	sqlite3_bind_int64(st, 4, ev->uid);
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
		sqlite3_bind_text(st, 5 + (int)i, text[i], -1, SQLITE_STATIC);
	rc = state_step(s, st, e);
	sqlite3_finalize(st);
	return rc;
}

/* What follows on the last event; previous has room for its hash. */
static int
find_place(struct state *s, struct state_event *ev, char previous[SHA256_TEXT],
    struct error *e)
{
	sqlite3_stmt *st;
	struct state_event last;
	int found = event_find(s, EVENT_LAST, &st, &last, e);

	ev->id = 1;
	memcpy(previous, event_first_previous, SHA256_TEXT);
	if (found == 1 && event_check_hash(s, &last, e) == -1)
		found = -1;
	if (found == 1) {
		ev->id = last.id + 1;
		memcpy(previous, last.hash, SHA256_TEXT);
	}
	ev->previous = previous;
	sqlite3_finalize(st);
	return found == -1 ? -1 : 0;
}

int
chain_append(struct state *s, const struct event *from, struct error *e)
{
	struct state_event ev = {.at = from->when,
	    .clock = clock_says(),
	    .uid = (int64_t)getuid(),
	    .verb = from->verb,
	    .why = from->why};
	char host[256] = "", previous[SHA256_TEXT], hash[SHA256_TEXT];
	char *what = NULL, *detail = NULL;
	int rc = -1;

	if (gethostname(host, sizeof host - 1) == -1)
		return error_errno(e, "%s: event: host", s->path);
	if (check_text(s, "host", host, e) == -1 ||
	    check_text(s, "verb", from->verb, e) == -1 ||
	    check_text(s, "what", from->what, e) == -1 ||
	    check_text(s, "why", from->why, e) == -1 ||
	    detail_text(s, from->detail, &detail, e) == -1 ||
	    find_place(s, &ev, previous, e) == -1)
		goto out;
	what = xasprintf("%s%s", s->lab ? "lab: " : "", from->what);
	ev.what = what;
	ev.host = host;
	ev.detail = detail;
	event_hash(hash, &ev);
	ev.hash = hash;
	rc = insert(s, &ev, e);
out:
	free(what);
	free(detail);
	return rc;
}
