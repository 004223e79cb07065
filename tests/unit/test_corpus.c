/*
 * Real signed zones ($RZ_CORPUS): each passes untouched on its day, fails a
 * second outside its window, and any single fault in it is caught by what
 * must catch it.  RZ_FAULTS: how many (1,000; 100 under a sanitizer).
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/utc.h"
#include "lib/xalloc.h"
#include "signer/rrsig.h"
#include "signer/zone_read.h"
#include "signer/zonemd.h"
#include "tests/support/signed_zone.h"
#include "tests/support/zone_damage.h"

#ifdef __SANITIZE_ADDRESS__
#define FAULTS 100
#else
#define FAULTS 1000
#endif
#define ZONES_MAX 32
#define THREADS	  2

static struct {
	char *path;
	struct zone z;
	int64_t day;   /* a day after its SOA was signed */
	bool digested; /* has a ZONEMD that we know */
} zone[ZONES_MAX];
static unsigned zones;
static struct anchors anchors;

static const uint8_t root[1] = {0};

/* The window of the SOA's signature. */
static void
window(const struct zone *z, int64_t *from, int64_t *until)
{
	struct rrset sigs;
	struct rrsig s;

	assert_true(rrset_find(z, zone_apex(z), TYPE_RRSIG, &sigs));
	for (uint32_t i = 0; i < sigs.n; i++) {
		const struct record *r = rrset_record(&sigs, i);

		assert_int_equal(rrsig_parse(&s, r->rdata, r->rdlen), 0);
		if (s.covered != TYPE_SOA)
			continue;
		*from = utc_from_wire(s.inception, 0);
		*until = utc_from_wire(s.expiration, *from);
		return;
	}
	fail_msg("SOA is not signed");
}

static bool
has_digest(const struct zone *z)
{
	struct rrset rs;

	if (!rrset_find(z, zone_apex(z), TYPE_ZONEMD, &rs))
		return false;
	return rrset_record(&rs, 0)->rdata[5] == ZONEMD_SHA384 ||
	       rrset_record(&rs, 0)->rdata[5] == ZONEMD_SHA512;
}

static void
load(const char *dir, const char *name)
{
	struct zone_read_options o = {THREADS, NULL, NULL};
	struct error e = ERROR_INIT;
	int64_t until;

	assert_true(zones < ZONES_MAX);
	zone[zones].path = xasprintf("%s/%s", dir, name);
	zone_init(&zone[zones].z, root, 1);
	if (zone_read(&zone[zones].z, zone[zones].path, &o, &e) != 0)
		fail_msg("%s", e.text);
	window(&zone[zones].z, &zone[zones].day, &until);
	zone[zones].day += DAY;
	zone[zones].digested = has_digest(&zone[zones].z);
	zones++;
}

static int
is_zone(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return len > 5 && strcmp(d->d_name + len - 5, ".zone") == 0;
}

static int
set_up(void **state)
{
	const char *corpus = getenv("RZ_CORPUS");
	struct dirent **list;
	struct error e = ERROR_INIT;
	char *path;
	int n;

	(void)state;
	if (corpus == NULL) {
		printf("skip corpus: RZ_CORPUS is not set\n");
		return 0;
	}
	path = xasprintf("%s/root-anchors-2024-11.xml", corpus);
	if (anchors_read(&anchors, path, root, &e) != 0)
		fail_msg("%s", e.text);
	free(path);
	path = xasprintf("%s/zones", corpus);
	n = scandir(path, &list, is_zone, alphasort);
	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		load(path, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	free(path);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (unsigned i = 0; i < zones; i++) {
		zone_free(&zone[i].z);
		free(zone[i].path);
	}
	anchors_free(&anchors);
	return 0;
}

static void
verify(struct verify_report *r, const struct zone *z, int64_t now,
    const struct zone *intact)
{
	const struct verify_options o = {.now = now, .threads = THREADS,
	    .anchors = &anchors, .unsigned_zone = intact};

	sz_verify(r, z, &o);
}

static void
expect_good(unsigned i, int64_t now)
{
	struct verify_report r;

	verify(&r, &zone[i].z, now, NULL);
	if (r.errors > 0 || !r.anchored) {
		verify_report_print(stderr, zone[i].path, &r, SEVERITY_ERROR);
		fail_msg("%s", zone[i].path);
	}
	assert_true(r.signatures >= r.rrsets);
	assert_int_equal(r.zonemd == ZONEMD_VERIFIED, zone[i].digested);
	verify_report_free(&r);
}

static void
expect_bad(unsigned i, int64_t now, const char *rule)
{
	struct verify_report r;

	verify(&r, &zone[i].z, now, NULL);
	if (sz_count(&r, rule, NULL, 0) == 0 ||
	    r.errors != sz_count(&r, rule, NULL, 0) +
			    sz_count(&r, "dnskey-untrusted", NULL, 0)) {
		verify_report_print(stderr, zone[i].path, &r, SEVERITY_ERROR);
		fail_msg("%s: not only %s", zone[i].path, rule);
	}
	verify_report_free(&r);
}

/* Good from the last inception to the first expiration, no second more. */
static void
test_windows(void **state)
{
	struct verify_report r;
	int64_t from, until;

	(void)state;
	if (zones == 0)
		skip();
	for (unsigned i = 0; i < zones; i++) {
		expect_good(i, zone[i].day);
		verify(&r, &zone[i].z, zone[i].day, NULL);
		from = r.last_inception;
		until = r.first_expiration;
		verify_report_free(&r);
		expect_good(i, from);
		expect_bad(i, from - 1, "signature-not-yet");
		expect_good(i, until);
		expect_bad(i, until + 1, "signature-expired");
	}
}

/* What signing makes is passed over: each zone against itself. */
static void
test_same(void **state)
{
	struct verify_report r;

	(void)state;
	if (zones == 0)
		skip();
	for (unsigned i = 0; i < zones; i++) {
		const struct verify_options o = {.now = zone[i].day,
		    .threads = THREADS, .unsigned_zone = &zone[i].z,
		    .previous = &zone[i].z};

		sz_verify(&r, &zone[i].z, &o);
		assert_int_equal(r.errors, 0);
		assert_true(r.unsigned_same);
		assert_int_equal(r.changed_lines, 0);
		verify_report_free(&r);
	}
}

static bool
at_owner(const struct finding *f, const struct owner *o)
{
	char name[NAME_MAX_TEXT];

	return f->owner != NULL &&
	       strcmp(f->owner, name_text(name, owner_wire(o))) == 0;
}

/* Is one of the rules found at the place? */
static bool
found(const struct verify_report *r, const char *rules,
    const struct damage *d)
{
	const struct finding *f;
	const char *p;
	size_t len;

	for (size_t i = 0; i < r->findings; i++) {
		f = &r->finding[i];
		len = strlen(f->rule);
		p = strstr(rules, f->rule);
		if (p != NULL && (p[len] == ' ' || p[len] == '\0') &&
		    at_owner(f, d->owner) &&
		    (d->type == 0 || f->type == d->type))
			return true;
	}
	return false;
}

/* Errors that are not from the comparison with the intact copy. */
static size_t
errors_alone(const struct verify_report *r)
{
	return r->errors - sz_count(r, "record-lost", NULL, 0) -
	       sz_count(r, "record-added", NULL, 0) -
	       sz_count(r, "ttl-changed", NULL, 0);
}

static bool
judged(const struct verify_report *r, const struct damage *d, bool digested)
{
	if (d->lost != NULL && !found(r, d->lost, d))
		return false;
	if (digested && r->zonemd != ZONEMD_FAILED)
		return false;
	if (d->by == CAUGHT_CRYPTO)
		return found(r, d->rules, d);
	/* Without a digest nobody sees it, and nobody claims to. */
	return errors_alone(r) == (digested ? 1 : 0);
}

/*
 * ZONEMD's own signature is outside its digest, and RRSIG TTLs of it; a lost
 * signature over ZONEMD neither.
 */
static bool
outside_digest(const struct zone *z, const struct damage *d)
{
	return d->type == TYPE_ZONEMD && d->owner == zone_apex(z)->owner;
}

static bool
one_fault(unsigned i, unsigned kind, struct dice *dice)
{
	struct verify_report r;
	struct damage d;
	struct zone copy;
	bool did;

	zone_share(&copy, &zone[i].z);
	did = zone_damage(&copy, kind, dice, &d);
	if (did) {
		verify(&r, &copy, zone[i].day, &zone[i].z);
		if (!judged(&r, &d, zone[i].digested &&
				!outside_digest(&zone[i].z, &d))) {
			verify_report_print(stderr, zone[i].path, &r,
			    SEVERITY_INFO);
			fail_msg("%s: %s (kind %u)", zone[i].path, d.what,
			    kind);
		}
		verify_report_free(&r);
	}
	zone_free(&copy);
	return did;
}

static void
test_faults(void **state)
{
	const char *wanted = getenv("RZ_FAULTS");
	unsigned n = wanted ? (unsigned)strtoul(wanted, NULL, 10)
			    : FAULTS;
	struct dice dice = {20240101};
	unsigned done = 0, tried = 0;

	(void)state;
	if (zones == 0)
		skip();
	for (; done < n && tried < 2 * n + 100; tried++)
		done += one_fault(tried % zones,
		    (tried / zones + tried % zones) % DAMAGES, &dice);
	assert_int_equal(done, n);
	printf("%u single faults in %u zones, each caught\n", done, zones);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_windows),
	    cmocka_unit_test(test_same),
	    cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
