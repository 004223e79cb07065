/* Zone files: what is read, what is refused and at which line. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/xalloc.h"
#include "signer/zone_read.h"
#include "tests/support/zone_text.h"

#define SOA "@ 3600 IN SOA ns hostmaster 1 1800 900 604800 86400\n"

static void
directives(void **state)
{
	struct zone z;
	struct rrset rs;
	char *text;

	(void)state;
	zone_from_text(&z, "example.",
	    "$TTL 1h\n" SOA "$ORIGIN sub.example.\n"
	    "@ A 1.1.1.1 ; a comment (with a parenthesis\n"
	    "  A 1.1.1.2\n"
	    "x TXT \"semi;colon\" ( \"two\n\" ; \"comment\n \"three\" )\n"
	    "$TTL 5\nx.y A 1.1.1.3\n");
	text = zone_text(&z);
	assert_non_null(strstr(text, "sub.example.\t3600\tIN\tA\t1.1.1.2\n"));
	assert_non_null(strstr(text, "x.y.sub.example.\t5\tIN\tA\t1.1.1.3\n"));
	assert_true(rrset_find(&z, zone_node(&z, "x.sub.example."), TYPE_TXT,
	    &rs));
	assert_int_equal(rrset_record(&rs, 0)->rdlen, 11 + 5 + 6);
	free(text);
	zone_free(&z);
}

static void
refusals(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
	    {"", "zone: empty"},
	    {"\n; nothing\n", "zone: empty"},
	    {"@ 1 NS ns\n", "zone: SOA: none"},
	    {SOA SOA, "zone:2: SOA: a second one"},
	    {SOA "sub 1 SOA a b 1 1 1 1 1\n", "zone:2: SOA: its owner is sub"},
	    {"example.net. 1 SOA a b 1 1 1 1 1\n", "zone:1: SOA: its owner"},
	    {SOA "a.example.net. 1 A 1.1.1.1\n", "zone:2: out of zone"},
	    {SOA "a 1 CH A 1.1.1.1\n", "zone:2: "},
	    {SOA "a A 1.1.1.1\n", "zone:2: TTL: none"},
	    {SOA "a 2147483648 A 1.1.1.1\n", "zone:2: "},
	    {SOA "a 1 A 1.1.1.256\n", "zone:2: syntax: "},
	    {SOA "a 1 NOSUCH x\n", "zone:2: syntax: "},
	    {SOA "$INCLUDE other.zone\n", "zone:2: $INCLUDE"},
	    {SOA "$NOSUCH x\n", "zone:2: syntax: "},
	    {SOA "a 1 A 1.1.1.1", "zone:2: end of file in the middle"},
	    {SOA "a 1 TXT ( \"x\"\n", "zone:2: end of file in the middle"},
	    {SOA "a 1 TXT \"x\n", "zone:2: end of file in the middle"},
	    {SOA "\n\na 1 A 1.1.1.1\nb 1 A\n", "zone:5: syntax: "},
	    {SOA "a 4294967295 A 1.1.1.1\n", "zone:2: TTL: none in the record, "
		"none in a $TTL before it (RFC 2308 section 4); or "
		"4294967295, over 2^31 - 1"},
	    {SOA "a 1 TYPE2 \\# 3 026162\n", "zone:2: NS: RDATA"},
	    {SOA "b 1 A 1.1.1.1\na 1 EUI48 \\# 1 00\n", "zone:3: EUI48: RD"},
	    {SOA "a 1 TYPE104 \\# 1 00\n", "zone:2: NID: RDATA"},
	    /* RFC 6895 section 3.1 */
	    {SOA "a 1 TYPE0 \\# 1 00\n", "zone:2: TYPE0: a type that is nev"},
	    {SOA "a 1 TYPE41 \\# 1 00\n", "zone:2: TYPE41: a type that is n"},
	    {SOA "a 1 TYPE128 \\# 1 00\n", "zone:2: TYPE128: a type that is"},
	    {SOA "a 1 TYPE249 \\# 1 00\n", "zone:2: TYPE249: a type that is"},
	    {SOA "a 1 TYPE255 \\# 1 00\n", "zone:2: TYPE255: a type that is"},
	};
	struct zone z;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct error e = ERROR_INIT;

		if (zone_try_text(&z, "example.", cases[i].text,
			strlen(cases[i].text), &e) == 0)
			fail_msg("accepted: %s", cases[i].text);
		if (strncmp(e.text, cases[i].message,
			strlen(cases[i].message)) != 0)
			fail_msg("%s: %s", cases[i].message, e.text);
		assert_int_equal(e.status, STATUS_TROUBLE);
		zone_free(&z);
	}
}

static void
highest_ttl(void **state)
{
	struct zone z;

	(void)state;
	zone_from_text(&z, "example.", SOA "a 2147483647 A 1.1.1.1\n");
	assert_int_equal(z.n, 2);
	zone_free(&z);
}

static void
nul(void **state)
{
	static const char text[] = SOA "a 1 A 1.1.1.1\nb 1 \0A 1.1.1.1\n";
	struct zone z;
	struct error e = ERROR_INIT;

	(void)state;
	assert_int_equal(
	    zone_try_text(&z, "example.", text, sizeof text - 1, &e), -1);
	assert_string_equal(e.text, "zone:3: line: a NUL in it");
	zone_free(&z);
}

/* A line of n octets, as comment or inside quotes. */
static int
read_long_line(size_t n, struct error *e)
{
	struct zone z;
	struct buf b = BUF_INIT;
	int rc;

	buf_str(&b, SOA ";");
	memset(buf_room(&b, n - 1), 'x', n - 1);
	b.len += n - 1;
	buf_str(&b, "\n");
	rc = zone_try_text(&z, "example.", (char *)b.data, b.len, e);
	zone_free(&z);
	buf_free(&b);
	return rc;
}

static void
long_lines(void **state)
{
	struct error e = ERROR_INIT;

	(void)state;
	assert_int_equal(read_long_line(65535, &e), 0);
	assert_int_equal(read_long_line(65536, &e), -1);
	assert_string_equal(e.text, "zone:2: line: over 65535 octets");
	assert_int_equal(read_long_line(100000, &e), -1);
}

static bool
no_txt(void *arg, const uint8_t *owner, uint16_t type, const uint8_t *rdata,
    size_t len)
{
	(void)owner;
	(void)rdata;
	(void)len;
	*(unsigned *)arg += type == TYPE_TXT;
	return type != TYPE_TXT;
}

/* The neighbours of the types that are never in a zone. */
static void
lowest_types(void **state)
{
	struct zone z;

	(void)state;
	zone_from_text(&z, "example.", SOA
	    "a 1 TYPE40 \\# 3 000000\na 1 TYPE42 \\# 0\n"
	    "a 1 TYPE127 \\# 0\na 1 TYPE256 \\# 4 00000000\n");
	assert_int_equal(z.n, 5);
	zone_free(&z);
}

static bool
nothing(void *arg, const uint8_t *owner, uint16_t type,
    const uint8_t *rdata, size_t len)
{
	(void)rdata;
	(void)len;
	(void)owner;
	(void)type;
	++*(unsigned *)arg;
	return false;
}

/* What would be left out must be in the zone all the same. */
static void
left_out_and_out_of_zone(void **state)
{
	static const char *const records[] = {
	    "foo.com. 1 RRSIG A 8 2 1 20270115080000 20270101000000 1 @ AA==\n",
	    "foo.com. 1 NSEC foo.com. A\n", "xexample. 1 NSEC @ A\n",
	    "a.EXAMPLE. 1 NSEC @ A\n"};
	uint8_t apex[NAME_MAX_WIRE];
	size_t len, n = sizeof records / sizeof *records;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct error e = ERROR_INIT;
		unsigned told = 0;
		struct zone_read_options o = {1, nothing, &told};
		struct zone z;

		assert_int_equal(name_parse(apex, &len, "example.", &e), 0);
		zone_init(&z, apex, 1);
		/* none of them has a SOA */
		assert_int_equal(zone_parse(&z, records[i], strlen(records[i]),
				     "zone", &o, &e), -1);
		assert_int_equal(told, i == n - 1);
		if (i < n - 1 && strncmp(e.text, "zone:1: out of zone", 19))
			fail_msg("%s-> %s", records[i], e.text);
		zone_free(&z);
	}
}

/*
 * Through a pipe, in pieces that end anywhere: the same zone as at once, and
 * the line of a fault is right far behind the first block.
 */
static void
in_pieces(void **state)
{
	char path[] = "/tmp/rz-test-zone-XXXXXX", *whole, *pieces;
	int fd = mkstemp(path);
	struct buf b = BUF_INIT;
	struct zone a, z;
	unsigned left_out = 0;
	struct zone_read_options o = {2, no_txt, &left_out};
	struct error e = ERROR_INIT;
	uint8_t apex[NAME_MAX_WIRE];
	size_t len;

	(void)state;
	buf_str(&b, "$TTL 300\n" SOA);
	for (unsigned i = 0; i < 30000; i++)
		buf_printf(&b, i % 3 ? "n%u A 1.2.%u.%u\n"
				     : "n%u ( A\n ; (\n 1.2.%u.%u )\n",
		    i, i >> 8, i & 255);
	buf_str(&b, "t TXT x\n");
	assert_true(b.len > 2 * 256 * 1024);
	assert_int_equal(write(fd, b.data, b.len), (ssize_t)b.len);
	assert_int_equal(zone_try_text(&a, "example.", (char *)b.data, b.len,
			     &e), 0);
	assert_int_equal(name_parse(apex, &len, "example.", &e), 0);
	zone_init(&z, apex, 1);
	if (zone_read(&z, path, &o, &e) == -1)
		fail_msg("%s", e.text);
	assert_int_equal(left_out, 1);
	assert_int_equal(z.n, 30001);
	assert_int_equal(a.n, 30002);
	whole = zone_text(&a);
	pieces = zone_text(&z);
	*strstr(whole, "t.example.") = '\0';
	*strrchr(pieces, '\n') = '\0';
	assert_memory_equal(whole, pieces, strlen(whole) - 1);
	zone_free(&a);
	zone_free(&z);
	free(whole);
	free(pieces);

	assert_int_equal(write(fd, "bad\n", 4), 4);
	zone_init(&z, apex, 1);
	assert_int_equal(zone_read(&z, path, &o, &e), -1);
	assert_non_null(strstr(e.text, ":50004: syntax"));
	zone_free(&z);
	close(fd);
	unlink(path);
	buf_free(&b);
}

static void
no_such_file(void **state)
{
	struct zone z;
	struct zone_read_options o = {1, NULL, NULL};
	struct error e = ERROR_INIT;

	(void)state;
	zone_init(&z, (const uint8_t *)"", 1);
	assert_int_equal(zone_read(&z, "/nonexistent/zone", &o, &e), -1);
	assert_non_null(strstr(e.text, "/nonexistent/zone: No such file"));
	assert_int_equal(zone_read(&z, "/tmp", &o, &e), -1);
	assert_string_equal(e.text, "/tmp: is a directory");
	zone_free(&z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(directives),
	    cmocka_unit_test(refusals),
	    cmocka_unit_test(highest_ttl),
	    cmocka_unit_test(lowest_types),
	    cmocka_unit_test(left_out_and_out_of_zone),
	    cmocka_unit_test(nul),
	    cmocka_unit_test(long_lines),
	    cmocka_unit_test(in_pieces),
	    cmocka_unit_test(no_such_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
