/* Outputs in the state: what counts as published after a kill. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/xalloc.h"
#include "signer/output_store.h"

#define HELLO                                                                 \
	"5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
#define OTHER                                                                 \
	"0000000000000000000000000000000000000000000000000000000000000000"

struct fixture {
	char directory[32], db[64], zone[64];
	struct state *s;
};

static void
write_zone(const struct fixture *f, const char *text)
{
	FILE *file = fopen(f->zone, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int
set_up(void **state)
{
	struct fixture *f = xcalloc(1, sizeof *f);
	struct error e = ERROR_INIT;

	snprintf(f->directory, sizeof f->directory,
	    "/tmp/rz-test-output-XXXXXX");
	assert_non_null(mkdtemp(f->directory));
	snprintf(f->db, sizeof f->db, "%s/db", f->directory);
	snprintf(f->zone, sizeof f->zone, "%s/zone", f->directory);
	if (state_create(&f->s, f->db, ".", false, 1, &output_store_schema, 1,
		&e) == -1)
		fail_msg("%s", e.text);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	state_close(f->s);
	unlink(f->db);
	unlink(f->zone);
	rmdir(f->directory);
	free(f);
	return 0;
}

static int64_t
store(struct fixture *f, uint32_t serial, const char *sha256, bool publish)
{
	struct output o = {.at = 5, .serial = serial, .path = f->zone,
	    .first_expiration = 99};
	struct event ev = {5, "test", "output", "", NULL};
	struct error e = ERROR_INIT;

	snprintf(o.sha256, sizeof o.sha256, "%s", sha256);
	snprintf(o.digest, sizeof o.digest, "%s", OTHER);
	if (state_begin(f->s, &e) == -1 ||
	    output_announce(f->s, &o, &e) == -1 ||
	    (publish && output_publish(f->s, &o, &e) == -1) ||
	    state_commit(f->s, &ev, &e) == -1)
		fail_msg("%s", e.text);
	return o.id;
}

/* Serial of the last output; 0: there is none. */
static uint32_t
last(struct fixture *f)
{
	struct output o = {0};
	struct error e = ERROR_INIT;
	int rc = output_last(f->s, &o, &e);
	uint32_t serial = o.serial;

	if (rc == -1)
		fail_msg("%s", e.text);
	if (rc == 1) {
		assert_string_equal(o.path, f->zone);
		assert_int_equal(o.first_expiration, 99);
	}
	output_free(&o);
	return rc == 1 ? serial : 0;
}

static void
published(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(last(f), 0);
	store(f, 7, OTHER, true);
	assert_int_equal(last(f), 7);
	store(f, 8, OTHER, true);
	assert_int_equal(last(f), 8);
}

/* Killed between announcing and marking: the file itself tells. */
static void
announced(void **state)
{
	struct fixture *f = *state;

	store(f, 7, OTHER, true);
	store(f, 8, HELLO, false);
	assert_int_equal(last(f), 7); /* no file */
	write_zone(f, "another\n");
	assert_int_equal(last(f), 7);
	write_zone(f, "hello\n");
	assert_int_equal(last(f), 8);
}

static void
without_table(void **state)
{
	struct fixture *f = *state;
	struct state *s;
	char db[80];
	struct error e = ERROR_INIT;
	struct output o;

	snprintf(db, sizeof db, "%s2", f->db);
	if (state_create(&s, db, ".", false, 1, NULL, 0, &e) == -1)
		fail_msg("%s", e.text);
	assert_int_equal(output_last(s, &o, &e), 0);
	state_close(s);
	unlink(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(published, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(announced, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(without_table, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
