/* Faults of content, each found and each absent beside it. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/xalloc.h"
#include "signer/zone_check.h"
#include "tests/support/zone_text.h"

#define TOP                                                                   \
	"$TTL 300\n@ SOA ns hostmaster 1 1800 900 604800 86400\n@ NS ns\n"    \
	"ns A 192.0.2.1\n"

static void
write_down(void *arg, enum zone_fault f, const struct node *nd, uint16_t type,
    const char *text)
{
	char name[NAME_MAX_TEXT], mnemonic[TYPE_TEXT];

	assert_true(strlen(text) > 0);
	buf_printf(arg, "%s %s %s\n", zone_fault_rule(f),
	    name_text(name, owner_wire(nd->owner)), type_text(mnemonic, type));
}

static const struct {
	const char *zone, *faults;
} cases[] = {
    {TOP, ""},
    {"$TTL 300\n@ SOA ns h 1 1 1 1 1\n", "apex-ns example. NS\n"},
    /* RFC 2181 section 5.2 */
    {TOP "a 1 A 1.1.1.1\na 1 A 1.1.1.2\n", ""},
    {TOP "a 1 A 1.1.1.1\na 2 A 1.1.1.2\n", "ttl-differs a.example. A\n"},
    {TOP "a 1 A 1.1.1.1\na 2 A 1.1.1.1\n", "ttl-differs a.example. A\n"},
    {TOP "a 1 A 1.1.1.1\na 2 AAAA ::1\n", ""},
    /* CNAME and DNAME */
    {TOP "a CNAME b\n", ""},
    {TOP "a CNAME b\na TXT x\n", "cname a.example. TXT\n"},
    {TOP "a CNAME b\na CNAME c\n", "cname-single a.example. CNAME\n"},
    {TOP "a DNAME b\na TXT x\n", ""},
    {TOP "a DNAME b\na DNAME c\n", "cname-single a.example. DNAME\n"},
    /* DS */
    {TOP "a NS ns\na DS 1 8 2 00\n", ""},
    {TOP "a TXT x\na DS 1 8 2 00\n", "ds-place a.example. DS\n"},
    {TOP "@ DS 1 8 2 00\n", "ds-place example. DS\n"},
    /* RFC 9471: in-domain glue, sibling glue, neither */
    {TOP "a NS ns.a\nns.a A 1.1.1.1\n", ""},
    {TOP "a NS a\na AAAA ::1\n", ""},
    {TOP "a NS ns.a\n", "glue-missing a.example. NS\n"},
    {TOP "a NS ns.a\nns.a TXT x\n",
	"glue-missing a.example. NS\noccluded ns.a.example. TXT\n"},
    {TOP "a NS ns.b\nb NS ns\n", "glue-sibling a.example. NS\n"},
    {TOP "a NS ns.b\nb NS ns\nns.b A 1.1.1.1\n", ""},
    {TOP "a NS ns.example.net.\n", ""},
    /* occluded */
    {TOP "a NS ns\nb.a A 1.1.1.1\n", "occluded b.a.example. A\n"},
    {TOP "a NS ns.a\nns.a A 1.1.1.1\nns.a TXT x\n",
	"occluded ns.a.example. TXT\n"},
    {TOP "a NS ns\na TXT x\n", "occluded a.example. TXT\n"},
    {TOP "a NS ns\nb.a NS ns\n", "occluded b.a.example. NS\n"},
    /* NS at a wildcard: RFC 4592 section 4.2 */
    {TOP "*.a A 1.1.1.1\n*.b NS ns\n", "wildcard-ns *.b.example. NS\n"},
    {TOP "*a NS ns\nb.*.a NS ns\n", ""},
    {TOP "a NS ns\n*.a NS ns\n",
	"wildcard-ns *.a.example. NS\noccluded *.a.example. NS\n"},
    /* DNAME: RFC 6672 section 2.4 */
    {TOP "a DNAME b\nb.b A 1.1.1.1\naa A 1.1.1.1\n", ""},
    {TOP "a DNAME b\nc.a A 1.1.1.1\nc.a TXT x\nd A 1.1.1.1\n",
	"below-dname c.a.example. A\nbelow-dname c.a.example. TXT\n"},
    {TOP "a DNAME b\nc.a DNAME b\nd.c.a A 1.1.1.1\ne.a A 1.1.1.1\n",
	"below-dname c.a.example. DNAME\nbelow-dname d.c.a.example. A\n"
	"below-dname e.a.example. A\n"},
    {TOP "a DNAME b\nc NS ns.a\nns.a A 1.1.1.1\n",
	"below-dname ns.a.example. A\n"},
    {TOP "a NS ns\nb.a DNAME c\nc.b.a A 1.1.1.1\n",
	"occluded b.a.example. DNAME\nbelow-dname c.b.a.example. A\n"},
    {TOP "@ DNAME b.\n", "below-dname ns.example. A\n"},
    {"$TTL 300\n@ SOA a. b. 1 1 1 1 1\n@ NS ns.\n@ DNAME b.\n", ""},
    {TOP "a DNAME b\na NS ns\n", "dname-ns a.example. DNAME\n"},
    {TOP "a DNAME b\na NS ns.a\nns.a A 1.1.1.1\n",
	"dname-ns a.example. DNAME\nbelow-dname ns.a.example. A\n"},
    {TOP "a NS ns\nb.a DNAME b\nb.a NS ns\n",
	"occluded b.a.example. NS\ndname-ns b.a.example. DNAME\n"},
};

static void
faults(void **state)
{
	struct zone z;
	struct buf b = BUF_INIT;
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		zone_from_text(&z, "example.", cases[i].zone);
		buf_clear(&b);
		n = zone_check(&z, write_down, &b);
		if (strcmp(buf_cstr(&b), cases[i].faults) != 0)
			fail_msg("%s\n-> %s", cases[i].zone, buf_cstr(&b));
		assert_int_equal(n > 0, b.len > 0);
		zone_free(&z);
	}
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(faults)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
