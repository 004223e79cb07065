/* The algorithms of the trust anchors, which must all sign. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/algorithm.h"
#include "tests/support/signed_zone.h"

#define ALG ALG_ECDSAP256SHA256

static const struct sz_lie honest = SZ_HONEST;

struct trial {
	struct signed_zone s;
	struct anchor anchor[3];
	struct anchors as;
	struct config cfg;
	struct verify_options o;
};

static void
anchor_of(struct anchor *a, const struct signed_zone *s, unsigned key)
{
	struct buf rdata = BUF_INIT;

	*a = (struct anchor){.valid_from = SZ_NOW, .valid_until = SZ_NOW + 1};
	dnskey_rdata(&rdata, &s->key[key].dnskey);
	assert_int_equal(ds_make(&a->ds, s->z.apex, rdata.data, rdata.len,
			     DS_SHA256), 0);
	buf_free(&rdata);
}

/* Anchors: the KSK, and a key of another algorithm, not published. */
static unsigned
begin(struct trial *t)
{
	unsigned k;

	memset(t, 0, sizeof *t);
	sz_make_plain(&t->s);
	k = sz_key(&t->s, ALG, 257);
	anchor_of(&t->anchor[0], &t->s, 0);
	anchor_of(&t->anchor[1], &t->s, k);
	t->as = (struct anchors){t->anchor, 2};
	t->o = (struct verify_options){.now = SZ_NOW, .threads = 1,
	    .anchors = &t->as};
	return k;
}

static void
publish(struct trial *t, unsigned key, uint16_t flags)
{
	struct dnskey k = t->s.key[key].dnskey;
	struct buf rdata = BUF_INIT;

	k.flags = flags;
	dnskey_rdata(&rdata, &k);
	sz_add_raw(&t->s, "example.", TYPE_DNSKEY, 3600, rdata.data,
	    rdata.len);
	sz_resign(&t->s, "example.", TYPE_DNSKEY, 0, &honest);
	buf_free(&rdata);
}

/* How often it is said, with this severity and text. */
static void
expect(struct trial *t, size_t n, enum config_severity severity,
    const char *text)
{
	struct verify_report r;
	const struct finding *f;

	sz_verify(&r, &t->s.z, &t->o);
	assert_int_equal(sz_count(&r, "anchor-algorithm", "example.",
			     TYPE_DNSKEY), n);
	for (size_t i = 0; i < r.findings; i++) {
		f = &r.finding[i];
		if (strcmp(f->rule, "anchor-algorithm") != 0)
			continue;
		assert_int_equal(f->severity, severity);
		if (strstr(f->text, text) == NULL)
			fail_msg("\"%s\" does not say %s", f->text, text);
	}
	verify_report_free(&r);
}

static void
test_absent(void **state)
{
	struct trial t;

	(void)state;
	begin(&t);
	expect(&t, 1, SEVERITY_WARNING, "no published key has it");
	t.anchor[2] = t.anchor[1]; /* an algorithm is told once */
	t.as.n = 3;
	expect(&t, 1, SEVERITY_WARNING, "no published key has it");
	t.as.n = 1;
	expect(&t, 0, SEVERITY_WARNING, "");
	sz_end(&t.s);
}

/* Those of another time have nothing to say. */
static void
test_time(void **state)
{
	struct trial t;

	(void)state;
	begin(&t);
	t.anchor[1].valid_from = SZ_NOW + 1;
	t.anchor[1].valid_until = SZ_NOW + 2;
	expect(&t, 0, SEVERITY_WARNING, "");
	t.anchor[1].valid_from = SZ_NOW - 1;
	t.anchor[1].valid_until = SZ_NOW;
	expect(&t, 0, SEVERITY_WARNING, "");
	t.anchor[1].valid_until = SZ_NOW + 1;
	expect(&t, 1, SEVERITY_WARNING, "no published key has it");
	sz_end(&t.s);
}

static void
test_config(void **state)
{
	struct config_severity_rule info = {(char[]){"anchor-algorithm"},
	    SEVERITY_INFO};
	struct trial t;

	(void)state;
	begin(&t);
	sz_config(&t.cfg);
	t.o.cfg = &t.cfg;
	t.cfg.policy.trust = TRUST_RFC5011;
	expect(&t, 1, SEVERITY_WARNING, "no published key has it");
	t.cfg.policy.trust = TRUST_PARENT;
	expect(&t, 1, SEVERITY_ERROR, "no published key has it");
	t.cfg.verify.severity = &info;
	t.cfg.verify.severity_n = 1;
	expect(&t, 1, SEVERITY_INFO, "no published key has it");
	sz_end(&t.s);
}

static void
test_signs(void **state)
{
	struct trial t;
	unsigned k;

	(void)state;
	k = begin(&t);
	publish(&t, k, 257);
	expect(&t, 1, SEVERITY_WARNING, "no valid signature");
	sz_countersign(&t.s, "example.", TYPE_DNSKEY, k, &honest);
	expect(&t, 0, SEVERITY_WARNING, "");
	sz_end(&t.s);
}

/* A key that may not sign does not stand for its algorithm. */
static void
test_may_not(void **state)
{
	static const uint16_t flags[] = {257 | DNSKEY_REVOKE, DNSKEY_SEP};
	struct trial t;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		unsigned k = begin(&t);

		publish(&t, k, flags[i]);
		t.s.key[k].dnskey.flags = flags[i];
		sz_countersign(&t.s, "example.", TYPE_DNSKEY, k, &honest);
		expect(&t, 1, SEVERITY_WARNING, "no published key has it");
		sz_end(&t.s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_absent),
	    cmocka_unit_test(test_time),
	    cmocka_unit_test(test_config),
	    cmocka_unit_test(test_signs),
	    cmocka_unit_test(test_may_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
