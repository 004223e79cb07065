#include "tests/support/token.h"

#include <dlfcn.h>
#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "hsm/hsm.h"
#include "lib/xalloc.h"

const char *
test_softhsm(void)
{
	static const char *const places[] = {
	    "/usr/lib/softhsm/libsofthsm2.so",
	    "/usr/local/lib/softhsm/libsofthsm2.so",
	    "/usr/lib64/pkcs11/libsofthsm2.so",
	};
	const char *named = getenv("RZ_SOFTHSM");

	if (named != NULL)
		return named;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (access(places[i], R_OK) == 0)
			return places[i];
	return NULL;
}

const char *
test_shim(void)
{
	static char path[PATH_MAX];
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	char *slash;

	if (n <= 0)
		fail_msg("/proc/self/exe cannot be read");
	exe[n] = '\0';
	/* $B/tests/unit/test_x: the shim is $B/tests/fault/p11_shim.so. */
	if ((slash = strrchr(exe, '/')) != NULL)
		*slash = '\0';
	if ((slash = strrchr(exe, '/')) != NULL)
		*slash = '\0';
	n = snprintf(path, sizeof path, "%s/fault/p11_shim.so", exe);
	if (n < 0 || n >= (ssize_t)sizeof path || access(path, R_OK) == -1)
		fail_msg("%s: is not built", path);
	setenv("RZ_SHIM_MODULE", test_softhsm(), 1);
	return path;
}

static void *
shim_symbol(const char *name)
{
	static void *library;
	void *symbol;

	if (library == NULL)
		library = dlopen(test_shim(), RTLD_NOW | RTLD_LOCAL);
	if (library == NULL || (symbol = dlsym(library, name)) == NULL)
		fail_msg("%s", dlerror());
	return symbol;
}

void
test_shim_set(const char *name, const char *value)
{
	void (*configure)(void);

	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
	*(void **)&configure = shim_symbol("shim_configure");
	configure();
}

unsigned long
test_shim_calls(const char *function)
{
	unsigned long (*calls)(const char *);

	*(void **)&calls = shim_symbol("shim_calls");
	return calls(function);
}

void
test_write(const char *path, const char *text, unsigned mode)
{
	FILE *f = fopen(path, "we");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF)
		fail_msg("%s: cannot be written", path);
	if (chmod(path, mode) == -1)
		fail_msg("%s: chmod", path);
}

static void
place(char out[TEST_PATH], const char *dir, const char *name)
{
	int n = snprintf(out, TEST_PATH, "%s/%s", dir, name);

	assert_in_range(n, 1, TEST_PATH - 1);
}

void
test_tokens_begin(struct test_tokens *t)
{
	const char *tmp = getenv("TMPDIR");
	char conf[TEST_PATH];
	char *text;

	place(t->dir, tmp != NULL ? tmp : "/tmp", "rz-test.XXXXXX");
	if (mkdtemp(t->dir) == NULL)
		fail_msg("%s: cannot be made", t->dir);
	place(t->store, t->dir, "tokens");
	place(t->pin, t->dir, "pin");
	place(conf, t->dir, "softhsm2.conf");
	assert_int_equal(mkdir(t->store, 0700), 0);
	text =
	    xasprintf("directories.tokendir = %s\n"
		      "objectstore.backend = file\nlog.level = ERROR\n"
		      "slots.removable = false\nlibrary.reset_on_fork = true\n",
		t->store);
	test_write(conf, text, 0600);
	free(text);
	test_write(t->pin, TEST_PIN "\n", 0600);
	setenv("SOFTHSM2_CONF", conf, 1);
}

char *
test_token_uri(
    const struct test_tokens *t, const char *label, const char *module)
{
	return xasprintf("pkcs11:token=%s?module-path=%s&pin-source=file:%s",
	    label, module != NULL ? module : test_softhsm(), t->pin);
}

char *
test_token_add(struct test_tokens *t, const char *label, const char *module)
{
	char *uri = test_token_uri(t, label, module);
	struct secret so = SECRET_INIT, user = SECRET_INIT;
	struct error e = ERROR_INIT;

	secret_set(&so, TEST_SO_PIN, strlen(TEST_SO_PIN));
	secret_set(&user, TEST_PIN, strlen(TEST_PIN));
	if (hsm_token_init(uri, &so, &user, false, &e) == -1)
		fail_msg("%s", e.text);
	secret_clear(&so);
	secret_clear(&user);
	return uri;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void
test_remove(const char *dir)
{
	if (nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS) == -1)
		fail_msg("%s: cannot be removed", dir);
}

void
test_tokens_end(struct test_tokens *t)
{
	hsm_exit();
	unsetenv("SOFTHSM2_CONF");
	test_remove(t->dir);
}
