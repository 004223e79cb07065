/* Opening a store: PINs, tokens and modules that are not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "hsm/hsm.h"
#include "hsm/patience.h"
#include "lib/clock.h"
#include "lib/xalloc.h"
#include "tests/support/keys.h"
#include "tests/support/token.h"

static struct test_tokens tokens;

static int
begin(void **state)
{
	(void)state;
	if (test_softhsm() == NULL)
		return 0;
	test_tokens_begin(&tokens);
	patience_limits(10, 40, 400);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	if (test_softhsm() != NULL)
		test_tokens_end(&tokens);
	return 0;
}

static char *
token(const char *label)
{
	return test_token_add(&tokens, label, test_shim());
}

static void
test_token_attributes(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *h;
	char serial[64];
	char *uri, *other;

	TEST_NEEDS_SOFTHSM();
	uri = token("attributes");
	h = test_open(uri, &o);
	snprintf(serial, sizeof serial, "%s", hsm_identity(h)->serial);
	hsm_close(h);
	other = xasprintf("pkcs11:serial=%s;manufacturer=SoftHSM%%20project;"
			  "model=SoftHSM%%20v2?module-path=%s&pin-source=%s",
	    serial, test_shim(), tokens.pin);
	h = test_open(other, &o);
	assert_string_equal(hsm_identity(h)->name, "attributes");
	hsm_close(h);
	free(other);
	other = xasprintf("pkcs11:token=attributes;serial=0%.15s?"
			  "module-path=%s&pin-source=file://%s",
	    serial + 1, test_shim(), tokens.pin);
	if (serial[0] == '0')
		other[strlen("pkcs11:token=attributes;serial=")] = '1';
	test_refused(other, &o, "no such token");
	free(other);
	free(uri);
}

static void
test_two_tokens_match(void **state)
{
	struct hsm_options o = test_options();
	char *a, *b;

	TEST_NEEDS_SOFTHSM();
	a = token("same");
	/* The second under another name, then renamed: as two HSMs may be. */
	b = xasprintf("pkcs11:manufacturer=SoftHSM%%20project;token=same?"
		      "module-path=%s&pin-source=%s",
	    test_shim(), tokens.pin);
	{
		struct secret so = SECRET_INIT, user = SECRET_INIT;
		struct error e;

		secret_set(&so, TEST_SO_PIN, strlen(TEST_SO_PIN));
		secret_set(&user, TEST_PIN, strlen(TEST_PIN));
		assert_int_equal(hsm_token_init(a, &so, &user, false, &e), -1);
		assert_non_null(strstr(e.text, "already"));
		secret_clear(&so);
		secret_clear(&user);
	}
	hsm_exit();
	{
		char *c = xasprintf(
		    "softhsm2-util --init-token --free "
		    "--label same --pin %s --so-pin %s >/dev/null 2>&1",
		    TEST_PIN, TEST_SO_PIN);
		int rc = system(c);

		free(c);
		if (rc != 0) {
			print_message("skipped: no softhsm2-util\n");
			free(a);
			free(b);
			skip();
		}
	}
	test_refused(b, &o, "2 tokens match");
	free(a);
	free(b);
}

static void
test_init_again(void **state)
{
	struct hsm_options o = test_options();
	struct secret so = SECRET_INIT, user = SECRET_INIT;
	struct hsm *h;
	struct hsm_key *k;
	struct error e;
	char *uri;

	TEST_NEEDS_SOFTHSM();
	uri = token("again");
	h = test_open(uri, &o);
	test_generate(h, ALG_ED25519, 0, "gone");
	secret_set(&so, TEST_SO_PIN, strlen(TEST_SO_PIN));
	secret_set(&user, TEST_PIN, strlen(TEST_PIN));
	assert_int_equal(hsm_token_init(uri, &so, &user, true, &e), -1);
	assert_non_null(strstr(e.text, "open"));
	hsm_close(h);
	assert_int_equal(hsm_token_init(uri, &so, &user, true, &e), 0);
	h = test_open(uri, &o);
	assert_int_equal(hsm_find(h, NULL, 0, "gone", &k, &e), -1);
	hsm_close(h);
	secret_set(&so, "87654321", 8);
	assert_int_equal(hsm_token_init(uri, &so, &user, true, &e), -1);
	assert_non_null(strstr(e.text, "CKR_PIN_INCORRECT"));
	secret_clear(&user);
	assert_int_equal(hsm_token_init(uri, &so, &user, true, &e), -1);
	secret_clear(&so);
	free(uri);
	/* 32 octets of label are the most there can be. */
	secret_set(&so, TEST_SO_PIN, strlen(TEST_SO_PIN));
	secret_set(&user, TEST_PIN, strlen(TEST_PIN));
	uri = test_token_uri(
	    &tokens, "abcdefghijklmnopqrstuvwxyz0123456", test_shim());
	assert_int_equal(hsm_token_init(uri, &so, &user, false, &e), -1);
	free(uri);
	free(token("abcdefghijklmnopqrstuvwxyz012345"));
	secret_clear(&so);
	secret_clear(&user);
}

static char *
with_pin(const char *label, const char *source)
{
	return xasprintf("pkcs11:token=%s?module-path=%s&pin-source=%s", label,
	    test_shim(), source);
}

static void
test_wrong_pin_is_tried_once(void **state)
{
	struct hsm_options o = test_options();
	char path[TEST_PATH + 16];
	char *uri, *wrong;

	TEST_NEEDS_SOFTHSM();
	uri = token("wrong");
	snprintf(path, sizeof path, "%s/wrong-pin", tokens.dir);
	test_write(path, "4321\n", 0600);
	wrong = with_pin("wrong", path);
	test_shim_set("RZ_SHIM", NULL);
	o.keep_trying = true;
	test_refused(wrong, &o, "CKR_PIN_INCORRECT");
	assert_int_equal(test_shim_calls("C_Login"), 1);
	/* Not even the right one: who mistyped has to look first. */
	test_refused(wrong, &o, "not tried again");
	test_refused(uri, &o, "not tried again");
	assert_int_equal(test_shim_calls("C_Login"), 1);
	free(wrong);
	free(uri);
}

static void
test_last_try_is_not_spent(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *h;
	char *uri;

	TEST_NEEDS_SOFTHSM();
	uri = token("last");
	o.keep_trying = true;
	test_shim_set("RZ_SHIM_FLAGS", "0x20000"); /* CKF_USER_PIN_FINAL_TRY */
	test_refused(uri, &o, "would lock it");
	test_shim_set("RZ_SHIM_FLAGS", "0x40000"); /* CKF_USER_PIN_LOCKED */
	test_refused(uri, &o, "is locked");
	assert_int_equal(test_shim_calls("C_Login"), 0);
	test_shim_set("RZ_SHIM_FLAGS", NULL);
	h = test_open(uri, &o);
	hsm_close(h);
	assert_int_equal(test_shim_calls("C_Login"), 1);
	free(uri);
}

/* A token that counts a wrong PIN is not tried a second time. */
static void
test_counted_try(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *h;
	char *uri;

	TEST_NEEDS_SOFTHSM();
	uri = token("counted");
	o.keep_trying = true;
	test_shim_set("RZ_SHIM_FLAGS", "0x10000"); /* CKF_USER_PIN_COUNT_LOW */
	test_shim_set("RZ_SHIM", "C_Login:1:0x5");
	test_refused(uri, &o, "counts a wrong PIN");
	assert_int_equal(test_shim_calls("C_Login"), 1);
	test_shim_set("RZ_SHIM", NULL);
	test_shim_set("RZ_SHIM_FLAGS", NULL);
	h = test_open(uri, &o);
	hsm_close(h);
	free(uri);
	/* Somebody else's slip does not keep us out. */
	uri = token("slipped");
	test_shim_set("RZ_SHIM_FLAGS", "0x10000");
	h = test_open(uri, &o);
	hsm_close(h);
	test_shim_set("RZ_SHIM_FLAGS", NULL);
	free(uri);
}

/* A token with a PIN pad gets no PIN: SoftHSM cannot do with that. */
static void
test_pin_pad(void **state)
{
	struct hsm_options o = test_options();
	char *uri;

	TEST_NEEDS_SOFTHSM();
	free(token("pad"));
	uri = xasprintf("pkcs11:token=pad?module-path=%s", test_shim());
	test_refused(uri, &o, "no PIN");
	/* CKF_PROTECTED_AUTHENTICATION_PATH */
	test_shim_set("RZ_SHIM_FLAGS", "0x100");
	test_refused(uri, &o, "C_Login: CKR_ARGUMENTS_BAD");
	test_shim_set("RZ_SHIM_FLAGS", NULL);
	free(uri);
}

static void
test_pin_files(void **state)
{
	struct hsm_options o = test_options();
	char path[TEST_PATH + 16], *uri;

	TEST_NEEDS_SOFTHSM();
	free(token("files"));
	snprintf(path, sizeof path, "%s/open-pin", tokens.dir);
	test_write(path, TEST_PIN "\n", 0644);
	uri = with_pin("files", path);
	test_refused(uri, &o, path);
	chmod(path, 0640);
	test_refused(uri, &o, path);
	unlink(path);
	test_refused(uri, &o, path);
	assert_int_equal(symlink(tokens.pin, path), 0);
	test_refused(uri, &o, path);
	unlink(path);
	test_write(path, "", 0600);
	test_refused(uri, &o, path);
	free(uri);
	uri = with_pin("files", "fd:x");
	test_refused(uri, &o, "fd:x");
	free(uri);
	uri = with_pin("files", "|cat");
	test_refused(uri, &o, "pin-source");
	free(uri);
	uri = xasprintf("pkcs11:token=files?module-path=%s", test_shim());
	test_refused(uri, &o, "no PIN");
	free(uri);
}

static void
test_pin_descriptors(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *h;
	char *uri, source[32];
	int fd;

	TEST_NEEDS_SOFTHSM();
	free(token("fds"));
	fd = open(tokens.pin, O_RDONLY | O_CLOEXEC);
	snprintf(source, sizeof source, "fd:%d", fd);
	uri = with_pin("fds", source);
	h = test_open(uri, &o);
	hsm_close(h);
	free(uri);
	lseek(fd, 0, SEEK_SET);
	uri = xasprintf("pkcs11:token=fds?module-path=%s", test_shim());
	o.pin_fd = fd;
	h = test_open(uri, &o);
	hsm_close(h);
	close(fd);
	free(uri);
}

/* The PIN is read once, even when opening takes several tries. */
static void
test_transient_trouble(void **state)
{
	static const char *const faults[] = {
	    "C_Login:1:0x5",
	    "C_Login:1:0x102", /* SoftHSM, while another process logs in */
	    "C_OpenSession:1:0x5,C_OpenSession:3:0xe0",
	    "C_GetSlotList:1:0x32",
	    "C_Initialize:1:0x30",
	};
	struct hsm_options o = test_options();
	struct hsm *h;
	char *uri, source[32];
	int fd;

	TEST_NEEDS_SOFTHSM();
	free(token("races"));
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		hsm_exit();
		fd = open(tokens.pin, O_RDONLY | O_CLOEXEC);
		snprintf(source, sizeof source, "fd:%d", fd);
		uri = with_pin("races", source);
		test_shim_set("RZ_SHIM", faults[i]);
		o.keep_trying = true;
		h = test_open(uri, &o);
		hsm_close(h);
		/* And not without patience. */
		hsm_exit();
		lseek(fd, 0, SEEK_SET);
		test_shim_set("RZ_SHIM", faults[i]);
		o.keep_trying = false;
		test_refused(uri, &o, "races");
		close(fd);
		free(uri);
	}
	test_shim_set("RZ_SHIM", NULL);
}

static void
test_no_such_token(void **state)
{
	struct hsm_options o = test_options();
	char *uri;
	double start;

	TEST_NEEDS_SOFTHSM();
	uri = test_token_uri(&tokens, "nobody", test_shim());
	test_refused(uri, &o, "no such token");
	o.keep_trying = true;
	start = clock_elapsed();
	test_refused(uri, &o, "no such token");
	assert_true(clock_elapsed() - start < 5);
	free(uri);
}

static void
test_fewer_sessions(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *h;
	char *uri;

	TEST_NEEDS_SOFTHSM();
	uri = token("sessions");
	o.sessions = 8;
	test_shim_set(
	    "RZ_SHIM", "C_OpenSession:5+:0xb1"); /* one is the anchor */
	h = test_open(uri, &o);
	assert_int_equal(hsm_sessions(h), 3);
	hsm_close(h);
	/* None at all is trouble. */
	test_shim_set("RZ_SHIM", "C_OpenSession:2+:0xb1");
	test_refused(uri, &o, "CKR_SESSION_COUNT");
	test_shim_set("RZ_SHIM", NULL);
	o.sessions = 257;
	test_refused(uri, &o, "at most 256");
	o.sessions = 256;
	h = test_open(uri, &o);
	assert_int_equal(hsm_sessions(h), 256);
	hsm_close(h);
	free(uri);
}

static void
test_one_login_for_all(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *a, *b, *c;
	char *uri, *no_pin;

	TEST_NEEDS_SOFTHSM();
	uri = token("shared");
	no_pin = xasprintf("pkcs11:token=shared?module-path=%s", test_shim());
	test_shim_set("RZ_SHIM", NULL);
	o.public_only = true;
	c = test_open(no_pin, &o);
	assert_int_equal(test_shim_calls("C_Login"), 0);
	o.public_only = false;
	a = test_open(uri, &o);
	b = test_open(no_pin, &o);
	assert_int_equal(test_shim_calls("C_Login"), 1);
	hsm_close(a);
	test_sign(test_generate(b, ALG_ED25519, 0, "k"), ALG_ED25519, 0);
	hsm_close(b);
	hsm_close(c);
	/* All closed: logged out, the PIN forgotten. */
	test_refused(no_pin, &o, "no PIN");
	free(no_pin);
	free(uri);
}

static void
test_after_exit(void **state)
{
	struct hsm_options o = test_options();
	struct hsm *h;
	char *uri;

	TEST_NEEDS_SOFTHSM();
	uri = token("exit");
	h = test_open(uri, &o);
	hsm_exit();
	hsm_close(h);
	hsm_exit();
	h = test_open(uri, &o);
	test_sign(test_generate(h, ALG_ED25519, 0, "k"), ALG_ED25519, 0);
	hsm_close(h);
	free(uri);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_token_attributes),
	    cmocka_unit_test(test_two_tokens_match),
	    cmocka_unit_test(test_init_again),
	    cmocka_unit_test(test_wrong_pin_is_tried_once),
	    cmocka_unit_test(test_last_try_is_not_spent),
	    cmocka_unit_test(test_counted_try),
	    cmocka_unit_test(test_pin_pad),
	    cmocka_unit_test(test_pin_files),
	    cmocka_unit_test(test_pin_descriptors),
	    cmocka_unit_test(test_transient_trouble),
	    cmocka_unit_test(test_no_such_token),
	    cmocka_unit_test(test_fewer_sessions),
	    cmocka_unit_test(test_one_login_for_all),
	    cmocka_unit_test(test_after_exit),
	};

	return cmocka_run_group_tests_name("hsm_open", tests, begin, end);
}
