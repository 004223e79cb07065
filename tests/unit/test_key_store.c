#include "state_fixture.h"

#include "keytool/key_store.h"
#include "keytool/record.h"

static struct key
make(enum key_role role, uint8_t first, const char *label)
{
	uint8_t octets[32] = {0};
	struct key k;

	octets[0] = first;
	key_init(&k, role, 15, octets, sizeof octets);
	snprintf(k.label, sizeof k.label, "%s", label);
	memcpy(k.cka_id, "\0\1\2\377", 4);
	k.cka_id_len = 4;
	k.at[KEY_CREATED] = NOW;
	return k;
}

static void
create(struct fixture *f)
{
	assert_int_equal(state_create(&f->s, f->path, ".", false, NOW,
	    &key_store_schema, 1, &f->e), 0);
}

static struct record
record(const struct fixture *f)
{
	return (struct record){f->s, NOW, "test"};
}

static void
add(struct fixture *f, const struct key *k)
{
	const struct record r = record(f);

	if (record_key(&r, k, &f->e, "added %s", k->label) == -1)
		fail_msg("%s", f->e.text);
}

static void
load(struct fixture *f, struct keys *ks)
{
	*ks = (struct keys){NULL, 0};
	if (key_store_load(f->s, ks, &f->e) == -1)
		fail_msg("%s", f->e.text);
}

static void
same(const struct key *a, const struct key *b)
{
	assert_string_equal(a->id, b->id);
	assert_int_equal(a->role, b->role);
	assert_int_equal(a->algorithm, b->algorithm);
	assert_int_equal(a->bits, b->bits);
	assert_int_equal(a->tag, b->tag);
	assert_int_equal(a->tag_revoked, b->tag_revoked);
	assert_int_equal(a->public_key.len, b->public_key.len);
	assert_memory_equal(a->public_key.data, b->public_key.data,
	    a->public_key.len);
	assert_string_equal(a->label, b->label);
	assert_int_equal(a->cka_id_len, b->cka_id_len);
	assert_memory_equal(a->cka_id, b->cka_id, a->cka_id_len);
	assert_memory_equal(a->at, b->at, sizeof a->at);
}

/* All fields come back, each time in its own column. */
static void
test_round(void **state)
{
	struct fixture *f = *state;
	struct key k = make(KEY_KSK, 1, "k"), z = make(KEY_ZSK, 2, "z");
	struct keys ks;

	create(f);
	for (int t = 0; t < KEY_TIMES; t++)
		k.at[t] = NOW + 1000 * t;
	z.cka_id_len = 0;
	z.at[KEY_CREATED] = TIME_NEVER;
	z.at[KEY_REMOVED] = 0;
	add(f, &z);
	add(f, &k);
	state_close(f->s);
	f->s = NULL;
	assert_int_equal(state_open_readonly(&f->s, f->path, ".", &f->e), 0);
	load(f, &ks);
	assert_int_equal(ks.n, 2);
	same(&ks.key[0], &k);
	same(&ks.key[1], &z);
	keys_free(&ks);
	key_free(&k);
	key_free(&z);
}

/* By role, then creation (never is last), then id. */
static void
test_order(void **state)
{
	struct fixture *f = *state;
	static const char *const want[] = {"k1", "k2", "z1", "z2", "z3"};
	struct key k[] = {make(KEY_ZSK, 1, "z3"), make(KEY_KSK, 2, "k2"),
	    make(KEY_ZSK, 3, "z2"), make(KEY_ZSK, 4, "z1"),
	    make(KEY_KSK, 5, "k1")};
	struct keys ks;

	create(f);
	k[0].at[KEY_CREATED] = TIME_NEVER;
	k[2].at[KEY_CREATED] = NOW + 1;
	k[4].at[KEY_CREATED] = NOW - 1;
	for (size_t i = 0; i < 5; i++)
		add(f, &k[i]);
	load(f, &ks);
	assert_int_equal(ks.n, 5);
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(ks.key[i].label, want[i]);
	keys_free(&ks);
	for (size_t i = 0; i < 5; i++)
		key_free(&k[i]);
}

static void
test_twice(void **state)
{
	struct fixture *f = *state;
	struct key k = make(KEY_ZSK, 1, "z"), other = make(KEY_KSK, 1, "o");
	const struct key unnamed = make(KEY_ZSK, 2, "");
	struct record r;
	struct keys ks;

	create(f);
	r = record(f);
	add(f, &k);
	fixture_refused(f, record_key(&r, &k, &f->e, "again"),
	    STATUS_TROUBLE, "key z");
	/* The same public key in another role is the same key. */
	fixture_refused(f, record_key(&r, &other, &f->e, "again"),
	    STATUS_TROUBLE, "key o");
	fixture_refused(f, record_key(&r, &unnamed, &f->e, "unnamed"),
	    STATUS_TROUBLE, "label");
	load(f, &ks);
	assert_int_equal(ks.n, 1);
	keys_free(&ks);
	key_free(&k);
	key_free(&other);
	key_free((struct key *)&unnamed);
}

/* A time is set once; the same again is no change; another is refused. */
static void
test_set_time(void **state)
{
	struct fixture *f = *state;
	struct key k = make(KEY_ZSK, 1, "z"), stranger = make(KEY_ZSK, 9, "s");
	struct record r, later;
	struct keys ks;

	create(f);
	r = later = record(f);
	later.now = NOW + 1;
	add(f, &k);
	for (int t = KEY_ANNOUNCED; t < KEY_TIMES; t++) {
		assert_int_equal(record_time(&r, &k, t, &f->e, "set"), 0);
		assert_int_equal(record_time(&r, &k, t, &f->e, "same"), 0);
		fixture_refused(f, record_time(&later, &k, t, &f->e, "other"),
		    STATUS_TROUBLE, key_time_text(t));
		load(f, &ks);
		for (int i = 0; i < KEY_TIMES; i++)
			assert_true((ks.key[0].at[i] == NOW) == (i <= t));
		keys_free(&ks);
	}
	fixture_refused(f, record_time(&r, &stranger, KEY_REMOVED, &f->e,
	    "none"), STATUS_TROUBLE, "not in the state");
	later.now = TIME_NEVER;
	fixture_refused(f, record_time(&later, &k, KEY_REMOVED, &f->e,
	    "never"), STATUS_TROUBLE, "no time");
	key_free(&k);
	key_free(&stranger);
}

/* Each column that somebody changed behind our back is noticed. */
static void
test_damaged(void **state)
{
	static const struct {
		const char *sql, *says;
	} t[] = {
	    {"UPDATE key SET role = 'csk'", "role"},
	    {"UPDATE key SET algorithm = 13", "hash of its public key"},
	    {"UPDATE key SET algorithm = 0", "public key"},
	    {"UPDATE key SET algorithm = 271", "public key"},
	    {"UPDATE key SET bits = 255", "size"},
	    {"UPDATE key SET public_key = x'0102'", "hash of its public"},
	    {"UPDATE key SET public_key = x''", "public key"},
	    {"UPDATE key SET id = 'ab'", "hash of its public key"},
	    {"UPDATE key SET label = ''", "label"},
	    {"UPDATE key SET label = 'a' || char(10)", "label"},
	    {"UPDATE key SET label = 'a' || char(0) || 'b'", "label"},
	    {"UPDATE key SET label = printf('%.*c', 128, 'x')", "label"},
	    {"UPDATE key SET cka_id = zeroblob(65)", "CKA_ID"},
	    {"UPDATE key SET removed = -1", "removed"},
	    {"UPDATE key SET ds_gone = 9223372036854775807", "ds_gone"},
	};
	struct fixture *f = *state;
	struct key k = make(KEY_ZSK, 1, "z");
	struct keys ks = {NULL, 0};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		create(f);
		add(f, &k);
		fixture_close(f);
		assert_int_equal(fixture_sql(f, t[i].sql), SQLITE_OK);
		assert_int_equal(
		    state_open_readonly(&f->s, f->path, ".", &f->e), 0);
		fixture_refused(f, key_store_load(f->s, &ks, &f->e),
		    STATUS_TROUBLE, "holds a damaged key");
		if (strstr(f->e.text, t[i].says) == NULL)
			fail_msg("%s: %s", t[i].sql, f->e.text);
		assert_int_equal(ks.n, 0);
		fixture_close(f);
		fixture_files(f, 1);
	}
	key_free(&k);
}

/* The longest label and CKA_ID that are good. */
static void
test_edges(void **state)
{
	struct fixture *f = *state;
	struct key k = make(KEY_ZSK, 1, "z");
	struct keys ks;

	create(f);
	memset(k.label, 'x', 127);
	k.label[127] = '\0';
	k.cka_id_len = sizeof k.cka_id;
	add(f, &k);
	load(f, &ks);
	same(&ks.key[0], &k);
	keys_free(&ks);
	key_free(&k);
}

static int
keep_event(void *arg, const struct state_event *ev, struct error *e)
{
	char **kept = arg;

	(void)e;
	free(*kept);
	*kept = strdup(ev->detail != NULL ? ev->detail : "");
	return 0;
}

/* The event of a key says what key. */
static void
test_event(void **state)
{
	struct fixture *f = *state;
	struct key k = make(KEY_KSK, 1, "k");
	char *detail = NULL;

	create(f);
	add(f, &k);
	assert_int_equal(state_events(f->s, keep_event, &detail, &f->e), 0);
	assert_non_null(strstr(detail, k.id));
	assert_non_null(strstr(detail, "\"cka_id\":\"000102ff\""));
	assert_non_null(
	    strstr(detail, "\"times\":{\"created\":\"2025-06-15T15:06:40Z\"}"));
	assert_non_null(strstr(detail, "\"algorithm\":\"ED25519\""));
	assert_non_null(strstr(detail, "\"flags\":257"));
	free(detail);
	key_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIXTURE_TEST(test_round),
	    FIXTURE_TEST(test_order),
	    FIXTURE_TEST(test_twice),
	    FIXTURE_TEST(test_set_time),
	    FIXTURE_TEST(test_damaged),
	    FIXTURE_TEST(test_edges),
	    FIXTURE_TEST(test_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
