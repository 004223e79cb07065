#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "keytool/dnskey.h"
#include "keytool/name.h"
#include "ldns_types.h"
#include "lib/hex.h"

static void
make_key(struct buf *rdata, uint16_t flags, uint8_t algorithm,
    const char *base64)
{
	struct buf key = BUF_INIT;
	struct dnskey k;

	assert_int_equal(base64_decode(&key, base64, strlen(base64)), 0);
	k = (struct dnskey){flags, algorithm, key.data, key.len};
	dnskey_rdata(rdata, &k);
	buf_free(&key);
}

static void
owner_wire(uint8_t wire[NAME_MAX_WIRE], const char *text)
{
	struct error e = ERROR_INIT;
	size_t len;

	assert_int_equal(name_parse(wire, &len, text, &e), 0);
}

/* RFC 4034 section 5.4, the same key in RFC 4509 section 2.3. */
static const char rsa_key[] =
    "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMz"
    "NXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJ"
    "BjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==";
/* RFC 6605 sections 6.1 and 6.2, RFC 8080 section 6.1. */
static const char p256_key[] =
    "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+"
    "e+MAnLr+Wi9xMWyQLc8NAA==";
static const char p384_key[] =
    "xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RC"
    "OpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40";
static const char ed25519_key[] =
    "l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=";

static const struct vector {
	uint16_t flags;
	uint8_t algorithm;
	unsigned bits;
	const char *owner, *key;
	uint8_t type;
	uint16_t tag;
	const char *digest;
} vectors[] = {
    {256, 5, 1024, "dskey.example.com.", rsa_key, DS_SHA1, 60485,
	"2bb183af5f22588179a53b0a98631fad1a292118"},
    {256, 5, 1024, "dskey.example.com.", rsa_key, DS_SHA256, 60485,
	"d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a"},
    {257, 13, 256, "example.net.", p256_key, DS_SHA256, 55648,
	"b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17"},
    {257, 14, 384, "example.net.", p384_key, DS_SHA384, 10771,
	"72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0"
	"563a9b5f4d288405c3008a946df983d6"},
    {257, 15, 256, "example.com.", ed25519_key, DS_SHA256, 3613,
	"3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b"},
};

static void
check_vector(const struct vector *v)
{
	struct buf rdata = BUF_INIT, digest = BUF_INIT, out = BUF_INIT;
	uint8_t wire[NAME_MAX_WIRE];
	struct dnskey k;
	struct ds ds;

	make_key(&rdata, v->flags, v->algorithm, v->key);
	owner_wire(wire, v->owner);
	assert_int_equal(hex_decode(&digest, v->digest), 0);
	assert_int_equal(dnskey_parse(&k, rdata.data, rdata.len), 0);
	assert_int_equal(dnskey_bits(&k), v->bits);
	assert_int_equal(
	    ds_make(&ds, wire, rdata.data, rdata.len, v->type), 0);
	assert_int_equal(ds.tag, v->tag);
	assert_int_equal(ds.algorithm, v->algorithm);
	assert_int_equal(ds.digest_type, v->type);
	assert_int_equal(ds.len, digest.len);
	assert_memory_equal(ds.digest, digest.data, digest.len);
	ds_rdata(&out, &ds);
	assert_int_equal(out.len, 4 + ds.len);
	assert_int_equal(out.data[0] << 8 | out.data[1], v->tag);
	assert_int_equal(out.data[2], v->algorithm);
	assert_int_equal(out.data[3], v->type);
	assert_memory_equal(out.data + 4, ds.digest, ds.len);
	buf_free(&rdata);
	buf_free(&digest);
	buf_free(&out);
}

static void
test_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
		check_vector(&vectors[i]);
}

/* Each part of a DS is looked at. */
static void
test_ds_matches(void **state)
{
	const struct vector *v = &vectors[2];
	struct buf rdata = BUF_INIT;
	uint8_t wire[NAME_MAX_WIRE];
	struct ds ds, bad;

	(void)state;
	make_key(&rdata, v->flags, v->algorithm, v->key);
	owner_wire(wire, v->owner);
	assert_int_equal(
	    ds_make(&ds, wire, rdata.data, rdata.len, DS_SHA256), 0);
	assert_true(ds_matches(&ds, wire, rdata.data, rdata.len));
	bad = ds;
	bad.tag++;
	assert_false(ds_matches(&bad, wire, rdata.data, rdata.len));
	bad = ds;
	bad.algorithm = 14;
	assert_false(ds_matches(&bad, wire, rdata.data, rdata.len));
	bad = ds;
	bad.digest_type = DS_SHA384;
	assert_false(ds_matches(&bad, wire, rdata.data, rdata.len));
	bad = ds;
	bad.digest_type = 3; /* GOST: not known here */
	assert_false(ds_matches(&bad, wire, rdata.data, rdata.len));
	bad = ds;
	bad.digest[31] ^= 1;
	assert_false(ds_matches(&bad, wire, rdata.data, rdata.len));
	bad = ds;
	bad.len = 31;
	assert_false(ds_matches(&bad, wire, rdata.data, rdata.len));
	owner_wire(wire, "example.org.");
	assert_false(ds_matches(&ds, wire, rdata.data, rdata.len));
	assert_int_equal(ds_make(&bad, wire, rdata.data, rdata.len, 3), -1);
	assert_int_equal(ds_make(&bad, wire, rdata.data, 4, DS_SHA256), -1);
	buf_free(&rdata);
}

static void
test_parse(void **state)
{
	static const uint8_t rdata[] = {1, 1, 3, 8, 0xaa, 0xbb};
	static const uint8_t protocol[] = {1, 1, 2, 8, 0xaa};
	struct buf out = BUF_INIT;
	struct dnskey k;

	(void)state;
	assert_int_equal(dnskey_parse(&k, rdata, sizeof rdata), 0);
	assert_int_equal(k.flags, 257);
	assert_int_equal(k.algorithm, 8);
	assert_int_equal(k.len, 2);
	assert_ptr_equal(k.key, rdata + 4);
	dnskey_rdata(&out, &k);
	assert_int_equal(out.len, sizeof rdata);
	assert_memory_equal(out.data, rdata, sizeof rdata);
	assert_int_equal(dnskey_parse(&k, rdata, 5), 0);
	assert_int_equal(dnskey_parse(&k, rdata, 4), -1);
	assert_int_equal(dnskey_parse(&k, rdata, 0), -1);
	assert_int_equal(dnskey_parse(&k, protocol, sizeof protocol), -1);
	buf_free(&out);
}

static void
test_same_key(void **state)
{
	static const uint8_t x[] = {1, 2, 3}, y[] = {1, 2, 4};
	const struct dnskey a = {257, 8, x, 3};
	struct dnskey b = a;

	(void)state;
	assert_true(dnskey_same_key(&a, &b));
	b.flags = 257 | DNSKEY_REVOKE;
	assert_true(dnskey_same_key(&a, &b));
	assert_true(dnskey_same_key(&b, &a));
	b.flags = 256;
	assert_false(dnskey_same_key(&a, &b));
	b = a;
	b.algorithm = 10;
	assert_false(dnskey_same_key(&a, &b));
	b = a;
	b.len = 2;
	assert_false(dnskey_same_key(&a, &b));
	b = a;
	b.key = y;
	assert_false(dnskey_same_key(&a, &b));
}

/* REVOKE adds 128; the carry makes 129 (RFC 4034 appendix B). */
static void
test_tag_revoked(void **state)
{
	const struct vector *v = &vectors[2];
	struct buf rdata = BUF_INIT;
	struct dnskey k;

	(void)state;
	make_key(&rdata, v->flags, v->algorithm, v->key);
	assert_int_equal(dnskey_parse(&k, rdata.data, rdata.len), 0);
	assert_int_equal(dnskey_tag_flags(&k, k.flags), v->tag);
	assert_int_equal(dnskey_tag_flags(&k, k.flags | DNSKEY_REVOKE),
	    v->tag + 128);
	buf_free(&rdata);
}

static uint64_t seed = 4034;

static uint8_t
draw(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint8_t)(seed >> 40);
}

static void
compare_with_ldns(const struct buf *rdata, const char *owner,
    const uint8_t *wire)
{
	ldns_rdf *name = ldns_dname_new_frm_str(owner);
	ldns_rr *rr = NULL, *ds_rr;
	struct buf packet = BUF_INIT, mine = BUF_INIT;
	size_t at = 0;
	struct ds ds;
	ldns_buffer *b = ldns_buffer_new(512);

	buf_add(&packet, wire, name_len(wire));
	buf_u16(&packet, LDNS_RR_TYPE_DNSKEY);
	buf_u16(&packet, 1);
	buf_u32(&packet, 3600);
	buf_u16(&packet, (uint16_t)rdata->len);
	buf_add(&packet, rdata->data, rdata->len);
	assert_int_equal(ldns_wire2rr(&rr, packet.data, packet.len, &at,
	    LDNS_SECTION_ANSWER), LDNS_STATUS_OK);
	assert_int_equal(dnskey_tag(rdata->data, rdata->len),
	    ldns_calc_keytag(rr));
	for (int type = 1; type <= 4; type++) {
		if (ds_make(&ds, wire, rdata->data, rdata->len,
		    (uint8_t)type) == -1) {
			assert_int_equal(type, 3);
			continue;
		}
		ds_rr = ldns_key_rr2ds(rr, (ldns_hash)type);
		assert_non_null(ds_rr);
		ldns_buffer_clear(b);
		ldns_rr_rdata2buffer_wire(b, ds_rr);
		buf_clear(&mine);
		ds_rdata(&mine, &ds);
		assert_int_equal(ldns_buffer_position(b), mine.len);
		assert_memory_equal(ldns_buffer_at(b, 0), mine.data, mine.len);
		ldns_rr_free(ds_rr);
	}
	ldns_buffer_free(b);
	ldns_rr_free(rr);
	ldns_rdf_deep_free(name);
	buf_free(&packet);
	buf_free(&mine);
}

static void
test_random(void **state)
{
	uint8_t wire[NAME_MAX_WIRE];

	(void)state;
	owner_wire(wire, "a.example.");
	for (int i = 0; i < 500; i++) {
		struct buf rdata = BUF_INIT;
		unsigned n = 8 + draw();

		buf_u16(&rdata, draw() & 1 ? 257 : 385);
		buf_u8(&rdata, 3);
		buf_u8(&rdata, i == 0 ? 1 : 8);
		while (n-- > 0)
			buf_u8(&rdata, i & 1 ? draw() : 0xff);
		compare_with_ldns(&rdata, "a.example.", wire);
		buf_free(&rdata);
	}
}

/* The two loops agree, also where they must not read beyond the end. */
static void
test_tag_lengths(void **state)
{
	uint8_t rdata[12] = {1, 0, 3, 1, 9, 8, 7, 6, 5, 4, 3, 2};

	(void)state;
	for (uint8_t algorithm = 1; algorithm <= 2; algorithm++) {
		rdata[3] = algorithm;
		for (size_t len = 5; len <= sizeof rdata; len++) {
			uint8_t *copy = malloc(len);
			struct dnskey k;

			memcpy(copy, rdata, len);
			assert_int_equal(dnskey_parse(&k, copy, len), 0);
			assert_int_equal(dnskey_tag(copy, len),
			    dnskey_tag_flags(&k, k.flags));
			free(copy);
		}
	}
}

static void
test_text(void **state)
{
	const struct vector *v = &vectors[2];
	struct buf rdata = BUF_INIT, text = BUF_INIT, want = BUF_INIT;
	uint8_t wire[NAME_MAX_WIRE];
	struct dnskey k;
	struct ds ds;

	(void)state;
	make_key(&rdata, v->flags, v->algorithm, v->key);
	owner_wire(wire, v->owner);
	assert_int_equal(dnskey_parse(&k, rdata.data, rdata.len), 0);
	dnskey_text(&text, v->owner, 172800, "DNSKEY", &k);
	buf_printf(&want, "example.net. 172800 IN DNSKEY 257 3 13 %s "
	    ";{id = 55648 (ksk), size = 256b}", v->key);
	assert_string_equal(buf_cstr(&text), buf_cstr(&want));
	buf_clear(&text);
	assert_int_equal(
	    ds_make(&ds, wire, rdata.data, rdata.len, DS_SHA256), 0);
	ds_text(&text, v->owner, 3600, "CDS", &ds);
	assert_string_equal(buf_cstr(&text),
	    "example.net. 3600 IN CDS 55648 13 2 "
	    "B4C8C1FE2E7477127B27115656AD6256"
	    "F424625BF5C1E2770CE6D6E37DF61D17");
	buf_free(&rdata);
	buf_free(&text);
	buf_free(&want);
}

/* RFC 3110 section 2: both forms of the exponent's length, leading zeros. */
static void
test_rsa_bits(void **state)
{
	static const struct {
		const char *hex;
		unsigned bits;
	} t[] = {
	    {"03010001ff", 8},
	    {"0301000101", 1},
	    {"030100018000", 16},
	    {"03010001007f00", 15},
	    {"000003010001ffff", 16},
	    {"03010001", 0},
	    {"0301000100", 0},
	    {"ff010001", 0},
	    {"0000", 0},
	    {"00ffff01", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct buf key = BUF_INIT;
		struct dnskey k = {256, 8, NULL, 0};

		assert_int_equal(hex_decode(&key, t[i].hex), 0);
		k.key = key.data;
		k.len = key.len;
		assert_int_equal(dnskey_bits(&k), t[i].bits);
		k.algorithm = 200;
		assert_int_equal(dnskey_bits(&k), 0);
		buf_free(&key);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_vectors),
	    cmocka_unit_test(test_ds_matches),
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_same_key),
	    cmocka_unit_test(test_tag_revoked),
	    cmocka_unit_test(test_random),
	    cmocka_unit_test(test_tag_lengths),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_rsa_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
