/* What a zone answers for a name server, and what is said of it. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "signer/zone_check.h"
#include "signer/zone_host.h"
#include "tests/support/zone_text.h"

#define SOA "$TTL 300\n@ SOA ns h 1 1800 900 604800 86400\n"
#define TOP SOA "@ NS ns\nns A 192.0.2.1\n"

static const char hosts_zone[] = TOP
    "six AAAA 2001:db8::1\ntext TXT x\nalias CNAME ns\nunder.ent TXT x\n"
    "cut NS ns.cut\nns.cut A 192.0.2.2\nbare.cut TXT x\n*.cut A 192.0.2.3\n"
    "dname DNAME ns\nbelow.dname TXT x\n*.dname A 192.0.2.4\n"
    "*.w A 192.0.2.5\ntext.w TXT x\nb.ent.w TXT x\n"
    "*.c CNAME ns\n*.t TXT x\n*.dcut A 192.0.2.6\ndcut NS ns\n";

static const struct {
	const char *name;
	enum zone_host host;
} hosts[] = {
    {"ns.example.", HOST_ADDRESS},
    {"six.example.", HOST_ADDRESS},
    {"example.", HOST_NO_ADDRESS},
    {"text.example.", HOST_NO_ADDRESS},
    {"ent.example.", HOST_NO_ADDRESS}, /* empty non-terminal */
    {"alias.example.", HOST_ALIAS},
    {"nothere.example.", HOST_MISSING},
    {"a.nothere.example.", HOST_MISSING},
    {"a.ns.example.", HOST_MISSING},
    {"example.net.", HOST_ELSEWHERE},
    {"xexample.", HOST_ELSEWHERE},
    {".", HOST_ELSEWHERE},
    /* below a cut: glue, or nothing; no wildcard */
    {"ns.cut.example.", HOST_ADDRESS},
    {"cut.example.", HOST_BELOW_CUT},
    {"bare.cut.example.", HOST_BELOW_CUT},
    {"x.cut.example.", HOST_BELOW_CUT},
    {"x.dcut.example.", HOST_BELOW_CUT},
    /* DNAME: all below it, not itself */
    {"dname.example.", HOST_NO_ADDRESS},
    {"x.dname.example.", HOST_ALIAS},
    {"below.dname.example.", HOST_ALIAS},
    /* RFC 4592: the closest encloser decides */
    {"x.w.example.", HOST_ADDRESS},
    {"x.y.w.example.", HOST_ADDRESS},
    {"*.w.example.", HOST_ADDRESS},
    {"w.example.", HOST_NO_ADDRESS},
    {"text.w.example.", HOST_NO_ADDRESS},
    {"x.text.w.example.", HOST_MISSING},
    {"ent.w.example.", HOST_NO_ADDRESS},
    {"x.ent.w.example.", HOST_MISSING},
    {"x.*.w.example.", HOST_MISSING},
    {"x.c.example.", HOST_ALIAS},
    {"x.t.example.", HOST_NO_ADDRESS},
};

static void
test_hosts(void **state)
{
	uint8_t name[NAME_MAX_WIRE];
	struct error e = ERROR_INIT;
	struct zone z;
	size_t len;

	(void)state;
	zone_from_text(&z, "example.", hosts_zone);
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		assert_int_equal(name_parse(name, &len, hosts[i].name, &e), 0);
		if (zone_host(&z, name) != hosts[i].host)
			fail_msg("%s: %d", hosts[i].name, zone_host(&z, name));
	}
	zone_free(&z);
}

static void
test_root(void **state)
{
	uint8_t root[1] = {0}, deep[] = "\1x\1y";
	struct zone z;

	(void)state;
	zone_from_text(&z, ".", "@ 60 SOA a. b. 1 1 1 1 1\n* 60 A 192.0.2.1\n");
	assert_int_equal(zone_host(&z, root), HOST_NO_ADDRESS);
	assert_int_equal(zone_host(&z, deep), HOST_ADDRESS);
	zone_free(&z);
}

static void
write_down(void *arg, enum zone_fault f, const struct node *nd, uint16_t type,
    const char *text)
{
	char name[NAME_MAX_TEXT];

	assert_int_equal(type, TYPE_NS);
	buf_printf(arg, "%s %s %s\n", zone_fault_rule(f),
	    name_text(name, owner_wire(nd->owner)), text);
}

#define ALIAS(cut, ns) \
	"ns-cname " cut " name server " ns " is an alias (RFC 2181 section " \
	"10.3)\n"
#define NONE(rule, cut, ns) \
	rule " " cut " name server " ns " has no address in the zone\n"
#define GONE(rule, cut, ns) rule " " cut " name server " ns " does not exist\n"

static const struct {
	const char *zone, *faults;
} cases[] = {
    /* The address comes from a wildcard, at the apex and at a delegation. */
    {SOA "@ NS ns2\n* A 192.0.2.9\n", ""},
    {SOA "@ NS ns.x.y\n* AAAA ::1\n", ""},
    {TOP "a NS ns2\n* A 192.0.2.9\n", ""},
    {SOA "@ NS ns2\n* TXT x\n",
	NONE("glue-missing", "example.", "ns2.example.")},
    {SOA "@ NS ns.a\n* A 192.0.2.9\na A 192.0.2.8\n",
	GONE("glue-missing", "example.", "ns.a.example.")},
    {TOP "a NS ns.a\n* A 192.0.2.9\n",
	NONE("glue-missing", "a.example.", "ns.a.example.")},
    /* Names that this zone answers for. */
    {TOP "a NS nothere\n", GONE("ns-address", "a.example.",
	"nothere.example.")},
    {TOP "a NS t\nt TXT x\n", NONE("ns-address", "a.example.",
	"t.example.")},
    {TOP "a NS b.t\n*.t TXT x\n", NONE("ns-address", "a.example.",
	"b.t.example.")},
    {TOP "a NS t\nt CNAME ns\n", ALIAS("a.example.", "t.example.")},
    {TOP "a NS b.t\n*.t CNAME ns\n", ALIAS("a.example.", "b.t.example.")},
    {TOP "a NS b.t\nt DNAME ns\n", ALIAS("a.example.", "b.t.example.")},
    {SOA "@ NS gone\n", GONE("glue-missing", "example.", "gone.example.")},
    {SOA "@ NS t\nt CNAME a.test.\n", ALIAS("example.", "t.example.")
	NONE("glue-missing", "example.", "t.example.")},
};

static void
test_faults(void **state)
{
	struct zone z;
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		zone_from_text(&z, "example.", cases[i].zone);
		buf_clear(&b);
		zone_check(&z, write_down, &b);
		if (strcmp(buf_cstr(&b), cases[i].faults) != 0)
			fail_msg("%s\n-> %s", cases[i].zone, buf_cstr(&b));
		zone_free(&z);
	}
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hosts),
	    cmocka_unit_test(test_root),
	    cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
