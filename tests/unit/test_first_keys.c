#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "lib/algorithm.h"
#include "lib/hex.h"
#include "rollover/first_keys.h"

#define NOW INT64_C(1000)

static struct keys keys;
static struct first_keys first;
static struct error e;

static struct key *
add(const char *label, enum key_role role, uint8_t algorithm)
{
	uint8_t data[2 * SHA256_SIZE];
	struct key k;

	sha256(data, label, strlen(label));
	sha256(data + SHA256_SIZE, data, SHA256_SIZE);
	key_init(&k, role, algorithm, data, sizeof data);
	snprintf(k.label, sizeof k.label, "%s", label);
	k.at[KEY_CREATED] = NOW;
	return keys_add(&keys, &k);
}

static int
setup(void **arg)
{
	(void)arg;
	add("k1", KEY_KSK, ALG_ECDSAP256SHA256);
	add("z1", KEY_ZSK, ALG_ECDSAP256SHA256);
	return 0;
}

static int
teardown(void **arg)
{
	(void)arg;
	keys_free(&keys);
	return 0;
}

static int
publish(const char *const *name, size_t n)
{
	return first_keys_publish(&first, &keys, name, n, NOW, &e);
}

/* Refused, and no key is changed. */
static void
refused(const char *const *name, size_t n, enum status status,
    const char *text)
{
	int rc = publish(name, n);

	if (rc != -1 || e.status != status || strstr(e.text, text) == NULL)
		fail_msg("rc %d, status %d, \"%s\", wanted %d \"%s\"", rc,
		    (int)e.status, e.text, (int)status, text);
	for (size_t i = 0; i < keys.n; i++)
		assert_int_not_equal(keys.key[i].at[KEY_PUBLISHED], NOW);
}

/* Exactly these, in this order, are published and active. */
static void
chosen(const char *const *label, size_t n)
{
	size_t published = 0;

	assert_int_equal(first.n, n);
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(first.key[i]->label, label[i]);
		assert_int_equal(first.key[i]->at[KEY_PUBLISHED], NOW);
		assert_int_equal(first.key[i]->at[KEY_ACTIVATED], NOW);
	}
	for (size_t i = 0; i < keys.n; i++)
		published += keys.key[i].at[KEY_PUBLISHED] != TIME_NEVER;
	assert_int_equal(published, n);
}

static void
test_one_pair(void **arg)
{
	static const char *const label[] = {"k1", "z1"};

	(void)arg;
	assert_int_equal(publish(NULL, 0), 0);
	chosen(label, 2);
}

static void
test_none(void **arg)
{
	(void)arg;
	keys_free(&keys);
	refused(NULL, 0, STATUS_TROUBLE, "there are none");
	add("k", KEY_KSK, ALG_ECDSAP256SHA256);
	refused(NULL, 0, STATUS_TROUBLE,
	    "no ZSK of ECDSAP256SHA256; rz-keytool generate zsk makes one");
	keys_free(&keys);
	add("z", KEY_ZSK, ALG_ECDSAP256SHA256);
	refused(NULL, 0, STATUS_TROUBLE, "no KSK of ECDSAP256SHA256");
}

static void
test_published_before(void **arg)
{
	struct key *k = add("old", KEY_KSK, ALG_ECDSAP256SHA256);
	static const char *const name[] = {"k1"};

	(void)arg;
	k->at[KEY_PUBLISHED] = 1;
	refused(name, 1, STATUS_NO, "ksk old (");
	k->at[KEY_REMOVED] = 2;
	k->at[KEY_DESTROYED] = 3;
	refused(NULL, 0, STATUS_NO, "this zone has had its first keys");
	k->at[KEY_PUBLISHED] = NOW + 100;
	refused(NULL, 0, STATUS_NO, "this zone has had its first keys");
}

static void
test_ambiguous(void **arg)
{
	static const char *const k2[] = {"k2"}, *const z2[] = {"z2"};
	static const char *const both[] = {"z2", "k2"};
	static const char *const two[] = {"k1", "k2"};
	static const char *const twice[] = {"k2", "z2", "k2"};
	static const char *const none[] = {"k2", "nobody"};
	static const char *const result[] = {"k2", "z2"};

	(void)arg;
	add("k2", KEY_KSK, ALG_ECDSAP256SHA256);
	refused(NULL, 0, STATUS_TROUBLE,
	    "2 KSKs of ECDSAP256SHA256 may be meant; --key names one");
	refused(z2, 0, STATUS_TROUBLE, "2 KSKs");
	add("z2", KEY_ZSK, ALG_ECDSAP256SHA256);
	refused(k2, 1, STATUS_TROUBLE, "2 ZSKs of ECDSAP256SHA256");
	refused(two, 2, STATUS_TROUBLE, "2 KSKs of ECDSAP256SHA256 are named");
	refused(none, 2, STATUS_TROUBLE, "no key \"nobody\"");
	assert_int_equal(publish(both, 2), 0);
	chosen(result, 2);
	for (size_t i = 0; i < keys.n; i++)
		keys.key[i].at[KEY_PUBLISHED] =
		    keys.key[i].at[KEY_ACTIVATED] = TIME_NEVER;
	assert_int_equal(publish(twice, 3), 0);
	chosen(result, 2);
}

/* One name is enough where the other role leaves no choice. */
static void
test_one_named(void **arg)
{
	static const char *const name[] = {"k2"};
	static const char *const result[] = {"k2", "z1"};

	(void)arg;
	add("k2", KEY_KSK, ALG_ECDSAP256SHA256);
	assert_int_equal(publish(name, 1), 0);
	chosen(result, 2);
}

static void
test_algorithms(void **arg)
{
	static const char *const all[] = {"k1", "z1", "ek", "ez"};
	static const char *const name[] = {"ek"};

	(void)arg;
	add("ek", KEY_KSK, ALG_ED25519);
	refused(NULL, 0, STATUS_TROUBLE, "no ZSK of ED25519");
	add("ez", KEY_ZSK, ALG_ED25519);
	assert_int_equal(publish(NULL, 0), 0);
	chosen(all, 4);
	for (size_t i = 0; i < keys.n; i++)
		keys.key[i].at[KEY_PUBLISHED] =
		    keys.key[i].at[KEY_ACTIVATED] = TIME_NEVER;
	assert_int_equal(publish(name, 1), 0);
	chosen(all + 2, 2);
}

/* What is not there yet, or was used, is not taken. */
static void
test_candidates(void **arg)
{
	static const enum key_time used[] = {KEY_ACTIVATED, KEY_RETIRED,
	    KEY_REVOKED, KEY_REMOVED, KEY_DESTROYED};
	static const char *const result[] = {"k1", "z1"};
	static const char *const name[] = {"k2"};
	struct key *k = add("k2", KEY_KSK, ALG_ECDSAP256SHA256);

	(void)arg;
	k->at[KEY_CREATED] = NOW + 1;
	refused(name, 1, STATUS_TROUBLE, "ksk k2 (");
	k->at[KEY_CREATED] = NOW;
	for (size_t i = 0; i < sizeof used / sizeof used[0]; i++) {
		k->at[used[i]] = NOW + 5;
		refused(name, 1, STATUS_TROUBLE, ", not ready");
		if (i + 1 < sizeof used / sizeof used[0])
			k->at[used[i]] = TIME_NEVER;
	}
	assert_int_equal(publish(NULL, 0), 0);
	chosen(result, 2);
}

int
main(void)
{
#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_one_pair),
	    TEST(test_none),
	    TEST(test_published_before),
	    TEST(test_ambiguous),
	    TEST(test_one_named),
	    TEST(test_algorithms),
	    TEST(test_candidates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
