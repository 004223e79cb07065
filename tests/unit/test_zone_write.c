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
	    cmocka_unit_test(order_of_the_file),
	    cmocka_unit_test(rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
