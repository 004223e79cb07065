/*
 * What is done to keys, as events of the state.  Work in a token is never
 * done inside a transaction: the intent is an event before it, the outcome
 * one after it.
 */
#ifndef RZ_KEYTOOL_RECORD_H
#define RZ_KEYTOOL_RECORD_H

#include "keytool/key.h"
#include "lib/state.h"

struct record {
	struct state *state;
	int64_t now;
	const char *verb; /* "rz-keytool generate" */
};

/* An event alone.  detail is borrowed and may be NULL. */
int record_event(const struct record *r, json_t *detail, struct error *e,
    const char *fmt, ...)
    __attribute__((format(printf, 4, 5), nonnull(1, 3, 4),
	warn_unused_result));
/* A key that the state did not have. */
int record_key(const struct record *r, const struct key *k, struct error *e,
    const char *fmt, ...)
    __attribute__((format(printf, 4, 5), nonnull, warn_unused_result));
/* One of its times, which is now. */
int record_time(const struct record *r, const struct key *k,
    enum key_time which, struct error *e, const char *fmt, ...)
    __attribute__((format(printf, 5, 6), nonnull, warn_unused_result));

#endif
