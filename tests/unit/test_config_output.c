#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/config.h"

static char dir[] = "/tmp/rz-test-output-XXXXXX";
static struct error e;

static void
put(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	assert_int_not_equal(fd, -1);
	close(fd);
}

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL || chdir(dir) == -1 ||
	    mkdir("d", 0700) == -1 || mkdir("keys", 0700) == -1)
		return -1;
	put("rz.yaml");
	put("here.pin");
	return symlink("here.pin", "link");
}

static int
teardown(void **state)
{
	(void)state;
	unlink("rz.yaml");
	unlink("here.pin");
	unlink("link");
	rmdir("keys");
	rmdir("d");
	return chdir("/") == -1 ? -1 : rmdir(dir);
}

static struct config *
config(void)
{
	char text[1024];
	struct config *c;

	snprintf(text, sizeof text,
	    "zone: .\n"
	    "state: d/rz.db\n"
	    "tokens:\n"
	    "  ksk: [\"pkcs11:token=a?pin-source=file:here.pin\",\n"
	    "        \"pkcs11:token=b?pin-source=file://%s/b%%2Epin&x=y\",\n"
	    "        \"pkcs11:token=c?pin-source=%s/c.pin\",\n"
	    "        \"pkcs11:token=d?pin-source=fd:7\"]\n"
	    "  zsk: [\"file:keys\"]\n", dir, dir);
	if (config_parse(&c, text, strlen(text), "rz.yaml", &e) == -1)
		fail_msg("%s", e.text);
	return c;
}

/* By another way, through a link, and where nothing is yet. */
static void
places(void **state)
{
	static const struct {
		const char *output, *says; /* NULL: allowed */
	} t[] = {{"rz.yaml", "-o rz.yaml: is the configuration"},
	    {"d/../rz.yaml", "is the configuration"},
	    {"d/rz.db", "-o d/rz.db: is the state database"},
	    {"./d/rz.db", "is the state database"},
	    {"d/rz.db-journal", "is of the state database"},
	    {"d/rz.db-wal", "is of the state database"},
	    {"d/rz.db-shm", "is of the state database"},
	    {"here.pin", "is the PIN file of a token"},
	    {"link", "is the PIN file of a token"},
	    {"b.pin", "is the PIN file of a token"},
	    {"c.pin", "is the PIN file of a token"},
	    {"keys/k.pem", "is in a directory of keys"},
	    {"rz.db", NULL}, {"d/rz.yaml", NULL}, {"d/rz.db2", NULL},
	    {"7", NULL}, {"d/here.pin", NULL}, {"keys2", NULL},
	    {"out", NULL}};
	struct config *c = config();

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int rc = config_check_output(c, t[i].output, &e);

		if (t[i].says == NULL && rc == -1)
			fail_msg("%s: %s", t[i].output, e.text);
		if (t[i].says != NULL &&
		    (rc == 0 || e.status != STATUS_TROUBLE ||
			strstr(e.text, t[i].says) == NULL))
			fail_msg("%s: rc %d, \"%s\"", t[i].output, rc,
			    e.text);
	}
	config_free(c);
}

static void
no_state(void **state)
{
	static const char text[] = "zone: .\n";
	struct config *c;

	(void)state;
	assert_int_equal(
	    config_parse(&c, text, strlen(text), "rz.yaml", &e), 0);
	assert_int_equal(config_check_output(c, "d/rz.db", &e), 0);
	assert_int_equal(config_need_state(c, &e), -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	assert_non_null(strstr(e.text, "rz.yaml: state: needed"));
	config_free(c);
	c = config();
	assert_int_equal(config_need_state(c, &e), 0);
	config_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(places), cmocka_unit_test(no_state)};

	return cmocka_run_group_tests(tests, setup, teardown);
}
