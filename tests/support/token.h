/*
 * Throw-away SoftHSM tokens: a directory of its own below $TMPDIR for each
 * test program, with SOFTHSM2_CONF pointing there.
 */
#ifndef RZ_TESTS_SUPPORT_TOKEN_H
#define RZ_TESTS_SUPPORT_TOKEN_H

#define TEST_PIN    "1234"
#define TEST_SO_PIN "12345678"
#define TEST_PATH   256

struct test_tokens {
	char dir[TEST_PATH];   /* holds everything */
	char store[TEST_PATH]; /* SoftHSM's tokens */
	char pin[TEST_PATH];   /* a PIN file with TEST_PIN, mode 0600 */
};

/* SoftHSM's module ($RZ_SOFTHSM, or where distributions put it), or NULL. */
const char *test_softhsm(void);
/* The fault module built beside the test program (absolute). */
const char *test_shim(void);
/* Change (NULL: remove) one of its variables; it counts from 0 again. */
void test_shim_set(const char *name, const char *value);
/* How often the function was called since. */
unsigned long test_shim_calls(const char *function);

/* First in a test that cannot do without. */
#define TEST_NEEDS_SOFTHSM()                                                   \
	do {                                                                   \
		(void)state;                                                   \
		if (test_softhsm() == NULL) {                                  \
			print_message("skipped: no SoftHSM\n");                \
			skip();                                                \
		}                                                              \
	} while (0)

/* Make the directory and its configuration; fails the test on any trouble. */
void test_tokens_begin(struct test_tokens *t);
/*
 * Initialise a token.  module: NULL for SoftHSM itself, or test_shim().  The
 * URI (with pin-source) is the caller's to free.
 */
char *test_token_add(
    struct test_tokens *t, const char *label, const char *module);
/* The URI of a token that is there already. */
char *test_token_uri(
    const struct test_tokens *t, const char *label, const char *module);
/* hsm_exit, then all files are removed. */
void test_tokens_end(struct test_tokens *t);

/* A file with this text and mode below the directory. */
void test_write(const char *path, const char *text, unsigned mode);
/* Remove a directory and all below it. */
void test_remove(const char *dir);

#endif
