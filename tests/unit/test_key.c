#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "keytool/key.h"
#include "lib/hex.h"

#define NOW INT64_C(1791000000)

/* An Ed25519 key whose octets decide its tags: no point is decoded here. */
static struct key
make(enum key_role role, uint8_t first, uint8_t last, const char *label)
{
	uint8_t octets[32] = {0};
	struct key k;

	octets[0] = first;
	octets[31] = last;
	key_init(&k, role, 15, octets, sizeof octets);
	snprintf(k.label, sizeof k.label, "%s", label);
	return k;
}

static void
test_init(void **state)
{
	struct key k = make(KEY_KSK, 1, 2, "a"), z, other;
	struct buf b = BUF_INIT;
	char id[SHA256_TEXT];
	struct dnskey d;

	(void)state;
	assert_int_equal(k.bits, 256);
	assert_int_equal(key_flags(&k), 257);
	/* 257 + (3 << 8 | 15) + (1 << 8) + 2, and 128 more */
	assert_int_equal(k.tag, 257 + 783 + 256 + 2);
	assert_int_equal(k.tag_revoked, k.tag + 128);
	buf_u8(&b, 15);
	buf_add(&b, k.public_key.data, k.public_key.len);
	sha256_text(id, b.data, b.len);
	assert_string_equal(k.id, id);
	d = key_dnskey(&k);
	assert_int_equal(d.flags, 257);
	assert_int_equal(d.len, 32);
	for (int t = 0; t < KEY_TIMES; t++)
		assert_true(k.at[t] == TIME_NEVER);

	/* The role is no part of the id; the algorithm and the key are. */
	z = make(KEY_ZSK, 1, 2, "z");
	assert_int_equal(key_flags(&z), 256);
	assert_string_equal(z.id, k.id);
	assert_int_not_equal(z.tag, k.tag);
	key_init(&other, KEY_KSK, 13, k.public_key.data, 32);
	assert_string_not_equal(other.id, k.id);
	key_free(&other);
	other = make(KEY_KSK, 2, 1, "b");
	assert_string_not_equal(other.id, k.id);
	key_free(&other);
	key_free(&z);
	key_free(&k);
	buf_free(&b);
}

static void
test_texts(void **state)
{
	(void)state;
	assert_string_equal(key_role_text(KEY_KSK), "ksk");
	assert_int_equal(key_role_by_text("zsk"), KEY_ZSK);
	assert_int_equal(key_role_by_text("ksk"), KEY_KSK);
	assert_int_equal(key_role_by_text("KSK"), -1);
	for (int t = 0; t < KEY_TIMES; t++)
		assert_int_equal(key_time_by_text(key_time_text(t)), t);
	assert_int_equal(key_time_by_text("born"), -1);
	assert_int_equal(key_time_by_text(""), -1);
}

static void
fill(struct keys *ks)
{
	*ks = (struct keys){NULL, 0};
	for (uint8_t i = 0; i < 5; i++) {
		char label[8];
		struct key k;

		snprintf(label, sizeof label, "key-%u", i);
		k = make(i < 2 ? KEY_KSK : KEY_ZSK, i, 0, label);
		keys_add(ks, &k);
	}
}

static void
find(const struct keys *ks, const char *name, const struct key *want)
{
	struct error e = ERROR_INIT;
	const struct key *k = NULL;

	if (keys_named(ks, name, &k, &e) == -1)
		fail_msg("%s: %s", name, e.text);
	assert_ptr_equal(k, want);
}

static void
find_not(const struct keys *ks, const char *name, const char *reason)
{
	struct error e = ERROR_INIT;
	const struct key *k = NULL;

	assert_int_equal(keys_named(ks, name, &k, &e), -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	assert_null(k);
	if (strstr(e.text, reason) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", e.text, reason);
}

static void
test_named(void **state)
{
	struct keys ks;
	char name[80];

	(void)state;
	fill(&ks);
	assert_int_equal(ks.n, 5);
	assert_ptr_equal(keys_by_id(&ks, ks.key[3].id), &ks.key[3]);
	assert_null(keys_by_id(&ks, "00"));
	find(&ks, ks.key[3].id, &ks.key[3]);
	find(&ks, "key-2", &ks.key[2]);
	snprintf(name, sizeof name, "%.8s", ks.key[4].id);
	find(&ks, name, &ks.key[4]);
	snprintf(name, sizeof name, "%.7s", ks.key[4].id);
	find_not(&ks, name, "no key");
	snprintf(name, sizeof name, "%u", ks.key[1].tag);
	find_not(&ks, name, "a tag names no key");
	find_not(&ks, name, "key-1");
	snprintf(name, sizeof name, "%u", ks.key[1].tag_revoked);
	find_not(&ks, name, "a tag names no key");
	snprintf(name, sizeof name, "%s0", ks.key[1].id);
	find_not(&ks, name, "no key");
	find_not(&ks, "", "no key");
	find_not(&ks, "key", "no key");
	find_not(&ks, "99999999999999999999", "no key");
	keys_free(&ks);
	assert_int_equal(ks.n, 0);
}

/* A tag names no key, and tells which it may be; so does a shared label. */
static void
test_named_ambiguous(void **state)
{
	struct keys ks = {NULL, 0};
	struct key a = make(KEY_ZSK, 1, 0, "one");
	struct key b;
	char tag[8];

	(void)state;
	/* The same sum in other octets. */
	key_init(&b, KEY_ZSK, 15, (uint8_t[32]){0, 0, 1}, 32);
	snprintf(b.label, sizeof b.label, "two");
	assert_int_equal(a.tag, b.tag);
	assert_string_not_equal(a.id, b.id);
	keys_add(&ks, &a);
	keys_add(&ks, &b);
	snprintf(tag, sizeof tag, "%u", a.tag);
	find_not(&ks, tag, "zsk one");
	find_not(&ks, tag, "zsk two");
	find(&ks, "two", &ks.key[1]);
	snprintf(ks.key[0].label, sizeof ks.key[0].label, "two");
	find_not(&ks, "two", "may be any of");
	find(&ks, ks.key[0].id, &ks.key[0]);
	keys_free(&ks);
}

static const struct key *
collides(struct key *other, const struct key *k, int64_t now)
{
	const struct keys ks = {other, 1};

	return keys_tag_collision(&ks, k, now);
}

/* Tag with tag, tag with revoked tag, both ways round; any role. */
static void
test_collision(void **state)
{
	struct key k = make(KEY_ZSK, 1, 0, "new");
	struct key o = make(KEY_KSK, 9, 9, "old");

	(void)state;
	assert_null(collides(&o, &k, NOW));
	o.tag = k.tag;
	assert_ptr_equal(collides(&o, &k, NOW), &o);
	o.tag = k.tag_revoked;
	assert_ptr_equal(collides(&o, &k, NOW), &o);
	o.tag = 1;
	o.tag_revoked = k.tag;
	assert_ptr_equal(collides(&o, &k, NOW), &o);
	o.tag_revoked = k.tag_revoked;
	assert_ptr_equal(collides(&o, &k, NOW), &o);
	o.tag_revoked = 2;
	assert_null(collides(&o, &k, NOW));
	/* A key does not meet itself. */
	assert_null(collides(&k, &k, NOW));
	key_free(&k);
	key_free(&o);
}

/* Sixty days after a key went its tag is free, not a second before. */
static void
test_collision_ends(void **state)
{
	struct key k = make(KEY_ZSK, 1, 0, "new");
	struct key o = make(KEY_KSK, 9, 9, "old");

	(void)state;
	o.tag = k.tag;
	o.at[KEY_CREATED] = NOW - 200 * DAY;
	o.at[KEY_PUBLISHED] = NOW - 150 * DAY;
	o.at[KEY_REMOVED] = NOW - 60 * DAY + 1;
	assert_non_null(collides(&o, &k, NOW));
	o.at[KEY_REMOVED] = NOW - 60 * DAY;
	assert_null(collides(&o, &k, NOW));
	/* Removal yet to come. */
	o.at[KEY_REMOVED] = NOW + 1;
	assert_non_null(collides(&o, &k, NOW));
	/* Destroyed long ago does not help while the DNSKEY was there. */
	o.at[KEY_DESTROYED] = NOW - 100 * DAY;
	assert_non_null(collides(&o, &k, NOW));
	/* Never used: its destruction counts. */
	o.at[KEY_PUBLISHED] = o.at[KEY_REMOVED] = TIME_NEVER;
	assert_null(collides(&o, &k, NOW));
	o.at[KEY_DESTROYED] = NOW - 60 * DAY + 1;
	assert_non_null(collides(&o, &k, NOW));
	o.at[KEY_DESTROYED] = TIME_NEVER;
	assert_non_null(collides(&o, &k, NOW));
	key_free(&k);
	key_free(&o);
}

static void
may(const struct key *k, bool yes)
{
	struct error e = ERROR_INIT;

	assert_int_equal(key_may_destroy(k, NOW, &e), yes ? 0 : -1);
	assert_int_equal(e.status, yes ? STATUS_OK : STATUS_NO);
}

static void
test_may_destroy(void **state)
{
	static const enum key_time use[] = {KEY_ANNOUNCED, KEY_PUBLISHED,
	    KEY_ACTIVATED, KEY_REVOKED, KEY_DS_SUBMITTED, KEY_DS_SEEN};
	struct key k = make(KEY_KSK, 1, 1, "k");

	(void)state;
	may(&k, true);
	k.at[KEY_CREATED] = NOW;
	may(&k, true);
	for (size_t i = 0; i < sizeof use / sizeof *use; i++) {
		/* In the future: planned, so needed. */
		for (int64_t d = -100 * DAY; d <= 100 * DAY; d += 200 * DAY) {
			k.at[use[i]] = NOW + d;
			assert_true(key_was_used(&k));
			may(&k, false);
			k.at[KEY_REMOVED] = NOW + 1;
			may(&k, false);
			k.at[KEY_REMOVED] = NOW;
			may(&k, false);
			k.at[KEY_REMOVED] = NOW - 1;
			may(&k, true);
			k.at[KEY_REMOVED] = TIME_NEVER;
		}
		k.at[use[i]] = TIME_NEVER;
	}
	assert_false(key_was_used(&k));
	k.at[KEY_DESTROYED] = NOW - 1;
	may(&k, false);
	key_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_init),
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_named),
	    cmocka_unit_test(test_named_ambiguous),
	    cmocka_unit_test(test_collision),
	    cmocka_unit_test(test_collision_ends),
	    cmocka_unit_test(test_may_destroy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
