/* Whole-zone signing: what is signed, with what, and how it fails. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/algorithm.h"
#include "lib/hex.h"
#include "lib/utc.h"
#include "lib/xalloc.h"
#include "signer/record_text.h"
#include "signer/rrsig.h"
#include "signer/sign.h"
#include "tests/support/soft_key.h"
#include "tests/support/zone_text.h"

#define NOW INT64_C(1800000000) /* 2027-01-15T08:00:00Z */
#define ZONE                                                                  \
	"$TTL 300\n@ 3600 SOA ns hostmaster 7 1800 900 604800 600\n@ NS ns\n" \
	"ns A 192.0.2.1\nsub NS ns.sub\nsub 900 DS 1 8 2 00\n"                \
	"ns.sub A 192.0.2.2\nplain NS ns\n*.w TXT x\n"

struct fixture {
	struct config cfg;
	struct zone z;
	struct soft_key soft[3];
	struct signing_key key[3];
	struct signing_keys keys;
	struct sign_options o;
	struct sign_report r;
};

static void
set_up(struct fixture *f, const char *text, uint8_t ksk, uint8_t zsk)
{
	static char path[] = "rz.yaml";

	*f = (struct fixture){0};
	f->cfg.path = path;
	f->cfg.policy.ttl.dnskey = 172800;
	f->cfg.policy.ttl.ds = 86400;
	f->cfg.policy.signatures.dnskey = 21 * DAY;
	f->cfg.policy.signatures.zone = 13 * DAY;
	f->cfg.policy.signatures.inception_offset = HOUR;
	f->cfg.policy.zonemd[0] = 1;
	f->cfg.policy.zonemd_n = 1;
	zone_from_text(&f->z, "example.", text);
	soft_key_make(&f->soft[0], &f->key[0], ksk, 257);
	soft_key_make(&f->soft[1], &f->key[1], zsk, 256);
	f->keys = (struct signing_keys){f->key, 2};
	f->o = (struct sign_options){&f->cfg, NOW, 8, 2, false};
}

static void
tear_down(struct fixture *f)
{
	for (size_t i = 0; i < f->keys.n; i++)
		soft_key_free(&f->soft[i]);
	zone_free(&f->z);
}

static void
sign(struct fixture *f)
{
	struct error e = ERROR_INIT;

	if (sign_prepare(&f->z, &f->keys, &f->o, &f->r, &e) == -1 ||
	    sign_zone(&f->z, &f->keys, &f->o, &f->r, &e) == -1)
		fail_msg("%s", e.text);
}

/* "OWNER TYPE TTL TAG" of each RRSIG; every one must verify. */
static void
list_rrsigs(struct fixture *f, struct buf *out)
{
	char name[NAME_MAX_TEXT], mnemonic[TYPE_TEXT];
	struct buf scratch = BUF_INIT;
	struct error e = ERROR_INIT;

	for (size_t i = 0; i < f->z.nodes; i++) {
		const struct node *nd = &f->z.node[i];
		struct rrset sigs, rs;

		if (!rrset_find(&f->z, nd, TYPE_RRSIG, &sigs))
			continue;
		for (uint32_t j = 0; j < sigs.n; j++) {
			const struct record *r = rrset_record(&sigs, j);
			struct verifier *v;
			struct rrsig s;
			unsigned k;

			assert_int_equal(
			    rrsig_parse(&s, r->rdata, r->rdlen), 0);
			assert_true(rrset_find(&f->z, nd, s.covered, &rs));
			for (k = 0; f->key[k].tag != s.tag; k++)
				assert_true(k + 1 < f->keys.n);
			assert_int_equal(verifier_new(&v,
			    f->key[k].dnskey.algorithm, f->key[k].dnskey.key,
			    f->key[k].dnskey.len, &e), 0);
			assert_int_equal(rrsig_check(&f->z, &rs, &s, r, v,
			    NOW, &scratch), RRSIG_VALID);
			verifier_free(v);
			buf_printf(out, "%s %s %u %s\n",
			    name_text(name, owner_wire(nd->owner)),
			    type_text(mnemonic, s.covered), r->ttl,
			    k == 0 ? "ksk" : "zsk");
		}
	}
	buf_free(&scratch);
}

/* Apex, wildcard, delegations; not glue, not delegation NS. */
static void
what_is_signed(void **state)
{
	struct fixture f;
	struct buf b = BUF_INIT;

	(void)state;
	set_up(&f, ZONE, ALG_ECDSAP256SHA256, ALG_ECDSAP256SHA256);
	sign(&f);
	list_rrsigs(&f, &b);
	assert_string_equal(buf_cstr(&b),
	    "example. NS 300 zsk\n"
	    "example. SOA 3600 zsk\n"
	    "example. NSEC 600 zsk\n"
	    "example. DNSKEY 172800 ksk\n"
	    "example. ZONEMD 3600 zsk\n"
	    "ns.example. A 300 zsk\n"
	    "ns.example. NSEC 600 zsk\n"
	    "plain.example. NSEC 600 zsk\n"
	    "sub.example. DS 86400 zsk\n"
	    "sub.example. NSEC 600 zsk\n"
	    "*.w.example. TXT 300 zsk\n"
	    "*.w.example. NSEC 600 zsk\n");
	assert_int_equal(f.r.signatures, 12);
	assert_int_equal(f.r.rrsets, 12);
	assert_int_equal(f.r.nsec, 5);
	buf_free(&b);
	tear_down(&f);
}

/* A second ZSK that signs doubles the data's, a revoked KSK the key set's. */
static void
several_keys(void **state)
{
	struct fixture f;
	struct buf b = BUF_INIT;

	(void)state;
	set_up(&f, ZONE, ALG_ED25519, ALG_ED25519);
	soft_key_make(&f.soft[2], &f.key[2], ALG_ED25519, 385);
	f.keys.n = 3;
	sign(&f);
	assert_int_equal(f.r.signatures, 13);
	list_rrsigs(&f, &b);
	buf_free(&b);
	tear_down(&f);
}

static const struct record *
first_rrsig(const struct fixture *f, uint16_t type, struct rrsig *s)
{
	struct rrset sigs;

	assert_true(rrset_find(&f->z, zone_apex(&f->z), TYPE_RRSIG, &sigs));
	for (uint32_t i = 0; i < sigs.n; i++) {
		const struct record *r = rrset_record(&sigs, i);

		assert_int_equal(rrsig_parse(s, r->rdata, r->rdlen), 0);
		if (s->covered == type)
			return r;
	}
	fail_msg("no RRSIG over %u", type);
	return NULL;
}

/* 13 d + 1 h for the zone as in the root, 21 d for DNSKEY; past 2106 too. */
static void
times(void **state)
{
	static const int64_t moments[] = {NOW, INT64_C(2147483647),
	    INT64_C(2147483648), INT64_C(4294967295), INT64_C(4294967296),
	    INT64_C(4294968000)};
	struct fixture f;
	struct rrsig s;

	(void)state;
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
		int64_t now = moments[i];

		set_up(&f, ZONE, ALG_ED25519, ALG_ED25519);
		f.o.now = now;
		sign(&f);
		first_rrsig(&f, TYPE_SOA, &s);
		assert_int_equal(s.inception, (uint32_t)(now - HOUR));
		assert_int_equal(s.expiration, (uint32_t)(now + 13 * DAY));
		assert_int_equal(s.labels, 1);
		assert_int_equal(s.original_ttl, 3600);
		first_rrsig(&f, TYPE_DNSKEY, &s);
		assert_int_equal(s.inception, (uint32_t)(now - HOUR));
		assert_int_equal(s.expiration,
		    (uint32_t)(now - HOUR + 21 * DAY));
		tear_down(&f);
	}
}

static void
policy(void **state)
{
	struct fixture f;
	struct rrset rs;

	(void)state;
	set_up(&f, ZONE, ALG_ED25519, ALG_ED25519);
	f.cfg.policy.ttl.ds = -1;
	f.cfg.policy.zonemd_n = 0;
	sign(&f);
	assert_true(rrset_find(&f.z, zone_node(&f.z, "sub.example."), TYPE_DS,
	    &rs));
	assert_int_equal(rs.ttl, 900);
	assert_false(rrset_find(&f.z, zone_apex(&f.z), TYPE_ZONEMD, &rs));
	assert_true(rrset_find(&f.z, zone_apex(&f.z), TYPE_SOA, &rs));
	assert_int_equal(soa_serial(rrset_record(&rs, 0)), 8);
	tear_down(&f);
}

/* Ed25519 and RSA are deterministic: so is the zone, on any threads. */
static void
threads_make_no_difference(void **state)
{
	static const uint8_t secret[2][32] = {{1}, {2}};
	char *text[3];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct fixture f;

		set_up(&f, ZONE, ALG_ED25519, ALG_ED25519);
		zone_free(&f.z);
		zone_from_text(&f.z, "example.", ZONE);
		for (unsigned k = 0; k < 2; k++) {
			soft_key_free(&f.soft[k]);
			soft_key_ed25519(&f.soft[k], &f.key[k], secret[k],
			    k == 0 ? 257 : 256);
		}
		f.o.threads = i == 0 ? 1 : 2;
		sign(&f);
		text[i] = zone_text(&f.z);
		tear_down(&f);
	}
	assert_string_equal(text[0], text[1]);
	assert_string_equal(text[0], text[2]);
	for (unsigned i = 0; i < 3; i++)
		free(text[i]);
}

/* Whichever signature fails, nothing is claimed. */
static void
a_key_that_fails(void **state)
{
	(void)state;
	for (unsigned at = 1; at <= 11; at++) {
		struct fixture f;
		struct error e = ERROR_INIT;

		set_up(&f, ZONE, ALG_ED25519, ALG_ED25519);
		f.soft[1].fail_at = at;
		assert_int_equal(
		    sign_prepare(&f.z, &f.keys, &f.o, &f.r, &e), 0);
		assert_int_equal(sign_zone(&f.z, &f.keys, &f.o, &f.r, &e), -1);
		assert_string_equal(e.text, "the key is away");
		tear_down(&f);
	}
}

/* RFC 8080 section 6.1: the same octets in, the same signature out. */
static void
rfc8080_vector(void **state)
{
	static const uint8_t expected[] =
	    "oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e"
	    "23mRZ9VrbpMngwcrqNAg==";
	struct zone z;
	struct soft_key soft;
	struct signing_key key;
	struct rrset rs;
	struct record *r;
	struct buf scratch = BUF_INIT, text = BUF_INIT;
	struct error e = ERROR_INIT;

	(void)state;
	soft_key_ed25519(&soft, &key,
	    (const uint8_t *)"82260384628080122645190204142262", 257);
	assert_int_equal(key.tag, 3613);
	zone_from_text(&z, "example.com.",
	    "@ 3600 SOA a b 1 1 1 1 1\n@ 3600 MX 10 mail\n");
	assert_true(rrset_find(&z, zone_apex(&z), 15, &rs));
	if (rrsig_make(&z, &rs, &key, 0, 1438207200, 1440021600, &scratch, &r,
		&e) == -1)
		fail_msg("%s", e.text);
	base64_add(&text, r->rdata + 18 + 13, r->rdlen - 18U - 13U);
	assert_string_equal(buf_cstr(&text), (const char *)expected);
	buf_free(&text);
	buf_free(&scratch);
	soft_key_free(&soft);
	zone_free(&z);
}

/* A DNSKEY below the apex is data: the ZSK's, with the zone's validity. */
static void
dnskey_below_the_apex(void **state)
{
	struct fixture f;
	struct buf b = BUF_INIT;

	(void)state;
	set_up(&f, ZONE "k DNSKEY 257 3 8 AwEAAQ==\n", ALG_ED25519,
	    ALG_ED25519);
	sign(&f);
	list_rrsigs(&f, &b);
	assert_non_null(strstr(buf_cstr(&b), "k.example. DNSKEY 300 zsk\n"));
	buf_free(&b);
	tear_down(&f);
}

/* The digest moves with content, keys and times, and with nothing else. */
static void
digests(void **state)
{
	uint8_t d[4][SHA256_SIZE];
	struct error e = ERROR_INIT;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		static const uint8_t secret[2][32] = {{1}, {2}};
		struct fixture f;

		set_up(&f, i == 1 ? ZONE "x TXT y\n" : ZONE, ALG_ED25519,
		    ALG_ED25519);
		for (unsigned k = 0; k < 2; k++) {
			soft_key_free(&f.soft[k]);
			soft_key_ed25519(&f.soft[k], &f.key[k], secret[k],
			    k == 0 ? 257 : 256);
		}
		f.o.now += i == 2;
		assert_int_equal(
		    sign_prepare(&f.z, &f.keys, &f.o, &f.r, &e), 0);
		assert_int_equal(
		    sign_digest(&f.z, &f.keys, &f.r, d[i], &e), 0);
		tear_down(&f);
	}
	assert_memory_not_equal(d[0], d[1], SHA256_SIZE);
	assert_memory_not_equal(d[0], d[2], SHA256_SIZE);
	assert_memory_equal(d[0], d[3], SHA256_SIZE);
}

static bool
drop_glue(void *arg, const struct entry *en)
{
	(void)arg;
	return en->record->type == TYPE_A &&
	       owner_wire(en->owner)[1] == 'n' && en->owner->wire_len > 12;
}

/* Signing adds nothing to the fingerprint; whatever else changes does. */
static void
fingerprints(void **state)
{
	uint8_t before[SHA256_SIZE], after[SHA256_SIZE];
	struct fixture f;
	struct error e = ERROR_INIT;
	struct rrset rs;

	(void)state;
	set_up(&f, ZONE, ALG_ED25519, ALG_ED25519);
	assert_int_equal(sign_prepare(&f.z, &f.keys, &f.o, &f.r, &e), 0);
	assert_int_equal(sign_fingerprint(&f.z, before, &e), 0);
	assert_int_equal(sign_zone(&f.z, &f.keys, &f.o, &f.r, &e), 0);
	assert_int_equal(sign_fingerprint(&f.z, after, &e), 0);
	assert_memory_equal(before, after, SHA256_SIZE);

	assert_true(rrset_find(&f.z, zone_node(&f.z, "sub.example."), TYPE_DS,
	    &rs));
	rs.entry[0].record->ttl++;
	assert_int_equal(sign_fingerprint(&f.z, after, &e), 0);
	assert_memory_not_equal(before, after, SHA256_SIZE);
	rs.entry[0].record->ttl--;
	assert_int_equal(zone_remove(&f.z, drop_glue, NULL), 1);
	zone_index(&f.z, 1);
	assert_int_equal(sign_fingerprint(&f.z, after, &e), 0);
	assert_memory_not_equal(before, after, SHA256_SIZE);
	tear_down(&f);
}

static void
stripping(void **state)
{
	static const uint8_t below[] = "\001x\007example";
	static const uint8_t all[] = {46, 47, 50, 51};
	static const uint8_t apex[] = {48, 63, 59, 60};
	struct zone z;

	(void)state;
	zone_from_text(&z, "example.", ZONE);
	for (size_t i = 0; i < sizeof all; i++) {
		assert_true(sign_strips(&z, z.apex, all[i]));
		assert_true(sign_strips(&z, below, all[i]));
	}
	for (size_t i = 0; i < sizeof apex; i++) {
		assert_true(sign_strips(&z, z.apex, apex[i]));
		assert_false(sign_strips(&z, below, apex[i]));
	}
	assert_false(sign_strips(&z, z.apex, TYPE_DS));
	assert_false(sign_strips(&z, below, TYPE_DS));
	zone_free(&z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_signed),
	    cmocka_unit_test(several_keys),
	    cmocka_unit_test(times),
	    cmocka_unit_test(policy),
	    cmocka_unit_test(threads_make_no_difference),
	    cmocka_unit_test(a_key_that_fails),
	    cmocka_unit_test(rfc8080_vector),
	    cmocka_unit_test(dnskey_below_the_apex),
	    cmocka_unit_test(digests),
	    cmocka_unit_test(fingerprints),
	    cmocka_unit_test(stripping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
