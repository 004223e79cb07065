#include "lib/config_field.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/algorithm.h"
#include "lib/buf.h"
#include "lib/utc.h"
#include "lib/xalloc.h"

#define NAME_MAX_OCTETS	 255 /* in wire form, RFC 1035 section 2.3.4 */
#define LABEL_MAX_OCTETS 63
#define TTL_MAX		 INT64_C(0x7fffffff) /* RFC 2181 section 8 */
#define YEARS_10	 (3650 * DAY)

struct field;
typedef int field_parse(void *to, const char *text, const struct field *f,
    struct error *e);

struct field {
	const char *path;
	size_t from; /* char * of struct config_raw */
	size_t to;   /* of struct config */
	field_parse *parse;
	int64_t min, max;
	const struct config_word *words; /* what may stand there as a word */
	const char *fallback;		 /* the default, as written */
};

static const struct config_word trusts[] = {{"rfc5011", TRUST_RFC5011},
    {"parent", TRUST_PARENT}, {NULL, 0}};
static const struct config_word rolls[] = {{"quarterly", ROLL_QUARTERLY},
    {"lifetime", ROLL_LIFETIME}, {"manual", ROLL_MANUAL}, {NULL, 0}};
static const struct config_word denials[] = {{"nsec", DENIAL_NSEC},
    {"nsec3", DENIAL_NSEC3}, {NULL, 0}};
static const struct config_word serials[] = {{"keep", SERIAL_KEEP},
    {"increment", SERIAL_INCREMENT}, {"unixtime", SERIAL_UNIXTIME},
    {"date", SERIAL_DATE}, {NULL, 0}};
static const struct config_word calendars[] = {
    {"root-quarters", CALENDAR_ROOT_QUARTERS},
    {"lifetimes", CALENDAR_LIFETIMES}, {NULL, 0}};
static const struct config_word booleans[] = {{"true", 1}, {"false", 0},
    {NULL, 0}};
static const struct config_word keep[] = {{"keep", -1}, {NULL, 0}};
static const struct config_word automatic[] = {{"auto", -1}, {NULL, 0}};

int
config_word(int *value, const char *text, const struct config_word *words,
    struct error *e)
{
	struct buf list = BUF_INIT;

	for (const struct config_word *w = words; w->word != NULL; w++)
		if (strcmp(w->word, text) == 0) {
			*value = w->value;
			return 0;
		}
	for (const struct config_word *w = words; w->word != NULL; w++)
		buf_printf(&list, "%s%s", w == words ? "" : ", ", w->word);
	error_set(e, "one of %s was expected, found \"%s\"", buf_cstr(&list),
	    text);
	buf_free(&list);
	return -1;
}

static int
parse_text(void *to, const char *text, const struct field *f, struct error *e)
{
	(void)f;
	if (text[0] == '\0')
		return error_set(e, "a value was expected, found none");
	free(*(char **)to);
	*(char **)to = xstrdup(text);
	return 0;
}

static int
parse_word(void *to, const char *text, const struct field *f, struct error *e)
{
	int value;

	if (config_word(&value, text, f->words, e) == -1)
		return -1;
	*(unsigned *)to = (unsigned)value;
	return 0;
}

static int
parse_bool(void *to, const char *text, const struct field *f, struct error *e)
{
	int value;

	if (config_word(&value, text, f->words, e) == -1)
		return -1;
	*(bool *)to = value != 0;
	return 0;
}

static int
parse_duration(
    void *to, const char *text, const struct field *f, struct error *e)
{
	char min[DURATION_TEXT], max[DURATION_TEXT];
	int64_t seconds;

	if (f->words != NULL && strcmp(text, f->words->word) == 0) {
		*(int64_t *)to = f->words->value;
		return 0;
	}
	if (text[0] != '\0' && text[strspn(text, "0123456789")] == '\0')
		return error_set(e, "duration without a unit: \"%s\"", text);
	if (duration_parse(&seconds, text, e) == -1)
		return -1;
	if (seconds < f->min || seconds > f->max)
		return error_set(e,
		    "a duration from %s to %s was expected, found %s",
		    duration_text(min, f->min), duration_text(max, f->max),
		    text);
	*(int64_t *)to = seconds;
	return 0;
}

static int
parse_number(
    void *to, const char *text, const struct field *f, struct error *e)
{
	char *end = NULL;
	intmax_t v = 0;

	errno = 0;
	if (isdigit((unsigned char)text[0]))
		v = strtoimax(text, &end, 10);
	if (end == NULL || *end != '\0' || errno != 0 || v < f->min ||
	    v > f->max)
		return error_set(e,
		    "a number from %" PRId64 " to %" PRId64
		    " was expected, found \"%s\"",
		    f->min, f->max, text);
	*(unsigned *)to = (unsigned)v;
	return 0;
}

/* Hundredths of a percent: "1%" is 100, "0.25%" is 25. */
static int
parse_percent(
    void *to, const char *text, const struct field *f, struct error *e)
{
	unsigned whole = 0, part = 0, unit = 10;
	const char *s = text;

	for (; isdigit((unsigned char)*s) && whole <= 100; s++)
		whole = whole * 10 + (unsigned)(*s - '0');
	if (s != text && *s == '.' && isdigit((unsigned char)s[1]))
		for (s++; isdigit((unsigned char)*s) && unit > 0; s++) {
			part += (unsigned)(*s - '0') * unit;
			unit /= 10;
		}
	if (s == text || strcmp(s, "%") != 0 ||
	    whole * 100 + part > (unsigned)f->max)
		return error_set(e,
		    "a percentage from 0%% to 100%% with at most two "
		    "decimals was expected (as in \"1%%\"), found \"%s\"",
		    text);
	*(unsigned *)to = whole * 100 + part;
	return 0;
}

static int
parse_algorithm(
    void *to, const char *text, const struct field *f, struct error *e)
{
	const struct algorithm *a = algorithm_by_name(text);

	(void)f;
	if (a == NULL)
		return error_set(e, "unknown algorithm \"%s\"", text);
	if (!a->signs)
		return error_set(e, "no keys are made with %s", a->name);
	*(uint8_t *)to = a->number;
	return 0;
}

/* The end of the label at s, with its escapes (RFC 1035 section 5.1). */
static const char *
label_end(const char *s, unsigned *octets)
{
	size_t len;

	for (*octets = 0; *s != '\0' && *s != '.'; ++*octets) {
		len = 1;
		if (*s == '\\')
			len = isdigit((unsigned char)s[1]) ? 4 : 2;
		if ((len == 4 && strspn(s + 1, "0123456789") < 3) ||
		    (len == 2 && !isgraph((unsigned char)s[1])) ||
		    !isgraph((unsigned char)*s) || strchr("\";()@", *s))
			return NULL;
		s += len;
	}
	return s;
}

/* Labels and their lengths; *absolute: a dot at the end. */
static bool
valid_name(const char *s, bool *absolute)
{
	unsigned octets, total = 1;

	*absolute = strcmp(s, ".") == 0;
	if (*absolute)
		return true;
	do {
		s = label_end(s, &octets);
		total += octets + 1;
		if (s == NULL || octets == 0 || octets > LABEL_MAX_OCTETS ||
		    total > NAME_MAX_OCTETS)
			return false;
		*absolute = *s == '.';
		s += *absolute;
	} while (*s != '\0');
	return true;
}

/* Absolute and in lower case; the rest of a name's rules are keytool's. */
static int
parse_zone(void *to, const char *text, const struct field *f, struct error *e)
{
	bool absolute;
	char *name;

	(void)f;
	if (!valid_name(text, &absolute))
		return error_set(e,
		    "a domain name was expected, found \"%s\"", text);
	name = xasprintf("%s%s", text, absolute ? "" : ".");
	for (char *c = name; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	free(*(char **)to);
	*(char **)to = name;
	return 0;
}

#define RAW(member) offsetof(struct config_raw, member)
#define CFG(member) offsetof(struct config, member)

#define TEXT(path, member, parse) \
	{path, RAW(member), CFG(member), parse, 0, 0, NULL, NULL}
#define WORD(path, member, words, fallback) \
	{path, RAW(member), CFG(member), parse_word, 0, 0, words, fallback}
#define BOOL(path, member) \
	{path, RAW(member), CFG(member), parse_bool, 0, 0, booleans, "false"}
#define TIME(path, member, min, max, words, fallback) \
	{path, RAW(member), CFG(member), parse_duration, min, max, words, \
	    fallback}
#define NUMBER(path, member, parse, min, max, fallback) \
	{path, RAW(member), CFG(member), parse, min, max, NULL, fallback}
#define ALGORITHM(path, member) \
	{path, RAW(member), CFG(member), parse_algorithm, 0, 0, NULL, \
	    "RSASHA256"}

/* Every key with one value: its range and its default (rz.yaml(5)). */
static const struct field fields[] = {
    TEXT("zone", zone, parse_zone),
    TEXT("state", state, parse_text),
    BOOL("lab", lab),
    NUMBER("tokens.sessions", tokens.sessions, parse_number, 1, 1024, NULL),
    WORD("policy.trust", policy.trust, trusts, "rfc5011"),
    ALGORITHM("policy.ksk.algorithm", policy.ksk.algorithm),
    NUMBER("policy.ksk.bits", policy.ksk.bits, parse_number, 0, 4096, NULL),
    WORD("policy.ksk.roll", policy.ksk.roll, rolls, "manual"),
    TIME("policy.ksk.lifetime", policy.ksk.lifetime, 1, 100 * 365 * DAY,
	NULL, NULL),
    ALGORITHM("policy.zsk.algorithm", policy.zsk.algorithm),
    NUMBER("policy.zsk.bits", policy.zsk.bits, parse_number, 0, 4096, NULL),
    WORD("policy.zsk.roll", policy.zsk.roll, rolls, NULL),
    TIME("policy.zsk.lifetime", policy.zsk.lifetime, 1, 100 * 365 * DAY,
	NULL, NULL),
    TIME("policy.ttl.dnskey", policy.ttl.dnskey, 1, TTL_MAX, NULL, "48h"),
    TIME("policy.ttl.ds", policy.ttl.ds, 1, TTL_MAX, keep, "24h"),
    TIME("policy.signatures.dnskey", policy.signatures.dnskey, 1, YEARS_10,
	NULL, "21d"),
    TIME("policy.signatures.zone", policy.signatures.zone, 1, YEARS_10, NULL,
	"13d"),
    TIME("policy.signatures.inception-offset",
	policy.signatures.inception_offset, 0, 30 * DAY, NULL, "1h"),
    TIME("policy.signatures.refresh", policy.signatures.refresh, 0, YEARS_10,
	NULL, "0s"),
    WORD("policy.denial", policy.denial, denials, "nsec"),
    WORD("policy.serial", policy.serial, serials, "keep"),
    TIME("policy.propagation.zone", policy.propagation.zone, 1, 30 * DAY,
	NULL, "2h"),
    TIME("policy.propagation.parent", policy.propagation.parent, 1, 30 * DAY,
	NULL, "1h"),
    WORD("policy.calendar", policy.calendar, calendars, "root-quarters"),
    BOOL("policy.strict", policy.strict),
    TIME("verify.also-limit", verify.also_limit, 1, DAY, NULL, "5m"),
    NUMBER("verify.dnskey-size", verify.dnskey_size, parse_number, 512,
	65535, "1232"),
    TIME("verify.next-signing", verify.next_signing, 1, YEARS_10, NULL,
	"5d"),
    NUMBER("verify.max-change.lines", verify.max_change.lines, parse_number,
	0, INT32_MAX, "500"),
    NUMBER("verify.max-change.delegations", verify.max_change.delegations,
	parse_percent, 0, 10000, "1%"),
    TIME("alarm.signatures-left", alarm.signatures_left, 1, YEARS_10, NULL,
	"5d"),
    TIME("alarm.skr-left", alarm.skr_left, 1, YEARS_10, NULL, "45d"),
    TEXT("hooks.sign", hooks.sign, parse_text),
    TEXT("hooks.publish", hooks.publish, parse_text),
    TEXT("hooks.observe", hooks.observe, parse_text),
    TIME("rollover.add-hold-down", rollover.add_hold_down, 1, YEARS_10, NULL,
	"30d"),
    TIME("rollover.ksk-publication", rollover.ksk_publication, 1, YEARS_10,
	automatic, "auto"),
    TIME("rollover.revoke-for", rollover.revoke_for, 1, YEARS_10, NULL,
	"70d"),
};

#define FIELDS_N (sizeof fields / sizeof fields[0])

int
config_fields(struct config *cfg, const struct config_raw *raw,
    const struct config_nodes *nodes, struct error *e)
{
	const struct field *f;
	const char *text;

	for (f = fields; f < fields + FIELDS_N; f++) {
		memcpy(&text, (const char *)raw + f->from, sizeof text);
		if (text == NULL)
			text = f->fallback;
		if (text != NULL &&
		    f->parse((char *)cfg + f->to, text, f, e) == -1)
			return config_blame(nodes, f->path, e);
	}
	return 0;
}

const char *
config_default(const char *path)
{
	for (const struct field *f = fields; f < fields + FIELDS_N; f++)
		if (strcmp(f->path, path) == 0)
			return f->fallback;
	return NULL;
}
