#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/buf.h"

static void
octets_and_numbers(void **state)
{
	static const uint8_t want[] = {
	    0x01, 0xfe, 0xdc, 0x80, 0x00, 0x00, 0x01, 'a', 'b', 0x00};
	struct buf b = BUF_INIT;

	(void)state;
	buf_u8(&b, 1);
	buf_u16(&b, 0xfedc);
	buf_u32(&b, 0x80000001);
	buf_str(&b, "ab");
	buf_add(&b, "", 1);
	buf_add(&b, NULL, 0);
	assert_int_equal(b.len, sizeof want);
	assert_memory_equal(b.data, want, sizeof want);
	buf_free(&b);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	assert_int_equal(b.cap, 0);
}

/* Each length around the growth steps keeps all that was there. */
static void
growth(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		buf_u8(&b, (uint8_t)(i * 7));
		assert_true(b.cap >= b.len);
	}
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(b.data[i], (uint8_t)(i * 7));
	memset(buf_room(&b, 100000), 0xaa, 100000);
	assert_int_equal(b.len, 5000);
	assert_int_equal(b.data[4999], (uint8_t)(4999 * 7));
	buf_free(&b);
}

static void
text(void **state)
{
	struct buf b = BUF_INIT;
	char long_text[301];

	(void)state;
	memset(long_text, 'x', 300);
	long_text[300] = '\0';
	buf_printf(&b, "%s=%d;", "a", 42);
	assert_string_equal(buf_cstr(&b), "a=42;");
	assert_int_equal(b.len, 5);
	buf_printf(&b, "%s", long_text);
	assert_int_equal(b.len, 305);
	assert_string_equal(buf_cstr(&b) + 5, long_text);
	buf_printf(&b, "%s", "");
	assert_int_equal(b.len, 305);
	buf_free(&b);
	assert_string_equal(buf_cstr(&b), "");
	buf_free(&b);
}

static void
clearing(void **state)
{
	struct buf b = BUF_INIT;
	uint8_t *data;

	(void)state;
	buf_str(&b, "something");
	data = b.data;
	buf_clear(&b);
	assert_int_equal(b.len, 0);
	assert_ptr_equal(b.data, data);
	assert_string_equal(buf_cstr(&b), "");
	buf_wipe(&b);
	assert_null(b.data);
	buf_wipe(&b);
	buf_free(&b);
}

/* A length that would wrap around ends the program with 2. */
static void
too_much(void **state)
{
	struct buf b = BUF_INIT;
	int status;
	pid_t pid;

	(void)state;
	buf_u8(&b, 1);
	if ((pid = fork()) == 0) {
		close(STDERR_FILENO);
		buf_room(&b, SIZE_MAX);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(octets_and_numbers),
	    cmocka_unit_test(growth),
	    cmocka_unit_test(text),
	    cmocka_unit_test(clearing),
	    cmocka_unit_test(too_much),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
