/* rz.yaml(5) against the code: every key, every default, the examples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/config_field.h"
#include "lib/file.h"

#define MANUAL "man/rz.yaml.5" /* tests run in the project's directory */
#define KEYS_MAX 100

static struct buf manual = BUF_INIT;

struct keys {
	char path[KEYS_MAX][64];
	size_t n;
};

static void
add_key(void *arg, const char *path)
{
	struct keys *keys = arg;

	assert_true(keys->n < KEYS_MAX);
	snprintf(keys->path[keys->n++], sizeof keys->path[0], "%s", path);
}

/* Is it a mapping?  Then its own keys follow it. */
static bool
has_keys(const struct keys *keys, size_t i)
{
	size_t len = strlen(keys->path[i]);

	return i + 1 < keys->n &&
	    strncmp(keys->path[i + 1], keys->path[i], len) == 0 &&
	    keys->path[i + 1][len] == '.';
}

/* The text from ".It Cm PATH" to the next item; caller frees; NULL. */
static char *
entry(const char *path)
{
	const char *text = buf_cstr(&manual), *begin, *end;
	char item[96];

	snprintf(item, sizeof item, "\n.It Cm %s ", path);
	begin = strstr(text, item);
	if (begin == NULL)
		return NULL;
	end = strstr(begin + 1, "\n.It ");
	if (end == NULL || end > strstr(begin, "\n.El"))
		end = strstr(begin, "\n.El");
	return strndup(begin, (size_t)(end - begin) + 1);
}

static int
setup(void **state)
{
	struct error e = ERROR_INIT;

	(void)state;
	if (file_read(&manual, MANUAL, 1 << 20, &e) == -1) {
		fprintf(stderr, "%s\n", e.text);
		return -1;
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_free(&manual);
	return 0;
}

static void
every_key(void **state)
{
	struct keys keys = {.n = 0};
	char says[96], *text;
	const char *fallback;
	unsigned leaves = 0;

	(void)state;
	config_keys(add_key, &keys);
	for (size_t i = 0; i < keys.n; i++) {
		if (has_keys(&keys, i))
			continue;
		leaves++;
		text = entry(keys.path[i]);
		if (text == NULL)
			fail_msg("%s: not in %s", keys.path[i], MANUAL);
		fallback = config_default(keys.path[i]);
		snprintf(says, sizeof says, "Default:\n.Cm %s .\n",
		    fallback != NULL ? fallback : "");
		if (fallback != NULL ? strstr(text, says) == NULL
				     : strstr(text, "default") == NULL &&
			    strstr(text, "Required.") == NULL)
			fail_msg("%s: its default is not in %s",
			    keys.path[i], MANUAL);
		free(text);
	}
	assert_int_equal(leaves, 44);
}

/* And no key is in the manual that is not in the schema. */
static void
no_other_key(void **state)
{
	const char *at = buf_cstr(&manual);
	struct keys keys = {.n = 0};
	char path[64];
	size_t i;

	(void)state;
	config_keys(add_key, &keys);
	while ((at = strstr(at, "\n.It Cm ")) != NULL) {
		at += 8;
		snprintf(path, sizeof path, "%.*s", (int)strcspn(at, " \n"),
		    at);
		for (i = 0; i < keys.n; i++)
			if (strcmp(keys.path[i], path) == 0)
				break;
		if (i == keys.n)
			fail_msg("%s: in %s, not a key", path, MANUAL);
	}
}

/* The literal display at *at as text; moves on; false: no more. */
static bool
next_example(const char **at, struct buf *out)
{
	const char *begin = strstr(*at, "\n.Bd -literal\n"), *end;

	if (begin == NULL)
		return false;
	begin += strlen("\n.Bd -literal\n");
	end = strstr(begin, "\n.Ed");
	assert_non_null(end);
	buf_clear(out);
	for (const char *c = begin; c <= end; c++) {
		if (c[0] == '\\' && c[1] == 'e') {
			buf_u8(out, '\\');
			c++;
		} else {
			buf_u8(out, (uint8_t)*c);
		}
	}
	*at = end;
	return true;
}

static void
examples(void **state)
{
	const char *at = strstr(buf_cstr(&manual), "\n.Sh EXAMPLES");
	struct error e = ERROR_INIT;
	struct buf text = BUF_INIT;
	struct config *cfg;
	unsigned n = 0;

	(void)state;
	assert_non_null(at);
	while (next_example(&at, &text)) {
		cfg = NULL;
		if (config_parse(&cfg, buf_cstr(&text), text.len, MANUAL,
			&e) == -1)
			fail_msg("example %u: %s", n + 1, e.text);
		if (n == 0) {
			assert_string_equal(cfg->zone, ".");
			assert_non_null(strstr(cfg->tokens.ksk.item[0],
			    ".so&pin-source=file:"));
		}
		config_free(cfg);
		n++;
	}
	assert_int_equal(n, 2);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_key),
	    cmocka_unit_test(no_other_key), cmocka_unit_test(examples)};

	return cmocka_run_group_tests(tests, setup, teardown);
}
