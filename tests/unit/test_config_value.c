#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/buf.h"
#include "lib/config.h"

static struct error e;

static struct config *
parse(const char *text)
{
	struct config *cfg = NULL;

	e = (struct error)ERROR_INIT;
	if (config_parse(&cfg, text, strlen(text), "rz.yaml", &e) == -1)
		return NULL;
	return cfg;
}

struct refusal {
	const char *text, *says;
};

static void
refused(const struct refusal *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct config *cfg = parse(t[i].text);

		config_free(cfg);
		if (cfg != NULL)
			fail_msg("not refused: %s", t[i].text);
		assert_int_equal(e.status, STATUS_TROUBLE);
		if (strstr(e.text, t[i].says) == NULL)
			fail_msg("for:   %s\nfound: %s\nnot:   %s",
			    t[i].text, e.text, t[i].says);
	}
}

#define REFUSED(t) refused(t, sizeof t / sizeof t[0])

static void
values(void **state)
{
	static const struct refusal t[] = {
	    {"zone: .\npolicy:\n  signatures:\n    zone: 13\n",
		"rz.yaml:4:11: policy.signatures.zone: duration without a "
		"unit: \"13\""},
	    {"zone: .\npolicy: {ttl: {ds: \"\"}}\n",
		"rz.yaml:2:20: policy.ttl.ds: "},
	    {"zone: .\npolicy: {ttl: {dnskey: keep}}\n",
		"rz.yaml:2:24: policy.ttl.dnskey: "},
	    {"zone: .\npolicy: {ttl: {dnskey: 3d2h5}}\n", "2:24: policy.ttl"},
	    {"zone: .\npolicy: {ttl: {dnskey: 0s}}\n",
		"policy.ttl.dnskey: a duration from 1s to "},
	    {"zone: .\nlab: yes\n",
		"rz.yaml:2:6: lab: one of true, false was expected, found "
		"\"yes\""},
	    {"zone: .\nlab: True\n", "lab: one of true, false"},
	    {"zone: .\nstate:\n",
		"rz.yaml:2:7: state: a value was expected, found none"},
	    {"zone: .\nhooks: {sign: \"\"}\n", "hooks.sign: a value was"},
	    {"zone: .\npolicy: {trust: anchor}\n",
		"rz.yaml:2:17: policy.trust: one of rfc5011, parent was "
		"expected, found \"anchor\""},
	    {"zone: .\npolicy: {denial: none}\n", "one of nsec, nsec3 was"},
	    {"zone: .\npolicy: {serial: 7}\n",
		"one of keep, increment, unixtime, date was"},
	    {"zone: .\npolicy: {calendar: x}\n",
		"one of root-quarters, lifetimes was"},
	    {"zone: .\npolicy: {ksk: {roll: x}}\n",
		"policy.ksk.roll: one of quarterly, lifetime, manual was"},
	    {"zone: .\npolicy: {ksk: {algorithm: RSA}}\n",
		"policy.ksk.algorithm: unknown algorithm \"RSA\""},
	    {"zone: .\npolicy: {zsk: {algorithm: RSASHA1}}\n",
		"policy.zsk.algorithm: no keys are made with RSASHA1"},
	    {"zone: .\npolicy: {zsk: {algorithm: ED448}}\n",
		"policy.zsk.algorithm: no keys are made with ED448"},
	    {"zone: .\ntokens: {sessions: 0x10}\n",
		"tokens.sessions: a number from 1 to 1024 was expected, "
		"found \"0x10\""},
	    {"zone: .\ntokens: {sessions: \" 1\"}\n", "a number from 1"},
	    {"zone: .\ntokens: {sessions: +1}\n", "a number from 1"},
	    {"zone: .\ntokens: {sessions: 99999999999999999999}\n",
		"a number from 1"},
	    {"zone: .\nverify: {severity: {a: fatal}}\n",
		"rz.yaml:2:24: verify.severity.a: one of info, warning, "
		"error was expected, found \"fatal\""},
	};

	(void)state;
	REFUSED(t);
}

static void
percentages(void **state)
{
	static const struct {
		const char *text;
		int hundredths; /* -1: refused */
	} t[] = {{"0%", 0}, {"1%", 100}, {"0.5%", 50}, {"0.05%", 5},
	    {"12.34%", 1234}, {"100%", 10000}, {"100.00%", 10000},
	    {"100.01%", -1}, {"101%", -1}, {"1", -1}, {"%", -1}, {"1.%", -1},
	    {".5%", -1}, {"0.123%", -1}, {"1 %", -1}, {"-1%", -1},
	    {"4294967297%", -1}, {"1%%", -1}};
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct config *c;

		snprintf(text, sizeof text,
		    "zone: .\nverify: {max-change: {delegations: \"%s\"}}\n",
		    t[i].text);
		c = parse(text);
		if ((c != NULL) != (t[i].hundredths >= 0))
			fail_msg("%s: %s", t[i].text, e.text);
		if (c != NULL)
			assert_int_equal(c->verify.max_change.delegations,
			    t[i].hundredths);
		config_free(c);
	}
}

#define L63 "a23456789012345678901234567890123456789012345678901234567890123"
#define L61 "a234567890123456789012345678901234567890123456789012345678901"

static void
zone_names(void **state)
{
	static const struct {
		const char *text, *zone; /* NULL: refused */
	} t[] = {{".", "."}, {"example", "example."},
	    {"Example.", "example."}, {"EXAMPLE.Com", "example.com."},
	    {"a\\.b.c", "a\\.b.c."}, {"a\\.", "a\\.."},
	    {"a\\032b", "a\\032b."}, {L63, L63 "."}, {L63 "a", NULL},
	    {L63 "." L63 "." L63 "." L61, L63 "." L63 "." L63 "." L61 "."},
	    {L63 "." L63 "." L63 "." L61 "b", NULL}, {"", NULL},
	    {"..", NULL}, {".a", NULL}, {"a..b", NULL}, {"a..", NULL},
	    {"a b", NULL}, {"a\\", NULL}, {"a\\1", NULL}, {"a;b", NULL},
	    {"@", NULL}, {"\xc3\xa9", NULL}};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct config *c;

		snprintf(text, sizeof text, "zone: '%s'\n", t[i].text);
		c = parse(text);
		if ((c != NULL) != (t[i].zone != NULL))
			fail_msg("%s: %s", t[i].text, e.text);
		if (c != NULL)
			assert_string_equal(c->zone, t[i].zone);
		config_free(c);
	}
}

static void
lists(void **state)
{
	static const struct refusal t[] = {
	    {"zone: .\ntokens: {ksk: [\"file:/etc/keys\"]}\n",
		"rz.yaml:2:16: tokens.ksk[0]: a KSK is never in files"},
	    {"zone: .\ntokens:\n  zsk:\n  - pkcs11:token=a\n  - /keys\n",
		"rz.yaml:5:5: tokens.zsk[1]: a URI pkcs11:... (RFC 7512) or "
		"file:DIRECTORY was expected, found \"/keys\""},
	    {"zone: .\ntokens: {zsk: [\"file:\"]}\n", "tokens.zsk[0]: a URI"},
	    {"zone: .\ntokens: {ksk: [\"pkcs11:token=a?pin-value=1\"]}\n",
		"tokens.ksk[0]: a PIN does not belong"},
	    {"zone: .\ntokens: {zsk: [\"pkcs11:a\", \"pkcs11:a\"]}\n",
		"rz.yaml:2:28: tokens.zsk[1]: is in the list twice"},
	    {"zone: .\nverify: {also: [kzonecheck, mycheck]}\n",
		"rz.yaml:2:29: verify.also[1]: one of kzonecheck, "
		"dnssec-verify, ldns-verify-zone, named-checkzone, "
		"nsd-checkzone was expected, found \"mycheck\""},
	    {"zone: .\nverify: {also: [kzonecheck, kzonecheck]}\n",
		"verify.also[1]: is in the list twice"},
	    {"zone: .\nverify: {required: [kzonecheck]}\n",
		"verify.required: kzonecheck is not in verify.also"},
	    {"zone: .\npolicy: {zonemd: []}\n",
		"rz.yaml:2:18: policy.zonemd: an empty list"},
	    {"zone: .\npolicy: {zonemd: [none, sha384]}\n",
		"policy.zonemd[0]: none is for a list of its own"},
	    {"zone: .\npolicy: {zonemd: [sha384, none]}\n",
		"policy.zonemd[1]: none is for a list of its own"},
	    {"zone: .\npolicy: {zonemd: [sha384, sha384]}\n",
		"policy.zonemd[1]: is in the list twice"},
	    {"zone: .\npolicy: {zonemd: [sha256]}\n",
		"policy.zonemd[0]: one of none, sha384, sha512, private-240 "
		"... private-254 was expected, found \"sha256\""},
	    {"zone: .\npolicy: {zonemd: [private-239]}\n", "zonemd[0]: one"},
	    {"zone: .\npolicy: {zonemd: [private-255]}\n", "zonemd[0]: one"},
	    {"zone: .\npolicy: {zonemd: [private-0240]}\n", "zonemd[0]: one"},
	};
	struct config *c = parse("zone: .\npolicy: {zonemd: [none]}\n");

	(void)state;
	assert_non_null(c);
	assert_int_equal(c->policy.zonemd_n, 0);
	config_free(c);
	REFUSED(t);
}

static void
rules(void **state)
{
	static const struct refusal t[] = {
	    {"zone: .\npolicy: {ksk: {algorithm: ED25519, bits: 2048}}\n",
		"rz.yaml:2:42: policy.ksk.bits: ED25519 has no keys of 2048 "
		"bits"},
	    {"zone: .\npolicy: {zsk: {bits: 2560}}\n",
		"policy.zsk.bits: RSASHA256 has no keys of 2560 bits"},
	    {"zone: .\npolicy: {zsk: {roll: lifetime}}\n",
		"rz.yaml:2:22: policy.zsk.roll: \"lifetime\" needs the key "
		"policy.zsk.lifetime"},
	    {"zone: .\npolicy: {zsk: {lifetime: 90d}}\n",
		"policy.zsk.lifetime: has no effect without "
		"policy.zsk.roll: lifetime"},
	    {"zone: .\npolicy: {calendar: lifetimes, "
	     "zsk: {roll: quarterly}}\n",
		"policy.zsk.roll: \"quarterly\" needs policy.calendar"},
	    {"zone: .\npolicy: {signatures: {refresh: 13d}}\n",
		"policy.signatures.refresh: less than "
		"policy.signatures.zone ("},
	};
	struct config *c = parse("zone: .\npolicy: {calendar: lifetimes, "
				 "ksk: {algorithm: ED25519}}\n");

	(void)state;
	assert_non_null(c);
	assert_int_equal(c->policy.zsk.roll, ROLL_MANUAL);
	assert_int_equal(c->policy.ksk.bits, 0);
	config_free(c);
	REFUSED(t);
}

/* 16 tokens are a list, 17 are too many; so with values and nodes. */
static void
limits(void **state)
{
	struct buf b = BUF_INIT;
	struct config *c;

	(void)state;
	for (int n = 16; n <= 17; n++) {
		buf_clear(&b);
		buf_str(&b, "zone: .\ntokens:\n  zsk:\n");
		for (int i = 0; i < n; i++)
			buf_printf(&b, "  - pkcs11:token=%d\n", i);
		c = parse(buf_cstr(&b));
		assert_int_equal(c != NULL, n == 16);
		config_free(c);
	}
	assert_non_null(strstr(e.text, "tokens.zsk: Excessive entries"));
	for (int n = 4096; n <= 4097; n++) {
		buf_clear(&b);
		buf_printf(&b, "zone: .\nstate: /%0*d\n", n - 1, 0);
		c = parse(buf_cstr(&b));
		assert_int_equal(c != NULL, n == 4096);
		config_free(c);
	}
	/* The whole, zone, verify and severity are four nodes. */
	for (int n = 2044; n <= 2045; n++) {
		buf_clear(&b);
		buf_str(&b, "zone: .\nverify:\n  severity:\n");
		for (int i = 0; i < n; i++)
			buf_printf(&b, "    r%d: info\n", i);
		c = parse(buf_cstr(&b));
		assert_int_equal(c != NULL, n == 2044);
		config_free(c);
	}
	assert_non_null(strstr(e.text, "more values than a configuration"));
	buf_free(&b);
}

static void
size_limit(void **state)
{
	char *text = malloc(((size_t)1 << 20) + 1);
	struct config *c = NULL;

	(void)state;
	assert_non_null(text);
	memset(text, '\n', ((size_t)1 << 20) + 1);
	memcpy(text, "zone: .\n", 8);
	assert_int_equal(
	    config_parse(&c, text, (size_t)1 << 20, "rz.yaml", &e), 0);
	config_free(c);
	assert_int_equal(
	    config_parse(&c, text, ((size_t)1 << 20) + 1, "rz.yaml", &e), -1);
	assert_string_equal(
	    e.text, "rz.yaml: larger than the limit of 1048576 octets");
	free(text);
}

static void
load(void **state)
{
	char path[] = "/tmp/rz-test-config-XXXXXX", says[128];
	int fd = mkstemp(path);
	struct config *c = NULL;

	(void)state;
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, "zone: a\nx: y\n", 13), 13);
	assert_int_equal(config_load(&c, path, &e), -1);
	snprintf(says, sizeof says, "%s:2:1: unknown key \"x\"", path);
	assert_string_equal(e.text, says);
	assert_int_equal(ftruncate(fd, 8), 0);
	assert_int_equal(config_load(&c, path, &e), 0);
	assert_string_equal(c->path, path);
	assert_string_equal(c->zone, "a.");
	config_free(c);
	close(fd);
	unlink(path);
	assert_int_equal(config_load(&c, path, &e), -1);
	assert_non_null(strstr(e.text, "cannot open: No such file"));
	config_free(NULL);
}

#define T(f) cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {T(values), T(percentages),
	    T(zone_names), T(lists), T(rules), T(limits), T(size_limit),
	    T(load)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
