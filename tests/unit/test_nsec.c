/* The NSEC chain of the signer: who has one, its types, its TTL. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/buf.h"
#include "signer/nsec.h"
#include "signer/record_text.h"
#include "tests/support/zone_text.h"

#define SOA "@ 3600 IN SOA ns hostmaster 1 1800 900 604800 86400\n"

/* All NSEC of a zone as text, after chaining. */
static void
chain(struct buf *out, const char *origin, const char *text, unsigned threads)
{
	struct zone z;
	size_t made, found = 0;

	zone_from_text(&z, origin, text);
	made = nsec_chain(&z, 77, threads);
	for (size_t i = 0; i < z.n; i++) {
		if (z.entry[i].record->type != TYPE_NSEC)
			continue;
		record_text(out, owner_wire(z.entry[i].owner),
		    z.entry[i].record);
		found++;
	}
	assert_int_equal(made, found);
	zone_free(&z);
}

static void
chain_and_types(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	chain(&b, "example.",
	    SOA "@ 1 NS ns.sub\n@ 1 DNSKEY 256 3 8 AAAA\n"
		"@ 1 TYPE65280 \\# 1 01\n@ 1 CAA 0 issue x\n"
		"sub 1 NS ns.sub\nsub 1 DS 1 8 2 00\nns.sub 1 A 1.1.1.1\n"
		"plain 1 NS ns.sub\nplain 1 A 1.1.1.1\n"
		"x.ent 1 TXT x\n*.ent 1 A 1.1.1.1\n", 1);
	assert_string_equal(buf_cstr(&b),
	    "example.\t77\tIN\tNSEC\t*.ent.example. NS SOA RRSIG NSEC DNSKEY "
	    "CAA TYPE65280\n"
	    "*.ent.example.\t77\tIN\tNSEC\tx.ent.example. A RRSIG NSEC\n"
	    "x.ent.example.\t77\tIN\tNSEC\tplain.example. TXT RRSIG NSEC\n"
	    "plain.example.\t77\tIN\tNSEC\tsub.example. NS RRSIG NSEC\n"
	    "sub.example.\t77\tIN\tNSEC\texample. NS DS RRSIG NSEC\n");
	buf_free(&b);
}

static void
alone(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	chain(&b, ".", ". 1 SOA a. b. 1 1 1 1 1\n", 4);
	assert_string_equal(buf_cstr(&b),
	    ".\t77\tIN\tNSEC\t. SOA RRSIG NSEC\n");
	buf_free(&b);
}

static void
threads_make_no_difference(void **state)
{
	struct buf zone = BUF_INIT, one = BUF_INIT, four = BUF_INIT;

	(void)state;
	buf_str(&zone, SOA);
	for (int i = 0; i < 2000; i++)
		buf_printf(&zone, "n%d 1 %s\n", i,
		    i % 3 ? "NS ns.other." : "A 1.1.1.1");
	chain(&one, "example.", buf_cstr(&zone), 1);
	chain(&four, "example.", buf_cstr(&zone), 4);
	assert_string_equal(buf_cstr(&one), buf_cstr(&four));
	buf_free(&zone);
	buf_free(&one);
	buf_free(&four);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(chain_and_types),
	    cmocka_unit_test(alone),
	    cmocka_unit_test(threads_make_no_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
