/*
 * Writes a zone that looks like the root, or like a registry's, to stdout:
 * the same octets for the same options on every machine.
 *
 *	zonegen [-n DELEGATIONS] [-o ORIGIN] [-s SEED] [--serial N]
 *	    [--shape root|tld]
 *
 * root: 13 letters, about five name servers with A and AAAA glue for each
 * delegation, mostly in-domain, the rest shared between delegations; DS for
 * 93 %.  tld: two name servers outside the zone, glue for one in twenty, DS
 * for half.  Addresses are those set aside for tests and documentation (RFC
 * 2544, RFC 3849).
 */
#include <err.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#define DELEGATIONS_MAX 10000000
#define NAME_SIZE	64
#define NS_TTL		172800
#define GLUE_TTL	172800
#define DS_TTL		86400
#define HOSTS_MAX	13

enum shape { SHAPE_ROOT, SHAPE_TLD };

struct options {
	uint32_t delegations;
	const char *origin; /* without its dot: "" is the root */
	uint64_t seed;
	uint32_t serial;
	enum shape shape;
};

struct generator {
	const struct options *o;
	uint64_t state;
	uint32_t addresses; /* given out so far */
};

/* Delegations of the root whose servers others share. */
static const char *const known[] = {"com", "net", "org", "arpa", "edu", "gov",
    "mil", "int", "info"};
#define KNOWN (sizeof(known) / sizeof(known[0]))

/* splitmix64: small, and the same everywhere. */
static uint64_t
next(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static uint32_t
below(struct generator *g, uint32_t n)
{
	return (uint32_t)(next(&g->state) % n);
}

static bool
percent(struct generator *g, uint32_t p)
{
	return below(g, 100) < p;
}

/*
 * Pronounceable, and one for each number: two syllables or more, which are
 * the digits of the number after a shuffle (its factor and the range have no
 * common divisor).
 */
static size_t
syllables(char *out, uint32_t i)
{
	static const char consonant[] = "bcdfghjklmnprstvwz";
	static const char vowel[] = "aeiou";
	const uint32_t base = (sizeof(consonant) - 1) * (sizeof(vowel) - 1);
	const uint32_t range = base * base * base; /* 2^3 3^6 5^3 */
	uint32_t n = (uint32_t)((uint64_t)(i % range) * 314159 % range);
	size_t len = 0;

	n += i / range * range;
	for (int digits = 0; digits < 2 || n > 0; digits++, n /= base) {
		out[len++] = consonant[n % base / (sizeof(vowel) - 1)];
		out[len++] = vowel[n % (sizeof(vowel) - 1)];
	}
	out[len] = '\0';
	return len;
}

/*
 * The label of delegation i: the known ones, then country codes (one in
 * six), internationalized ones (one in ten), and words.  Words have two
 * syllables or more and begin with a consonant, so none meets the others.
 */
static void
label(const struct options *o, char *out, uint32_t i)
{
	uint32_t cc = i / 6 * 263 % 676; /* 263 and 676 have no common factor */

	if (i < KNOWN)
		strlcpy(out, known[i], NAME_SIZE);
	else if (i % 6 == 0 && i / 6 < 676 && o->shape == SHAPE_ROOT)
		snprintf(out, NAME_SIZE, "%c%c", 'a' + cc / 26, 'a' + cc % 26);
	else if (i % 10 == 1) {
		size_t n = strlcpy(out, "xn--", NAME_SIZE);

		n += syllables(out + n, i);
		snprintf(out + n, NAME_SIZE - n, "%ua", i % 97);
	} else
		syllables(out, i);
}

/* The label with the origin behind it, and a dot. */
static void
owner(const struct generator *g, char *out, uint32_t i)
{
	char l[NAME_SIZE];

	label(g->o, l, i);
	if (*g->o->origin)
		snprintf(out, 2 * NAME_SIZE, "%s.%s.", l, g->o->origin);
	else
		snprintf(out, 2 * NAME_SIZE, "%s.", l);
}

static void
glue(struct generator *g, const char *host, bool aaaa)
{
	uint32_t n = g->addresses++;

	printf("%s\t%d\tIN\tA\t198.%u.%u.%u\n", host, GLUE_TTL,
	    18 + (n >> 16) % 2, n >> 8 & 255, n & 255);
	if (aaaa)
		printf("%s\t%d\tIN\tAAAA\t2001:db8:%x:%x::53\n", host, GLUE_TTL,
		    n >> 16, n & 0xffff);
}

static void
ds(struct generator *g, const char *name, uint32_t count)
{
	while (count-- > 0) {
		printf("%s\t%d\tIN\tDS\t%u %u 2 ", name, DS_TTL,
		    below(g, 65535) + 1, percent(g, 60) ? 8 : 13);
		for (int i = 0; i < 4; i++)
			printf("%016llX",
			    (unsigned long long)next(&g->state));
		putchar('\n');
	}
}

/* Server number s of delegation i, when its servers are its own. */
static void
host(const struct generator *g, char *out, uint32_t i, uint32_t s)
{
	char name[2 * NAME_SIZE];

	owner(g, name, i);
	if (g->o->shape == SHAPE_ROOT && i < 2)
		snprintf(out, 3 * NAME_SIZE, "%c.gtld-servers.net.", 'a' + s);
	else if (g->o->shape == SHAPE_ROOT)
		snprintf(out, 3 * NAME_SIZE, "%c.nic.%s", 'a' + s, name);
	else
		snprintf(out, 3 * NAME_SIZE, "ns%u.%s", s + 1, name);
}

/* Servers of its own: a number that depends on the delegation alone. */
static uint32_t
hosts(uint32_t i)
{
	return i < 2 ? HOSTS_MAX : 4 + i * 7 % 3;
}

static void
delegate_root(struct generator *g, uint32_t i)
{
	char name[2 * NAME_SIZE], h[3 * NAME_SIZE];
	bool own = i < KNOWN || percent(g, 78);
	uint32_t from = own ? i : below(g, KNOWN), n = hosts(from);

	owner(g, name, i);
	for (uint32_t s = 0; s < n; s++) {
		host(g, h, from, s);
		printf("%s\t%d\tIN\tNS\t%s\n", name, NS_TTL, h);
	}
	if (percent(g, 93))
		ds(g, name, percent(g, 12) ? 2 : 1);
	for (uint32_t s = 0; own && i != 0 && s < n; s++) {
		host(g, h, i, s);
		glue(g, h, percent(g, 95));
	}
}

static void
delegate_tld(struct generator *g, uint32_t i)
{
	char name[2 * NAME_SIZE], h[3 * NAME_SIZE];
	bool own = percent(g, 5);
	uint32_t operator = below(g, 500);

	owner(g, name, i);
	for (uint32_t s = 0; s < 2; s++) {
		if (own)
			host(g, h, i, s);
		else
			snprintf(h, sizeof(h), "ns%u.operator%u.test.", s + 1,
			    operator);
		printf("%s\t%d\tIN\tNS\t%s\n", name, NS_TTL, h);
	}
	if (percent(g, 50))
		ds(g, name, 1);
	for (uint32_t s = 0; own && s < 2; s++) {
		host(g, h, i, s);
		glue(g, h, percent(g, 50));
	}
}

static void
apex_root(struct generator *g)
{
	char h[NAME_SIZE];

	printf(".\t86400\tIN\tSOA\ta.root-servers.net. "
	       "hostmaster.root-servers.net. %u 1800 900 604800 86400\n",
	    g->o->serial);
	for (char c = 'a'; c < 'a' + 13; c++)
		printf(".\t518400\tIN\tNS\t%c.root-servers.net.\n", c);
	for (char c = 'a'; c < 'a' + 13; c++) {
		snprintf(h, sizeof(h), "%c.root-servers.net.", c);
		glue(g, h, true);
	}
}

static void
apex_tld(struct generator *g)
{
	char h[2 * NAME_SIZE];
	const char *z = g->o->origin;

	printf("%s.\t86400\tIN\tSOA\tns1.nic.%s. hostmaster.nic.%s. %u "
	       "1800 900 604800 3600\n", z, z, z, g->o->serial);
	for (int s = 1; s <= 4; s++)
		printf("%s.\t86400\tIN\tNS\tns%d.nic.%s.\n", z, s, z);
	for (int s = 1; s <= 4; s++) {
		snprintf(h, sizeof(h), "ns%d.nic.%s.", s, z);
		glue(g, h, true);
	}
}

static void
generate(const struct options *o)
{
	struct generator g = {o, o->seed, 0};

	if (o->shape == SHAPE_ROOT)
		apex_root(&g);
	else
		apex_tld(&g);
	for (uint32_t i = 0; i < o->delegations; i++)
		if (o->shape == SHAPE_ROOT)
			delegate_root(&g, i);
		else
			delegate_tld(&g, i);
}

static uint64_t
number(const char *text, long long min, long long max, const char *option)
{
	const char *wrong;
	long long v = strtonum(text, min, max, &wrong);

	if (wrong)
		errx(2, "%s: %s: %s", option, text, wrong);
	return (uint64_t)v;
}

/* ORIGIN without the dot at its end; the shape that suits it. */
static void
origin(struct options *o, char *text)
{
	size_t n = strlen(text);

	if (n >= NAME_SIZE)
		errx(2, "-o: longer than %d octets", NAME_SIZE - 1);
	if (n > 0 && text[n - 1] == '.')
		text[n - 1] = '\0';
	o->origin = text;
}

static void
options(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
	    {"serial", required_argument, NULL, 'S'},
	    {"shape", required_argument, NULL, 'H'}, {NULL, 0, NULL, 0}};

	for (int c; (c = getopt_long(argc, argv, "n:o:s:", longs, NULL)) != -1;)
		switch (c) {
		case 'n':
			o->delegations = (uint32_t)number(optarg, KNOWN,
			    DELEGATIONS_MAX, "-n");
			break;
		case 'o':
			origin(o, optarg);
			break;
		case 's':
			o->seed = number(optarg, 0, INT64_MAX, "-s");
			break;
		case 'S':
			o->serial = (uint32_t)number(optarg, 0, UINT32_MAX,
			    "--serial");
			break;
		case 'H':
			if (!strcmp(optarg, "tld"))
				o->shape = SHAPE_TLD;
			else if (strcmp(optarg, "root"))
				errx(2, "--shape: %s: root or tld", optarg);
			break;
		default:
			exit(2);
		}
	if (optind < argc)
		errx(2, "%s: not an option", argv[optind]);
	if ((o->shape == SHAPE_ROOT) != (*o->origin == '\0'))
		errx(2, "--shape root is for -o ., and tld for a name");
}

int
main(int argc, char **argv)
{
	struct options o = {1440, "", 1, 2026010100, SHAPE_ROOT};

	options(&o, argc, argv);
	generate(&o);
	if (fflush(stdout) || ferror(stdout))
		err(2, "stdout");
	return 0;
}
