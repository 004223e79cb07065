#include "anchor_fixture.h"

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
