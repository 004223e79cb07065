/* Second opinions: what other programs say, and what they cannot say. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/utc.h"
#include "lib/xalloc.h"
#include "signer/foreign.h"
#include "tests/support/zone_text.h"

#define NOW INT64_C(1800000000) /* 2027-01-15T08:00:00Z */
#define ZONE "@ 60 SOA a. b. 1 1 2 3 60\n@ 60 NS a.\n"
#define HEX48                                                             \
	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff" \
	"00112233445566778899aabbccddeeff"

static char dir[4096];
static char *old_path;
static unsigned limit = 1; /* seconds */

/* A program of this name that does as the script says. */
static void
install(const char *name, const char *script)
{
	char *path = xasprintf("%s/%s", dir, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", script);
	fclose(f);
	assert_int_equal(chmod(path, 0700), 0);
	free(path);
}

static void
uninstall(const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);

	unlink(path);
	free(path);
}

static int
set_up(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	old_path = xstrdup(getenv("PATH"));
	snprintf(dir, sizeof dir, "%s/foreign.XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		return -1;
	return setenv("PATH", dir, 1);
}

static int
tear_down(void **state)
{
	(void)state;
	setenv("PATH", old_path, 1);
	free(old_path);
	for (size_t i = 0; foreign_names[i] != NULL; i++)
		uninstall(foreign_names[i]);
	return rmdir(dir);
}

static void
ask_of(const char *origin, const char *name, const char *zone_text_,
    const char *file, int64_t now, struct foreign_result *r)
{
	struct foreign_question q = {.file = file, .now = now, .clock = NOW,
	    .limit = limit};
	struct error e = ERROR_INIT;
	struct zone z;

	zone_from_text(&z, origin, zone_text_);
	q.zone = &z;
	if (foreign_ask(name, &q, r, &e) != 0)
		fail_msg("%s", e.text);
	assert_string_equal(r->name, name);
	zone_free(&z);
}

static void
ask(const char *name, const char *text, const char *file, int64_t now,
    struct foreign_result *r)
{
	ask_of(".", name, text, file, now, r);
}

static const struct {
	const char *script;
	enum foreign_verdict verdict;
	const char *text;
} ends[] = {
    {"exit 0", FOREIGN_PASSED, ""},
    {"echo fine; exit 0", FOREIGN_PASSED, "fine"},
    {"echo one; echo two >&2; echo; exit 1", FOREIGN_FAILED, "two"},
    {"echo no >&2; exit 2", FOREIGN_FAILED, "no"},
    {"kill -9 $$", FOREIGN_CRASHED, "ended by signal 9"},
    {"exec /bin/sleep 60", FOREIGN_HANGS, "no answer within 1 s"},
    {"printf 'a\\033[1mb\\n'; exit 1", FOREIGN_FAILED, "a?[1mb"},
};

static void
test_ends(void **state)
{
	struct foreign_result r;

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		install("kzonecheck", ends[i].script);
		ask("kzonecheck", ZONE, "f", NOW, &r);
		if (r.verdict != ends[i].verdict ||
		    strcmp(r.text, ends[i].text) != 0)
			fail_msg("%s: %s: %s", ends[i].script,
			    foreign_verdict_text(r.verdict), r.text);
		foreign_result_free(&r);
	}
	uninstall("kzonecheck");
	ask("kzonecheck", ZONE, "f", NOW, &r);
	assert_int_equal(r.verdict, FOREIGN_MISSING);
	foreign_result_free(&r);
}

/* Each with the arguments that it knows. */
static const struct {
	const char *name, *zone, *file, *said;
} asked[] = {
    {"kzonecheck", ZONE, "a b", "-o . -d on -t 20270115080000 a b"},
    {"kzonecheck", ZONE, "-f", "-o . -d on -t 20270115080000 ./-f"},
    {"dnssec-verify", ZONE, "f", "-o . f"},
    {"ldns-verify-zone", ZONE, "f", "-V 1 -t 20270115080000 f"},
    {"ldns-verify-zone", ZONE "@ 60 ZONEMD 1 1 1 " HEX48 "\n", "f",
	"-ZZ -V 1 -t 20270115080000 f"},
    {"named-checkzone", ZONE, "f", "-i local -- . f"},
    {"nsd-checkzone", ZONE, "f", "-- . f"},
};

static void
test_arguments(void **state)
{
	struct foreign_result r;

	(void)state;
	for (size_t i = 0; foreign_names[i] != NULL; i++)
		install(foreign_names[i], "echo \"$@\"");
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		ask(asked[i].name, asked[i].zone, asked[i].file, NOW, &r);
		assert_int_equal(r.verdict, FOREIGN_PASSED);
		assert_string_equal(r.text, asked[i].said);
		foreign_result_free(&r);
	}
}

/*
 * The zone -hy.example. is no option, for any of the real programs that is
 * installed: a broken file must not pass.
 */
static void
test_origin(void **state)
{
	struct foreign_result r;
	char *file = xasprintf("%s/broken", dir);
	FILE *f = fopen(file, "w");

	(void)state;
	assert_non_null(f);
	fputs("this is no zone\n", f);
	fclose(f);
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	limit = 60;
	for (size_t i = 0; foreign_names[i] != NULL; i++) {
		ask_of("-hy.example.", foreign_names[i], ZONE, file, NOW, &r);
		if (r.verdict != FOREIGN_FAILED &&
		    r.verdict != FOREIGN_MISSING)
			fail_msg("%s: %s: %s", r.name,
			    foreign_verdict_text(r.verdict), r.text);
		if (strcasestr(r.text, "usage") != NULL)
			fail_msg("%s: not understood: %s", r.name, r.text);
		foreign_result_free(&r);
	}
	setenv("PATH", dir, 1);
	limit = 1;
	unlink(file);
	free(file);
}

/* Said of the origin too, whatever is installed. */
static void
test_origin_arguments(void **state)
{
	static const char *const said[] = {
	    "-o -hy.example. -d on -t 20270115080000 f", "-o -hy.example. f",
	    "-V 1 -t 20270115080000 f", "-i local -- -hy.example. f",
	    "-- -hy.example. f"};
	struct foreign_result r;

	(void)state;
	for (size_t i = 0; foreign_names[i] != NULL; i++) {
		install(foreign_names[i], "echo \"$*\"");
		ask_of("-hy.example.", foreign_names[i], ZONE, "f", NOW, &r);
		assert_string_equal(r.text, said[i]);
		foreign_result_free(&r);
	}
}

/* What a program cannot judge is not asked: its no would mean nothing. */
static void
test_cannot(void **state)
{
	static const struct {
		int64_t now;
		enum foreign_verdict verdict;
	} times[] = {{NOW, FOREIGN_FAILED}, {NOW + HOUR, FOREIGN_FAILED},
	    {NOW - HOUR, FOREIGN_FAILED}, {NOW + HOUR + 1, FOREIGN_CANNOT},
	    {NOW - HOUR - 1, FOREIGN_CANNOT}};
	struct foreign_result r;

	(void)state;
	install("dnssec-verify", "exit 1");
	install("ldns-verify-zone", "exit 1");
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		ask("dnssec-verify", ZONE, "f", times[i].now, &r);
		assert_int_equal(r.verdict, times[i].verdict);
		foreign_result_free(&r);
	}
	ask("ldns-verify-zone", ZONE "@ 60 ZONEMD 1 1 241 " HEX48 "\n", "f",
	    NOW, &r);
	assert_int_equal(r.verdict, FOREIGN_CANNOT);
	foreign_result_free(&r);
	ask("ldns-verify-zone", ZONE "@ 60 ZONEMD 1 1 241 " HEX48 "\n"
	    "@ 60 ZONEMD 1 1 1 " HEX48 "\n", "f", NOW, &r);
	assert_int_equal(r.verdict, FOREIGN_FAILED);
	foreign_result_free(&r);
}

static void
test_unknown(void **state)
{
	struct foreign_question q = {.file = "f", .now = NOW, .clock = NOW,
	    .limit = 1};
	struct foreign_result r;
	struct error e = ERROR_INIT;
	struct zone z;

	(void)state;
	zone_from_text(&z, ".", ZONE);
	q.zone = &z;
	assert_int_equal(foreign_ask("rm", &q, &r, &e), -1);
	assert_int_equal(e.status, STATUS_TROUBLE);
	zone_free(&z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ends),
	    cmocka_unit_test(test_arguments),
	    cmocka_unit_test(test_origin),
	    cmocka_unit_test(test_origin_arguments),
	    cmocka_unit_test(test_cannot),
	    cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
