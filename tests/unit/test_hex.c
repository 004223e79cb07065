#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hex.h"
#include "lib/xalloc.h"

static const uint8_t some[] = {0x00, 0x09, 0x0a, 0x9f, 0xa0, 0xff};

static void
hex_written(void **state)
{
	char out[2 * sizeof some + 1];
	struct buf b = BUF_INIT;

	(void)state;
	hex_encode(out, some, sizeof some);
	assert_string_equal(out, "00090a9fa0ff");
	hex_encode(out, some, 0);
	assert_string_equal(out, "");
	buf_str(&b, "x ");
	hex_add(&b, some, sizeof some);
	hex_add(&b, some, 0);
	assert_string_equal(buf_cstr(&b), "x 00090A9FA0FF");
	buf_free(&b);
}

static void
hex_read(void **state)
{
	static const char *const wrong[] = {"0", "000", "0g", "g0", "/0", ":0",
	    "@0", "G0", "`0", "0 ", " 00", "00 ", "0x00", "00\n", "-1",
	    "\xb1"
	    "1"};
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(hex_decode(&b, "00090a9FA0fF"), 0);
	assert_int_equal(b.len, sizeof some);
	assert_memory_equal(b.data, some, sizeof some);
	assert_int_equal(hex_decode(&b, ""), 0);
	assert_int_equal(b.len, sizeof some);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		if (hex_decode(&b, wrong[i]) != -1)
			fail_msg("accepted: %s", wrong[i]);
		assert_int_equal(b.len, sizeof some);
	}
	buf_free(&b);
}

/* RFC 4648 section 10. */
static void
base64_vectors(void **state)
{
	static const char *const pairs[][2] = {{"", ""}, {"f", "Zg=="},
	    {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
	    {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
	    {"\xfb\xff\xbf", "+/+/"}};
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const char *plain = pairs[i][0], *text = pairs[i][1];

		buf_clear(&b);
		base64_add(&b, (const uint8_t *)plain, strlen(plain));
		assert_int_equal(b.len, strlen(text));
		assert_string_equal(buf_cstr(&b), text);
		assert_int_equal(base64_decode(&b, text, strlen(text)), 0);
		assert_int_equal(b.len, strlen(text) + strlen(plain));
		assert_memory_equal(
		    b.data + strlen(text), plain, strlen(plain));
	}
	buf_free(&b);
}

static void
base64_strict(void **state)
{
	static const struct {
		const char *text;
		int rc;
	} rows[] = {{" Z m\t8\r=\n", 0}, {"Zg= =", 0}, {" ", 0}, {"Zg", -1},
	    {"Zg=", -1}, {"Zg===", -1}, {"Zg====", -1}, {"Zm8", -1},
	    {"Zm8==", -1}, {"Zm9v=", -1}, {"Zm9v====", -1}, {"Z", -1},
	    {"Z===", -1}, {"=", -1}, {"====", -1}, {"Zg==Zg==", -1},
	    {"Z=g=", -1}, {"=Zg=", -1},
	    /* non-zero trailing bits */
	    {"Zw==", 0}, {"Zh==", -1}, {"Zo==", -1}, {"Zm8=", 0}, {"Zm9=", -1},
	    {"Zm+=", -1}, {"Zm/=", -1},
	    /* characters of other alphabets */
	    {"Zm-v", -1}, {"Zm_v", -1}, {"Zm9\xe4", -1}, {"Zm.v", -1},
	    {"Zm9v;", -1}, {"Zm\vv", -1}, {"@AAA", -1}, {"[AAA", -1},
	    {"`AAA", -1}, {"{AAA", -1}, {":AAA", -1}};
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		buf_clear(&b);
		if (base64_decode(&b, rows[i].text, strlen(rows[i].text)) !=
		    rows[i].rc)
			fail_msg("not %d: \"%s\"", rows[i].rc, rows[i].text);
		if (rows[i].rc != 0)
			assert_int_equal(b.len, 0);
	}
	assert_int_equal(base64_decode(&b, "Zm9v\0", 5), -1);
	assert_int_equal(base64_decode(&b, "Zm\0v", 4), -1);
	buf_free(&b);
}

static void
base64_lengths(void **state)
{
	uint8_t data[300];
	struct buf text = BUF_INIT, back = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * i * 31 + i * 17);
	for (size_t len = 0; len <= sizeof data; len++) {
		buf_clear(&text);
		buf_clear(&back);
		base64_add(&text, data, len);
		assert_int_equal(text.len, (len + 2) / 3 * 4);
		assert_int_equal(
		    base64_decode(&back, buf_cstr(&text), text.len), 0);
		assert_int_equal(back.len, len);
		assert_memory_equal(back.data ? back.data : data, data, len);
	}
	buf_free(&text);
	buf_free(&back);
}

/* More than is handed to OpenSSL at once: no padding in the middle. */
static void
base64_large(void **state)
{
	size_t len = 7 * 1024 * 1024 + 1;
	uint8_t *data = xcalloc(len, 1);
	struct buf text = BUF_INIT, back = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)(i >> 8 ^ i);
	base64_add(&text, data, len);
	assert_int_equal(text.len, (len + 2) / 3 * 4);
	assert_int_equal(
	    base64_decode(&back, (const char *)text.data, text.len), 0);
	assert_int_equal(back.len, len);
	assert_true(memcmp(back.data, data, len) == 0);
	free(data);
	buf_free(&text);
	buf_free(&back);
}

/* FIPS 180-4 example values. */
static void
sha256_vectors(void **state)
{
	uint8_t hash[SHA256_SIZE];
	char text[SHA256_TEXT];
	char *million = xmalloc(1000000);

	(void)state;
	sha256_text(text, "abc", 3);
	assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223"
				  "b00361a396177a9cb410ff61f20015ad");
	sha256_text(text, "", 0);
	assert_string_equal(text, "e3b0c44298fc1c149afbf4c8996fb924"
				  "27ae41e4649b934ca495991b7852b855");
	memset(million, 'a', 1000000);
	sha256_text(text, million, 1000000);
	assert_string_equal(text, "cdc76e5c9914fb9281a1c7e284d73e67"
				  "f1809a48a497200e046d39ccc7112cd0");
	sha256(hash, "abc", 3);
	assert_int_equal(hash[0], 0xba);
	assert_int_equal(hash[31], 0xad);
	free(million);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hex_written),
	    cmocka_unit_test(hex_read),
	    cmocka_unit_test(base64_vectors),
	    cmocka_unit_test(base64_strict),
	    cmocka_unit_test(base64_lengths),
	    cmocka_unit_test(base64_large),
	    cmocka_unit_test(sha256_vectors),
	};

	return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
