#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/config.h"
#include "lib/parallel.h"
#include "lib/utc.h"

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

static struct config *
good(const char *text)
{
	struct config *cfg = parse(text);

	if (cfg == NULL)
		fail_msg("refused: %s\n%s", e.text, text);
	return cfg;
}

static void
bad(const char *text, const char *says)
{
	struct config *cfg = parse(text);

	config_free(cfg);
	if (cfg != NULL)
		fail_msg("not refused: %s", text);
	assert_int_equal(e.status, STATUS_TROUBLE);
	if (strcmp(e.text, says) != 0)
		fail_msg("for:   %s\nfound: %s\nnot:   %s", text, e.text,
		    says);
}

static void
defaults_policy(void **state)
{
	struct config *c = good("zone: .\n");

	(void)state;
	assert_string_equal(c->path, "rz.yaml");
	assert_string_equal(c->zone, ".");
	assert_int_equal(c->policy.trust, TRUST_RFC5011);
	assert_int_equal(c->policy.ksk.algorithm, 8);
	assert_int_equal(c->policy.ksk.bits, 2048);
	assert_int_equal(c->policy.ksk.roll, ROLL_MANUAL);
	assert_int_equal(c->policy.zsk.algorithm, 8);
	assert_int_equal(c->policy.zsk.bits, 2048);
	assert_int_equal(c->policy.zsk.roll, ROLL_QUARTERLY);
	assert_int_equal(c->policy.ttl.dnskey, 48 * HOUR);
	assert_int_equal(c->policy.ttl.ds, 24 * HOUR);
	assert_int_equal(c->policy.signatures.dnskey, 21 * DAY);
	assert_int_equal(c->policy.signatures.zone, 13 * DAY);
	assert_int_equal(c->policy.signatures.inception_offset, HOUR);
	assert_int_equal(c->policy.signatures.refresh, 0);
	assert_int_equal(c->policy.denial, DENIAL_NSEC);
	assert_int_equal(c->policy.zonemd_n, 1);
	assert_int_equal(c->policy.zonemd[0], 1);
	assert_int_equal(c->policy.serial, SERIAL_KEEP);
	assert_int_equal(c->policy.propagation.zone, 2 * HOUR);
	assert_int_equal(c->policy.propagation.parent, HOUR);
	assert_int_equal(c->policy.calendar, CALENDAR_ROOT_QUARTERS);
	assert_false(c->policy.strict);
	config_free(c);
}

static void
defaults_rest(void **state)
{
	struct config *c = good("zone: .\n");

	(void)state;
	assert_null(c->state);
	assert_false(c->lab);
	assert_int_equal(c->tokens.ksk.n, 0);
	assert_int_equal(c->tokens.zsk.n, 0);
	assert_int_equal(c->tokens.sessions, parallel_processors());
	assert_int_equal(c->verify.severity_n, 0);
	assert_int_equal(c->verify.also.n, 0);
	assert_int_equal(c->verify.required.n, 0);
	assert_int_equal(c->verify.also_limit, 5 * MINUTE);
	assert_int_equal(c->verify.dnskey_size, 1232);
	assert_int_equal(c->verify.next_signing, 5 * DAY);
	assert_int_equal(c->verify.max_change.lines, 500);
	assert_int_equal(c->verify.max_change.delegations, 100);
	assert_int_equal(c->alarm.signatures_left, 5 * DAY);
	assert_int_equal(c->alarm.skr_left, 45 * DAY);
	assert_null(c->hooks.sign);
	assert_null(c->hooks.publish);
	assert_null(c->hooks.observe);
	assert_int_equal(c->rollover.add_hold_down, 30 * DAY);
	assert_int_equal(c->rollover.ksk_publication, -1);
	assert_int_equal(c->rollover.revoke_for, 70 * DAY);
	config_free(c);
}

static void
every_key_policy(void **state)
{
	struct config *c = good(
	    "zone: Example\nstate: /x/y.db\nlab: true\n"
	    "tokens: {ksk: [\"pkcs11:token=k\"], sessions: 7,\n"
	    "  zsk: [\"pkcs11:token=a\", \"file:/k\"]}\n"
	    "policy:\n  trust: parent\n"
	    "  ksk: {algorithm: ecdsap256sha256, bits: 256, roll: lifetime,\n"
	    "    lifetime: 3w}\n"
	    "  zsk: {algorithm: RSASHA512, bits: 4096, roll: manual}\n"
	    "  ttl: {dnskey: 1h30m, ds: keep}\n"
	    "  signatures: {dnskey: P10D, zone: 9d, inception-offset: 0s,\n"
	    "    refresh: 8d}\n"
	    "  denial: nsec3\n  zonemd: [sha512, private-240, private-254]\n"
	    "  serial: date\n  propagation: {zone: 1s, parent: 30d}\n"
	    "  calendar: lifetimes\n  strict: true\n");

	(void)state;
	assert_string_equal(c->zone, "example.");
	assert_string_equal(c->state, "/x/y.db");
	assert_true(c->lab);
	assert_int_equal(c->tokens.ksk.n, 1);
	assert_string_equal(c->tokens.ksk.item[0], "pkcs11:token=k");
	assert_int_equal(c->tokens.zsk.n, 2);
	assert_string_equal(c->tokens.zsk.item[1], "file:/k");
	assert_int_equal(c->tokens.sessions, 7);
	assert_int_equal(c->policy.trust, TRUST_PARENT);
	assert_int_equal(c->policy.ksk.algorithm, 13);
	assert_int_equal(c->policy.ksk.bits, 256);
	assert_int_equal(c->policy.ksk.roll, ROLL_LIFETIME);
	assert_int_equal(c->policy.ksk.lifetime, 21 * DAY);
	assert_int_equal(c->policy.zsk.algorithm, 10);
	assert_int_equal(c->policy.zsk.bits, 4096);
	assert_int_equal(c->policy.ttl.dnskey, 90 * MINUTE);
	assert_int_equal(c->policy.ttl.ds, -1);
	assert_int_equal(c->policy.signatures.dnskey, 10 * DAY);
	assert_int_equal(c->policy.signatures.inception_offset, 0);
	assert_int_equal(c->policy.signatures.refresh, 8 * DAY);
	assert_int_equal(c->policy.denial, DENIAL_NSEC3);
	assert_int_equal(c->policy.zonemd_n, 3);
	assert_memory_equal(c->policy.zonemd, "\x02\xf0\xfe", 3);
	assert_int_equal(c->policy.serial, SERIAL_DATE);
	assert_int_equal(c->policy.calendar, CALENDAR_LIFETIMES);
	assert_true(c->policy.strict);
	config_free(c);
}

static void
every_key_rest(void **state)
{
	struct config *c = good(
	    "zone: .\nverify:\n"
	    "  severity: {dnskey-size: error, glue: info, ttl: warning}\n"
	    "  also: [kzonecheck, dnssec-verify, ldns-verify-zone,\n"
	    "    named-checkzone, nsd-checkzone]\n"
	    "  required: [nsd-checkzone]\n  also-limit: 9s\n"
	    "  dnskey-size: 512\n  next-signing: 1d\n"
	    "  max-change: {lines: 500, delegations: 0.25%}\n"
	    "alarm: {signatures-left: 1d, skr-left: 2d}\n"
	    "hooks: {sign: /a, publish: /b, observe: /c}\n"
	    "rollover: {add-hold-down: 31d, ksk-publication: 40d,\n"
	    "  revoke-for: 71d}\n");

	(void)state;
	assert_int_equal(c->verify.severity_n, 3);
	assert_string_equal(c->verify.severity[0].rule, "dnskey-size");
	assert_int_equal(c->verify.severity[0].severity, SEVERITY_ERROR);
	assert_string_equal(c->verify.severity[1].rule, "glue");
	assert_int_equal(c->verify.severity[1].severity, SEVERITY_INFO);
	assert_int_equal(c->verify.severity[2].severity, SEVERITY_WARNING);
	assert_int_equal(c->verify.also.n, 5);
	assert_string_equal(c->verify.required.item[0], "nsd-checkzone");
	assert_int_equal(c->verify.also_limit, 9);
	assert_int_equal(c->verify.dnskey_size, 512);
	assert_int_equal(c->verify.next_signing, DAY);
	assert_int_equal(c->verify.max_change.lines, 500);
	assert_int_equal(c->verify.max_change.delegations, 25);
	assert_int_equal(c->alarm.signatures_left, DAY);
	assert_int_equal(c->alarm.skr_left, 2 * DAY);
	assert_string_equal(c->hooks.sign, "/a");
	assert_string_equal(c->hooks.publish, "/b");
	assert_string_equal(c->hooks.observe, "/c");
	assert_int_equal(c->rollover.add_hold_down, 31 * DAY);
	assert_int_equal(c->rollover.ksk_publication, 40 * DAY);
	assert_int_equal(c->rollover.revoke_for, 71 * DAY);
	config_free(c);
}

/* What is no YAML, or more YAML than a configuration needs. */
static void
form(void **state)
{
	static const struct {
		const char *text, *says;
	} t[] = {
	    {"", "rz.yaml: empty"},
	    {"# nothing\n", "rz.yaml: empty"},
	    {"- a\n",
		"rz.yaml: a mapping was expected, found a list"},
	    {"zone: .\nzone: .\n",
		"rz.yaml:2:1: zone: duplicate key (see line 1)"},
	    {"zone: .\npolicy:\n  ttl: {ds: 1h, ds: 2h}\n",
		"rz.yaml:3:17: policy.ttl.ds: duplicate key (see line 3)"},
	    {"zone: .\npolicy: {}\npolicy: {}\n",
		"rz.yaml:3:1: policy: duplicate key (see line 2)"},
	    {"zone: .\nverify:\n  severity:\n    a: info\n    a: error\n",
		"rz.yaml:5:5: verify.severity.a: duplicate key (see line 4)"},
	    {"zone: &a .\n",
		"rz.yaml:1:7: zone: anchors (&) are not allowed"},
	    {"zone: *a\n",
		"rz.yaml:1:7: zone: aliases (*) are not allowed"},
	    {"zone: !!str .\n",
		"rz.yaml:1:7: zone: tags (!) are not allowed"},
	    {"zone: .\npolicy: !x {}\n",
		"rz.yaml:2:9: policy: tags (!) are not allowed"},
	    {"zone: .\n---\nzone: .\n",
		"rz.yaml:2:1: a second document is not allowed"},
	    {"zone: .\n? [a]\n: b\n",
		"rz.yaml:2:3: a key was expected, found a list or a "
		"mapping"},
	    {"zone: .\nZone: x\n", "rz.yaml:2:1: unknown key \"Zone\""},
	    {"zone: .\n\"a.b\": x\n", "rz.yaml:2:1: unknown key \"a.b\""},
	    {"zone: .\n<<: {state: x}\n", "rz.yaml:2:1: unknown key \"<<\""},
	    {"zone: [[[[[[[[a]]]]]]]]\n",
		"rz.yaml:1:12: zone[0][0][0][0][0]: nested too deeply"},
	    {"zone: \"a\\0b\"\n", "rz.yaml:1:7: zone: a NUL in the value"},
	    {"zone: a: b\n",
		"rz.yaml:1:8: mapping values are not allowed in this "
		"context"},
	    {"zone: .\n\tstate: x\n",
		"rz.yaml:2:1: found a tab character that violates indentation"},
	    {"zone: \xff\n",
		"rz.yaml: octet 6: invalid leading UTF-8 octet"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		bad(t[i].text, t[i].says);
}

/* Keys that are not there, and values of another kind. */
static void
schema(void **state)
{
	static const struct {
		const char *text, *says;
	} t[] = {
	    {"state: x\n", "rz.yaml: zone: is required, and not there"},
	    {"zone: .\ngate: []\n", "rz.yaml:2:1: unknown key \"gate\""},
	    {"zone: .\nserving: {}\n",
		"rz.yaml:2:1: unknown key \"serving\""},
	    {"zone: .\npolicy:\n  ttl: {soa: 1h}\n",
		"rz.yaml:3:9: policy.ttl: unknown key \"soa\""},
	    {"zone: [.]\n",
		"rz.yaml:1:7: zone: one value was expected, found a list"},
	    {"zone: .\nstate: {a: b}\n",
		"rz.yaml:2:8: state: one value was expected, found a "
		"mapping"},
	    {"zone: .\npolicy: 13d\n",
		"rz.yaml:2:9: policy: a mapping was expected, found one "
		"value"},
	    {"zone: .\npolicy:\n",
		"rz.yaml:2:8: policy: a mapping was expected, found one "
		"value"},
	    {"zone: .\npolicy: {ttl: [1h]}\n",
		"rz.yaml:2:15: policy.ttl: a mapping was expected, found a "
		"list"},
	    {"zone: .\ntokens: {ksk: pkcs11}\n",
		"rz.yaml:2:15: tokens.ksk: a list was expected, found one "
		"value"},
	    {"zone: .\ntokens: {ksk: {a: b}}\n",
		"rz.yaml:2:15: tokens.ksk: a list was expected, found a "
		"mapping"},
	    {"zone: .\ntokens: {ksk: [[a]]}\n",
		"rz.yaml:2:16: tokens.ksk: one value was expected, found a "
		"list"},
	    {"zone: .\nverify: {severity: error}\n",
		"rz.yaml:2:20: verify.severity: a mapping was expected"},
	    {"zone: .\nverify: {severity: [error]}\n",
		"rz.yaml:2:20: verify.severity: a mapping was expected"},
	    {"zone: .\nverify: {severity: {a: [error]}}\n",
		"rz.yaml:2:24: verify.severity.a: one of info, warning, "
		"error was expected, found a list or a mapping"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		bad(t[i].text, t[i].says);
}

/* Both edges of each range: key, the last that is good, the first bad. */
static void
ranges(void **state)
{
	static const struct {
		const char *before, *low, *under, *high, *over, *after;
	} t[] = {
	    {"tokens: {sessions: ", "1", "0", "1024", "1025", "}"},
	    {"policy: {ttl: {dnskey: ", "1s", "0s", "2147483647s",
		"2147483648s", "}}"},
	    {"policy: {ttl: {ds: ", "1s", "0s", "2147483647s",
		"2147483648s", "}}"},
	    {"policy: {signatures: {dnskey: ", "1s", "0s", "3650d",
		"3650d1s", "}}"},
	    {"policy: {signatures: {zone: ", "1s", "0s", "3650d", "3650d1s",
		"}}"},
	    {"policy: {signatures: {inception-offset: ", "0s", "-1s", "30d",
		"30d1s", "}}"},
	    {"policy: {signatures: {refresh: ", "0s", "-1s", "12d", "13d",
		"}}"},
	    {"policy: {propagation: {zone: ", "1s", "0s", "30d", "30d1s",
		"}}"},
	    {"policy: {propagation: {parent: ", "1s", "0s", "30d", "30d1s",
		"}}"},
	    {"policy: {ksk: {bits: ", "2048", "1024", "4096", "8192", "}}"},
	    {"policy: {zsk: {bits: ", "3072", "2047", "4096", "4097", "}}"},
	    {"policy: {zsk: {roll: lifetime, lifetime: ", "1s", "0s",
		"36500d", "36500d1s", "}}"},
	    {"verify: {also-limit: ", "1s", "0s", "1d", "1d1s", "}"},
	    {"verify: {dnskey-size: ", "512", "511", "65535", "65536", "}"},
	    {"verify: {next-signing: ", "1s", "0s", "3650d", "3650d1s", "}"},
	    {"verify: {max-change: {lines: ", "0", "-1", "2147483647",
		"2147483648", "}}"},
	    {"verify: {max-change: {delegations: ", "0%", "-1%", "100%",
		"100.01%", "}}"},
	    {"alarm: {signatures-left: ", "1s", "0s", "3650d", "3650d1s",
		"}"},
	    {"alarm: {skr-left: ", "1s", "0s", "3650d", "3650d1s", "}"},
	    {"rollover: {add-hold-down: ", "1s", "0s", "3650d", "3650d1s",
		"}"},
	    {"rollover: {ksk-publication: ", "1s", "0s", "3650d", "3650d1s",
		"}"},
	    {"rollover: {revoke-for: ", "1s", "0s", "3650d", "3650d1s", "}"},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		const char *v[] = {t[i].low, t[i].high, t[i].under,
		    t[i].over};

		for (size_t k = 0; k < 4; k++) {
			struct config *c;

			snprintf(text, sizeof text, "zone: .\n%s%s%s\n",
			    t[i].before, v[k], t[i].after);
			c = parse(text);
			if ((c != NULL) != (k < 2))
				fail_msg("%s: %s", text, e.text);
			config_free(c);
		}
	}
}

#define T(f) cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {T(defaults_policy),
	    T(defaults_rest), T(every_key_policy), T(every_key_rest),
	    T(form), T(schema), T(ranges)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
