/* Findings: noted by any worker in any order, reported in one order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "signer/verify_run.h"

static char *
format(const char *fmt, va_list ap)
{
	char *text;

	return vasprintf(&text, fmt, ap) == -1 ? xstrdup(fmt) : text;
}

static char *
owner_text(const struct owner *o)
{
	char text[NAME_MAX_TEXT];

	return o ? xstrdup(name_text(text, owner_wire(o))) : NULL;
}

/* Takes over text. */
static void
add(struct verify *v, struct notes *ns, enum rule rule,
    const struct owner *place, uint16_t type, char *text)
{
	if (ns->n == ns->cap) {
		ns->cap = ns->cap ? ns->cap * 2 : 16;
		ns->note = xreallocarray(ns->note, ns->cap, sizeof *ns->note);
	}
	ns->note[ns->n++] = (struct note){
	    .finding = {.severity = v->severity[rule],
		.rule = verify_rules[rule].name,
		.owner = owner_text(place),
		.type = type,
		.text = text,
		.overridden = v->overridden[rule]},
	    .place = place,
	    .rule = rule,
	};
}

void
verify_note(struct verify *v, struct verify_worker *w, enum rule rule,
    const struct owner *place, uint16_t type, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(v, &w->notes, rule, place, type, format(fmt, ap));
	va_end(ap);
}

void
verify_note_tally(struct verify *v, enum rule rule, const struct tally *t,
    const char *fmt, ...)
{
	char name[NAME_MAX_TEXT], type[TYPE_TEXT], *text;
	va_list ap;

	if (t->n == 0)
		return;
	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	add(v, &v->worker[0].notes, rule, NULL, 0,
	    xasprintf("%s: %zu, the first at %s %s", text, t->n,
		name_text(name, owner_wire(t->first->owner)),
		type_text(type, t->type)));
	free(text);
}

void
tally_add(struct tally *t, const struct node *nd, uint16_t type)
{
	if (t->n++ == 0 || nd < t->first ||
	    (nd == t->first && type < t->type)) {
		t->first = nd;
		t->type = type;
	}
}

void
tally_merge(struct tally *into, const struct tally *t)
{
	if (t->n == 0)
		return;
	tally_add(into, t->first, t->type);
	into->n += t->n - 1;
}

static int
place_compare(const struct owner *a, const struct owner *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return name_key_compare(owner_key(a), a->key_len, owner_key(b),
	    b->key_len);
}

static int
note_compare(const void *pa, const void *pb)
{
	const struct note *a = pa, *b = pb;
	int c = place_compare(a->place, b->place);

	if (c != 0)
		return c;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->finding.type != b->finding.type)
		return a->finding.type < b->finding.type ? -1 : 1;
	return strcmp(a->finding.text, b->finding.text);
}

static void
count(struct verify_report *r, const struct finding *f)
{
	if (f->overridden)
		return;
	r->errors += f->severity == SEVERITY_ERROR;
	r->warnings += f->severity == SEVERITY_WARNING;
}

static void
gather(struct notes *all, struct notes *part)
{
	if (part->n > 0) {
		all->note = xreallocarray(all->note, all->n + part->n,
		    sizeof *all->note);
		memcpy(all->note + all->n, part->note,
		    part->n * sizeof *part->note);
		all->n += part->n;
	}
	free(part->note);
	*part = (struct notes){NULL, 0, 0};
}

void
verify_notes_report(struct verify *v)
{
	struct verify_report *r = v->r;
	struct notes all = {NULL, 0, 0};

	for (unsigned i = 0; i < v->workers; i++)
		gather(&all, &v->worker[i].notes);
	if (all.n > 0)
		qsort(all.note, all.n, sizeof *all.note, note_compare);
	r->finding = xcalloc(all.n, sizeof *r->finding);
	r->findings = all.n;
	for (size_t i = 0; i < all.n; i++) {
		r->finding[i] = all.note[i].finding;
		count(r, &r->finding[i]);
	}
	free(all.note);
}
