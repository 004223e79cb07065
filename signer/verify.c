/* A run of the verifier: the order of its parts. */
#include "signer/verify.h"

#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/parallel.h"
#include "lib/utc.h"
#include "lib/xalloc.h"
#include "signer/verify_run.h"

#define PIECE 32 /* nodes handed to a worker at a time */

static int
begin(struct verify *v, struct error *e)
{
	const struct node *apex = zone_apex(v->z);
	const struct record *soa;
	struct rrset rs;

	if (apex == NULL || !rrset_find(v->z, apex, TYPE_SOA, &rs) ||
	    apex->owner->wire_len != v->z->apex_len ||
	    rrset_record(&rs, 0)->rdlen < 22)
		return error_set(e, "zone without SOA at its apex");
	soa = rrset_record(&rs, 0);
	v->nsec_ttl = soa->ttl < soa_minimum(soa) ? soa->ttl
						  : soa_minimum(soa);
	*v->r = (struct verify_report){
	    .serial = soa_serial(soa),
	    .records = v->z->sorted,
	    .first_expiration = TIME_NEVER,
	    .last_inception = INT64_MIN,
	};
	return 0;
}

static void
workers_begin(struct verify *v)
{
	struct verify_worker *w;

	for (unsigned i = 0; i < v->workers; i++) {
		w = &v->worker[i];
		w->first_expiration = TIME_NEVER;
		w->last_inception = INT64_MIN;
		for (unsigned k = 0; k < v->keys.n; k++)
			if (v->keys.key[k].verifier != NULL)
				w->verifier[k] =
				    verifier_dup(v->keys.key[k].verifier);
	}
}

/* What a worker counted goes to the first. */
static void
worker_merge(const struct verify *v, struct verify_worker *to,
    const struct verify_worker *w)
{
	to->rrsets += w->rrsets;
	to->signatures += w->signatures;
	to->nsec += w->nsec;
	to->dnskey_by |= w->dnskey_by;
	for (unsigned k = 0; k < v->keys.n; k++) {
		to->signed_by[k] += w->signed_by[k];
		tally_merge(&to->unknown_before[k], &w->unknown_before[k]);
		tally_merge(&to->ksk[k], &w->ksk[k]);
	}
	tally_merge(&to->nsec_ttl, &w->nsec_ttl);
	tally_merge(&to->next_signing, &w->next_signing);
	if (w->first_expiration < to->first_expiration)
		to->first_expiration = w->first_expiration;
	if (w->last_inception > to->last_inception)
		to->last_inception = w->last_inception;
}

static void
workers_merge(struct verify *v)
{
	struct verify_worker *w = &v->worker[0];

	for (unsigned i = 1; i < v->workers; i++)
		worker_merge(v, w, &v->worker[i]);
	v->r->rrsets = w->rrsets;
	v->r->signatures = w->signatures;
	v->r->nsec = w->nsec;
	v->r->first_expiration = w->first_expiration;
	v->r->last_inception = w->last_inception;
}

static void
workers_free(struct verify *v)
{
	struct verify_worker *w;

	for (unsigned i = 0; i < v->workers; i++) {
		w = &v->worker[i];
		for (unsigned k = 0; k < VERIFY_KEYS_MAX; k++)
			verifier_free(w->verifier[k]);
		buf_free(&w->scratch);
	}
	free(v->worker);
}

/* Item 0 is ZONEMD, which cannot be cut; the others are the nodes. */
static int
work(void *arg, unsigned worker, size_t first, size_t end, struct error *e)
{
	struct verify *v = arg;
	struct verify_worker *w = &v->worker[worker];

	(void)e;
	for (size_t i = first; i < end; i++) {
		if (i == 0) {
			zonemd_check(v, w);
			continue;
		}
		signatures_check(v, w, &v->z->node[i - 1]);
		nsec_check(v, w, &v->z->node[i - 1]);
	}
	atomic_fetch_add(&v->progress.done, end - first);
	return 0;
}

static int
check_nodes(struct verify *v, struct error *e)
{
	size_t items = v->z->nodes + 1;
	int rc;

	progress_begin(&v->progress, "verifying", items, v->o->show);
	rc = parallel(v->workers, items, PIECE, work, v, e);
	progress_end(&v->progress);
	return rc;
}

/* What was counted by all, and the aspects that one thread looks at. */
static void
check_whole(struct verify *v)
{
	const struct verify_worker *w = &v->worker[0];

	verify_note_tally(v, RULE_NSEC_TTL, &w->nsec_ttl,
	    "NSEC records with another TTL than %u", v->nsec_ttl);
	verify_note_tally(v, RULE_NEXT_SIGNING, &w->next_signing,
	    "RRsets with less validity left than verify: next-signing asks");
	dnskeys_judge(v);
	dnskey_check(v);
	content_check(v);
	ds_check(v);
	cds_check(v);
	dots_check(v);
	policy_compare(v);
	unsigned_compare(v);
	previous_compare(v);
}

int
verify_zone(const struct zone *z, const struct verify_options *o,
    struct verify_report *r, struct error *e)
{
	struct verify v = {.z = z, .o = o, .r = r};
	double start = clock_elapsed();
	int rc;

	*r = (struct verify_report){0};
	if (verify_rules_apply(&v, e) != 0 || begin(&v, e) != 0)
		return -1;
	v.workers = o->threads > 0 ? o->threads : 1;
	v.worker = xcalloc(v.workers, sizeof *v.worker);
	dnskeys_load(&v);
	previous_load(&v);
	workers_begin(&v);
	rc = check_nodes(&v, e);
	if (rc == 0) {
		workers_merge(&v);
		check_whole(&v);
	}
	verify_notes_report(&v);
	dnskeys_free(&v.keys);
	workers_free(&v);
	r->seconds = clock_elapsed() - start;
	return rc;
}

void
verify_report_free(struct verify_report *r)
{
	for (size_t i = 0; i < r->findings; i++) {
		free(r->finding[i].owner);
		free(r->finding[i].text);
	}
	free(r->finding);
	free(r->key);
	*r = (struct verify_report){0};
}

int64_t
verify_first_expiration(const struct zone *z, int64_t now)
{
	int64_t first = TIME_NEVER, until;
	const struct record *r;
	struct rrsig s;

	for (size_t i = 0; i < z->sorted; i++) {
		r = z->entry[i].record;
		if (r->type != TYPE_RRSIG ||
		    rrsig_parse(&s, r->rdata, r->rdlen) != 0)
			continue;
		until = utc_from_wire(s.expiration, now);
		first = until < first ? until : first;
	}
	return first;
}
