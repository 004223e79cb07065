/* The zone store: order, duplicates, nodes, classes. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/zone_text.h"

#define SOA "@ 3600 IN SOA ns hostmaster 1 1800 900 604800 86400\n"

static const char *
owner_of(const struct node *nd)
{
	static char text[NAME_MAX_TEXT];

	return name_text(text, owner_wire(nd->owner));
}

/* RFC 4034 section 6.1's own example, with the wildcard and \001, \200. */
static void
canonical_order(void **state)
{
	static const char *const expected[] = {"example.", "a.example.",
	    "yljkjljk.a.example.", "z.a.example.", "zabc.a.example.",
	    "z.example.", "\\001.z.example.", "*.z.example.",
	    "\\200.z.example."};
	struct zone z;

	(void)state;
	zone_from_text(&z, "example.",
	    SOA "\\200.z 1 A 1.1.1.1\nZ.a 1 A 1.1.1.1\n*.z 1 A 1.1.1.1\n"
		"yljkjljk.a 1 A 1.1.1.1\n\\001.z 1 A 1.1.1.1\n"
		"z 1 A 1.1.1.1\na 1 A 1.1.1.1\nzABC.a.EXAMPLE. 1 A 1.1.1.1\n");
	assert_int_equal(z.nodes, 9);
	for (size_t i = 0; i < 9; i++)
		assert_string_equal(owner_of(&z.node[i]), expected[i]);
	zone_free(&z);
}

/* RDATA as octets: a shorter one first, and 127 before 128. */
static void
rdata_order(void **state)
{
	struct zone z;
	struct rrset rs;

	(void)state;
	zone_from_text(&z, "example.",
	    SOA "a 1 A 128.0.0.1\na 1 A 127.0.0.1\na 1 A 9.0.0.1\n"
		"a 1 TYPE65280 \\# 2 0102\na 1 TYPE65280 \\# 1 01\n");
	assert_true(rrset_find(&z, zone_node(&z, "a.example."), TYPE_A, &rs));
	assert_int_equal(rs.n, 3);
	assert_int_equal(rrset_record(&rs, 0)->rdata[0], 9);
	assert_int_equal(rrset_record(&rs, 1)->rdata[0], 127);
	assert_int_equal(rrset_record(&rs, 2)->rdata[0], 128);
	assert_true(rrset_next(&z, &rs));
	assert_int_equal(rs.type, 65280);
	assert_int_equal(rrset_record(&rs, 0)->rdlen, 1);
	assert_false(rrset_next(&z, &rs));
	zone_free(&z);
}

/* Case of owners and of names in RDATA makes no difference. */
static void
duplicates_once(void **state)
{
	struct zone z;

	(void)state;
	zone_from_text(&z, "example.",
	    SOA "a 1 NS ns.Example.\nA 1 NS NS.example.\na 1 NS ns2\n");
	assert_int_equal(z.n, 3);
	assert_int_equal(z.duplicates, 1);
	zone_free(&z);
}

/* What differs only in TTL stays, for zone_check to refuse. */
static void
duplicates_of_other_ttl(void **state)
{
	struct zone z;

	(void)state;
	zone_from_text(&z, "example.", SOA "a 1 A 1.1.1.1\na 2 A 1.1.1.1\n");
	assert_int_equal(z.n, 3);
	assert_int_equal(z.duplicates, 0);
	zone_free(&z);
}

static void
classes(void **state)
{
	static const struct {
		const char *name;
		enum node_class class;
	} expected[] = {
	    {"example.", NODE_AUTHORITATIVE},
	    {"d.example.", NODE_AUTHORITATIVE},
	    {"under.d.example.", NODE_BELOW_CUT},
	    {"sub.example.", NODE_DELEGATION},
	    {"ns.sub.example.", NODE_BELOW_CUT},
	    {"deep.x.sub.example.", NODE_BELOW_CUT},
	    {"subx.example.", NODE_AUTHORITATIVE},
	};
	struct zone z;
	const struct node *nd;

	(void)state;
	zone_from_text(&z, "example.",
	    SOA "@ 1 NS ns.sub\nsub 1 NS ns.sub\nns.sub 1 A 1.1.1.1\n"
		"deep.x.sub 1 NS ns.sub\nsubx 1 A 1.1.1.1\n"
		"d 1 DNAME example.net.\nunder.d 1 A 1.1.1.1\n");
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		nd = zone_node(&z, expected[i].name);
		assert_int_equal(nd->class, expected[i].class);
	}
	nd = zone_node(&z, "deep.x.sub.example.");
	assert_string_equal(owner_of(&z.node[nd->cut]), "sub.example.");
	assert_false(node_signs(nd, TYPE_NS));
	nd = zone_node(&z, "sub.example.");
	assert_false(node_signs(nd, TYPE_NS));
	assert_true(node_signs(nd, TYPE_DS));
	assert_true(node_signs(nd, TYPE_NSEC));
	assert_false(node_signs(nd, TYPE_A));
	assert_true(node_signs(zone_apex(&z), TYPE_NS));
	assert_false(node_signs(zone_apex(&z), TYPE_RRSIG));
	zone_free(&z);
}

static void
finding(void **state)
{
	struct zone z;
	uint8_t wire[NAME_MAX_WIRE], key[NAME_MAX_KEY];
	size_t len;
	struct error e = ERROR_INIT;

	(void)state;
	zone_from_text(&z, ".",
	    ". 1 SOA a. b. 1 1 1 1 1\ncom. 1 NS a.gtld.net.\n"
	    "net. 1 NS x.net.\nx.net. 1 A 1.1.1.1\n");
	assert_int_equal(name_parse(wire, &len, "org.", &e), 0);
	assert_null(zone_find(&z, wire));
	assert_int_equal(name_parse(wire, &len, "aero.", &e), 0);
	assert_null(zone_find(&z, wire));
	assert_int_equal(name_parse(wire, &len, "x.net.", &e), 0);
	assert_non_null(zone_find(&z, wire));
	assert_int_equal(name_parse(wire, &len, "nothere.net.", &e), 0);
	len = name_key(key, wire);
	assert_string_equal(owner_of(zone_cut_above(&z, key, len)), "net.");
	assert_int_equal(name_parse(wire, &len, "nothere.org.", &e), 0);
	len = name_key(key, wire);
	assert_null(zone_cut_above(&z, key, len));
	zone_free(&z);
}

static bool
drop_a(void *arg, const struct entry *en)
{
	(void)arg;
	return en->record->type == TYPE_A;
}

/* Records made by workers sort into the rest; removed ones are gone. */
static void
adding_and_removing(void **state)
{
	struct zone z;
	struct record *r;
	const struct owner *o;
	char *text;

	(void)state;
	zone_from_text(&z, "example.", SOA "b 1 A 1.1.1.1\na 1 A 1.1.1.1\n");
	o = zone_node(&z, "a.example.")->owner;
	r = zone_record(&z, 1, TYPE_TXT, 7, 2);
	memcpy(r->rdata, "\001x", 2);
	zone_add_record(&z, o, r);
	zone_index(&z, 2);
	assert_int_equal(z.nodes, 3);
	assert_int_equal(zone_remove(&z, drop_a, NULL), 2);
	zone_index(&z, 1);
	text = zone_text(&z);
	assert_string_equal(text,
	    "example.\t3600\tIN\tSOA\tns.example. hostmaster.example. 1 1800 "
	    "900 604800 86400\na.example.\t7\tIN\tTXT\t\"x\"\n");
	free(text);
	zone_free(&z);
}

/* Any order in, any number of threads: the same zone. */
static void
threads_make_no_difference(void **state)
{
	enum { N = 5000 };
	char line[64], *text[3];
	struct zone z;
	struct error e = ERROR_INIT;
	uint8_t apex[NAME_MAX_WIRE], owner[NAME_MAX_WIRE];
	size_t len;

	(void)state;
	assert_int_equal(name_parse(apex, &len, "example.", &e), 0);
	for (unsigned run = 0; run < 3; run++) {
		zone_init(&z, apex, 1);
		for (uint32_t i = 0; i < N; i++) {
			uint32_t v = (i * 2654435761U) >> (run * 3) & 0xffff;
			uint8_t a[4] = {1, 2, (uint8_t)(v >> 8), (uint8_t)v};

			v = (i * (run == 1 ? 7U : 1U)) % N;
			snprintf(line, sizeof line, "n%u.example.", v % 1777);
			assert_int_equal(name_parse(owner, &len, line, &e), 0);
			a[1] = (uint8_t)(v >> 8);
			a[2] = (uint8_t)v;
			a[3] = 0;
			assert_int_equal(
			    zone_add(&z, owner, TYPE_A, 1, a, 4, &e), 0);
		}
		zone_index(&z, run + 1);
		assert_int_equal(z.n, N);
		assert_int_equal(z.nodes, 1777);
		text[run] = zone_text(&z);
		zone_free(&z);
	}
	assert_string_equal(text[0], text[1]);
	assert_string_equal(text[0], text[2]);
	for (unsigned run = 0; run < 3; run++)
		free(text[run]);
}

static void
refused(void **state)
{
	struct zone z;
	struct error e = ERROR_INIT;
	uint8_t out[] = {1, 'x', 0}, in[] = {1, 'X', 7, 'E', 'X', 'A', 'M', 'P',
				     'L', 'E', 0};
	uint8_t cut_name[] = {3, 'a', 'b'};

	(void)state;
	zone_from_text(&z, "example.", SOA);
	assert_int_equal(zone_add(&z, out, TYPE_A, 1, in, 4, &e), -1);
	assert_non_null(strstr(e.text, "out of zone"));
	assert_int_equal(
	    zone_add(&z, in, TYPE_NS, 1, cut_name, sizeof cut_name, &e), -1);
	assert_non_null(strstr(e.text, "NS: RDATA is not well formed"));
	assert_int_equal(zone_add(&z, in, TYPE_NS, 1, in, sizeof in, &e), 0);
	zone_free(&z);
}

static void
soa_numbers(void **state)
{
	struct zone z;
	struct rrset rs;

	(void)state;
	zone_from_text(&z, ".",
	    ". 1 SOA a. b. 4294967295 1800 900 604800 86401\n");
	assert_true(rrset_find(&z, zone_apex(&z), TYPE_SOA, &rs));
	assert_int_equal(soa_serial(rrset_record(&rs, 0)), 4294967295U);
	assert_int_equal(soa_minimum(rrset_record(&rs, 0)), 86401);
	soa_set_serial(rs.entry[0].record, 0x01020304);
	assert_int_equal(soa_serial(rrset_record(&rs, 0)), 0x01020304);
	assert_int_equal(soa_minimum(rrset_record(&rs, 0)), 86401);
	zone_free(&z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(canonical_order),
	    cmocka_unit_test(rdata_order),
	    cmocka_unit_test(duplicates_once),
	    cmocka_unit_test(duplicates_of_other_ttl),
	    cmocka_unit_test(classes),
	    cmocka_unit_test(finding),
	    cmocka_unit_test(adding_and_removing),
	    cmocka_unit_test(threads_make_no_difference),
	    cmocka_unit_test(refused),
	    cmocka_unit_test(soa_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
