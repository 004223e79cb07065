/* URIs of stores: what may be in them, and what messages show of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hsm/hsm.h"
#include "hsm/uri.h"
#include "lib/xalloc.h"
#include "tests/support/keys.h"

static void
test_public_uri(void **state)
{
	static const char *const cases[][2] = {
	    {"pkcs11:token=a?module-path=/m&pin-source=file:/p",
		"pkcs11:token=a?module-path=/m"},
	    {"pkcs11:token=a?pin-source=file:/p&module-path=/m",
		"pkcs11:token=a?module-path=/m"},
	    {"pkcs11:token=a?pin-value=1234", "pkcs11:token=a"},
	    {"pkcs11:token=a?PIN-VALUE=1234&module-name=m",
		"pkcs11:token=a?module-name=m"},
	    {"pkcs11:token=a;pin-value=1234?module-path=/m",
		"pkcs11:token=a?module-path=/m"},
	    {"pkcs11:token=a;pin-value=1234;serial=2",
		"pkcs11:token=a;serial=2"},
	    {"pkcs11:pin-value=1234", "pkcs11:"},
	    {"pkcs11:pin-value=1234;token=a", "pkcs11:token=a"},
	    {"file:/etc/keys?pin-source=file:/p", "file:/etc/keys"},
	    {"file:/etc/keys", "file:/etc/keys"},
	    {"", ""},
	};
	char *out;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		out = hsm_uri_public(cases[i][0]);
		assert_string_equal(out, cases[i][1]);
		free(out);
	}
	assert_true(hsm_uri_is_files("file:/x"));
	assert_false(hsm_uri_is_files("pkcs11:token=file:"));
}

static void
test_bad_uris(void **state)
{
	static const char *const cases[][2] = {
	    {"token=a", "expected pkcs11: or file:"},
	    {"pkcs11:?module-path=/m", "expected token or serial"},
	    {"pkcs11:token=a", "module-path and module-name"},
	    {"pkcs11:token=a?module-path=/m&module-name=n",
		"module-path and module-name"},
	    {"pkcs11:token=a?module-path=m.so", "not absolute"},
	    {"pkcs11:token=a?module-name=../m", "name of a module"},
	    {"pkcs11:token=a?module-path=/m&pin-value=9876", "would be seen"},
	    {"pkcs11:token=a;object=k?module-path=/m", "'object'"},
	    {"pkcs11:token=a;id=%01?module-path=/m", "'id'"},
	    {"pkcs11:token=a;type=private?module-path=/m", "'type'"},
	    {"pkcs11:token=a;slot-id=1?module-path=/m", "'slot-id'"},
	    {"pkcs11:token=a;colour=red?module-path=/m", "'colour'"},
	    {"pkcs11:token=a?module-path=/m&x-other=1", "'x-other'"},
	    {"pkcs11:module-path=/m;token=a", "'module-path'"},
	    {"pkcs11:token=a?token=b&module-path=/m", "'token'"},
	    {"pkcs11:token=a;token=b?module-path=/m", "given twice"},
	    {"pkcs11:token=%zz?module-path=/m", "no PKCS#11 URI"},
	    {"pkcs11:token=a?module-path=/nowhere/m.so", "/nowhere/m.so"},
	    {"pkcs11:token=a?module-path=/etc/passwd", "/etc/passwd"},
	    {"pkcs11:token=a?module-name=nosuchmodule", "nosuchmodule.so"},
	    {"file:keys", "absolute"},
	    {"file://host/keys", "expected file:/DIR"},
	    {"file:/keys?pin-value=9876", "expected pin-source"},
	    {"file:/nowhere/keys", "/nowhere/keys"},
	};
	struct hsm_options o = test_options();
	struct error e;
	struct hsm *h;

	(void)state;
	o.allow_files = true;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		test_refused(cases[i][0], &o, cases[i][1]);
		assert_int_equal(hsm_open(&h, cases[i][0], &o, &e), -1);
		assert_null(strstr(e.text, "9876"));
	}
}

static void
test_long_uri(void **state)
{
	char *name = xmalloc(URI_MAX + 1);
	struct hsm_options o = test_options();
	char *uri;

	(void)state;
	memset(name, 'a', URI_MAX);
	name[URI_MAX] = '\0';
	uri = xasprintf("pkcs11:token=%s", name);
	test_refused(uri, &o, "more than");
	free(uri);
	name[URI_MAX - strlen("pkcs11:serial=")] = '\0';
	uri = xasprintf("pkcs11:serial=%s", name);
	assert_int_equal(strlen(uri), URI_MAX);
	test_refused(uri, &o, "pkcs11:serial=aaa");
	free(uri);
	free(name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_public_uri),
	    cmocka_unit_test(test_bad_uris),
	    cmocka_unit_test(test_long_uri),
	};

	return cmocka_run_group_tests_name("hsm_uri", tests, NULL, NULL);
}
