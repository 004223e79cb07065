#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "lib/algorithm.h"
#include "lib/utc.h"
#include "rollover/policy.h"

static char path[] = "rz.yaml";
static char token_uri[] = "pkcs11:token=rz-ksk";

/* The root's numbers. */
static struct config
root_config(void)
{
	static char *tokens[] = {token_uri};
	struct config c;

	memset(&c, 0, sizeof c);
	c.path = path;
	c.tokens.ksk.item = tokens;
	c.tokens.ksk.n = 1;
	c.policy.ksk.algorithm = c.policy.zsk.algorithm = ALG_RSASHA256;
	c.policy.ksk.bits = c.policy.zsk.bits = 2048;
	c.policy.ttl.dnskey = 48 * HOUR;
	c.policy.ttl.ds = 24 * HOUR;
	c.policy.signatures.dnskey = 21 * DAY;
	c.policy.signatures.zone = 13 * DAY;
	c.policy.signatures.inception_offset = HOUR;
	c.policy.propagation.zone = 2 * HOUR;
	c.policy.propagation.parent = HOUR;
	c.rollover.add_hold_down = 30 * DAY;
	c.rollover.ksk_publication = -1; /* auto */
	c.rollover.revoke_for = 70 * DAY;
	return c;
}

static void
allowed(const struct config *c, bool lab)
{
	struct error e = ERROR_INIT;

	if (policy_check(c, lab, &e) != 0)
		fail_msg("refused: %s", e.text);
}

static void
refused(const struct config *c, bool lab, const char *text)
{
	struct error e = ERROR_INIT;
	int rc = policy_check(c, lab, &e);

	if (rc != -1 || e.status != STATUS_TROUBLE ||
	    strncmp(e.text, "rz.yaml: ", 9) != 0 ||
	    strstr(e.text, text) == NULL)
		fail_msg("rc %d, status %d, \"%s\", wanted \"%s\"", rc,
		    (int)e.status, e.text, text);
}

static void
test_root(void **arg)
{
	struct config c = root_config();

	(void)arg;
	allowed(&c, false);
	allowed(&c, true);
}

/* One number: allowed at `good`, refused one second beyond it. */
static void
test_edges(void **arg)
{
	struct config c;
	const struct {
		int64_t *value;
		int64_t good, bad;
		const char *text;
		bool lab_too;
	} edges[] = {
	    {&c.policy.signatures.dnskey, 49 * HOUR, 49 * HOUR - 1,
		"policy.signatures.dnskey: valid for 1d23h59m59s after "
		"signing, less than ttl.dnskey (2d)", true},
	    {&c.policy.ttl.dnskey, 21 * DAY - HOUR, 21 * DAY - HOUR + 1,
		"policy.signatures.dnskey", true},
	    {&c.policy.signatures.inception_offset, 19 * DAY, 19 * DAY + 1,
		"policy.signatures.dnskey", true},
	    {&c.policy.signatures.zone, DAY, DAY - 1,
		"policy.signatures.zone", true},
	    {&c.policy.ttl.ds, 13 * DAY, 13 * DAY + 1,
		"policy.signatures.zone", true},
	    {&c.policy.signatures.refresh, 0, 7 * DAY,
		"policy.signatures.refresh: signatures are not kept by this "
		"release", true},
	    {&c.policy.signatures.dnskey, 0x7fffffff, INT64_C(0x80000000),
		"policy.signatures.dnskey", true},
	    {&c.policy.signatures.zone, 0x7fffffff - HOUR,
		0x7fffffff - HOUR + 1, "policy.signatures.zone", true},
	    {&c.policy.propagation.zone, 1, 0, "policy.propagation.zone",
		true},
	    {&c.policy.propagation.parent, 1, 0, "policy.propagation.parent",
		true},
	    {&c.rollover.add_hold_down, 30 * DAY, 30 * DAY - 1,
		"rollover.add-hold-down", false},
	    /* 30d, 2d of TTL, 2h, a query in a day, five times 4h48m. */
	    {&c.rollover.ksk_publication, 34 * DAY + 2 * HOUR,
		34 * DAY + 2 * HOUR - 1,
		"rollover.ksk-publication: 34d1h59m59s, less than 34d2h",
		false},
	    {&c.rollover.revoke_for, 30 * DAY, 30 * DAY - 1,
		"rollover.revoke-for: 29d23h59m59s, less than 30d", false},
	};

	(void)arg;
	for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
		c = root_config();
		*edges[i].value = edges[i].good;
		allowed(&c, false);
		allowed(&c, true);
		*edges[i].value = edges[i].bad;
		refused(&c, false, edges[i].text);
		if (edges[i].lab_too)
			refused(&c, true, edges[i].text);
		else
			allowed(&c, true);
	}
}

/* RFC 5011 section 2.4.1: the longer of 30 d and the TTL. */
static void
test_hold_down_ttl(void **arg)
{
	struct config c = root_config();

	(void)arg;
	c.policy.ttl.dnskey = 31 * DAY;
	c.policy.signatures.dnskey = 40 * DAY;
	c.rollover.add_hold_down = 31 * DAY;
	allowed(&c, false);
	c.rollover.add_hold_down--;
	refused(&c, false, "rollover.add-hold-down: 30d23h59m59s");
	allowed(&c, true);
}

/* RFC 2181 section 8, where the validity would allow it. */
static void
test_ttl_wire(void **arg)
{
	struct config c = root_config();

	(void)arg;
	c.policy.ttl.ds = INT64_C(0x80000000);
	refused(&c, false, "policy.ttl.ds");
	c = root_config();
	c.policy.ttl.dnskey = INT64_C(0x80000000);
	refused(&c, false, "policy.ttl.dnskey");
	c = root_config();
	c.policy.ttl.ds = -1; /* as in the input */
	c.policy.signatures.zone = 1;
	allowed(&c, false);
	c.policy.signatures.zone = 0;
	refused(&c, false, "policy.signatures.zone");
}

/* RFC 5011 section 2.3: a query each hour at most, each 15 d at least. */
static void
test_minima(void **arg)
{
	struct config c = root_config();

	(void)arg;
	c.policy.ttl.dnskey = 30;
	c.policy.propagation.zone = 1;
	assert_int_equal(policy_ksk_publication_min(&c),
	    30 * DAY + 30 + 1 + HOUR + 5 * HOUR);
	assert_int_equal(policy_revoke_for_min(&c), 30 * DAY);
	c.policy.ttl.dnskey = 40 * DAY;
	c.policy.signatures.dnskey = 50 * DAY;
	assert_int_equal(policy_ksk_publication_min(&c),
	    30 * DAY + 40 * DAY + 1 + 15 * DAY + 5 * DAY);
	assert_int_equal(policy_revoke_for_min(&c),
	    40 * DAY + 1 + 15 * DAY + 5 * DAY);
	/* A validity that is shorter makes them ask more often. */
	c.policy.signatures.dnskey = 20 * DAY;
	assert_int_equal(policy_ksk_publication_min(&c),
	    30 * DAY + 40 * DAY + 1 + 10 * DAY + 5 * DAY);
}

static void
test_algorithms(void **arg)
{
	struct config c = root_config();

	(void)arg;
	c.policy.ksk.algorithm = c.policy.zsk.algorithm = ALG_ED25519;
	allowed(&c, false);
	c.policy.zsk.algorithm = ALG_RSASHA512;
	refused(&c, false, "RFC 4035 section 2.2");
	refused(&c, true, "RFC 4035 section 2.2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_root),
	    cmocka_unit_test(test_edges),
	    cmocka_unit_test(test_hold_down_ttl),
	    cmocka_unit_test(test_ttl_wire),
	    cmocka_unit_test(test_algorithms),
	    cmocka_unit_test(test_minima),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
