#include "keytool/record.h"

#include <stdio.h>

#include "keytool/key_store.h"

static int
commit(const struct record *r, json_t *detail, struct error *e,
    const char *fmt, va_list ap)
{
	char what[EVENT_TEXT_MAX];
	struct event ev = {.when = r->now, .verb = r->verb, .what = what,
	    .why = "", .detail = detail};

	vsnprintf(what, sizeof what, fmt, ap);
	return state_commit(r->state, &ev, e);
}

int
record_event(const struct record *r, json_t *detail, struct error *e,
    const char *fmt, ...)
{
	va_list ap;
	int rv;

	if (state_begin(r->state, e) == -1)
		return -1;
	va_start(ap, fmt);
	rv = commit(r, detail, e, fmt, ap);
	va_end(ap);
	return rv;
}

int
record_key(const struct record *r, const struct key *k, struct error *e,
    const char *fmt, ...)
{
	json_t *detail;
	va_list ap;
	int rv;

	if (state_begin(r->state, e) == -1)
		return -1;
	if (key_store_add(r->state, k, e) == -1) {
		state_rollback(r->state);
		return -1;
	}
	detail = key_json(k);
	va_start(ap, fmt);
	rv = commit(r, detail, e, fmt, ap);
	va_end(ap);
	json_decref(detail);
	return rv;
}

int
record_time(const struct record *r, const struct key *k, enum key_time which,
    struct error *e, const char *fmt, ...)
{
	char when[UTC_TEXT];
	json_t *detail;
	va_list ap;
	int rv;

	if (state_begin(r->state, e) == -1)
		return -1;
	if (key_store_set_time(r->state, k, which, r->now, e) == -1) {
		state_rollback(r->state);
		return -1;
	}
	detail = json_pack("{s:s, s:s, s:{s:s}}", "id", k->id, "label",
	    k->label, "times", key_time_text(which), utc_text(when, r->now));
	va_start(ap, fmt);
	rv = commit(r, detail, e, fmt, ap);
	va_end(ap);
	json_decref(detail);
	return rv;
}
