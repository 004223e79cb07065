/* One RRSIG over one RRset: each verdict, at both edges. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/algorithm.h"
#include "lib/utc.h"
#include "signer/rrsig.h"
#include "tests/support/signed_zone.h"
#include "tests/support/zone_text.h"

#define DAYS (13 * DAY)

static enum rrsig_verdict
check(const struct zone *z, const char *name, uint16_t type,
    const struct signing_key *k, int64_t now)
{
	struct rrset rs, sigs;
	struct rrsig s;
	struct verifier *v;
	struct buf scratch = BUF_INIT;
	struct error e = ERROR_INIT;
	enum rrsig_verdict verdict = RRSIG_VALID;
	unsigned found = 0;

	assert_true(rrset_find(z, zone_node(z, name), type, &rs));
	assert_true(rrset_find(z, zone_node(z, name), TYPE_RRSIG, &sigs));
	assert_int_equal(verifier_new(&v, k->dnskey.algorithm, k->dnskey.key,
			     k->dnskey.len, &e), 0);
	for (uint32_t i = 0; i < sigs.n; i++) {
		const struct record *r = rrset_record(&sigs, i);

		assert_int_equal(rrsig_parse(&s, r->rdata, r->rdlen), 0);
		if (s.covered != type)
			continue;
		found++;
		verdict = rrsig_check(z, &rs, &s, r, v, now, &scratch);
	}
	assert_int_equal(found, 1);
	verifier_free(v);
	buf_free(&scratch);
	return verdict;
}

/* What one lie about gamma.example. TXT gives. */
static const struct {
	struct sz_lie lie;
	enum rrsig_verdict verdict;
} lies[] = {
    {SZ_HONEST, RRSIG_VALID},
    {{NULL, 0, 0, -1, -1, -1, -1, 0, true}, RRSIG_WRONG},
    {{NULL, SZ_NOW, 0, -1, -1, -1, -1, 0, false}, RRSIG_VALID},
    {{NULL, SZ_NOW + 1, 0, -1, -1, -1, -1, 0, false}, RRSIG_NOT_YET},
    {{NULL, 0, SZ_NOW, -1, -1, -1, -1, 0, false}, RRSIG_VALID},
    {{NULL, 0, SZ_NOW - 1, -1, -1, -1, -1, 0, false}, RRSIG_EXPIRED},
    {{NULL, SZ_NOW, SZ_NOW, -1, -1, -1, -1, 0, false}, RRSIG_VALID},
    {{NULL, SZ_NOW, SZ_NOW - 1, -1, -1, -1, -1, 0, false}, RRSIG_BACKWARD},
    {{"test.", 0, 0, -1, -1, -1, -1, 0, false}, RRSIG_BAD_SIGNER},
    {{".", 0, 0, -1, -1, -1, -1, 0, false}, RRSIG_BAD_SIGNER},
    {{"gamma.example.", 0, 0, -1, -1, -1, -1, 0, false}, RRSIG_BAD_SIGNER},
    {{NULL, 0, 0, 1, -1, -1, -1, 0, false}, RRSIG_BAD_LABELS},
    {{NULL, 0, 0, 2, -1, -1, -1, 0, false}, RRSIG_VALID},
    {{NULL, 0, 0, 3, -1, -1, -1, 0, false}, RRSIG_BAD_LABELS},
    {{NULL, 0, 0, -1, 3599, -1, -1, 0, false}, RRSIG_BAD_TTL},
    {{NULL, 0, 0, -1, 3600, -1, -1, 0, false}, RRSIG_VALID},
    {{NULL, 0, 0, -1, 3601, -1, -1, 0, false}, RRSIG_BAD_TTL},
    {{NULL, 0, 0, -1, -1, -1, -1, 1, false}, RRSIG_BAD_LENGTH},
    {{NULL, 0, 0, -1, -1, -1, -1, 64, false}, RRSIG_BAD_LENGTH},
    /* The RRSIG's own TTL is no matter of the signature. */
    {{NULL, 0, 0, -1, -1, 1, -1, 0, false}, RRSIG_VALID},
};

static void
test_verdicts(void **state)
{
	struct signed_zone s;
	enum rrsig_verdict v;

	(void)state;
	sz_make(&s);
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		sz_resign(&s, "gamma.example.", TYPE_TXT, 1, &lies[i].lie);
		v = check(&s.z, "gamma.example.", TYPE_TXT, &s.key[1], SZ_NOW);
		if (v != lies[i].verdict)
			fail_msg("lie %zu: %s, not %s", i,
			    rrsig_verdict_text(v),
			    rrsig_verdict_text(lies[i].verdict));
	}
	sz_end(&s);
}

static void
test_algorithms(void **state)
{
	static const uint8_t algorithm[] = {ALG_RSASHA256, ALG_RSASHA512,
	    ALG_ECDSAP256SHA256, ALG_ECDSAP384SHA384, ALG_ED25519};
	static const struct sz_lie honest = SZ_HONEST;
	static const struct sz_lie flip = {NULL, 0, 0, -1, -1, -1, -1, 0, true};
	struct signed_zone s;
	unsigned k;

	(void)state;
	for (size_t i = 0; i < sizeof algorithm; i++) {
		sz_make(&s);
		k = sz_key(&s, algorithm[i], 256);
		sz_resign(&s, "example.", TYPE_NS, k, &honest);
		assert_int_equal(check(&s.z, "example.", TYPE_NS, &s.key[k],
				     SZ_NOW), RRSIG_VALID);
		sz_resign(&s, "example.", TYPE_NS, k, &flip);
		assert_int_equal(check(&s.z, "example.", TYPE_NS, &s.key[k],
				     SZ_NOW), RRSIG_WRONG);
		sz_end(&s);
	}
}

/* A record of the RRset changes, appears, goes: the signature breaks. */
static void
test_content(void **state)
{
	struct signed_zone s;

	(void)state;
	sz_make(&s);
	assert_int_equal(check(&s.z, "ns.example.", TYPE_A, &s.key[1], SZ_NOW),
	    RRSIG_VALID);
	sz_add(&s, "ns 3600 IN A 192.0.2.77");
	assert_int_equal(check(&s.z, "ns.example.", TYPE_A, &s.key[1], SZ_NOW),
	    RRSIG_WRONG);
	sz_remove(&s, "ns.example.", TYPE_A, 0);
	sz_add(&s, "ns 3600 IN A 192.0.2.1");
	assert_int_equal(check(&s.z, "ns.example.", TYPE_A, &s.key[1], SZ_NOW),
	    RRSIG_VALID);
	sz_remove(&s, "ns.example.", TYPE_A, 0);
	sz_add(&s, "ns 3600 IN A 192.0.2.3");
	assert_int_equal(check(&s.z, "ns.example.", TYPE_A, &s.key[1], SZ_NOW),
	    RRSIG_WRONG);
	assert_int_equal(check(&s.z, "*.wild.example.", TYPE_TXT, &s.key[1],
			     SZ_NOW), RRSIG_VALID);
	/* The other key: same algorithm, not the signer. */
	assert_int_equal(check(&s.z, "gamma.example.", TYPE_TXT, &s.key[0],
			     SZ_NOW), RRSIG_WRONG);
	sz_end(&s);
}

/* RFC 4034 section 3.1.5: 32 bits, in serial arithmetic around now. */
static void
test_far_times(void **state)
{
	static const int64_t era[] = {
	    INT64_C(2147483648) - DAY, /* 2038: the sign bit */
	    INT64_C(4294967296) - DAY, /* 2106: it starts anew */
	    INT64_C(6442450944)};
	struct sz_lie lie = SZ_HONEST;
	struct signed_zone s;

	(void)state;
	sz_make(&s);
	for (size_t i = 0; i < sizeof era / sizeof *era; i++) {
		lie.inception = era[i];
		lie.expiration = era[i] + DAYS;
		sz_resign(&s, "gamma.example.", TYPE_TXT, 1, &lie);
#define AT(t) check(&s.z, "gamma.example.", TYPE_TXT, &s.key[1], (t))
		assert_int_equal(AT(era[i] - 1), RRSIG_NOT_YET);
		assert_int_equal(AT(era[i]), RRSIG_VALID);
		assert_int_equal(AT(era[i] + DAYS), RRSIG_VALID);
		assert_int_equal(AT(era[i] + DAYS + 1), RRSIG_EXPIRED);
		/* Half the circle away, before and after are undefined. */
		assert_int_not_equal(AT(era[i] + DAYS + (INT64_C(1) << 31)),
		    RRSIG_VALID);
#undef AT
	}
	sz_end(&s);
}

static void
test_parse(void **state)
{
	uint8_t rdata[RRSIG_FIXED + 5] = {0, 16, 8, 2, 0, 0, 14, 16, 1, 2, 3,
	    4, 5, 6, 7, 8, 0xab, 0xcd, 1, 'x', 0, 0x5a, 0x5b};
	struct rrsig s;

	(void)state;
	assert_int_equal(rrsig_parse(&s, rdata, sizeof rdata), 0);
	assert_int_equal(s.covered, 16);
	assert_int_equal(s.algorithm, 8);
	assert_int_equal(s.labels, 2);
	assert_int_equal(s.original_ttl, 3600);
	assert_int_equal(s.expiration, 0x01020304);
	assert_int_equal(s.inception, 0x05060708);
	assert_int_equal(s.tag, 0xabcd);
	assert_int_equal(s.signer_len, 3);
	assert_int_equal(s.signature_len, 2);
	assert_int_equal(s.signature[1], 0x5b);
	/* Every shorter length; from 21 on the name ends. */
	for (size_t len = 0; len < sizeof rdata; len++)
		assert_int_equal(rrsig_parse(&s, rdata, len),
		    len < RRSIG_FIXED + 3 ? -1 : 0);
	rdata[RRSIG_FIXED] = 0xc0; /* compressed */
	assert_int_equal(rrsig_parse(&s, rdata, sizeof rdata), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_verdicts),
	    cmocka_unit_test(test_algorithms),
	    cmocka_unit_test(test_content),
	    cmocka_unit_test(test_far_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
