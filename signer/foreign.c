#include "signer/foreign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/process.h"
#include "lib/utc.h"
#include "lib/xalloc.h"
#include "signer/zonemd.h"

#define ARGUMENTS 10
#define NEAR	  (1 * HOUR) /* of now, for those that ask the clock */
#define TEXT_MAX  200	     /* octets of a program's last words */

/* An argument vector, and the texts that it points to. */
struct command {
	const char *argv[ARGUMENTS];
	char origin[NAME_MAX_TEXT], file[4096], time[UTC_TEXT];
};

/* Fills argv; or says why this program cannot judge the zone. */
typedef const char *ask_fn(struct command *c,
    const struct foreign_question *q);

static void
set_argv(struct command *c, const char *const *argv, size_t n)
{
	for (size_t i = 0; i < n && i < ARGUMENTS - 1; i++)
		c->argv[i] = argv[i];
	c->argv[n < ARGUMENTS - 1 ? n : ARGUMENTS - 1] = NULL;
}

#define ARGV(c, ...)                                                         \
	set_argv(c, (const char *const[]){__VA_ARGS__},                      \
	    sizeof(const char *[]){__VA_ARGS__} / sizeof(const char *))

/* Does the apex hold a ZONEMD, and one that others can check? */
static void
find_zonemd(const struct zone *z, bool *has, bool *known)
{
	const struct record *r;
	struct rrset rs;

	*has = *known = false;
	if (!rrset_find(z, zone_apex(z), TYPE_ZONEMD, &rs))
		return;
	*has = true;
	for (uint32_t i = 0; i < rs.n; i++) {
		r = rrset_record(&rs, i);
		*known |= r->rdlen >= ZONEMD_MIN_RDATA &&
			  r->rdata[4] == ZONEMD_SIMPLE &&
			  (r->rdata[5] == ZONEMD_SHA384 ||
			      r->rdata[5] == ZONEMD_SHA512);
	}
}

static const char *
ask_kzonecheck(struct command *c, const struct foreign_question *q)
{
	(void)q;
	ARGV(c, "kzonecheck", "-o", c->origin, "-d", "on", "-t", c->time,
	    c->file);
	return NULL;
}

/* It knows no other time than the clock's. */
static const char *
ask_dnssec_verify(struct command *c, const struct foreign_question *q)
{
	if (q->now > q->clock + NEAR || q->now < q->clock - NEAR)
		return "it judges for the time of day only";
	ARGV(c, "dnssec-verify", "-o", c->origin, c->file);
	return NULL;
}

/* It takes a digest that it does not know for a wrong one. */
static const char *
ask_ldns(struct command *c, const struct foreign_question *q)
{
	bool has, known;

	find_zonemd(q->zone, &has, &known);
	if (has && !known)
		return "it takes an unknown ZONEMD hash for a failure";
	if (known)
		ARGV(c, "ldns-verify-zone", "-ZZ", "-V", "1", "-t", c->time,
		    c->file);
	else
		ARGV(c, "ldns-verify-zone", "-V", "1", "-t", c->time, c->file);
	return NULL;
}

/* Without the checks that would ask the network about other zones. */
static const char *
ask_named(struct command *c, const struct foreign_question *q)
{
	(void)q;
	ARGV(c, "named-checkzone", "-i", "local", "--", c->origin, c->file);
	return NULL;
}

static const char *
ask_nsd(struct command *c, const struct foreign_question *q)
{
	(void)q;
	ARGV(c, "nsd-checkzone", "--", c->origin, c->file);
	return NULL;
}

const char *const foreign_names[] = {"kzonecheck", "dnssec-verify",
    "ldns-verify-zone", "named-checkzone", "nsd-checkzone", NULL};

static ask_fn *const foreign_ask_fn[] = {
    ask_kzonecheck, ask_dnssec_verify, ask_ldns, ask_named, ask_nsd};

const char *
foreign_verdict_text(enum foreign_verdict v)
{
	static const char *const text[] = {
	    [FOREIGN_PASSED] = "passed",
	    [FOREIGN_FAILED] = "failed",
	    [FOREIGN_HANGS] = "hangs",
	    [FOREIGN_CRASHED] = "crashed",
	    [FOREIGN_MISSING] = "missing",
	    [FOREIGN_CANNOT] = "cannot",
	};

	return text[v];
}

/* The last line that is not empty, at most TEXT_MAX octets of it. */
static char *
last_words(const struct buf *output)
{
	const char *p = (const char *)output->data;
	size_t end = output->len, start;
	char *text;

	while (end > 0 && (p[end - 1] == '\n' || p[end - 1] == ' '))
		end--;
	for (start = end; start > 0 && p[start - 1] != '\n'; start--)
		;
	if (end - start > TEXT_MAX)
		end = start + TEXT_MAX;
	text = xasprintf("%.*s", (int)(end - start), end ? p + start : "");
	for (char *t = text; *t != '\0'; t++)
		if ((unsigned char)*t < ' ' || *t == 0x7f)
			*t = '?';
	return text;
}

static void
judge(struct foreign_result *r, const struct process_result *p,
    unsigned limit)
{
	switch (p->end) {
	case PROCESS_EXITED:
		r->verdict = p->code == 0 ? FOREIGN_PASSED : FOREIGN_FAILED;
		r->text = last_words(&p->output);
		break;
	case PROCESS_SIGNALED:
		r->verdict = FOREIGN_CRASHED;
		r->text = xasprintf("ended by signal %d", p->code);
		break;
	case PROCESS_TIMEOUT:
		r->verdict = FOREIGN_HANGS;
		r->text = xasprintf("no answer within %u s", limit);
		break;
	case PROCESS_MISSING:
		r->verdict = FOREIGN_MISSING;
		r->text = xstrdup("not installed");
		break;
	}
}

/*
 * A file that begins with "-" must not be taken for an option; nor an origin,
 * which stands after "--" or is an option's argument.
 */
static int
fill(struct command *c, const struct foreign_question *q, struct error *e)
{
	int n = snprintf(c->file, sizeof c->file, "%s%s",
	    q->file[0] == '-' ? "./" : "", q->file);

	if (n < 0 || (size_t)n >= sizeof c->file)
		return error_set(e, "%s: path too long", q->file);
	name_text(c->origin, q->zone->apex);
	utc_digits(c->time, q->now);
	return 0;
}

static int
run(struct foreign_result *r, const struct command *c,
    const struct foreign_question *q, struct error *e)
{
	struct process_result p = {0};
	double start = clock_elapsed();

	if (process_run(c->argv, q->limit, &p, e) != 0)
		return -1;
	r->seconds = clock_elapsed() - start;
	judge(r, &p, q->limit);
	process_result_free(&p);
	return 0;
}

int
foreign_ask(const char *name, const struct foreign_question *q,
    struct foreign_result *r, struct error *e)
{
	struct command c;
	const char *cannot;
	size_t i = 0;

	while (foreign_names[i] != NULL && strcmp(foreign_names[i], name) != 0)
		i++;
	if (foreign_names[i] == NULL)
		return error_set(e, "no such validator: %s", name);
	*r = (struct foreign_result){.name = foreign_names[i]};
	if (fill(&c, q, e) != 0)
		return -1;
	cannot = foreign_ask_fn[i](&c, q);
	if (cannot == NULL)
		return run(r, &c, q, e);
	r->verdict = FOREIGN_CANNOT;
	r->text = xstrdup(cannot);
	return 0;
}

void
foreign_result_free(struct foreign_result *r)
{
	free(r->text);
	*r = (struct foreign_result){0};
}
