#include "key_fixture.h"

#include <openssl/x509.h>

#include "keytool/import.h"

static char path[160];

static struct import
order(struct bench *t, const struct tokens *ts, const char *name)
{
	unsigned char *der = NULL;
	EVP_PKEY *p = fake_pair();
	int len = i2d_PrivateKey(p, &der);
	FILE *fp;

	snprintf(path, sizeof path, "%s/%s", t->f->dir, name);
	fp = fopen(path, "w");
	assert_non_null(fp);
	assert_int_equal(fwrite(der, 1, (size_t)len, fp), (size_t)len);
	fclose(fp);
	OPENSSL_free(der);
	EVP_PKEY_free(p);
	return (struct import){.record = t->record, .tokens = ts,
	    .keys = bench_keys(t), .role = KEY_ZSK,
	    .algorithm = ALG_ED25519, .path = path};
}

static void
test_imported(void **state)
{
	struct bench *t = *state;
	struct import im = order(t, &t->two, "key");
	struct buf pkcs8 = BUF_INIT;
	struct key k;

	im.label = "mine";
	if (import_read(&im, &k, &pkcs8, &t->e) == -1)
		fail_msg("%s", t->e.text);
	assert_int_equal(fake_count(&t->a), 0);
	if (import_key(&im, &k, &pkcs8, &t->e) == -1)
		fail_msg("%s", t->e.text);
	assert_int_equal(fake_count(&t->a), 1);
	assert_int_equal(fake_count(&t->b), 1);
	assert_string_equal(t->b.key[0].label, "mine");
	assert_int_equal(bench_keys(t)->n, 1);
	assert_string_equal(t->keys.key[0].id, k.id);
	assert_int_equal(bench_events(t), 2);
	key_free(&k);
	buf_wipe(&pkcs8);
	/* The same file again. */
	im.keys = &t->keys;
	im.label = NULL;
	bench_refused(t, import_read(&im, &k, &pkcs8, &t->e), STATUS_NO,
	    "the state has this key");
	key_free(&k);
	buf_wipe(&pkcs8);
}

/* The second token refuses: nothing stays in the first. */
static void
test_undone(void **state)
{
	struct bench *t = *state;
	const struct import im = order(t, &t->two, "key");
	struct buf pkcs8 = BUF_INIT;
	struct key k;

	t->b.no_import = true;
	assert_int_equal(import_read(&im, &k, &pkcs8, &t->e), 0);
	bench_refused(t, import_key(&im, &k, &pkcs8, &t->e), STATUS_TROUBLE,
	    "token second: no room");
	assert_int_equal(fake_count(&t->a) + fake_count(&t->b), 0);
	t->b.no_import = false;
	t->b.lies = true;
	bench_refused(t, import_key(&im, &k, &pkcs8, &t->e), STATUS_TROUBLE,
	    "token second holds another private key");
	assert_int_equal(fake_count(&t->a) + fake_count(&t->b), 0);
	/* What cannot be taken back is told. */
	t->a.no_destroy = true;
	bench_refused(t, import_key(&im, &k, &pkcs8, &t->e), STATUS_TROUBLE,
	    "is left in a token");
	assert_int_equal(bench_keys(t)->n, 0);
	key_free(&k);
	buf_wipe(&pkcs8);
}

static void
test_refused(void **state)
{
	struct bench *t = *state;
	struct import im = order(t, &t->one, "key.rsa");
	struct buf pkcs8 = BUF_INIT;
	struct key k;

	bench_refused(t, import_read(&im, &k, &pkcs8, &t->e), STATUS_TROUBLE,
	    "one for RSASHA256, the policy asks for ED25519");
	buf_wipe(&pkcs8);
	im = order(t, &t->one, "key");
	im.algorithm = ALG_RSASHA256;
	bench_refused(t, import_read(&im, &k, &pkcs8, &t->e), STATUS_TROUBLE,
	    "for RSASHA256");
	buf_wipe(&pkcs8);
	im.algorithm = ALG_RSASHA1;
	bench_refused(t, import_read(&im, &k, &pkcs8, &t->e), STATUS_TROUBLE,
	    "no keys are used with it");
	buf_wipe(&pkcs8);
	im.algorithm = ALG_ED25519;
	im.label = "no good";
	bench_refused(t, import_read(&im, &k, &pkcs8, &t->e), STATUS_TROUBLE,
	    "label");
	key_free(&k);
	buf_wipe(&pkcs8);
	im.path = "/nonexistent/key";
	bench_refused(t, import_read(&im, &k, &pkcs8, &t->e), STATUS_TROUBLE,
	    "/nonexistent/key");
	assert_int_equal(fake_count(&t->a), 0);
	key_free(&k);
	buf_wipe(&pkcs8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BENCH_TEST(test_imported),
	    BENCH_TEST(test_undone),
	    BENCH_TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
