#include "anchor_fixture.h"

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

static const struct {
	const char *text, *says;
} bad_xml[] = {
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

static void
test_xml_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad_xml / sizeof *bad_xml; i++)
		refuse(bad_xml[i].text, bad_xml[i].says);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_xml),
	    cmocka_unit_test(test_xml_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
