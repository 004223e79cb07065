/* Trust anchor files from memory. */
#ifndef RZ_TESTS_UNIT_ANCHOR_FIXTURE_H
#define RZ_TESTS_UNIT_ANCHOR_FIXTURE_H

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

static inline int
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

static inline void
accept(struct test *t, const char *text)
{
	memset(t, 0, sizeof *t);
	if (parse(t, text, strlen(text)) == -1)
		fail_msg("%s", t->e.text);
}

/* Refused, with this in the message; and nothing is left behind. */
static inline void
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

static inline void
refuse(const char *text, const char *says)
{
	refuse_octets(text, strlen(text), says);
}

/* The parts of a root-anchors.xml with this one key. */
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

#endif
