/* Key files: PEM of ours, encrypted or not, and BIND's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "hsm/pkcs8.h"
#include "lib/file.h"
#include "lib/hex.h"
#include "lib/parallel.h"
#include "lib/pubkey.h"
#include "lib/xalloc.h"
#include "tests/support/keys.h"
#include "tests/support/token.h"

#define WORKERS 4

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
test_only_for_zsks(void **state)
{
	struct hsm_options o = options();
	struct hsm *h;
	struct error e;

	(void)state;
	o.allow_files = false;
	assert_int_equal(hsm_open(&h, uri, &o, &e), -1);
	assert_non_null(strstr(e.text, "ZSKs only"));
}

static void
test_directories(void **state)
{
	struct hsm_options o = options();
	struct hsm *h;
	struct error e;
	char *file;

	(void)state;
	chmod(dir, 0770);
	assert_int_equal(hsm_open(&h, uri, &o, &e), -1);
	assert_non_null(strstr(e.text, "may write"));
	chmod(dir, 0755);
	h = open_store();
	assert_string_equal(hsm_identity(h)->name, dir);
	assert_string_equal(hsm_identity(h)->serial, "");
	assert_false(hsm_identity(h)->hardware);
	assert_int_equal(hsm_sessions(h), WORKERS);
	hsm_close(h);
	chmod(dir, 0700);
	put("plain", "", 0600);
	file = xasprintf("%s/plain", uri);
	assert_int_equal(hsm_open(&h, file, &o, &e), -1);
	assert_non_null(strstr(e.text, "not a directory"));
	free(file);
	drop("plain");
	o.sessions = 257;
	assert_int_equal(hsm_open(&h, uri, &o, &e), -1);
}

struct job {
	struct hsm_key *key;
	uint8_t algorithm;
};

static int
sign_some(
    void *arg, unsigned worker, size_t first, size_t last, struct error *e)
{
	const struct job *j = arg;

	(void)e;
	for (size_t i = first; i < last; i++)
		test_sign(j->key, j->algorithm, worker);
	return 0;
}

static void
test_all_kinds(void **state)
{
	static const struct {
		uint8_t algorithm;
		unsigned bits, made;
	} kinds[] = {{ALG_RSASHA256, 2048, 2048}, {ALG_RSASHA512, 3072, 3072},
	    {ALG_RSASHA256, 4096, 4096}, {ALG_ECDSAP256SHA256, 0, 256},
	    {ALG_ECDSAP384SHA384, 0, 384}, {ALG_ED25519, 0, 256}};
	struct hsm *h = open_store();
	struct hsm_key_info i;
	struct hsm_key *again;
	struct error e;
	struct stat st;

	(void)state;
	for (size_t n = 0; n < 6; n++) {
		struct job j = {
		    test_generate(h, kinds[n].algorithm, kinds[n].bits, "k1"),
		    kinds[n].algorithm};
		char *path = path_of("k1.6b31.pem");

		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_int_equal(hsm_key_info(j.key, &i, &e), 0);
		assert_int_equal(i.bits, kinds[n].made);
		assert_true(i.has_private && i.extractable);
		assert_false(i.sensitive || i.never_extractable);
		hsm_key_info_free(&i);
		assert_int_equal(
		    parallel(WORKERS, 24, 2, sign_some, &j, &e), 0);
		assert_int_equal(
		    hsm_find(h, (const uint8_t *)"k1", 2, NULL, &again, &e), 0);
		assert_ptr_equal(again, j.key);
		assert_int_equal(hsm_destroy(j.key, &e), 0);
		assert_int_equal(stat(path, &st), -1);
		assert_int_equal(hsm_find(h, NULL, 0, "k1", &again, &e), -1);
		free(path);
	}
	hsm_close(h);
}

static void
test_digests_alternate(void **state)
{
	struct hsm *h = open_store();
	struct hsm_key *k = test_generate(h, ALG_RSASHA256, 2048, "rsa");
	struct error e;
	uint8_t sig[SIGNATURE_MAX];
	size_t n = 255;

	(void)state;
	test_sign(k, ALG_RSASHA256, 0);
	test_sign(k, ALG_RSASHA512, 0);
	test_sign(k, ALG_RSASHA256, 0);
	assert_int_equal(
	    hsm_sign(k, 0, ALG_RSASHA256, sig, 1, sig, &n, &e), -1);
	assert_int_equal(hsm_sign(k, 0, ALG_ED25519, sig, 1, sig, &n, &e), -1);
	assert_int_equal(hsm_destroy(k, &e), 0);
	hsm_close(h);
}

static void
test_labels_in_file_names(void **state)
{
	static const struct {
		const char *label;
		bool good;
	} cases[] = {{"a", true}, {"zsk-2026.1_b+c", true}, {"a/b", false},
	    {"../a", false}, {".a", false}, {"-a", false}, {"a b", false},
	    {"a\xc3\xa4", false}};
	struct hsm *h = open_store();
	struct hsm_key *k;
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct hsm_key_spec s = {ALG_ED25519, 0, cases[i].label,
		    (const uint8_t *)"\x01\xff", 2, false};

		assert_int_equal(
		    hsm_generate(h, &s, &k, &e), cases[i].good ? 0 : -1);
		if (cases[i].good)
			assert_int_equal(hsm_destroy(k, &e), 0);
	}
	hsm_close(h);
}

static void
test_taken_and_ambiguous(void **state)
{
	struct hsm *h = open_store();
	struct hsm_key *k, *x;
	struct error e;
	struct hsm_key_spec s = {
	    ALG_ED25519, 0, "taken", (const uint8_t *)"zz", 2, false};
	char *from, *to;

	(void)state;
	k = test_generate(h, ALG_ED25519, 0, "taken");
	assert_int_equal(hsm_generate(h, &s, &x, &e), -1);
	assert_non_null(strstr(e.text, "there is a key already"));
	from = path_of("taken.74616b656e.pem");
	to = path_of("taken.00.pem");
	assert_int_equal(link(from, to), 0);
	assert_int_equal(hsm_find(h, NULL, 0, "taken", &x, &e), -1);
	assert_non_null(strstr(e.text, "2 private keys match"));
	assert_int_equal(
	    hsm_find(h, (const uint8_t *)"", 1, "taken", &x, &e), 0);
	assert_ptr_not_equal(x, k);
	assert_int_equal(unlink(to), 0);
	assert_int_equal(hsm_destroy(k, &e), 0);
	hsm_close(h);
	free(from);
	free(to);
}

/* What must not be there is refused, not passed over. */
static void
test_bad_files(void **state)
{
	struct hsm *h = open_store();
	struct hsm_key_info *list;
	struct hsm_key *k;
	struct error e;
	char *path, *other;
	size_t n;

	(void)state;
	k = test_generate(h, ALG_ED25519, 0, "k");
	path = path_of("k.6b.pem");
	other = path_of("aside");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(hsm_list(h, &list, &n, &e), -1);
	assert_non_null(strstr(e.text, "expected mode 0600"));
	assert_int_equal(chmod(path, 0604), 0);
	assert_int_equal(hsm_find(h, NULL, 0, "k", &k, &e), -1);
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(hsm_find(h, NULL, 0, "k", &k, &e), 0);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	assert_int_equal(hsm_list(h, &list, &n, &e), -1);
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(hsm_list(h, &list, &n, &e), -1);
	assert_non_null(strstr(e.text, "not a regular file"));
	rmdir(path);
	assert_int_equal(rename(other, path), 0);

	put("noid.pem", "", 0600);
	assert_int_equal(hsm_list(h, &list, &n, &e), -1);
	assert_non_null(strstr(e.text, "LABEL.ID.pem"));
	drop("noid.pem");
	put("x.0.pem", "", 0600); /* half an octet */
	assert_int_equal(hsm_list(h, &list, &n, &e), -1);
	drop("x.0.pem");
	put("x.00.pem", "", 0600);
	assert_int_equal(hsm_list(h, &list, &n, &e), -1);
	put("x.00.pem",
	    "-----BEGIN PRIVATE KEY-----\nAAAA\n"
	    "-----END PRIVATE KEY-----\n",
	    0600);
	assert_int_equal(hsm_list(h, &list, &n, &e), -1);
	assert_non_null(strstr(e.text, "x.00.pem"));
	drop("x.00.pem");
	/* Others are none of ours. */
	put("README", "", 0644);
	put("Kexample.+013+1.key", "", 0644);
	assert_int_equal(hsm_list(h, &list, &n, &e), 0);
	assert_int_equal(n, 1);
	hsm_key_info_free(&list[0]);
	free(list);
	drop("README");
	drop("Kexample.+013+1.key");
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(hsm_destroy(k, &e), 0);
	hsm_close(h);
	free(path);
	free(other);
}

static void
test_file_of_the_largest_size(void **state)
{
	struct buf text = BUF_INIT, out = BUF_INIT;
	struct error e;
	char *path;

	(void)state;
	for (int i = 0; i < KEY_FILE_MAX; i++)
		buf_u8(&text, 'a');
	put("large", buf_cstr(&text), 0600);
	path = path_of("large");
	assert_int_equal(key_file_read(&out, path, &e), 0);
	assert_int_equal(out.len, KEY_FILE_MAX);
	buf_u8(&text, 'a');
	put("large", buf_cstr(&text), 0600);
	buf_wipe(&out);
	assert_int_equal(key_file_read(&out, path, &e), -1);
	assert_non_null(strstr(e.text, "over 16384 octets"));
	buf_wipe(&out);
	buf_free(&text);
	drop("large");
	free(path);
}

static void
test_encrypted(void **state)
{
	struct hsm_options o = options();
	struct buf text = BUF_INIT, der = BUF_INIT;
	struct secret pass = SECRET_INIT;
	struct hsm *h;
	struct hsm_key *k;
	struct error e;
	uint8_t algorithm;
	char *pin, *with, *path;

	(void)state;
	pin = xasprintf("%s.pin", dir);
	test_write(pin, "correct horse\n", 0600);
	with = xasprintf("%s?pin-source=file:%s", uri, pin);
	h = test_open(with, &o);
	k = test_generate(h, ALG_ECDSAP256SHA256, 0, "sealed");
	test_sign(k, ALG_ECDSAP256SHA256, 0);
	hsm_close(h);
	path = path_of("sealed.7365616c6564.pem");
	assert_int_equal(file_read(&text, path, 4096, &e), 0);
	assert_non_null(strstr(buf_cstr(&text), "ENCRYPTED PRIVATE KEY"));
	h = test_open(with, &o);
	assert_int_equal(hsm_find(h, NULL, 0, "sealed", &k, &e), 0);
	test_sign(k, ALG_ECDSAP256SHA256, 0);
	hsm_close(h);

	h = open_store();
	assert_int_equal(hsm_find(h, NULL, 0, "sealed", &k, &e), -1);
	assert_non_null(strstr(e.text, "there is no passphrase"));
	hsm_close(h);
	test_write(pin, "wrong horse\n", 0600);
	h = test_open(with, &o);
	assert_int_equal(hsm_find(h, NULL, 0, "sealed", &k, &e), -1);
	assert_non_null(strstr(e.text, "wrong passphrase"));
	hsm_close(h);
	test_write(pin, "correct horse\n", 0644);
	assert_int_equal(hsm_open(&h, with, &o, &e), -1);
	assert_non_null(strstr(e.text, pin));

	assert_int_equal(
	    hsm_read_key_file(path, NULL, &der, &algorithm, &e), -1);
	secret_set(&pass, "correct horse", 13);
	assert_int_equal(
	    hsm_read_key_file(path, &pass, &der, &algorithm, &e), 0);
	assert_int_equal(algorithm, 0);
	assert_true(der.len > 0);
	secret_clear(&pass);
	buf_wipe(&der);
	buf_free(&text);
	unlink(path);
	unlink(pin);
	free(path);
	free(pin);
	free(with);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_only_for_zsks),
	    cmocka_unit_test(test_directories),
	    cmocka_unit_test(test_all_kinds),
	    cmocka_unit_test(test_digests_alternate),
	    cmocka_unit_test(test_labels_in_file_names),
	    cmocka_unit_test(test_taken_and_ambiguous),
	    cmocka_unit_test(test_bad_files),
	    cmocka_unit_test(test_file_of_the_largest_size),
	    cmocka_unit_test(test_encrypted),
	};

	return cmocka_run_group_tests_name("hsm_keyfile", tests, begin, end);
}
