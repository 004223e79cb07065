#include "tests/unit/state_fixture.h"

#include <sys/wait.h>

#include "lib/buf.h"
#include "lib/clock.h"

#define DROP_TRIGGERS                                                      \
	"DROP TRIGGER event_update; DROP TRIGGER event_delete;"            \
	"DROP TRIGGER event_insert; DROP TRIGGER meta_update;"

static void
make_events(struct fixture *f, int n)
{
	fixture_create(f);
	for (int i = 1; i <= n; i++)
		assert_int_equal(fixture_commit(f, i), 0);
}

static int
verify(struct fixture *f)
{
	char head[SHA256_TEXT];
	int64_t n;

	return state_verify(f->s, head, &n, &f->e);
}

static void
test_commit(void **arg)
{
	struct fixture *f = *arg;
	struct event ev = {NOW, "v", "w", "", NULL};
	char head[SHA256_TEXT], next[SHA256_TEXT];
	int64_t n;

	make_events(f, 0);
	fixture_refused(f, state_commit(f->s, &ev, &f->e), STATUS_TROUBLE,
	    "no transaction");
	assert_int_equal(state_verify(f->s, head, &n, &f->e), 0);
	assert_int_equal(n, 1);
	assert_int_equal(fixture_commit(f, 1), 0);
	assert_int_equal(state_verify(f->s, next, &n, &f->e), 0);
	assert_int_equal(n, 2);
	assert_string_not_equal(head, next);
	fixture_close(f);
	assert_int_equal(state_open(&f->s, f->path, ".", NULL, 0, &f->e), 0);
	assert_int_equal(state_verify(f->s, head, &n, &f->e), 0);
	assert_string_equal(head, next);
}

static void
test_texts(void **arg)
{
	char most[EVENT_TEXT_MAX + 2];
	const struct {
		const char *why;
		const char *refusal; /* NULL: allowed */
	} c[] = {{"", NULL}, {"caf\xc3\xa9 \xe2\x9c\x93", NULL},
	    {most + 1, NULL}, {most, "longer than 1000 octets"},
	    {"a\nb", "control"}, {"a\x1b[2J", "control"}, {"\x7f", "control"},
	    {"\xc2\x9b", "control"}, {"\xc2\x9f", "control"},
	    {"\xc2\xa0", NULL}, {"\xff", "not UTF-8"}, {"\x1f", "control"},
	    {" ", NULL}};
	struct fixture *f = *arg;

	memset(most, 'a', sizeof most - 1);
	most[sizeof most - 1] = '\0';
	make_events(f, 0);
	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		struct event ev = {NOW, "verb", "what", c[i].why, NULL};

		assert_int_equal(state_begin(f->s, &f->e), 0);
		if (c[i].refusal == NULL)
			assert_int_equal(state_commit(f->s, &ev, &f->e), 0);
		else
			fixture_refused(f, state_commit(f->s, &ev, &f->e),
			    STATUS_TROUBLE, c[i].refusal);
	}
	assert_int_equal(verify(f), 0);
}

/* A commit that fails leaves neither the event nor the change. */
static void
test_failed_commit(void **arg)
{
	struct fixture *f = *arg;
	struct event ev = {NOW, "verb", "two\nlines", "", NULL};
	char *value;

	make_events(f, 0);
	assert_int_equal(state_begin(f->s, &f->e), 0);
	assert_int_equal(state_put(f->s, "a", "b", &f->e), 0);
	fixture_refused(f, state_commit(f->s, &ev, &f->e), STATUS_TROUBLE,
	    "event: what: a control character");
	assert_int_equal(state_get(f->s, "a", &value, &f->e), 0);
	assert_null(value);
	assert_int_equal(fixture_commit(f, 1), 0);
}

static void
test_detail(void **arg)
{
	struct fixture *f = *arg;
	struct event ev = {NOW, "verb", "what", "", NULL};
	char *big;

	make_events(f, 0);
	big = malloc(EVENT_DETAIL_MAX);
	memset(big, 'a', EVENT_DETAIL_MAX - 1);
	big[EVENT_DETAIL_MAX - 1] = '\0';
	/* {"k":"…"} is 8 octets longer than its text. */
	for (int over = 0; over < 2; over++) {
		ev.detail = json_pack("{s:s}", "k",
		    big + EVENT_DETAIL_MAX - 1 - (EVENT_DETAIL_MAX - 8 + over));
		assert_int_equal(state_begin(f->s, &f->e), 0);
		assert_int_equal(state_commit(f->s, &ev, &f->e),
		    over ? -1 : 0);
		json_decref(ev.detail);
	}
	fixture_refused(f, -1, STATUS_TROUBLE, "detail: over 1048576 octets");
	free(big);
}

static void
add(struct buf *b, const char *text)
{
	buf_u32(b, (uint32_t)strlen(text));
	buf_str(b, text);
}

/* The hash as the header describes it, made again here from the fields. */
static int
check_event(void *arg, const struct state_event *ev, struct error *e)
{
	char number[32], hash[SHA256_TEXT], host[256] = "";
	struct buf b = BUF_INIT;
	int *n = arg;

	(void)e;
	add(&b, "rz event 1");
	snprintf(number, sizeof number, "%lld", (long long)ev->id);
	add(&b, number);
	snprintf(number, sizeof number, "%lld", (long long)ev->at);
	add(&b, number);
	snprintf(number, sizeof number, "%lld", (long long)ev->clock);
	add(&b, number);
	snprintf(number, sizeof number, "%u", (unsigned)getuid());
	add(&b, number);
	gethostname(host, sizeof host - 1);
	add(&b, host);
	add(&b, ev->verb);
	add(&b, ev->what);
	add(&b, ev->why);
	add(&b, ev->detail);
	add(&b, ev->previous);
	sha256_text(hash, b.data, b.len);
	buf_free(&b);
	assert_string_equal(hash, ev->hash);
	assert_int_equal(ev->id, ++*n);
	assert_int_equal(ev->at, NOW + *n - 1);
	/* The state's times are handed in; this is when it really was. */
	assert_in_range(ev->clock, clock_says() - 60, clock_says());
	assert_string_equal(ev->verb, *n == 1 ? "create" : "test commit");
	assert_string_equal(ev->why, *n == 1 ? "" : "because");
	assert_string_equal(ev->detail,
	    *n == 1 ? "{\"lab\":false,\"zone\":\".\"}" : "");
	return 0;
}

static void
test_events(void **arg)
{
	struct fixture *f = *arg;
	int n = 0;

	make_events(f, 3);
	assert_int_equal(state_events(f->s, check_event, &n, &f->e), 0);
	assert_int_equal(n, 4);
}

static int
check_lab(void *arg, const struct state_event *ev, struct error *e)
{
	(void)arg;
	(void)e;
	assert_string_equal(ev->what, ev->id == 1
		? "lab: state database of the zone example."
		: "lab: change 5");
	return 0;
}

static void
test_events_lab(void **arg)
{
	struct fixture *f = *arg;

	assert_int_equal(state_create(&f->s, f->path, "example.", true, NOW,
			     NULL, 0, &f->e), 0);
	assert_int_equal(fixture_commit(f, 5), 0);
	assert_int_equal(state_events(f->s, check_lab, NULL, &f->e), 0);
	assert_int_equal(verify(f), 0);
}

static int
stop_at_2(void *arg, const struct state_event *ev, struct error *e)
{
	(void)arg;
	return ev->id == 2 ? error_set(e, "enough") : 0;
}

static void
test_events_stop(void **arg)
{
	struct fixture *f = *arg;

	make_events(f, 3);
	fixture_refused(f, state_events(f->s, stop_at_2, NULL, &f->e),
	    STATUS_TROUBLE, "enough");
}

static void
test_triggers(void **arg)
{
	static const char *const refused[] = {
	    "UPDATE event SET why = 'other' WHERE id = 2",
	    "UPDATE event SET id = 9 WHERE id = 2",
	    "DELETE FROM event WHERE id = 2",
	    "DELETE FROM event",
	    "INSERT OR REPLACE INTO event SELECT id, 0, 0, uid, host, verb,"
	    " what, why, detail, previous, 'x' FROM event WHERE id = 2",
	    "INSERT INTO event VALUES"
	    " (9, 0, 0, 0, '', '', '', '', '', '', 'x')",
	    "INSERT INTO event VALUES"
	    " (4, 'x', 0, 0, '', '', '', '', '', '', 'x')",
	    "UPDATE meta SET value = 'yes' WHERE name = 'lab'",
	    "UPDATE meta SET value = 'a.' WHERE name = 'zone'",
	    "DELETE FROM meta WHERE name = 'zone'",
	};
	struct fixture *f = *arg;

	make_events(f, 2);
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		if (fixture_sql(f, refused[i]) == SQLITE_OK)
			fail_msg("allowed: %s", refused[i]);
	assert_int_equal(verify(f), 0);
}

/* Every field is under the hash: who drops the triggers is still seen. */
static void
test_tampered(void **arg)
{
	static const struct {
		const char *sql;
		const char *text;
	} c[] = {
	    {"UPDATE event SET at = at + 1 WHERE id = 3", "event 3"},
	    {"UPDATE event SET clock = clock - 1 WHERE id = 3", "event 3"},
	    {"UPDATE event SET uid = uid + 1 WHERE id = 3", "event 3"},
	    {"UPDATE event SET host = host || 'x' WHERE id = 3", "event 3"},
	    {"UPDATE event SET verb = 'x' WHERE id = 3", "event 3"},
	    {"UPDATE event SET what = 'x' WHERE id = 3", "event 3"},
	    {"UPDATE event SET why = '' WHERE id = 3", "event 3"},
	    {"UPDATE event SET what = what || char(0) WHERE id = 3",
		"event 3: not text"},
	    {"UPDATE event SET detail = '{}' WHERE id = 3", "event 3"},
	    {"UPDATE event SET hash = replace(hash, substr(hash, 1, 1), 'g')"
	     " WHERE id = 3", "event 3"},
	    {"UPDATE event SET previous = 'x' WHERE id = 3",
		"event 3 does not follow"},
	    {"UPDATE event SET what = 'changexx', why = 'ecause' WHERE id = 3",
		"event 3"},
	    {"DELETE FROM event WHERE id = 3", "event 3 is missing"},
	    {"DELETE FROM event WHERE id = 1", "event 1 is missing"},
	    {"DELETE FROM event", "no event at all"},
	    {"DELETE FROM event WHERE id = 3;"
	     "UPDATE event SET id = 3 WHERE id = 4",
		"event 3 does not follow"},
	    {"UPDATE meta SET value = 'yes' WHERE name = 'lab'", "event 1"},
	};
	struct fixture *f = *arg;

	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		make_events(f, 5);
		fixture_close(f);
		assert_int_equal(fixture_sql(f, DROP_TRIGGERS), SQLITE_OK);
		assert_int_equal(fixture_sql(f, c[i].sql), SQLITE_OK);
		if (state_open(&f->s, f->path, ".", NULL, 0, &f->e) == 0)
			fixture_refused(f, verify(f), STATUS_NO, c[i].text);
		else
			fixture_refused(f, -1, STATUS_NO, c[i].text);
		fixture_close(f);
		unlink(f->path);
	}
}

/* The cheap look at opening: the last link, and not more. */
static void
test_open_checks_last(void **arg)
{
	struct fixture *f = *arg;

	make_events(f, 3);
	fixture_close(f);
	assert_int_equal(fixture_sql(f, DROP_TRIGGERS), SQLITE_OK);
	assert_int_equal(fixture_sql(f,
	    "UPDATE event SET why = 'x' WHERE id = 2"), SQLITE_OK);
	assert_int_equal(state_open_readonly(&f->s, f->path, ".", &f->e), 0);
	fixture_refused(f, verify(f), STATUS_NO, "event 2");
	fixture_close(f);
	assert_int_equal(fixture_sql(f,
	    "UPDATE event SET why = 'x' WHERE id = 4"), SQLITE_OK);
	fixture_refused(f,
	    state_open(&f->s, f->path, ".", NULL, 0, &f->e), STATUS_NO,
	    "event 4");
	fixture_refused(f, state_open_readonly(&f->s, f->path, ".", &f->e),
	    STATUS_NO, "event 4");
	assert_int_equal(fixture_sql(f, "DELETE FROM event WHERE id = 3"),
	    SQLITE_OK);
	fixture_refused(f, state_open_readonly(&f->s, f->path, ".", &f->e),
	    STATUS_NO, "event 3 is missing");
}

/* Not claimed: a cut end.  The head that was written down shows it. */
static void
test_cut_end(void **arg)
{
	struct fixture *f = *arg;
	char head[SHA256_TEXT], cut[SHA256_TEXT];
	int64_t n;

	make_events(f, 3);
	assert_int_equal(state_verify(f->s, head, &n, &f->e), 0);
	assert_int_equal(fixture_sql(f, DROP_TRIGGERS), SQLITE_OK);
	assert_int_equal(fixture_sql(f, "DELETE FROM event WHERE id = 4"),
	    SQLITE_OK);
	assert_int_equal(state_verify(f->s, cut, &n, &f->e), 0);
	assert_int_equal(n, 3);
	assert_string_not_equal(head, cut);
}

/* All of it gone, while we have the database open. */
static void
test_emptied(void **arg)
{
	struct fixture *f = *arg;

	make_events(f, 2);
	assert_int_equal(fixture_sql(f, DROP_TRIGGERS), SQLITE_OK);
	assert_int_equal(fixture_sql(f, "DELETE FROM event"), SQLITE_OK);
	fixture_refused(f, verify(f), STATUS_NO, "no event at all");
}

/* Nothing is built upon an event that was changed under us. */
static void
test_append_checks(void **arg)
{
	struct fixture *f = *arg;

	make_events(f, 2);
	assert_int_equal(fixture_sql(f, DROP_TRIGGERS), SQLITE_OK);
	assert_int_equal(fixture_sql(f,
	    "UPDATE event SET why = 'x' WHERE id = 3"), SQLITE_OK);
	fixture_refused(f, fixture_commit(f, 3), STATUS_NO, "event 3");
}

#define WRITERS 3
#define WRITES	15

static void
write_events(struct fixture *f)
{
	int rc = state_open(&f->s, f->path, ".", NULL, 0, &f->e);

	for (int i = 0; rc == 0 && i < WRITES; i++)
		rc = fixture_commit(f, i);
	state_close(f->s);
	_exit(rc == 0 ? 0 : 1);
}

static void
test_writers(void **arg)
{
	struct fixture *f = *arg;
	char head[SHA256_TEXT];
	int64_t n;
	int status;

	make_events(f, 0);
	fixture_close(f);
	for (int i = 0; i < WRITERS; i++) {
		pid_t pid = fork();

		assert_true(pid != -1);
		if (pid == 0)
			write_events(f);
	}
	for (int i = 0; i < WRITERS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(state_open_readonly(&f->s, f->path, ".", &f->e), 0);
	assert_int_equal(state_verify(f->s, head, &n, &f->e), 0);
	assert_int_equal(n, 1 + WRITERS * WRITES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIXTURE_TEST(test_commit),
	    FIXTURE_TEST(test_texts),
	    FIXTURE_TEST(test_failed_commit),
	    FIXTURE_TEST(test_detail),
	    FIXTURE_TEST(test_events),
	    FIXTURE_TEST(test_events_lab),
	    FIXTURE_TEST(test_events_stop),
	    FIXTURE_TEST(test_triggers),
	    FIXTURE_TEST(test_tampered),
	    FIXTURE_TEST(test_open_checks_last),
	    FIXTURE_TEST(test_cut_end),
	    FIXTURE_TEST(test_emptied),
	    FIXTURE_TEST(test_append_checks),
	    FIXTURE_TEST(test_writers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
