/* KEY and DO: what is done to keys. */
#include <stdio.h>
#include <string.h>

#include "lib/algorithm.h"
#include "lib/hex.h"
#include "lib/utc.h"
#include "tests/scenario/scenario.h"

#define TAG_TRIES 2000000

static const struct {
	const char *name;
	enum key_time time;
} deeds[] = {
    {"announce", KEY_ANNOUNCED},
    {"publish", KEY_PUBLISHED},
    {"activate", KEY_ACTIVATED},
    {"retire", KEY_RETIRED},
    {"revoke", KEY_REVOKED},
    {"remove", KEY_REMOVED},
    {"destroy", KEY_DESTROYED},
};

int
scenario_key(
    struct scenario *s, const char *name, struct key **k, struct error *e)
{
	for (size_t i = 0; i < s->keys.n; i++)
		if (strcmp(s->keys.key[i].label, name) == 0) {
			*k = &s->keys.key[i];
			return 0;
		}
	return error_set(e, "no key %s", name);
}

/* A public key's octets, of a right length, from a number. */
static int
make_key(struct key *k, const char *name, enum key_role role,
    const struct algorithm *a, uint32_t seed, struct error *e)
{
	uint8_t data[4 + 256];
	uint32_t from[2] = {seed, 0};
	size_t head = a->family == FAMILY_RSA ? 4 : 0;
	size_t len = a->key != 0 ? a->key : sizeof data;

	if (len > sizeof data)
		return error_set(e, "%s: key too long", a->name);
	for (; from[1] * SHA256_SIZE + head < len; from[1]++) {
		uint8_t hash[SHA256_SIZE];
		size_t at = head + from[1] * SHA256_SIZE;

		sha256(hash, from, sizeof from);
		memcpy(data + at, hash,
		    len - at < sizeof hash ? len - at : sizeof hash);
	}
	if (head != 0) /* RFC 3110: the exponent 65537, then the modulus */
		memcpy(data, "\3\1\0\1", 4);
	key_init(k, role, a->number, data, len);
	snprintf(k->label, sizeof k->label, "%s", name);
	return 0;
}

/* wanted: a tag, or -1 for any. */
static int
make_key_with_tag(struct scenario *s, const char *name, enum key_role role,
    const struct algorithm *a, long wanted, struct error *e)
{
	struct key k;

	for (uint32_t i = 0; i < TAG_TRIES; i++) {
		uint32_t seed = i * 1000 + (uint32_t)s->keys.n;

		if (make_key(&k, name, role, a, seed, e) == -1)
			return -1;
		if (wanted == -1 || k.tag == wanted) {
			k.at[KEY_CREATED] = s->now;
			keys_add(&s->keys, &k);
			return 0;
		}
		key_free(&k);
	}
	return error_set(e, "no key with tag %ld in %d", wanted, TAG_TRIES);
}

int
do_key(struct scenario *s, struct error *e)
{
	const struct algorithm *a;
	struct error none;
	struct key *other = NULL;
	long tag = -1;
	bool ksk;

	if (scenario_words(s, 4, 6, e) == -1)
		return -1;
	ksk = strcmp(s->word[2], "ksk") == 0;
	if (!ksk && strcmp(s->word[2], "zsk") != 0)
		return error_set(e, "no role %s", s->word[2]);
	if ((a = algorithm_by_name(s->word[3])) == NULL)
		return error_set(e, "no algorithm %s", s->word[3]);
	if (scenario_key(s, s->word[1], &other, &none) == 0)
		return error_set(e, "key %s twice", s->word[1]);
	if (s->n > 4) {
		bool revoked = strcmp(s->word[4], "REVOKED-TAG-OF") == 0;

		if (s->n != 6 ||
		    (!revoked && strcmp(s->word[4], "TAG-OF") != 0))
			return error_set(e, "TAG-OF or REVOKED-TAG-OF KEY");
		if (scenario_key(s, s->word[5], &other, e) == -1)
			return -1;
		tag = revoked ? other->tag_revoked : other->tag;
	}
	return make_key_with_tag(
	    s, s->word[1], ksk ? KEY_KSK : KEY_ZSK, a, tag, e);
}

int
do_deed(struct scenario *s, struct error *e)
{
	struct key *k = NULL;
	int64_t in = 0;

	if (scenario_words(s, 3, 5, e) == -1 ||
	    scenario_key(s, s->word[2], &k, e) == -1)
		return -1;
	if (s->n > 3) {
		if (s->n != 5 || strcmp(s->word[3], "IN") != 0)
			return error_set(e, "IN DURATION");
		if (duration_parse(&in, s->word[4], e) == -1)
			return -1;
	}
	for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++)
		if (strcmp(s->word[1], deeds[i].name) == 0) {
			k->at[deeds[i].time] = s->now + in;
			return 0;
		}
	return error_set(e, "nothing is known as \"%s\"", s->word[1]);
}
