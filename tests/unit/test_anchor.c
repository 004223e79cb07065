#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "keytool/anchor.h"
#include "keytool/name.h"
#include "lib/hex.h"
#include "lib/utc.h"

/* RFC 8080 section 6.1, RFC 6605 section 6.1. */
#define ED_KEY	  "l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4="
#define ED_DIGEST                                                            \
	"3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b"
#define EC_KEY                                                               \
	"GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+"   \
	"e+MAnLr+Wi9xMWyQLc8NAA=="

static const char zone_text[] = "example.com.";

struct test {
	uint8_t zone[NAME_MAX_WIRE];
	struct anchors as;
	struct error e;
};

static int
parse(struct test *t, const char *text, size_t len)
{
	struct buf b = BUF_INIT;
	size_t zone_len;
	int rv;

	assert_int_equal(
	    name_parse(t->zone, &zone_len, zone_text, &t->e), 0);
	buf_add(&b, text, len);
	rv = anchors_parse(&t->as, &b, "file", t->zone, &t->e);
	buf_free(&b);
	return rv;
}

static void
accept(struct test *t, const char *text)
{
	memset(t, 0, sizeof *t);
	if (parse(t, text, strlen(text)) == -1)
		fail_msg("%s", t->e.text);
}

/* Refused, with this in the message; and nothing is left behind. */
static void
refuse_octets(const char *text, size_t len, const char *says)
{
	struct test t = {.e = ERROR_INIT};

	assert_int_equal(parse(&t, text, len), -1);
	assert_int_equal(t.e.status, STATUS_TROUBLE);
	if (strncmp(t.e.text, "file", 4) != 0 ||
	    strstr(t.e.text, says) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", t.e.text, says);
	assert_int_equal(t.as.n, 0);
	assert_null(t.as.anchor);
}

static void
refuse(const char *text, const char *says)
{
	refuse_octets(text, strlen(text), says);
}

#define HEAD "<TrustAnchor id=\"A\" source=\"http://example/\">"
#define ZONE "<Zone>example.com.</Zone>"
#define FROM "<KeyDigest id=\"K\" validFrom=\"2024-07-18T00:00:00+00:00\">"
#define NUMBERS                                                              \
	"<KeyTag>3613</KeyTag><Algorithm>15</Algorithm>"                     \
	"<DigestType>2</DigestType>"
#define DIGEST "<Digest>" ED_DIGEST "</Digest>"
#define KEY    "<PublicKey>" ED_KEY "</PublicKey><Flags>257</Flags>"
#define END    "</KeyDigest>"
#define TAIL   "</TrustAnchor>"
#define ONE    FROM NUMBERS DIGEST KEY END

static void
test_xml(void **state)
{
	struct test t;

	(void)state;
	accept(&t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<!-- remark -->\n" HEAD "\n " ZONE "\n"
	    "<KeyDigest id=\"K\" validFrom=\"2010-07-15T00:00:00+00:00\" "
	    "validUntil=\"2019-01-11T00:00:00Z\">\n" NUMBERS "<Digest>\n"
	    "3AA5AB37EFCE57F737FC1627013FEE07BDF241BD10F3B1964AB55C78E79A304B"
	    "\t</Digest><!-- x -->" END ONE TAIL "\n");
	assert_int_equal(t.as.n, 2);
	assert_int_equal(t.as.anchor[0].ds.tag, 3613);
	assert_int_equal(t.as.anchor[0].ds.algorithm, 15);
	assert_int_equal(t.as.anchor[0].ds.digest_type, 2);
	assert_int_equal(t.as.anchor[0].ds.len, 32);
	assert_true(t.as.anchor[0].valid_from == utc_from_date(2010, 7, 15));
	assert_true(t.as.anchor[0].valid_until == utc_from_date(2019, 1, 11));
	assert_int_equal(t.as.anchor[0].public_key.len, 0);
	assert_true(t.as.anchor[1].valid_from == utc_from_date(2024, 7, 18));
	assert_true(t.as.anchor[1].valid_until == TIME_NEVER);
	assert_int_equal(t.as.anchor[1].public_key.len, 32);
	assert_int_equal(t.as.anchor[1].flags, 257);
	assert_memory_equal(t.as.anchor[0].ds.digest,
	    t.as.anchor[1].ds.digest, 32);
	anchors_free(&t.as);
}

static void
test_xml_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} t[] = {
	    {HEAD ZONE TAIL, "no trust anchor"},
	    {HEAD ONE TAIL, "not the place for this element: KeyDigest"},
	    {HEAD ONE ZONE TAIL, "not the place"},
	    {HEAD ZONE ZONE ONE TAIL, "not the place for this element: Zone"},
	    {HEAD ZONE ONE ZONE TAIL, "not the place for this element: Zone"},
	    {HEAD ZONE ONE, "not well-formed"},
	    {HEAD ZONE ONE TAIL "x", "not well-formed"},
	    {HEAD ZONE ONE TAIL HEAD, "not well-formed"},
	    {HEAD ZONE "text" ONE TAIL, "text outside"},
	    {"<TrustAnchor id=\"A\">" ZONE ONE TAIL, "without source"},
	    {"<TrustAnchor source=\"A\">" ZONE ONE TAIL, "without id"},
	    {"<TrustAnchor id=\"\" source=\"\" x=\"\">" ZONE ONE TAIL,
		"unknown attribute of TrustAnchor: x"},
	    {"<TrustAnchor xmlns=\"y\" id=\"\" source=\"\">" ZONE ONE TAIL,
		"unknown attribute of TrustAnchor: xmlns"},
	    {"<Other/>", "unknown element: Other"},
	    {"<Zone>.</Zone>", "not the place for this element: Zone"},
	    {HEAD "<Zone>example.org.</Zone>" ONE TAIL, "another zone"},
	    {HEAD "<Zone>a..b</Zone>" ONE TAIL, "empty label"},
	    {HEAD "<Zone x=\"\">.</Zone>" ONE TAIL, "unknown attribute: x"},
	    {HEAD ZONE "<KeyDigest id=\"K\">" NUMBERS DIGEST END TAIL,
		"without validFrom"},
	    {HEAD ZONE "<KeyDigest validFrom=\"2024-07-18\">" NUMBERS DIGEST
		END TAIL, "without id"},
	    {HEAD ZONE "<KeyDigest id=\"K\" validFrom=\"2024-02-30\">" NUMBERS
		DIGEST END TAIL, "no such moment"},
	    {HEAD ZONE "<KeyDigest id=\"K\" validFrom=\"2024-07-18\" "
		"validUntil=\"soon\">" NUMBERS DIGEST END TAIL,
		"time soon"},
	    {HEAD ZONE "<KeyDigest id=\"K\" validFrom=\"2024-07-18\" "
		"validUntil=\"2024-07-17\">" NUMBERS DIGEST END TAIL,
		"valid until a time before"},
	    {HEAD ZONE "<KeyDigest id=\"K\" validFrom=\"2024-07-18\" x=\"\">"
		NUMBERS DIGEST END TAIL, "unknown attribute of KeyDigest: x"},
	    {HEAD ZONE FROM NUMBERS END TAIL,
		"an element is missing after DigestType"},
	    {HEAD ZONE FROM END TAIL,
		"an element is missing after KeyDigest"},
	    {HEAD ZONE FROM NUMBERS DIGEST "<PublicKey>" ED_KEY
		"</PublicKey>" END TAIL, "missing after PublicKey"},
	    {HEAD ZONE FROM NUMBERS DIGEST "<Flags>257</Flags>" END TAIL,
		"not the place for this element: Flags"},
	    {HEAD ZONE FROM DIGEST NUMBERS END TAIL,
		"not the place for this element: Digest"},
	    {HEAD ZONE FROM "<KeyTag>65536</KeyTag>" END TAIL, "in range"},
	    {HEAD ZONE FROM "<KeyTag>-1</KeyTag>" END TAIL, "in range"},
	    {HEAD ZONE FROM "<KeyTag></KeyTag>" END TAIL, "in range"},
	    {HEAD ZONE FROM "<KeyTag>1 2</KeyTag>" END TAIL, "in range"},
	    {HEAD ZONE FROM "<KeyTag>99999999999999999999</KeyTag>" END TAIL,
		"in range"},
	    {HEAD ZONE FROM "<KeyTag>1</KeyTag><Algorithm>256</Algorithm>"
		END TAIL, "in range: Algorithm"},
	    {HEAD ZONE FROM NUMBERS "<Digest>zz</Digest>" END TAIL,
		"hexadecimal"},
	    {HEAD ZONE FROM NUMBERS "<Digest>abc</Digest>" END TAIL,
		"hexadecimal"},
	    {HEAD ZONE FROM NUMBERS "<Digest>abcd</Digest>" END TAIL,
		"has 32 octets, found 2"},
	    {HEAD ZONE FROM NUMBERS "<Digest></Digest>" END TAIL,
		"found 0"},
	    {HEAD ZONE FROM NUMBERS "<Digest>" ED_DIGEST ED_DIGEST ED_DIGEST
		"</Digest>" END TAIL, "hexadecimal"},
	    {HEAD ZONE FROM NUMBERS "<Digest><x/></Digest>" END TAIL,
		"unknown element"},
	    {HEAD ZONE FROM NUMBERS DIGEST "<PublicKey>***</PublicKey>" END
		TAIL, "base64"},
	    {HEAD ZONE FROM NUMBERS DIGEST "<PublicKey></PublicKey>" END TAIL,
		"base64"},
	    {HEAD ZONE FROM NUMBERS DIGEST "<PublicKey>" EC_KEY
		"</PublicKey><Flags>257</Flags>" END TAIL, "public key"},
	    {HEAD ZONE FROM NUMBERS DIGEST "<PublicKey>" ED_KEY
		"</PublicKey><Flags>256</Flags>" END TAIL, "does not match"},
	    {HEAD ZONE FROM NUMBERS DIGEST "<PublicKey>" ED_KEY
		"</PublicKey><Flags>385</Flags>" END TAIL, "revoked"},
	    {HEAD ZONE FROM NUMBERS DIGEST "<PublicKey>" ED_KEY
		"</PublicKey><Flags>1</Flags>" END TAIL, "zone key"},
	    {HEAD ZONE FROM "<KeyTag>3614</KeyTag><Algorithm>15</Algorithm>"
		"<DigestType>2</DigestType>" DIGEST KEY END TAIL,
		"does not match"},
	    {HEAD ZONE FROM "<KeyTag>1</KeyTag><Algorithm>99</Algorithm>"
		"<DigestType>2</DigestType>" DIGEST END TAIL,
		"algorithm 99 is not known"},
	    {HEAD ZONE FROM "<KeyTag>1</KeyTag><Algorithm>15</Algorithm>"
		"<DigestType>3</DigestType>" DIGEST END TAIL,
		"digest type 3 is not known"},
	    {"<?pi x?>" HEAD ZONE ONE TAIL, "processing instruction: pi"},
	    {"<!DOCTYPE TrustAnchor>" HEAD ZONE ONE TAIL,
		"DOCTYPE is not allowed"},
	    {"<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
		"<TrustAnchor id=\"A\" source=\"B\"><Zone>&a;</Zone>" TAIL,
		"DOCTYPE is not allowed"},
	    {"<!DOCTYPE x [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;\">]>"
		"<TrustAnchor id=\"A\" source=\"B\"><Zone>&b;</Zone>" TAIL,
		"DOCTYPE is not allowed"},
	    {"<?xml version=\"1.0\" encoding=\"x-none\"?>" HEAD ZONE ONE TAIL,
		"not well-formed"},
	    {"<", "not well-formed"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		refuse(t[i].text, t[i].says);
}

/* The place of the fault is said. */
static void
test_line(void **state)
{
	(void)state;
	refuse("<TrustAnchor id=\"\" source=\"\">\n\n<x/>\n", "file:3: ");
	refuse("example.com. IN DS 3613 15 2 " ED_DIGEST "\n\n"
	    "example.com. IN DS nonsense\n", "file:3: ");
}

static void
add_many(struct buf *b, const char *each, unsigned n)
{
	while (n-- > 0)
		buf_str(b, each);
}

static void
test_limits(void **state)
{
	struct buf b = BUF_INIT;
	struct test t;

	(void)state;
	buf_str(&b, HEAD ZONE);
	add_many(&b, ONE, 32);
	buf_str(&b, TAIL);
	accept(&t, buf_cstr(&b));
	assert_int_equal(t.as.n, 32);
	anchors_free(&t.as);
	buf_clear(&b);
	buf_str(&b, HEAD ZONE);
	add_many(&b, ONE, 33);
	buf_str(&b, TAIL);
	refuse(buf_cstr(&b), "too many");

	buf_clear(&b);
	add_many(&b, "example.com. DS 3613 15 2 " ED_DIGEST "\n", 32);
	accept(&t, buf_cstr(&b));
	assert_int_equal(t.as.n, 32);
	anchors_free(&t.as);
	add_many(&b, "example.com. DS 3613 15 2 " ED_DIGEST "\n", 1);
	refuse(buf_cstr(&b), "more than 32");

	buf_clear(&b);
	buf_str(&b, HEAD ZONE FROM "<KeyTag>");
	add_many(&b, " ", 2049);
	buf_str(&b, "1</KeyTag>" END TAIL);
	refuse(buf_cstr(&b), "too much text in KeyTag");

	buf_clear(&b);
	buf_str(&b, HEAD ZONE ONE TAIL);
	add_many(&b, "\n", (unsigned)(64 * 1024 - b.len));
	accept(&t, buf_cstr(&b));
	anchors_free(&t.as);
	add_many(&b, "\n", 1);
	refuse(buf_cstr(&b), "more than 65536");

	/* A line that no record can be. */
	buf_clear(&b);
	buf_str(&b, "example.com. DS 3613 15 2 ");
	add_many(&b, "a", 60000);
	refuse(buf_cstr(&b), "file:1: ");
	buf_free(&b);
}

static void
test_records(void **state)
{
	struct test t;

	(void)state;
	accept(&t, "; a comment\n\n$TTL 3600\n"
	    "Example.COM. 3600 IN DS 3613 15 2 " ED_DIGEST " ; remark\n"
	    "example.com. DNSKEY 257 3 15 (\n " ED_KEY " ) ;{id = 3613}\n");
	assert_int_equal(t.as.n, 2);
	assert_int_equal(t.as.anchor[0].ds.tag, 3613);
	assert_int_equal(t.as.anchor[0].public_key.len, 0);
	assert_true(t.as.anchor[0].valid_from == INT64_MIN);
	assert_true(t.as.anchor[0].valid_until == TIME_NEVER);
	assert_int_equal(t.as.anchor[1].ds.tag, 3613);
	assert_int_equal(t.as.anchor[1].ds.digest_type, 2);
	assert_int_equal(t.as.anchor[1].flags, 257);
	assert_int_equal(t.as.anchor[1].public_key.len, 32);
	assert_memory_equal(t.as.anchor[0].ds.digest,
	    t.as.anchor[1].ds.digest, 32);
	anchors_free(&t.as);
	/* No newline at the end. */
	accept(&t, "example.com. DS 3613 15 2 " ED_DIGEST);
	assert_int_equal(t.as.n, 1);
	anchors_free(&t.as);
}

static void
test_records_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} t[] = {
	    {"", "empty"},
	    {"\n", "no trust anchor"},
	    {"; only a comment\n", "no trust anchor"},
	    {"example.org. DS 3613 15 2 " ED_DIGEST, "another zone"},
	    {"example.com. CH DS 3613 15 2 " ED_DIGEST, "cannot be read"},
	    {"example.com. A 192.0.2.1", "DS or DNSKEY expected"},
	    {"example.com. CDS 3613 15 2 " ED_DIGEST, "DS or DNSKEY"},
	    {"example.com. DS 3613 15 2", "cannot be read"},
	    {"example.com. DS 70000 15 2 " ED_DIGEST, "cannot be read"},
	    {"example.com. DS 3613 15 2 abcd", "found 2"},
	    {"example.com. DS 3613 15 4 " ED_DIGEST, "48 octets, found 32"},
	    {"example.com. DS 3613 15 1 " ED_DIGEST, "20 octets, found 32"},
	    {"example.com. DS 3613 15 77 " ED_DIGEST, "type 77 is not"},
	    {"example.com. DS 3613 99 2 " ED_DIGEST, "algorithm 99"},
	    {"example.com. DNSKEY 385 3 15 " ED_KEY, "revoked"},
	    {"example.com. DNSKEY 1 3 15 " ED_KEY, "zone key"},
	    {"example.com. DNSKEY 257 2 15 " ED_KEY, "protocol 3"},
	    {"example.com. DNSKEY 257 3 15 AAAA", "public key"},
	    {"example.com. DNSKEY 257 3 15 ====", "cannot be read"},
	    {"example.com. DS 3613 271 2 " ED_DIGEST, "cannot be read"},
	    {"example.com. DS ( 3613 15 2 " ED_DIGEST, "cannot be read"},
	    {"example.com. DS 3613 15 2 \"" ED_DIGEST, "cannot be read"},
	    {"$INCLUDE /etc/passwd\n", "$INCLUDE"},
	    {"nonsense", "cannot be read"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		refuse(t[i].text, t[i].says);
	refuse_octets("a\0b", 3, "octet 0");
}

/* Inside its time, and only for its own DNSKEY. */
static void
test_match(void **state)
{
	struct buf key = BUF_INIT, rdata = BUF_INIT;
	struct dnskey k = {257, 15, NULL, 0};
	const int64_t from = utc_from_date(2024, 7, 18);
	const int64_t until = utc_from_date(2026, 1, 1);
	struct test t;

	(void)state;
	assert_int_equal(base64_decode(&key, ED_KEY, strlen(ED_KEY)), 0);
	k.key = key.data;
	k.len = key.len;
	dnskey_rdata(&rdata, &k);
	accept(&t, HEAD ZONE "<KeyDigest id=\"K\" validFrom=\"2024-07-18\" "
	    "validUntil=\"2026-01-01\">" NUMBERS DIGEST END TAIL);
	assert_null(anchors_match(&t.as, t.zone, rdata.data, rdata.len,
	    from - 1));
	assert_ptr_equal(anchors_match(&t.as, t.zone, rdata.data, rdata.len,
	    from), &t.as.anchor[0]);
	assert_non_null(anchors_match(&t.as, t.zone, rdata.data, rdata.len,
	    until - 1));
	assert_null(anchors_match(&t.as, t.zone, rdata.data, rdata.len,
	    until));
	/* The same key, revoked, is not what the anchor stands for. */
	rdata.data[1] |= DNSKEY_REVOKE;
	assert_null(anchors_match(&t.as, t.zone, rdata.data, rdata.len,
	    from));
	rdata.data[1] &= (uint8_t)~DNSKEY_REVOKE;
	rdata.data[10] ^= 1;
	assert_null(anchors_match(&t.as, t.zone, rdata.data, rdata.len,
	    from));
	anchors_free(&t.as);
	buf_free(&key);
	buf_free(&rdata);
}

/* Two files add up; a bad one leaves what was there. */
static void
test_add(void **state)
{
	static const char bad[] = "example.com. DS 3613 15 2 " ED_DIGEST
				  "\nexample.com. A 192.0.2.1\n";
	struct test t;

	(void)state;
	accept(&t, HEAD ZONE ONE TAIL);
	assert_int_equal(parse(&t, bad, strlen(bad)), -1);
	assert_int_equal(t.as.n, 1);
	assert_int_equal(parse(&t, bad, (size_t)(strchr(bad, '\n') - bad)),
	    0);
	assert_int_equal(t.as.n, 2);
	anchors_free(&t.as);
}

/* The real file of the root; $RZ_CORPUS says where it is. */
static void
test_corpus(void **state)
{
	static const uint16_t tags[] = {19036, 20326, 38696};
	const char *corpus = getenv("RZ_CORPUS");
	struct error e = ERROR_INIT;
	struct anchors as = {NULL, 0};
	char path[1024];

	(void)state;
	snprintf(path, sizeof path, "%s/root-anchors-2024-11.xml",
	    corpus != NULL ? corpus : "");
	if (corpus == NULL || access(path, R_OK) == -1) {
		print_message("skipped: no root-anchors-2024-11.xml in "
		    "$RZ_CORPUS\n");
		skip();
	}
	if (anchors_read(&as, path, (const uint8_t *)"", &e) == -1)
		fail_msg("%s", e.text);
	assert_int_equal(as.n, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(as.anchor[i].ds.tag, tags[i]);
	assert_true(as.anchor[0].valid_until == utc_from_date(2019, 1, 11));
	assert_int_equal(as.anchor[0].public_key.len, 0);
	assert_int_equal(as.anchor[2].public_key.len, 260);
	anchors_free(&as);
}

static void
test_no_file(void **state)
{
	struct error e = ERROR_INIT;
	struct anchors as = {NULL, 0};

	(void)state;
	assert_int_equal(anchors_read(&as, "/nonexistent/anchors",
	    (const uint8_t *)"", &e), -1);
	assert_non_null(strstr(e.text, "/nonexistent/anchors"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_xml),
	    cmocka_unit_test(test_xml_refused),
	    cmocka_unit_test(test_line),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_records),
	    cmocka_unit_test(test_records_refused),
	    cmocka_unit_test(test_match),
	    cmocka_unit_test(test_add),
	    cmocka_unit_test(test_corpus),
	    cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
