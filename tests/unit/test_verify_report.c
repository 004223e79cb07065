/* What the verifier reports: in one order, for people, as JSON. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/utc.h"
#include "signer/zonemd.h"
#include "tests/support/signed_zone.h"

#define GAMMA "gamma.example."

static const struct sz_lie honest = SZ_HONEST;
static const struct sz_lie flip = {NULL, 0, 0, -1, -1, -1, -1, 0, true};

/* Everything is broken; the report is the same for any number of threads. */
static char *
report_text(const struct zone *z, unsigned threads)
{
	struct verify_options o = {.now = SZ_NOW + 14 * DAY};
	struct verify_report r;
	json_t *json;
	char *text;

	o.threads = threads;
	sz_verify(&r, z, &o);
	r.seconds = 0;
	json = verify_report_json(&r);
	text = json_dumps(json, JSON_SORT_KEYS);
	json_decref(json);
	verify_report_free(&r);
	return text;
}

static void
big_zone(struct signed_zone *s)
{
	struct buf text = BUF_INIT;

	buf_str(&text, sz_text);
	for (unsigned i = 0; i < 200; i++)
		buf_printf(&text, "host%u TXT \"x\"\nsub%u NS ns.sub%u\n", i, i,
		    i);
	sz_begin(s, "example.", buf_cstr(&text));
	sz_key_number(s, 1, 257);
	sz_key_number(s, 2, 256);
	sz_sign(s, ZONEMD_SHA384);
	buf_free(&text);
}

static void
test_threads(void **state)
{
	static const unsigned threads[] = {0, 2, 16};
	struct signed_zone s;
	char *one, *many;

	(void)state;
	big_zone(&s);
	one = report_text(&s.z, 1);
	assert_non_null(strstr(one, "signature-expired"));
	assert_non_null(strstr(one, "glue-missing"));
	for (size_t i = 0; i < 3; i++) {
		many = report_text(&s.z, threads[i]);
		assert_string_equal(one, many);
		free(many);
	}
	free(one);
	sz_end(&s);
}

/* The zone first, then by owner, rule, type. */
static void
test_order(void **state)
{
	static const struct {
		const char *rule, *owner;
		uint16_t type;
	} want[] = {{"trust-unchecked", NULL, 0},
	    {"zonemd-wrong", "example.", TYPE_ZONEMD},
	    {"apex-ns", "example.", TYPE_NS},
	    {"signature-missing", "deep.empty.example.", TYPE_A},
	    {"signature-missing", "deep.empty.example.", TYPE_NSEC},
	    {"signature-wrong", GAMMA, TYPE_TXT},
	    {"signature-misplaced", GAMMA, TYPE_RRSIG}};
	struct signed_zone s;
	struct verify_report r;
	const struct finding *f;
	size_t k = 0;

	(void)state;
	sz_make(&s);
	sz_countersign(&s, GAMMA, TYPE_RRSIG, 1, &honest);
	sz_resign(&s, GAMMA, TYPE_TXT, 1, &flip);
	sz_remove(&s, "deep.empty.example.", TYPE_RRSIG, 0);
	sz_remove(&s, "example.", TYPE_NS, 0);
	sz_verify(&r, &s.z, NULL);
	for (size_t i = 0; i < r.findings && k < sizeof want / sizeof *want;
	    i++) {
		f = &r.finding[i];
		k += strcmp(f->rule, want[k].rule) == 0 &&
		     f->type == want[k].type &&
		     (f->owner == NULL || want[k].owner == NULL
			     ? f->owner == want[k].owner
			     : strcmp(f->owner, want[k].owner) == 0);
	}
	if (k < sizeof want / sizeof *want) {
		sz_print(&r);
		fail_msg("%s is not there", want[k].rule);
	}
	verify_report_free(&r);
	sz_end(&s);
}

/* A flood is cut for people, and says so; JSON holds all of it. */
static void
test_flood(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	char *text = NULL;
	size_t len, lines = 0;
	FILE *f = open_memstream(&text, &len);
	json_t *json;

	(void)state;
	big_zone(&s);
	sz_verify(&r, &s.z, NULL);
	assert_int_equal(sz_count(&r, "glue-missing", NULL, TYPE_NS), 200);
	assert_int_equal(r.errors, 200);
	verify_report_print(f, "FILE", &r, SEVERITY_WARNING);
	fclose(f);
	for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	assert_int_equal(lines, 21);
	assert_non_null(strstr(text, "FILE: glue-missing: and 180 more\n"));
	assert_non_null(strstr(text, "FILE: glue-missing: sub0.example. NS: "));
	json = verify_report_json(&r);
	assert_int_equal(json_array_size(json_object_get(json, "findings")),
	    r.findings);
	json_decref(json);
	free(text);
	verify_report_free(&r);
	sz_end(&s);
}

static void
test_summary(void **state)
{
	struct signed_zone s;
	struct verify_report r;
	struct buf b = BUF_INIT;

	(void)state;
	sz_make(&s);
	sz_verify(&r, &s.z, NULL);
	verify_report_summary(&b, &r, SZ_NOW);
	assert_non_null(strstr(buf_cstr(&b), "21 verified, of 21 RRsets"));
	assert_non_null(strstr(buf_cstr(&b), "ZONEMD: verified"));
	assert_non_null(strstr(buf_cstr(&b), "2027-01-28T08:00:00Z (in 13d)"));
	assert_non_null(strstr(buf_cstr(&b), "good, from its own keys"));
	assert_int_equal(verify_first_expiration(&s.z, SZ_NOW),
	    SZ_NOW + 13 * DAY);
	buf_free(&b);
	verify_report_free(&r);
	sz_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_threads),
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_flood),
	    cmocka_unit_test(test_summary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
