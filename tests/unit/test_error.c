#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "lib/error.h"

static void
kinds(void **state)
{
	struct error e = ERROR_INIT;

	(void)state;
	assert_int_equal(e.status, STATUS_OK);
	assert_string_equal(e.text, "");
	assert_int_equal(error_set(&e, "%s:%d: rule", "file", 7), -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	assert_string_equal(e.text, "file:7: rule");
	assert_int_equal(error_no(&e, "no %s", "way"), -1);
	assert_int_equal(e.status, STATUS_NO);
	assert_string_equal(e.text, "no way");
}

static void
system_error(void **state)
{
	struct error e = ERROR_INIT;
	char want[256] = "open x: ";

	(void)state;
	strncat(want, strerror(ENOENT), 200);
	errno = ENOENT;
	assert_int_equal(error_errno(&e, "open %s", "x"), -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	assert_string_equal(e.text, want);
}

static void
openssl_error(void **state)
{
	struct error e = ERROR_INIT;

	(void)state;
	ERR_clear_error();
	ERR_raise(ERR_LIB_EVP, EVP_R_DECODE_ERROR);
	ERR_raise(ERR_LIB_EVP, EVP_R_BAD_DECRYPT);
	assert_int_equal(error_openssl(&e, "key %d", 1), -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	assert_string_equal(e.text, "key 1: bad decrypt");
	assert_int_equal(ERR_peek_error(), 0);
	error_openssl(&e, "key");
	assert_string_equal(e.text, "key: unknown OpenSSL failure");
}

static void
prefix(void **state)
{
	struct error e = ERROR_INIT;

	(void)state;
	error_no(&e, "what");
	assert_int_equal(error_prefix(&e, "%s:%d", "f", 3), -1);
	assert_string_equal(e.text, "f:3: what");
	assert_int_equal(e.status, STATUS_NO);
	error_set(&e, "what");
	error_prefix(&e, "p");
	assert_int_equal(e.status, STATUS_TROUBLE);
}

/* Longer text is cut, by every way in which it can grow. */
static void
long_text(void **state)
{
	struct error e = ERROR_INIT;
	char text[2 * ERROR_TEXT_MAX];

	(void)state;
	memset(text, 'y', sizeof text);
	text[sizeof text - 1] = '\0';
	error_set(&e, "%s", text);
	assert_int_equal(strlen(e.text), ERROR_TEXT_MAX - 1);
	error_prefix(&e, "begin");
	assert_int_equal(strlen(e.text), ERROR_TEXT_MAX - 1);
	assert_memory_equal(e.text, "begin: yyy", 10);
	errno = EIO;
	error_errno(&e, "%s", text);
	assert_int_equal(strlen(e.text), ERROR_TEXT_MAX - 1);
	text[ERROR_TEXT_MAX - 1] = '\0';
	error_set(&e, "%s", text);
	assert_string_equal(e.text, text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kinds),
	    cmocka_unit_test(system_error),
	    cmocka_unit_test(openssl_error),
	    cmocka_unit_test(prefix),
	    cmocka_unit_test(long_text),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
