/* A state and two fake tokens, for what is done to keys. */
#ifndef RZ_TESTS_UNIT_KEY_FIXTURE_H
#define RZ_TESTS_UNIT_KEY_FIXTURE_H

#include "state_fixture.h"

#include "fake_hsm.h"
#include "keytool/key_store.h"
#include "keytool/record.h"

struct bench {
	struct fixture *f;
	struct hsm a, b;
	struct hsm *both[2];
	struct tokens one, two; /* a; a and b */
	struct keys keys;	/* what the state was asked for last */
	struct record record;
	struct error e;
};

static inline int
bench_setup(void **state)
{
	struct bench *t = calloc(1, sizeof *t);
	void *f;

	if (fixture_setup(&f) == -1)
		return -1;
	t->f = f;
	if (state_create(&t->f->s, t->f->path, ".", false, NOW,
		&key_store_schema, 1, &t->e) == -1)
		return -1;
	fake_init(&t->a, "first");
	fake_init(&t->b, "second");
	t->both[0] = &t->a;
	t->both[1] = &t->b;
	t->one = (struct tokens){t->both, 1};
	t->two = (struct tokens){t->both, 2};
	t->record = (struct record){t->f->s, NOW, "test"};
	*state = t;
	return 0;
}

static inline int
bench_teardown(void **state)
{
	struct bench *t = *state;
	void *f = t->f;

	keys_free(&t->keys);
	fake_free(&t->a);
	fake_free(&t->b);
	free(t);
	return fixture_teardown(&f);
}

/* The keys of the state, anew. */
static inline struct keys *
bench_keys(struct bench *t)
{
	keys_free(&t->keys);
	if (key_store_load(t->f->s, &t->keys, &t->e) == -1)
		fail_msg("%s", t->e.text);
	return &t->keys;
}

static inline void
bench_refused(const struct bench *t, int rv, enum status status,
    const char *says)
{
	if (rv != -1 || t->e.status != status ||
	    strstr(t->e.text, says) == NULL)
		fail_msg("rv %d, status %d, \"%s\": wanted %d, \"%s\"", rv,
		    (int)t->e.status, t->e.text, (int)status, says);
}

/* A key of a pair that lies in a fake store. */
static inline struct key
bench_key(const struct hsm_key *held, enum key_role role)
{
	struct buf pub = BUF_INIT;
	struct key k;

	fake_public(held->pair, &pub);
	key_init(&k, role, ALG_ED25519, pub.data, pub.len);
	snprintf(k.label, sizeof k.label, "%s", held->label);
	memcpy(k.cka_id, held->id, held->id_len);
	k.cka_id_len = held->id_len;
	k.at[KEY_CREATED] = NOW;
	buf_free(&pub);
	return k;
}

static inline int
bench_count_event(void *arg, const struct state_event *ev, struct error *e)
{
	unsigned *n = arg;

	(void)ev, (void)e;
	++*n;
	return 0;
}

/* Events since the database was made. */
static inline unsigned
bench_events(struct bench *t)
{
	unsigned n = 0;

	assert_int_equal(
	    state_events(t->f->s, bench_count_event, &n, &t->e), 0);
	return n - 1;
}

#define BENCH_TEST(function) \
	cmocka_unit_test_setup_teardown(function, bench_setup, bench_teardown)

#endif
