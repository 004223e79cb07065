#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/algorithm.h"
#include "lib/hex.h"
#include "rollover/keyset.h"

#define T      INT64_C(1000000)
#define KEYS_N 6

/* Keys named a to f; add() returns them in the order they were added. */
struct fixture {
	struct keys keys;
	struct keyset set;
	struct error e;
};

static int
setup(void **arg)
{
	*arg = calloc(1, sizeof(struct fixture));
	return *arg == NULL ? -1 : 0;
}

static int
teardown(void **arg)
{
	struct fixture *f = *arg;

	keyset_free(&f->set);
	keys_free(&f->keys);
	free(f);
	return 0;
}

/* A public key of P-256's or RSA's length that follows from a number. */
static size_t
public_key(uint8_t out[2 * SHA256_SIZE + 4], uint8_t algorithm, uint32_t seed)
{
	uint32_t half[2] = {seed, 0};

	for (half[1] = 0; half[1] < 2; half[1]++)
		sha256(out + 4 + half[1] * SHA256_SIZE, half, sizeof half);
	if (algorithm != ALG_RSASHA256) {
		memmove(out, out + 4, 64);
		return 64;
	}
	out[0] = 3; /* RFC 3110: length of the exponent, exponent, modulus */
	out[1] = out[3] = 1;
	out[2] = 0;
	return 68;
}

static struct key *
add_seeded(struct fixture *f, const char *label, enum key_role role,
    uint8_t algorithm, uint32_t seed)
{
	uint8_t data[2 * SHA256_SIZE + 4];
	struct key k;

	key_init(&k, role, algorithm, data,
	    public_key(data, algorithm, seed));
	snprintf(k.label, sizeof k.label, "%s", label);
	k.at[KEY_CREATED] = 0;
	return keys_add(&f->keys, &k);
}

static struct key *
add(struct fixture *f, const char *label, enum key_role role)
{
	return add_seeded(f, label, role, ALG_ECDSAP256SHA256,
	    (uint32_t)label[0]);
}

static struct key *
key(struct fixture *f, const char *label)
{
	for (size_t i = 0; i < f->keys.n; i++)
		if (strcmp(f->keys.key[i].label, label) == 0)
			return &f->keys.key[i];
	fail_msg("no key %s", label);
	return NULL;
}

static void
in_use(struct fixture *f, const char *label)
{
	key(f, label)->at[KEY_PUBLISHED] = 0;
	key(f, label)->at[KEY_ACTIVATED] = 0;
}

/* An active KSK "k" and an active ZSK "z". */
static void
plain_zone(struct fixture *f)
{
	add(f, "k", KEY_KSK);
	add(f, "z", KEY_ZSK);
	in_use(f, "k");
	in_use(f, "z");
}

static int
at(struct fixture *f, int64_t t)
{
	keyset_free(&f->set);
	return keyset_at(&f->set, &f->keys, t, &f->e);
}

static void
refused(struct fixture *f, int64_t t, const char *text)
{
	int rc = at(f, t);

	if (rc != -1 || f->e.status != STATUS_NO ||
	    strstr(f->e.text, text) == NULL)
		fail_msg("rc %d, status %d, \"%s\", wanted \"%s\"", rc,
		    (int)f->e.status, f->e.text, text);
	assert_null(f->set.member);
	assert_int_equal(f->set.n, 0);
}

static const struct keyset_member *
member(struct fixture *f, const char *label)
{
	for (size_t i = 0; i < f->set.n; i++)
		if (strcmp(f->set.member[i].key->label, label) == 0)
			return &f->set.member[i];
	return NULL;
}

static void
test_plain(void **arg)
{
	struct fixture *f = *arg;
	const struct keyset_member *k, *z;

	plain_zone(f);
	assert_int_equal(at(f, T), 0);
	assert_int_equal(f->set.n, 2);
	k = member(f, "k");
	z = member(f, "z");
	assert_int_equal(k->flags, 257);
	assert_int_equal(k->tag, key(f, "k")->tag);
	assert_true(k->signs_dnskey && !k->signs_zone);
	assert_int_equal(z->flags, 256);
	assert_int_equal(z->tag, key(f, "z")->tag);
	assert_true(!z->signs_dnskey && z->signs_zone);
}

/* The set on both sides of each time of a second key. */
static void
test_edges(void **arg)
{
	static const struct {
		enum key_role role;
		enum key_time time;
		uint16_t flags[2]; /* before, after; 0: not there */
		bool signs[2];
	} c[] = {
	    {KEY_KSK, KEY_PUBLISHED, {0, 257}, {false, false}},
	    {KEY_KSK, KEY_ACTIVATED, {257, 257}, {false, true}},
	    {KEY_KSK, KEY_RETIRED, {257, 257}, {true, false}},
	    {KEY_KSK, KEY_REVOKED, {257, 385}, {false, true}},
	    {KEY_KSK, KEY_REMOVED, {385, 0}, {true, false}},
	    {KEY_ZSK, KEY_PUBLISHED, {0, 256}, {false, false}},
	    {KEY_ZSK, KEY_ACTIVATED, {256, 256}, {false, true}},
	    {KEY_ZSK, KEY_RETIRED, {256, 256}, {true, false}},
	    {KEY_ZSK, KEY_REMOVED, {256, 0}, {false, false}},
	};
	struct fixture *f = *arg;

	plain_zone(f);
	add(f, "0", KEY_KSK);
	add(f, "1", KEY_ZSK);
	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		struct key *k = key(f, c[i].role == KEY_KSK ? "0" : "1");

		k->at[c[i].time] = T;
		assert_int_equal(keyset_next_change(&f->keys, T - 1), T);
		assert_int_equal(keyset_next_change(&f->keys, T), TIME_NEVER);
		for (int after = 0; after < 2; after++) {
			const struct keyset_member *m;

			assert_int_equal(at(f, T - 1 + after), 0);
			m = member(f, k->label);
			if (c[i].flags[after] == 0) {
				assert_null(m);
				continue;
			}
			assert_int_equal(m->flags, c[i].flags[after]);
			assert_int_equal(m->tag, m->flags == 385
				? k->tag_revoked : k->tag);
			assert_int_equal(c[i].role == KEY_KSK
				? m->signs_dnskey : m->signs_zone,
			    c[i].signs[after]);
		}
		k->at[c[i].time] = 1 + (int64_t)i; /* the past, in order */
	}
}

/* Nobody notices that a key which does not sign stops doing so. */
static void
test_no_change(void **arg)
{
	struct fixture *f = *arg;
	struct key *k;

	plain_zone(f);
	k = add(f, "a", KEY_KSK);
	k->at[KEY_CREATED] = T;
	k->at[KEY_ANNOUNCED] = T;
	k->at[KEY_ACTIVATED] = T;
	k->at[KEY_DESTROYED] = T + 5;
	assert_int_equal(keyset_next_change(&f->keys, 0), TIME_NEVER);
	k->at[KEY_PUBLISHED] = 1;
	k->at[KEY_CREATED] = 1;
	k->at[KEY_ACTIVATED] = TIME_NEVER;
	k->at[KEY_RETIRED] = T;
	assert_int_equal(keyset_next_change(&f->keys, 1), T + 5);
	key(f, "z")->at[KEY_REMOVED] = T + 4;
	assert_int_equal(keyset_next_change(&f->keys, 1), T + 4);
}

static void
test_order(void **arg)
{
	static const char *const labels[KEYS_N] = {"a", "b", "c", "d", "e",
	    "f"};
	struct fixture *f = *arg;

	for (int i = 0; i < KEYS_N; i++) {
		add(f, labels[i], i % 2 ? KEY_KSK : KEY_ZSK);
		in_use(f, labels[i]);
	}
	assert_int_equal(at(f, T), 0);
	assert_int_equal(f->set.n, KEYS_N);
	for (size_t i = 0; i < KEYS_N; i++) {
		const struct keyset_member *m = &f->set.member[i];

		assert_int_equal(m->key->role, i < 3 ? KEY_KSK : KEY_ZSK);
		if (i % 3 != 0)
			assert_true(m[-1].tag < m->tag);
	}
}

static void
test_nobody_signs(void **arg)
{
	struct fixture *f = *arg;

	refused(f, T, "no key signs the DNSKEY RRset");
	plain_zone(f);
	key(f, "k")->at[KEY_ACTIVATED] = T;
	refused(f, T - 1, "no key signs the DNSKEY RRset");
	assert_int_equal(at(f, T), 0);
	key(f, "z")->at[KEY_ACTIVATED] = T + 1;
	refused(f, T, "no key signs the zone");
	assert_int_equal(at(f, T + 1), 0);
	key(f, "z")->at[KEY_REMOVED] = T + 2;
	assert_int_equal(at(f, T + 1), 0);
	refused(f, T + 2, "no key signs the zone");
}

static void
test_only_revoked(void **arg)
{
	struct fixture *f = *arg;

	plain_zone(f);
	key(f, "k")->at[KEY_REVOKED] = T;
	/* It signs the same; its flags are others. */
	assert_int_equal(keyset_next_change(&f->keys, T - 1), T);
	assert_int_equal(at(f, T - 1), 0);
	refused(f, T, "only a revoked key signs the DNSKEY RRset");
	add(f, "a", KEY_KSK);
	key(f, "a")->at[KEY_PUBLISHED] = 0;
	refused(f, T, "only a revoked key signs the DNSKEY RRset");
	key(f, "a")->at[KEY_ACTIVATED] = T;
	assert_int_equal(at(f, T), 0);
}

static void
test_revoked_zsk(void **arg)
{
	struct fixture *f = *arg;

	plain_zone(f);
	add(f, "a", KEY_ZSK);
	key(f, "a")->at[KEY_PUBLISHED] = 0;
	key(f, "a")->at[KEY_REVOKED] = T;
	assert_int_equal(at(f, T - 1), 0);
	refused(f, T, "zsk a (");
	key(f, "a")->at[KEY_REMOVED] = T;
	assert_int_equal(at(f, T), 0);
}

static void
test_destroyed_too_early(void **arg)
{
	struct fixture *f = *arg;
	struct key *k;

	plain_zone(f);
	k = add(f, "a", KEY_KSK);
	k->at[KEY_PUBLISHED] = 5;
	k->at[KEY_DESTROYED] = T;
	assert_int_equal(at(f, T - 1), 0);
	refused(f, T, "ksk a (");
	k->at[KEY_REMOVED] = T + 1;
	refused(f, T, "destroyed and was never removed");
	assert_int_equal(at(f, T + 1), 0);
	k->at[KEY_REMOVED] = TIME_NEVER;
	k->at[KEY_PUBLISHED] = TIME_NEVER;
	assert_int_equal(at(f, T), 0);
}

/* RFC 4035 section 2.2, one part of the second algorithm after the other. */
static void
test_algorithms(void **arg)
{
	struct fixture *f = *arg;

	plain_zone(f);
	add_seeded(f, "a", KEY_KSK, ALG_RSASHA256, 1);
	add_seeded(f, "b", KEY_ZSK, ALG_RSASHA256, 2);
	assert_int_equal(at(f, T), 0);
	key(f, "a")->at[KEY_PUBLISHED] = T;
	assert_int_equal(at(f, T - 1), 0);
	refused(f, T, "no KSK of RSASHA256 (8) signs the DNSKEY RRset");
	key(f, "a")->at[KEY_ACTIVATED] = T;
	refused(f, T, "no ZSK of RSASHA256 (8) signs the zone");
	key(f, "b")->at[KEY_PUBLISHED] = T;
	refused(f, T, "no ZSK of RSASHA256 (8) signs the zone");
	key(f, "b")->at[KEY_ACTIVATED] = T;
	assert_int_equal(at(f, T), 0);
	key(f, "a")->at[KEY_RETIRED] = T + 1;
	assert_int_equal(at(f, T), 0);
	refused(f, T + 1, "no KSK of RSASHA256 (8)");
	key(f, "a")->at[KEY_REVOKED] = T + 2; /* signs again */
	assert_int_equal(at(f, T + 2), 0);
}

/* A ZSK that only waits in the DNSKEY RRset counts too. */
static void
test_algorithm_waiting(void **arg)
{
	struct fixture *f = *arg;

	plain_zone(f);
	add_seeded(f, "b", KEY_ZSK, ALG_RSASHA256, 2);
	key(f, "b")->at[KEY_PUBLISHED] = T;
	assert_int_equal(at(f, T - 1), 0);
	refused(f, T, "no KSK of RSASHA256 (8)");
}

/* Another key of this role and algorithm with the wanted (revoked) tag. */
static struct key *
add_with_tag(struct fixture *f, const char *label, enum key_role role,
    uint8_t algorithm, uint16_t tag)
{
	for (uint32_t seed = 1000; seed < 3000000; seed++) {
		struct key *k = add_seeded(f, label, role, algorithm, seed);

		if (k->tag == tag)
			return k;
		key_free(k);
		f->keys.n--;
	}
	fail_msg("no key with tag %u", (unsigned)tag);
	return NULL;
}

static void
test_one_tag(void **arg)
{
	static const struct {
		enum key_role role;
		const char *with;
	} c[] = {{KEY_KSK, "k"}, {KEY_ZSK, "k"}, {KEY_KSK, "z"},
	    {KEY_ZSK, "z"}};
	struct fixture *f = *arg;

	for (size_t i = 0; i < 4; i++) {
		struct key *k;

		plain_zone(f);
		k = add_with_tag(f, "twin", c[i].role, ALG_ECDSAP256SHA256,
		    key(f, c[i].with)->tag);
		assert_int_equal(at(f, T), 0);
		k->at[KEY_PUBLISHED] = T;
		assert_int_equal(at(f, T - 1), 0);
		refused(f, T, "have one tag");
		assert_non_null(strstr(f->e.text, " twin ("));
		assert_non_null(strstr(f->e.text,
		    strcmp(c[i].with, "k") == 0 ? "ksk k (" : "zsk z ("));
		k->at[KEY_REMOVED] = T + 1;
		assert_int_equal(at(f, T + 1), 0);
		keys_free(&f->keys);
	}
}

/* Two keys whose tags meet only once one of them is revoked. */
static void
test_one_tag_revoked(void **arg)
{
	struct fixture *f = *arg;
	struct key *k;

	plain_zone(f);
	k = add(f, "a", KEY_KSK);
	k->at[KEY_PUBLISHED] = 0;
	k->at[KEY_REVOKED] = T;
	add_with_tag(f, "twin", KEY_ZSK, ALG_ECDSAP256SHA256, k->tag_revoked);
	key(f, "twin")->at[KEY_PUBLISHED] = 0;
	assert_int_equal(at(f, T - 1), 0);
	refused(f, T, "have one tag");
}

int
main(void)
{
#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_plain),
	    TEST(test_edges),
	    TEST(test_no_change),
	    TEST(test_order),
	    TEST(test_nobody_signs),
	    TEST(test_only_revoked),
	    TEST(test_revoked_zsk),
	    TEST(test_destroyed_too_early),
	    TEST(test_algorithms),
	    TEST(test_algorithm_waiting),
	    TEST(test_one_tag),
	    TEST(test_one_tag_revoked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
