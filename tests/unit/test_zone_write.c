/* Records as text and zones as files: what is written reads back the same. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/buf.h"
#include "lib/xalloc.h"
#include "signer/rdata_field.h"
#include "signer/record_text.h"
#include "signer/zone_read.h"
#include "signer/zone_write.h"
#include "tests/support/zone_text.h"

/* Types of all kinds, names that need escapes. */
#define D32 "00112233445566778899aabbccddeeff"
#define ZONE                                                                  \
	"$TTL 300\n"                                                          \
	"@ 3600 SOA ns hostmaster\\.x 7 1800 900 604800 600\n@ NS ns\n"       \
	"a\\.b\\032c\\255\\000.\\@ A 192.0.2.1\n"                             \
	"ns AAAA 2001:db8::1\nns A 192.0.2.255\n"                             \
	"t TXT \"quote \\\" semicolon ; back\\\\slash \\200\" \"\" x\n"       \
	"m MX 10 mail\nm SRV 1 2 3 target\nm NAPTR 1 2 \"S\" \"a\" \"\" r\n"  \
	"c CAA 128 issue \"ca.example; x=y\"\nc LOC 1 2 3 N 4 5 6 E 7m\n"     \
	"c SSHFP 1 1 00112233445566778899aabbccddeeff00112233\n"             \
	"c TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899"  \
	"aabbccddeeff\n"                                                      \
	"h HINFO cpu os\nh RP a b\nd DNAME x\ne CNAME x\np PTR x\n"           \
	"u TYPE65280 \\# 3 00ff80\nu TYPE65281 \\# 0\n"                       \
	"v SVCB 1 . alpn=h2\nv HTTPS 0 x\nw URI 1 2 \"https://x/\"\n"         \
	"k CDS 0 0 0 00\nk CDNSKEY 0 3 0 AA==\nk DNSKEY 256 3 8 AwEAAQ==\n"   \
	"z DS 1 8 2 0aff\nz NS ns\n"                                          \
	"@ ZONEMD 7 1 1 " D32 D32 D32 "\n"                                    \
	"@ NSEC a.b NS SOA TYPE65280\n"                                       \
	"@ RRSIG SOA 8 1 3600 20270115080000 20270101000000 65535 @ AAEC\n"   \
	"@ RRSIG NS 8 1 300 21060207062815 19700101000000 0 @ AA==\n"         \
	"@ RRSIG MX 8 1 300 20270115080000 20270101000000 1 @ AA==\n"

static void
every_type_reads_back(void **state)
{
	struct zone a, b;
	char *text, *again;

	(void)state;
	zone_from_text(&a, "example.", ZONE);
	text = zone_text(&a);
	zone_from_text(&b, "example.", text);
	again = zone_text(&b);
	assert_string_equal(text, again);
	assert_int_equal(a.n, b.n);
	for (size_t i = 0; i < a.n; i++) {
		const struct record *x = a.entry[i].record;
		const struct record *y = b.entry[i].record;

		assert_int_equal(x->rdlen, y->rdlen);
		assert_memory_equal(x->rdata, y->rdata, x->rdlen);
		assert_int_equal(x->ttl, y->ttl);
	}
	assert_non_null(strstr(text, "a\\.b\\032c\\255\\000.\\@.example."));
	zone_free(&a);
	zone_free(&b);
	free(text);
	free(again);
}

/* Reads back as the same octets, or is refused by canonical_rdata. */
static bool
reads_back(uint16_t type, const uint8_t *rdata, size_t len)
{
	static const uint8_t apex[] = "\7example";
	struct zone a, b;
	struct error e = ERROR_INIT;
	struct buf text = BUF_INIT;
	const struct record *r;
	bool accepted;

	zone_init(&a, apex, 1);
	accepted = zone_add(&a, apex, type, 1, rdata, len, &e) == 0;
	if (accepted) {
		if (type != TYPE_SOA)
			buf_str(&text, "@ 1 SOA . . 1 1 1 1 1\n");
		record_text(&text, apex, a.entry[0].record);
		if (zone_try_text(&b, "example.", (char *)text.data, text.len,
			&e) == -1)
			fail_msg("%s-> %s", buf_cstr(&text), e.text);
		r = b.entry[b.n - 1].record;
		if (type < TYPE_SOA)
			r = b.entry[0].record;
		assert_int_equal(r->type, type);
		if (r->rdlen != len || memcmp(r->rdata,
			a.entry[0].record->rdata, len) != 0)
			fail_msg("%s: other octets", buf_cstr(&text));
		zone_free(&b);
	}
	zone_free(&a);
	buf_free(&text);
	return accepted;
}

static uint32_t
next_random(uint32_t *s)
{
	*s = *s * 1664525 + 1013904223;
	return *s >> 8;
}

static void
fill_random(uint8_t *p, size_t n, uint32_t below, uint32_t *s)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(next_random(s) % below);
}

static void
add_random_name(struct buf *b, uint32_t *s)
{
	size_t n;

	while (next_random(s) % 3 > 0 && b->len < 600) {
		n = 1 + next_random(s) % 9;
		buf_u8(b, (uint8_t)n);
		fill_random(buf_room(b, n), n, 256, s);
		b->len += n;
	}
	buf_u8(b, 0);
}

static void
add_random_bitmap(struct buf *b, uint32_t *s)
{
	size_t n;

	for (unsigned w = next_random(s) % 3; w < 256;
	    w += 1 + next_random(s) % 200) {
		n = 1 + next_random(s) % 32;
		buf_u8(b, (uint8_t)w);
		buf_u8(b, (uint8_t)n);
		fill_random(buf_room(b, n), n, 256, s);
		b->len += n;
		b->data[b->len - 1] |= 1;
	}
}

/* LOC and SVCB are seldom right by chance. */
static void
add_random_loc(struct buf *b, uint32_t *s)
{
	buf_u8(b, 0);
	for (int i = 0; i < 3; i++)
		buf_u8(b, (uint8_t)((1 + next_random(s) % 9) << 4 |
			      next_random(s) % 10));
	buf_u32(b, (UINT32_C(1) << 31) - 324000000 +
		next_random(s) * 38 % 648000001);
	buf_u32(b, (UINT32_C(1) << 31) - 648000000 +
		(uint32_t)((uint64_t)next_random(s) * 77 % 1296000001));
	buf_u32(b, next_random(s) << 8);
}

static void
add_random_svcb(struct buf *b, uint32_t *s)
{
	size_t n;

	for (unsigned key = 1 + 6 * (next_random(s) % 2); key < 400;
	    key = key == 1 ? 5 : key < 7 ? 7 : key + next_random(s) % 300 + 1) {
		n = next_random(s) % 40;
		buf_u16(b, (uint16_t)key);
		buf_u16(b, (uint16_t)(n + 1));
		buf_u8(b, (uint8_t)n); /* a name of an alpn, if it is one */
		if (n == 0)
			b->data[b->len - 1] = 1;
		fill_random(buf_room(b, n), n, 256, s);
		b->len += n;
	}
}

static void
add_random_field(struct buf *b, char field, uint32_t *s)
{
	static const char letters[] = "1248yt aqeEg";
	static const uint8_t sizes[] = {1, 2, 4, 8, 2, 4, 0, 4, 16, 6, 8, 8};
	const char *at = strchr(letters, field);
	size_t n = at ? sizes[at - letters] : next_random(s) % 40;

	if (field == 'N' || field == 'n')
		add_random_name(b, s);
	else if (field == 'M' || field == 'm')
		add_random_bitmap(b, s);
	else if (field == 'L')
		add_random_loc(b, s);
	else if (field == 'K')
		add_random_svcb(b, s);
	else {
		if (strchr("ScDHhTW", field) != NULL)
			buf_u8(b, (uint8_t)n);
		if (field == 'c')
			memset(buf_room(b, n), 'a' + (int)(n % 26), n);
		else
			fill_random(buf_room(b, n), n,
			    next_random(s) % 4 ? 256 : 4, s);
		b->len += n;
	}
}

/* RDATA of the type's fields, then any octets at all. */
static unsigned
try_type(uint16_t type, unsigned times)
{
	uint32_t s = type;
	struct buf b = BUF_INIT;
	unsigned accepted = 0;

	for (unsigned i = 0; i < times; i++) {
		buf_clear(&b);
		for (const char *f = rdata_fields(type); *f; f++)
			add_random_field(&b, *f, &s);
		(void)buf_room(&b, 1);
		accepted += reads_back(type, b.data, b.len);
	}
	for (size_t n = 0; n < 32; n++) {
		fill_random(buf_room(&b, n + 1), n, n % 2 ? 256 : 3, &s);
		(void)reads_back(type, b.data, n);
	}
	buf_free(&b);
	return accepted;
}

static bool
is_meta(unsigned type)
{
	return type == 41 || (type >= 128 && type <= 255);
}

static void
any_rdata_reads_back(void **state)
{
	static const uint16_t far[] = {65280, 32768, 32769, 65535};

	(void)state;
	for (unsigned type = 1; type <= 300; type++)
		if (!is_meta(type) && try_type((uint16_t)type, 40) == 0 &&
		    strpbrk(rdata_fields((uint16_t)type), "DWPIJR6") == NULL)
			fail_msg("no RDATA for type %u", type);
	for (size_t i = 0; i < sizeof far / sizeof *far; i++)
		assert_true(try_type(far[i], 40) > 0);
}

/* LOC has a text of its own, with points and powers. */
static void
any_loc_reads_back(void **state)
{
	(void)state;
	assert_int_equal(try_type(29, 5000), 5000);
}

/* As TYPEnn where no reader knows better, in bitmaps and RRSIGs too. */
static void
mnemonics_that_are_read(void **state)
{
	struct buf b = BUF_INIT;
	struct zone z;
	char text[TYPE_TEXT], *out;
	unsigned named = 0;

	(void)state;
	for (unsigned type = 1; type < 65536; type += type < 512 ? 1 : 511) {
		const char *m = type_text(text, (uint16_t)type);

		named += strncmp(m, "TYPE", 4) != 0;
		buf_clear(&b);
		buf_str(&b, "@ 1 SOA . . 1 1 1 1 1\n@ 1 NSEC @ ");
		buf_str(&b, m);
		buf_str(&b, "\n@ 1 RRSIG ");
		buf_str(&b, m);
		buf_str(&b, " 8 1 1 20270115080000 20270101000000 1 @ AA==\n");
		zone_from_text(&z, "example.", buf_cstr(&b));
		out = zone_text(&z);
		buf_clear(&b);
		buf_str(&b, "NSEC\texample. ");
		buf_str(&b, m);
		buf_u8(&b, '\n');
		assert_non_null(strstr(out, buf_cstr(&b)));
		buf_clear(&b);
		buf_str(&b, "RRSIG\t");
		buf_str(&b, m);
		buf_str(&b, " 8");
		assert_non_null(strstr(out, buf_cstr(&b)));
		free(out);
		zone_free(&z);
	}
	assert_int_equal(named, 48);
	assert_string_equal(type_text(text, 249), "TYPE249");
	buf_free(&b);
}

/* The vectors of RFC 9460 appendix D, with an escape in an alpn. */
static void
svcb_keeps_its_escapes(void **state)
{
	struct zone z;
	char *text;

	(void)state;
	zone_from_text(&z, "example.", "@ 1 SOA . . 1 1 1 1 1\n"
	    "a 1 SVCB 16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"\n");
	text = zone_text(&z);
	assert_non_null(strstr(text, "\\# 35 "
	    "001003666F6F076578616D706C65036F726700"
	    "0001000C08665C6F6F2C626172026832\n"));
	free(text);
	zone_free(&z);
}

/* Every octet in names, first in its label too. */
static void
any_name_reads_back(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		uint8_t o = (uint8_t)c;
		uint8_t rdata[] = {2, o, o, 1, o, 3, 'a', o, 'b', 0};
		struct zone a, b;
		struct error e = ERROR_INIT;
		char *text, *again;

		zone_from_text(&a, ".", "@ 1 SOA . . 1 1 1 1 1\n");
		assert_int_equal(zone_add(&a, rdata, TYPE_NS, 1, rdata,
				     sizeof rdata, &e), 0);
		zone_index(&a, 1);
		text = zone_text(&a);
		zone_from_text(&b, ".", text);
		again = zone_text(&b);
		assert_string_equal(text, again);
		assert_memory_equal(b.entry[1].record->rdata,
		    a.entry[1].record->rdata, sizeof rdata);
		zone_free(&a);
		zone_free(&b);
		free(text);
		free(again);
	}
}

/* The longest RDATA, whose text would be a line that nobody reads. */
static void
longest_rdata(void **state)
{
	static const uint16_t types[] = {TYPE_TXT, TYPE_DNSKEY, 257, 61, 65280};
	static uint8_t rdata[65535];

	(void)state;
	memset(rdata, 255, sizeof rdata); /* strings of 255 octets, too */
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		rdata[1] = types[i] == 257 ? 1 : 255;
		rdata[2] = types[i] == 257 ? 'a' : 255;
		for (size_t n = 1; n < 256; n += n == 50 ? 20 : 1)
			assert_true(reads_back(types[i], rdata, n * 256));
	}
	rdata[1] = 1;
	rdata[2] = 'a';
	for (size_t n = 14990; n < 15010; n++) /* about one line's room */
		assert_true(reads_back(257, rdata, n));
	assert_true(reads_back(257, rdata, sizeof rdata));
}

/* SOA first, each RRset with its RRSIGs, those over nothing at the end. */
static void
order_of_the_file(void **state)
{
	char directory[] = "/tmp/rz-test-write-XXXXXX", path[64];
	struct file_new f = FILE_NEW_INIT;
	struct buf text = BUF_INIT;
	struct error e = ERROR_INIT;
	uint8_t sum[SHA256_SIZE], expected[SHA256_SIZE];
	struct zone z;

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/zone", directory);
	zone_from_text(&z, "example.",
	    "$TTL 300\n@ SOA ns h 7 1 1 1 1\n@ A 192.0.2.1\n"
	    "@ RRSIG SOA 8 1 300 20270115080000 20270101000000 1 @ AA==\n"
	    "@ RRSIG A 8 1 300 20270115080000 20270101000000 1 @ AA==\n"
	    "@ RRSIG MX 8 1 300 20270115080000 20270101000000 1 @ AA==\n"
	    "@ NSEC @ A\n");
	if (file_create(&f, path, 0644, &e) == -1 ||
	    zone_write(&z, &f, 2, sum, &e) == -1 ||
	    file_commit(&f, &e) == -1 ||
	    file_read(&text, path, 10000, &e) == -1)
		fail_msg("%s", e.text);
#define SIG(t)                                                                \
	"example.\t300\tIN\tRRSIG\t" t                                        \
	" 8 1 300 20270115080000 20270101000000 1 example. AA==\n"
	assert_string_equal(buf_cstr(&text),
	    "example.\t300\tIN\tSOA\tns.example. h.example. 7 1 1 1 1\n"
	    SIG("SOA")
	    "example.\t300\tIN\tA\t192.0.2.1\n" SIG("A") SIG("MX")
	    "example.\t300\tIN\tNSEC\texample. A\n");
	sha256(expected, text.data, text.len);
	assert_memory_equal(sum, expected, sizeof sum);
	zone_free(&z);
	buf_free(&text);
	unlink(path);
	rmdir(directory);
}

/* More nodes than one round formats; the same on any number of threads. */
static void
rounds(void **state)
{
	char directory[] = "/tmp/rz-test-write-XXXXXX", path[64];
	struct buf text = BUF_INIT;
	struct error e = ERROR_INIT;
	uint8_t sum[3][SHA256_SIZE];
	struct zone z, again;
	struct zone_read_options o = {1, NULL, NULL};

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/zone", directory);
	buf_str(&text, "$TTL 300\n@ SOA ns h 7 1 1 1 1\n");
	for (int i = 0; i < 10000; i++)
		buf_printf(&text, "n%d A 192.0.2.1\n", i);
	zone_from_text(&z, "example.", buf_cstr(&text));
	for (unsigned i = 0; i < 3; i++) {
		struct file_new f = FILE_NEW_INIT;

		if (file_create(&f, path, 0644, &e) == -1 ||
		    zone_write(&z, &f, i + 1, sum[i], &e) == -1 ||
		    file_commit(&f, &e) == -1)
			fail_msg("%s", e.text);
	}
	assert_memory_equal(sum[0], sum[1], SHA256_SIZE);
	assert_memory_equal(sum[0], sum[2], SHA256_SIZE);
	zone_init(&again, z.apex, 1);
	if (zone_read(&again, path, &o, &e) == -1)
		fail_msg("%s", e.text);
	assert_int_equal(again.n, z.n);
	zone_free(&again);
	zone_free(&z);
	buf_free(&text);
	unlink(path);
	rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_type_reads_back),
	    cmocka_unit_test(any_rdata_reads_back),
	    cmocka_unit_test(any_loc_reads_back),
	    cmocka_unit_test(mnemonics_that_are_read),
	    cmocka_unit_test(svcb_keeps_its_escapes),
	    cmocka_unit_test(any_name_reads_back),
	    cmocka_unit_test(longest_rdata),
	    cmocka_unit_test(order_of_the_file),
	    cmocka_unit_test(rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
