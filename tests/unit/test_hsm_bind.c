/* BIND's private key files, with the vectors of the RFCs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "hsm/hsm.h"
#include "hsm/pkcs8.h"
#include "lib/hex.h"
#include "lib/xalloc.h"
#include "tests/support/keys.h"
#include "tests/support/token.h"

#define WORKERS 2

/* RFC 5702 section 6.1, RFC 6605 section 6, RFC 8080 section 6. */
static const struct {
	const char *name;
	uint8_t algorithm;
	const char *text;
	const char *public_key;
} vectors[] = {
    {"Kexample.net.+008+09033", ALG_RSASHA256,
	"Private-key-format: v1.2\n"
	"Algorithm:       8 (RSASHA256)\n"
	"Modulus:         wVwaxrHF2CK64aYKRUibLiH30KpPuPBjel7E8ZydQW1HYWHfoG"
	"midzC2RnhwCC293hCzw+TFR2nqn8OVSY5t2Q==\n"
	"PublicExponent:  AQAB\n"
	"PrivateExponent: UR44xX6zB3eaeyvTRzmskHADrPCmPWnr8dxsNwiDGHzrMKLN+i"
	"/HAam+97HxIKVWNDH2ba9Mf1SA8xu9dcHZAQ==\n"
	"Prime1:          4c8IvFu1AVXGWeFLLFh5vs7fbdzdC6U82fduE6KkSWk=\n"
	"Prime2:          2zZpBE8ZXVnL74QjG4zINlDfH+EOEtjJJ3RtaYDugvE=\n"
	"Exponent1:       G2xAPfK0KGxGANDVNxd1K1c9wOmmJ51mGbzKFFNMFFk=\n"
	"Exponent2:       GYxP1Pa7CAwtHm8SAGX594qZVofOMhgd6YFCNyeVpKE=\n"
	"Coefficient:     icQdNRjlZGPmuJm2TIadubcO8X7V4y07aVhX464tx8Q=\n",
	"AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgt"
	"vd4Qs8PkxUdp6p/DlUmObdk="},
    {"Kexample.net.+013+55648", ALG_ECDSAP256SHA256,
	"Private-key-format: v1.2\n"
	"Algorithm: 13 (ECDSAP256SHA256)\n"
	"PrivateKey: GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=\n",
	"GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MA"
	"nLr+Wi9xMWyQLc8NAA=="},
    {"Kexample.net.+014+10771", ALG_ECDSAP384SHA384,
	"Private-key-format: v1.2\n"
	"Algorithm: 14 (ECDSAP384SHA384)\n"
	"PrivateKey: WURgWHCcYIYUPWgeLmiPY2DJJk02vgrmTfitxgqcL4vwW7BOrbawVmVe"
	"0d9V94SR\n",
	"xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ"
	"6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40"},
    {"Kexample.com.+015+03613", ALG_ED25519,
	"Private-key-format: v1.2\n"
	"Algorithm: 15 (ED25519)\n"
	"PrivateKey: ODIyNjAzODQ2MjgwODAxMjI2NDUxOTAyMDQxNDIyNjI=\n",
	"l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4="},
};

#define N_VECTORS (sizeof vectors / sizeof vectors[0])

static char dir[64];
static char *uri;

static int
begin(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/rz-test.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	uri = xasprintf("file:%s", dir);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	free(uri);
	test_remove(dir);
	return 0;
}

static struct hsm_options
options(void)
{
	struct hsm_options o = test_options();

	o.allow_files = true;
	o.sessions = WORKERS;
	return o;
}

static struct hsm *
open_store(void)
{
	struct hsm_options o = options();

	return test_open(uri, &o);
}

static char *
path_of(const char *name)
{
	return xasprintf("%s/%s", dir, name);
}

static void
put(const char *name, const char *text, unsigned mode)
{
	char *path = path_of(name);

	test_write(path, text, mode);
	free(path);
}

static void
drop(const char *name)
{
	char *path = path_of(name);

	assert_int_equal(unlink(path), 0);
	free(path);
}

static void
test_bind_vectors(void **state)
{
	struct hsm *h;
	struct hsm_key *k, *by_id;
	struct hsm_key_info i;
	struct buf want = BUF_INIT, der = BUF_INIT;
	uint8_t hash[SHA256_SIZE], algorithm;
	struct error e = ERROR_INIT;

	(void)state;
	for (size_t n = 0; n < N_VECTORS; n++) {
		char *name = xasprintf("%s.private", vectors[n].name);
		char *path = path_of(name);

		put(name, vectors[n].text, 0600);
		h = open_store();
		if (hsm_find(h, NULL, 0, vectors[n].name, &k, &e) == -1)
			fail_msg("%s", e.text);
		assert_int_equal(hsm_key_info(k, &i, &e), 0);
		buf_clear(&want);
		assert_int_equal(base64_decode(&want, vectors[n].public_key,
				     strlen(vectors[n].public_key)),
		    0);
		assert_int_equal(i.public_key.len, want.len);
		assert_memory_equal(i.public_key.data, want.data, want.len);
		sha256(hash, want.data, want.len);
		assert_int_equal(i.id_len, 20);
		assert_memory_equal(i.id, hash, 20);
		test_sign(k, vectors[n].algorithm, 1);
		assert_int_equal(hsm_find(h, hash, 20, NULL, &by_id, &e), 0);
		assert_ptr_equal(by_id, k);
		assert_int_equal(
		    hsm_read_key_file(path, NULL, &der, &algorithm, &e), 0);
		assert_int_equal(algorithm, vectors[n].algorithm);
		buf_wipe(&der);
		assert_int_equal(hsm_destroy(k, &e), 0);
		assert_int_equal(access(path, F_OK), -1);
		hsm_key_info_free(&i);
		hsm_close(h);
		free(name);
		free(path);
	}
	buf_free(&want);
}

/* RFC 5702 section 6.1: the signature over www.example.net A. */
static void
test_rfc5702_signature(void **state)
{
	static const uint8_t signed_data[] =
	    "\x00\x01\x08\x03\x00\x00\x0e\x10"
	    "\x70\xdb\xd8\x80\x38\x6d\x43\x80\x23\x49"
	    "\x07"
	    "example\x03"
	    "net\x00"
	    "\x03"
	    "www\x07"
	    "example\x03"
	    "net\x00"
	    "\x00\x01\x00\x01\x00\x00\x0e\x10\x00\x04\xc0\x00\x02\x5b";
	static const char want[] =
	    "kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4te"
	    "Yp5VE9RncriShZNz85mwlMgNEacFYK/lPtPiVYP4bwg==";
	struct buf b = BUF_INIT;
	uint8_t sig[SIGNATURE_MAX];
	size_t n = sizeof sig;
	struct hsm *h;
	struct hsm_key *k;
	struct error e;

	(void)state;
	put("Kexample.net.+008+09033.private", vectors[0].text, 0600);
	h = open_store();
	assert_int_equal(hsm_find(h, NULL, 0, vectors[0].name, &k, &e), 0);
	assert_int_equal(hsm_sign(k, 0, ALG_RSASHA256, signed_data,
			     sizeof signed_data - 1, sig, &n, &e),
	    0);
	assert_int_equal(base64_decode(&b, want, sizeof want - 1), 0);
	assert_int_equal(n, b.len);
	assert_memory_equal(sig, b.data, n);
	assert_int_equal(hsm_destroy(k, &e), 0);
	hsm_close(h);
	buf_free(&b);
}

/* RFC 8080 section 6.1 (with erratum 4935): example.com MX. */
static void
test_rfc8080_signature(void **state)
{
	static const uint8_t signed_data[] =
	    "\x00\x0f\x0f\x02\x00\x00\x0e\x10"
	    "\x55\xd4\xfc\x60\x55\xb9\x4c\xe0\x0e\x1d"
	    "\x07"
	    "example\x03"
	    "com\x00"
	    "\x07"
	    "example\x03"
	    "com\x00"
	    "\x00\x0f\x00\x01\x00\x00\x0e\x10\x00\x14\x00\x0a"
	    "\x04"
	    "mail\x07"
	    "example\x03"
	    "com\x00";
	static const char want[] =
	    "oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQe"
	    "RAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==";
	struct buf b = BUF_INIT;
	uint8_t sig[SIGNATURE_MAX];
	size_t n = sizeof sig;
	struct hsm *h;
	struct hsm_key *k;
	struct error e;

	(void)state;
	put("Kexample.com.+015+03613.private", vectors[3].text, 0600);
	h = open_store();
	assert_int_equal(hsm_find(h, NULL, 0, vectors[3].name, &k, &e), 0);
	assert_int_equal(hsm_sign(k, 0, ALG_ED25519, signed_data,
			     sizeof signed_data - 1, sig, &n, &e),
	    0);
	assert_int_equal(base64_decode(&b, want, sizeof want - 1), 0);
	assert_int_equal(n, b.len);
	assert_memory_equal(sig, b.data, n);
	assert_int_equal(hsm_destroy(k, &e), 0);
	hsm_close(h);
	buf_free(&b);
}

static void
test_bad_bind_files(void **state)
{
	static const char *const bad[] = {
	    "Private-key-format: v1.2\n",
	    "Private-key-format: v1.2\nAlgorithm: 13 (X)\n",
	    /* one octet short, one too long, no base64, twice */
	    "Private-key-format: v1.2\nAlgorithm: 15\nPrivateKey: "
	    "ODIyNjAzODQ2MjgwODAxMjI2NDUxOTAyMDQxNDIyNg==\n",
	    "Private-key-format: v1.2\nAlgorithm: 15\nPrivateKey: "
	    "ODIyNjAzODQ2MjgwODAxMjI2NDUxOTAyMDQxNDIyNjIy\n",
	    "Private-key-format: v1.2\nAlgorithm: 15\nPrivateKey: !!!!\n",
	    "Private-key-format: v1.2\nAlgorithm: 15\nAlgorithm: 15\n",
	    /* other algorithms; a key of another kind than it says */
	    "Private-key-format: v1.2\nAlgorithm: 5\nPrivateKey: AAAA\n",
	    "Private-key-format: v1.2\nAlgorithm: 999\nPrivateKey: AAAA\n",
	    "Private-key-format: v1.2\nAlgorithm: 8\nPrivateKey: "
	    "ODIyNjAzODQ2MjgwODAxMjI2NDUxOTAyMDQxNDIyNjI=\n",
	    /* in an HSM; unknown */
	    "Private-key-format: v1.3\nAlgorithm: 8\nLabel: cGtjczEx\n",
	    "Private-key-format: v1.3\nAlgorithm: 8\nColour: AAAA\n",
	    "Private-key-format: v1.3\nno colon\n",
	};
	struct buf der = BUF_INIT;
	uint8_t algorithm;
	struct error e;
	char *path = path_of("Kbad.private");

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		put("Kbad.private", bad[i], 0600);
		if (hsm_read_key_file(path, NULL, &der, &algorithm, &e) == 0)
			fail_msg("read: %s", bad[i]);
		assert_non_null(strstr(e.text, "Kbad.private"));
		/* No secret gets into a message. */
		assert_null(strstr(e.text, "ODIyNj"));
		assert_int_equal(der.len, 0);
	}
	drop("Kbad.private");
	free(path);
}

/* A number of the key that does not belong to the rest. */
static void
test_halves_that_differ(void **state)
{
	struct hsm_key_spec s = {
	    ALG_RSASHA256, 2048, "bad", (const uint8_t *)"b", 1, false};
	struct hsm *h = open_store();
	struct hsm_key *k;
	struct buf der = BUF_INIT;
	uint8_t algorithm;
	struct error e;
	char *text = test_bind_rsa(2048), *other = test_bind_rsa(2048);
	char *path = path_of("Kmixed.private");
	char *a = strstr(text, "\nPrivateExponent"), *b;

	(void)state;
	b = strstr(other, "\nPrivateExponent");
	*a = '\0';
	a = xasprintf("%s%s", text, b);
	put("Kmixed.private", a, 0600);
	assert_int_equal(
	    hsm_read_key_file(path, NULL, &der, &algorithm, &e), 0);
	assert_int_equal(hsm_import(h, &s, &der, &k, &e), -1);
	assert_non_null(strstr(e.text, "do not belong together"));
	drop("Kmixed.private");
	hsm_close(h);
	buf_wipe(&der);
	free(a);
	free(text);
	free(other);
	free(path);
}

static void
test_import_bind(void **state)
{
	struct hsm_key_spec s = {
	    ALG_RSASHA256, 2048, "in", (const uint8_t *)"in", 2, false};
	struct hsm *h = open_store();
	struct hsm_key *k;
	struct hsm_key_info i;
	struct buf der = BUF_INIT;
	EVP_PKEY *pkey;
	uint8_t algorithm;
	struct error e = ERROR_INIT;
	char *text = test_bind_rsa(2048);
	char *path = xasprintf("%s.private", dir);

	(void)state;
	test_write(path, text, 0600);
	if (hsm_read_key_file(path, NULL, &der, &algorithm, &e) == -1)
		fail_msg("%s", e.text);
	assert_int_equal(algorithm, ALG_RSASHA256);
	assert_int_equal(pkcs8_decode(&pkey, &der, &e), 0);
	if (hsm_import(h, &s, &der, &k, &e) == -1)
		fail_msg("%s", e.text);
	test_sign(k, ALG_RSASHA256, 0);
	assert_int_equal(hsm_key_info(k, &i, &e), 0);
	assert_int_equal(i.public_key.len, 260);
	hsm_key_info_free(&i);
	assert_int_equal(hsm_destroy(k, &e), 0);
	hsm_close(h);
	EVP_PKEY_free(pkey);
	buf_wipe(&der);
	unlink(path);
	free(path);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bind_vectors),
	    cmocka_unit_test(test_rfc5702_signature),
	    cmocka_unit_test(test_rfc8080_signature),
	    cmocka_unit_test(test_bad_bind_files),
	    cmocka_unit_test(test_halves_that_differ),
	    cmocka_unit_test(test_import_bind),
	};

	return cmocka_run_group_tests_name("hsm_bind", tests, begin, end);
}
