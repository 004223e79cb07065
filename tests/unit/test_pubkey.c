#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "lib/algorithm.h"
#include "lib/hex.h"
#include "lib/pubkey.h"
#include "lib/utc.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* The examples of the RFCs: a key, an RRset of one record, its RRSIG. */
static const struct vector {
	const char *rfc;
	uint8_t algorithm;
	unsigned bits;
	const char *key;
	uint8_t labels;
	uint16_t type;
	const char *expiration, *inception;
	uint16_t tag;
	const char *signer, *owner; /* label by label, each before a point */
	const char *rdata;	    /* hexadecimal */
	const char *signature;
} vectors[] = {
    {"RFC 5702 6.1", 8, 512,
	"AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4"
	"cAgtvd4Qs8PkxUdp6p/DlUmObdk=",
	3, 1, "20300101000000", "20000101000000", 9033, "example.net.",
	"www.example.net.", "c000025b",
	"kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwl"
	"MgNEacFYK/lPtPiVYP4bwg=="},
    {"RFC 5702 6.2", 10, 1024,
	"AwEAAdHoNTOW+et86KuJOWRDp1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnj"
	"JQujX/AyhqFDxj13tOnD9u/1kTg7cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8g"
	"pMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL",
	3, 1, "20300101000000", "20000101000000", 3740, "example.net.",
	"www.example.net.", "c000025b",
	"tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDt"
	"suJRaeUw1ep94PzEWzr0iGYgZBWm/zpq+9fOuagYJRfDqfReKBzMweOLDiNa8iP5"
	"g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk0fthPgxdDLw="},
    {"RFC 6605 6.1", 13, 256,
	"GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+"
	"e+MAnLr+Wi9xMWyQLc8NAA==",
	3, 1, "20100909100439", "20100812100439", 55648, "example.net.",
	"www.example.net.", "c0000201",
	"qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLB"
	"LlUzGGus7ZwmwWep666VCw=="},
    {"RFC 6605 6.2", 14, 384,
	"xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RC"
	"OpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40",
	3, 1, "20100909102025", "20100812102025", 10771, "example.net.",
	"www.example.net.", "c0000201",
	"/L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFax"
	"sT8Glr74hbavRKayJNuydCuzWTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm"},
    {"RFC 8080 6.1 first", 15, 256,
	"l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=", 2, 15, "20150819220000",
	"20150729220000", 3613, "example.com.", "example.com.",
	"000a046d61696c076578616d706c6503636f6d00",
	"oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M"
	"3e23mRZ9VrbpMngwcrqNAg=="},
    {"RFC 8080 6.1 second", 15, 256,
	"zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=", 2, 15, "20150819220000",
	"20150729220000", 35217, "example.com.", "example.com.",
	"000a046d61696c076578616d706c6503636f6d00",
	"zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQoSm5p"
	"oJ7gD7AQR0O7KuI5k2pcBg=="},
    {"RFC 8080 6.2 first", 16, 456,
	"3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx1FYYU"
	"cJKm1MDpJtIA",
	2, 15, "20150819220000", "20150729220000", 9713, "example.com.",
	"example.com.", "000a046d61696c076578616d706c6503636f6d00",
	"3cPAHkmlnxcDHMyg7vFC34l0blBhuG1qpwLmjInI8w1CMB29FkEAIJUA0amxWndk"
	"mnBZ6SKiwZSAxGILn/NBtOXft0+Gj7FSvOKxE/07+4RQvE581N3Aj/JtIyaiYVdn"
	"YtyMWbSNyGEY2213WKsJlwEA"},
    {"RFC 8080 6.2 second", 16, 456,
	"kkreGWoccSDmUBGAe7+zsbG6ZAFQp+syPmYUurBRQc3tDjeMCJcVMRDmgcNLp5Hl"
	"HAMy12VoISsA",
	2, 15, "20150819220000", "20150729220000", 38353, "example.com.",
	"example.com.", "000a046d61696c076578616d706c6503636f6d00",
	"E1/oLjSGIbmLny/4fcgM1z4oL6aqo+izT3urCyHyvEp4Sp8Syg1eI+lJ57CSnZqj"
	"JP41O/9l4m0AsQ4f7qI1gVnML8vWWiyW2KXhT9kuAICUSxv5OWbf81Rq7Yu60npa"
	"bODB0QFPb/rkW3kUZmQ0YQUA"},
};

static void
name_add(struct buf *b, const char *name)
{
	while (*name != '\0') {
		size_t len = strcspn(name, ".");

		buf_u8(b, (uint8_t)len);
		buf_add(b, name, len);
		name += len + 1;
	}
	buf_u8(b, 0);
}

static uint32_t
wire_time(const char *digits)
{
	struct error e = ERROR_INIT;
	int64_t t;

	assert_int_equal(utc_parse(&t, digits, &e), 0);
	return utc_to_wire(t);
}

/* RFC 4034 section 3.1.8.1: RRSIG RDATA without the signature, and the RR. */
static void
signed_octets(struct buf *b, const struct vector *v)
{
	struct buf rdata = BUF_INIT;

	buf_u16(b, v->type);
	buf_u8(b, v->algorithm);
	buf_u8(b, v->labels);
	buf_u32(b, 3600);
	buf_u32(b, wire_time(v->expiration));
	buf_u32(b, wire_time(v->inception));
	buf_u16(b, v->tag);
	name_add(b, v->signer);
	name_add(b, v->owner);
	buf_u16(b, v->type);
	buf_u16(b, 1);
	buf_u32(b, 3600);
	assert_int_equal(hex_decode(&rdata, v->rdata), 0);
	buf_u16(b, (uint16_t)rdata.len);
	buf_add(b, rdata.data, rdata.len);
	buf_free(&rdata);
}

static void
base64_get(struct buf *b, const char *text)
{
	assert_int_equal(base64_decode(b, text, strlen(text)), 0);
}

static struct verifier *
verifier_get(uint8_t algorithm, const struct buf *key)
{
	struct error e = ERROR_INIT;
	struct verifier *v = NULL;

	if (verifier_new(&v, algorithm, key->data, key->len, &e) != 0)
		fail_msg("%s", e.text);
	return v;
}

static bool
check(struct verifier *v, const struct buf *data, const struct buf *sig)
{
	bool yes =
	    verifier_check(v, data->data, data->len, sig->data, sig->len) == 1;

	assert_int_equal(ERR_peek_error(), 0);
	return yes;
}

/*
 * Every bit of the signature in turn, a bit of the data, each wrong length;
 * and after each of them the right one still passes.
 */
static void
check_closely(struct verifier *v, struct buf *data, struct buf *sig)
{
	assert_true(check(v, data, sig));
	for (size_t bit = 0; bit < sig->len * 8; bit += 5) {
		sig->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (check(v, data, sig))
			fail_msg("bit %zu of the signature flipped", bit);
		sig->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (bit % 7 == 0)
			assert_true(check(v, data, sig));
	}
	for (size_t i = 0; i < data->len; i += 9) {
		data->data[i] ^= 0x20;
		assert_false(check(v, data, sig));
		data->data[i] ^= 0x20;
	}
	data->len--;
	assert_false(check(v, data, sig));
	data->len = 0;
	assert_false(check(v, data, sig));
}

static void
check_lengths(struct verifier *v, const struct buf *data, struct buf *sig)
{
	size_t len = sig->len;

	buf_u8(sig, 0);
	assert_false(check(v, data, sig));
	sig->len = len - 1;
	assert_false(check(v, data, sig));
	sig->len = 0;
	assert_false(check(v, data, sig));
	sig->len = len;
	assert_true(check(v, data, sig));
	memset(sig->data, 0, len);
	assert_false(check(v, data, sig));
	memset(sig->data, 0xff, len);
	assert_false(check(v, data, sig));
}

static void
rfc_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		struct buf key = BUF_INIT, sig = BUF_INIT, data = BUF_INIT;
		struct verifier *v, *w;
		size_t len;

		base64_get(&key, vectors[i].key);
		base64_get(&sig, vectors[i].signature);
		signed_octets(&data, &vectors[i]);
		len = data.len;
		v = verifier_get(vectors[i].algorithm, &key);
		if (!check(v, &data, &sig))
			fail_msg("%s", vectors[i].rfc);
		assert_int_equal(verifier_bits(v), vectors[i].bits);
		assert_int_equal(verifier_exponent(v),
		    vectors[i].algorithm <= 10 ? 65537 : 0);
		w = verifier_dup(v);
		check_closely(v, &data, &sig);
		verifier_free(v);
		data.len = len;
		check_lengths(w, &data, &sig);
		verifier_free(w);
		buf_free(&key);
		buf_free(&sig);
		buf_free(&data);
	}
}

/* The signature of one key does not pass with the other of the example. */
static void
other_key(void **state)
{
	struct buf key = BUF_INIT, sig = BUF_INIT, data = BUF_INIT;
	struct verifier *v;

	(void)state;
	base64_get(&key, vectors[5].key);
	base64_get(&sig, vectors[4].signature);
	signed_octets(&data, &vectors[4]);
	v = verifier_get(15, &key);
	assert_false(check(v, &data, &sig));
	verifier_free(v);
	buf_free(&key);
	buf_free(&sig);
	buf_free(&data);
}

static void
sign(struct buf *sig, EVP_PKEY *key, const struct algorithm *a,
    const struct buf *data)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t out[SIGNATURE_MAX], raw[SIGNATURE_MAX];
	size_t len = sizeof out;

	assert_int_equal(
	    EVP_DigestSignInit_ex(ctx, NULL, a->digest, NULL, NULL, key, NULL),
	    1);
	assert_int_equal(
	    EVP_DigestSign(ctx, out, &len, data->data, data->len), 1);
	EVP_MD_CTX_free(ctx);
	buf_clear(sig);
	if (a->family == FAMILY_ECDSA) {
		assert_int_equal(
		    ecdsa_der_to_raw(out, len, a->signature / 2, raw), 0);
		buf_add(sig, raw, a->signature);
	} else {
		buf_add(sig, out, len);
	}
}

static EVP_PKEY *
key_generate(const struct algorithm *a, size_t bits)
{
	EVP_PKEY *key;

	if (a->family == FAMILY_RSA)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits);
	else if (a->family == FAMILY_ECDSA)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", a->curve);
	else
		key = EVP_PKEY_Q_keygen(NULL, NULL, a->curve);
	assert_non_null(key);
	return key;
}

/* Many different messages by one context, and by its duplicate in turn. */
static void
reuse(EVP_PKEY *key, const struct algorithm *a, struct verifier *v)
{
	struct verifier *w = verifier_dup(v);
	struct buf data = BUF_INIT, sig = BUF_INIT;

	for (unsigned i = 0; i < 24; i++) {
		buf_u32(&data, i);
		sign(&sig, key, a, &data);
		assert_true(check(i % 2 ? v : w, &data, &sig));
		buf_u8(&data, 1);
		assert_false(check(i % 3 ? v : w, &data, &sig));
	}
	verifier_free(w);
	buf_free(&data);
	buf_free(&sig);
}

static const struct {
	uint8_t algorithm;
	unsigned bits;
} made[] = {{5, 1024}, {7, 1024}, {8, 512}, {8, 1024}, {8, 2048}, {10, 1024},
    {10, 2048}, {13, 256}, {14, 384}, {15, 256}, {16, 456}};

/* Keys as OpenSSL makes them, through the DNSKEY form and back. */
static void
made_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(made); i++) {
		const struct algorithm *a =
		    algorithm_by_number(made[i].algorithm);
		EVP_PKEY *key = key_generate(a, made[i].bits);
		struct buf octets = BUF_INIT;
		struct error e = ERROR_INIT;
		struct verifier *v;

		assert_int_equal(pubkey_encode(&octets, a->number, key, &e), 0);
		if (a->key != 0)
			assert_int_equal(octets.len, a->key);
		v = verifier_get(a->number, &octets);
		assert_int_equal(verifier_bits(v), made[i].bits);
		reuse(key, a, v);
		verifier_free(v);
		buf_free(&octets);
		EVP_PKEY_free(key);
	}
}

/* A key is encoded only for an algorithm that it fits. */
static void
encode_refused(void **state)
{
	struct buf octets = BUF_INIT;
	struct error e = ERROR_INIT;
	EVP_PKEY *odd = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "secp256k1");

	(void)state;
	for (size_t i = 6; i < COUNT(made); i++) {
		const struct algorithm *a =
		    algorithm_by_number(made[i].algorithm);
		EVP_PKEY *key = key_generate(a, made[i].bits);

		for (unsigned n = 0; n <= 255; n++) {
			const struct algorithm *b =
			    algorithm_by_number((uint8_t)n);

			if (b == a || (b != NULL && b->family == FAMILY_RSA &&
					  a->family == FAMILY_RSA))
				continue;
			assert_int_equal(
			    pubkey_encode(&octets, (uint8_t)n, key, &e), -1);
			assert_int_equal(octets.len, 0);
		}
		EVP_PKEY_free(key);
	}
	assert_int_equal(pubkey_encode(&octets, 13, odd, &e), -1);
	assert_int_equal(ERR_peek_error(), 0);
	EVP_PKEY_free(odd);
	buf_free(&octets);
}

static void
encode_rsa(void **state)
{
	static const uint8_t e[] = {0, 0, 1, 0, 1}, n[] = {0, 0xab, 0xcd};
	uint8_t long_e[300] = {0};
	struct buf b = BUF_INIT;

	(void)state;
	pubkey_encode_rsa(&b, e, sizeof e, n, sizeof n);
	assert_int_equal(b.len, 6);
	assert_memory_equal(b.data, "\x03\x01\x00\x01\xab\xcd", 6);
	buf_clear(&b);
	memset(long_e + 1, 0xee, sizeof long_e - 1);
	pubkey_encode_rsa(&b, long_e, 256, n, sizeof n);
	assert_int_equal(b.len, 1 + 255 + 2);
	assert_memory_equal(b.data, "\xff\xee", 2);
	buf_clear(&b);
	pubkey_encode_rsa(&b, long_e, 257, n, sizeof n);
	assert_int_equal(b.len, 3 + 256 + 2);
	assert_memory_equal(b.data, "\x00\x01\x00\xee", 4);
	assert_memory_equal(b.data + 3 + 256, "\xab\xcd", 2);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rfc_vectors),
	    cmocka_unit_test(other_key),
	    cmocka_unit_test(made_keys),
	    cmocka_unit_test(encode_refused),
	    cmocka_unit_test(encode_rsa),
	};

	return cmocka_run_group_tests_name("pubkey", tests, NULL, NULL);
}
