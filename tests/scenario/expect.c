/* EXPECT: what the zone holds at this moment. */
#include <stdlib.h>
#include <string.h>

#include "lib/utc.h"
#include "tests/scenario/scenario.h"

static int
expect_state(struct scenario *s, struct error *e)
{
	enum key_state state;
	struct key *k;

	if (scenario_words(s, 4, 4, e) == -1 ||
	    scenario_key(s, s->word[2], &k, e) == -1)
		return -1;
	state = key_state_at(k, s->now);
	if (strcmp(key_state_text(state), s->word[3]) != 0)
		return error_no(e, "%s is %s, not %s", k->label,
		    key_state_text(state), s->word[3]);
	return 0;
}

enum part { IN_SET, SIGNS_DNSKEY, SIGNS_ZONE };

static bool
takes_part(const struct keyset_member *m, enum part part)
{
	if (part == IN_SET)
		return true;
	return part == SIGNS_DNSKEY ? m->signs_dnskey : m->signs_zone;
}

static bool
is_named(const struct scenario *s, const char *label)
{
	for (unsigned i = 2; i < s->n; i++)
		if (strcmp(s->word[i], label) == 0)
			return true;
	return false;
}

/* Exactly the keys that the line names take this part. */
static int
compare_members(struct scenario *s, const struct keyset *set, enum part part,
    struct error *e)
{
	unsigned n = 0;
	struct key *k;

	for (unsigned i = 2; i < s->n; i++)
		if (scenario_key(s, s->word[i], &k, e) == -1)
			return -1;
	for (size_t i = 0; i < set->n; i++) {
		const char *label = set->member[i].key->label;

		if (!takes_part(&set->member[i], part))
			continue;
		if (!is_named(s, label))
			return error_no(e, "%s too", label);
		n++;
	}
	if (n != s->n - 2)
		return error_no(e, "%u of %u", n, s->n - 2);
	return 0;
}

static int
expect_members(struct scenario *s, enum part part, struct error *e)
{
	struct keyset set;
	int rc;

	if (scenario_words(s, 3, WORDS_MAX, e) == -1 ||
	    keyset_at(&set, &s->keys, s->now, e) == -1)
		return -1;
	rc = compare_members(s, &set, part, e);
	keyset_free(&set);
	return rc == -1 ? error_prefix(e, "%s", s->word[1]) : 0;
}

static int
expect_dnskey(struct scenario *s, struct error *e)
{
	return expect_members(s, IN_SET, e);
}

static int
expect_signs_dnskey(struct scenario *s, struct error *e)
{
	return expect_members(s, SIGNS_DNSKEY, e);
}

static int
expect_signs_zone(struct scenario *s, struct error *e)
{
	return expect_members(s, SIGNS_ZONE, e);
}

static int
expect_flags(struct scenario *s, struct error *e)
{
	struct keyset set;
	struct key *k;
	long flags = 0;

	if (scenario_words(s, 4, 4, e) == -1 ||
	    scenario_key(s, s->word[2], &k, e) == -1 ||
	    keyset_at(&set, &s->keys, s->now, e) == -1)
		return -1;
	for (size_t i = 0; i < set.n; i++)
		if (set.member[i].key == k)
			flags = set.member[i].flags;
	keyset_free(&set);
	if (flags != strtol(s->word[3], NULL, 10))
		return error_no(e, "%s has flags %ld", k->label, flags);
	return 0;
}

static int
expect_refused(struct scenario *s, struct error *e)
{
	struct keyset set;
	struct error refusal;

	if (scenario_words(s, 3, WORDS_MAX, e) == -1)
		return -1;
	if (keyset_at(&set, &s->keys, s->now, &refusal) == 0) {
		keyset_free(&set);
		return error_no(e, "not refused");
	}
	if (refusal.status != STATUS_NO ||
	    strstr(refusal.text, s->rest) == NULL)
		return error_no(e, "refused so: %.900s", refusal.text);
	return 0;
}

static int
expect_next(struct scenario *s, struct error *e)
{
	int64_t next = keyset_next_change(&s->keys, s->now);
	int64_t wanted = TIME_NEVER, d;
	char is[UTC_TEXT];

	if (scenario_words(s, 3, 3, e) == -1)
		return -1;
	if (strcmp(s->word[2], "never") != 0) {
		if (duration_parse(&d, s->word[2], e) == -1)
			return -1;
		wanted = s->now + d;
	}
	if (next != wanted)
		return error_no(
		    e, "the next change is at %s", utc_text(is, next));
	return 0;
}

static const struct statement expectations[] = {
    {"state", expect_state},
    {"dnskey", expect_dnskey},
    {"signs-dnskey", expect_signs_dnskey},
    {"signs-zone", expect_signs_zone},
    {"flags", expect_flags},
    {"refused", expect_refused},
    {"next", expect_next},
    {NULL, NULL},
};

int
do_expect(struct scenario *s, struct error *e)
{
	return scenario_run(expectations, s, 1, e);
}
