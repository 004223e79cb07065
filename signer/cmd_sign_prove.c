/* rz-signer sign: nothing gets its name before the verifier has passed it. */
#include "signer/cmd_sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/xalloc.h"
#include "signer/zone_read.h"

/* The keys that sign the DNSKEY RRset, as a resolver would trust them. */
static void
trust_own_keys(struct anchors *as, const struct sign_run *run)
{
	const struct keyset_member *m;
	struct dnskey dnskey;
	struct buf rdata = BUF_INIT;

	as->anchor = xcalloc(run->set.n, sizeof *as->anchor);
	for (size_t i = 0; i < run->set.n; i++) {
		m = &run->set.member[i];
		if (!m->signs_dnskey || (m->flags & DNSKEY_REVOKE) != 0)
			continue;
		dnskey = key_dnskey(m->key);
		buf_clear(&rdata);
		dnskey_rdata(&rdata, &dnskey);
		as->anchor[as->n] = (struct anchor){.valid_from = INT64_MIN,
		    .valid_until = TIME_NEVER};
		ds_make(&as->anchor[as->n].ds, run->zone.apex, rdata.data,
		    rdata.len, DS_SHA256);
		as->n++;
	}
	buf_free(&rdata);
}

/*
 * Nothing was lost, added or changed on the way: the content of the file is
 * what was prepared, to the last octet.
 */
static int
compare_content(const struct sign_run *run, const struct zone *finished,
    struct error *e)
{
	uint8_t digest[SHA256_SIZE];

	if (sign_fingerprint(finished, digest, e) == -1)
		return -1;
	if (memcmp(digest, run->fingerprint, sizeof digest) != 0)
		return error_no(e, "%s: refused: its content is not that of "
				   "%s (verify --unsigned tells what differs)",
		    run->cli->output, run->args->input);
	return 0;
}

/*
 * The chain of the previous version is judged by nothing: half of its
 * signatures need not be kept.
 */
static bool
is_judged(void *arg, const uint8_t *owner, uint16_t type,
    const uint8_t *rdata, size_t len)
{
	(void)arg;
	(void)owner;
	return type != TYPE_NSEC &&
	       (type != TYPE_RRSIG || len < 2 ||
		   (rdata[0] << 8 | rdata[1]) != TYPE_NSEC);
}

static int
read_previous(struct zone *z, const struct sign_run *run, struct error *e)
{
	struct zone_read_options o = {run->options.threads, is_judged, NULL};

	if (run->previous == NULL)
		return 0;
	return zone_read(z, run->previous, &o, e);
}

/* What we wrote must read back; else it is refused, and kept to look at. */
static int
read_finished(struct zone *z, const struct sign_run *run, struct error *e)
{
	struct zone_read_options o = {run->options.threads, NULL, NULL};

	if (zone_read(z, run->file.temporary, &o, e) == 0)
		return 0;
	error_prefix(e, "%s: refused: it cannot be read back",
	    run->cli->output);
	e->status = STATUS_NO;
	return -1;
}

static int
verify(struct sign_run *run, const struct zone *finished, struct error *e)
{
	struct anchors anchors = {NULL, 0};
	struct zone previous;
	struct verify_options o = {.now = run->options.now,
	    .threads = run->options.threads,
	    .cfg = run->cfg,
	    .anchors = &anchors,
	    .override = run->args->override.item,
	    .overrides = run->args->override.n,
	    .show = run->options.show};
	int rc = -1;

	zone_init(&previous, run->zone.apex, 1);
	trust_own_keys(&anchors, run);
	if (read_previous(&previous, run, e) == -1)
		goto out;
	if (run->previous != NULL)
		o.previous = &previous;
	rc = verify_zone(finished, &o, &run->verdict, e);
out:
	anchors_free(&anchors);
	zone_free(&previous);
	return rc;
}

/* The count that signing reported against the one that was checked. */
static int
judge(const struct sign_run *run, struct error *e)
{
	const struct verify_report *v = &run->verdict;
	const char *out = run->cli->output;

	if (v->errors > 0)
		return error_no(e, "%s: refused by the verifier: %zu fault%s",
		    out, v->errors, v->errors == 1 ? "" : "s");
	if (v->signatures != run->report.signatures)
		return error_no(e, "%s: refused: %zu signatures made, %zu "
				   "found in the file", out,
		    run->report.signatures, v->signatures);
	if (run->opinions.refusals > 0)
		return error_no(e, "%s: refused: %zu validator%s that must say "
				   "yes did not", out, run->opinions.refusals,
		    run->opinions.refusals == 1 ? "" : "s");
	return 0;
}

static void
print_findings(const struct sign_run *run)
{
	const char *out = run->cli->output;

	verify_report_print(stderr, out, &run->verdict,
	    run->cli->quiet ? SEVERITY_ERROR : SEVERITY_WARNING);
	opinions_warn(&run->opinions, out);
	if (run->verdict.errors > 0 || run->opinions.refusals > 0)
		refusal_explain(out, &run->verdict,
		    run->has_last ? run->last.path : NULL,
		    run->last.first_expiration, run->options.now);
}

int
sign_prove(struct sign_run *run, struct error *e)
{
	static const struct cli_list none;
	double began = clock_elapsed();
	struct zone finished;
	int rc = -1;

	zone_forget(&run->zone); /* from here on the file speaks */
	zone_init(&finished, run->zone.apex, 1);
	if (read_finished(&finished, run, e) == -1 ||
	    verify(run, &finished, e) == -1 ||
	    opinions_ask(&run->opinions, run->cfg, &none, run->file.temporary,
		&finished, run->cli, e) == -1)
		goto out;
	print_findings(run);
	run->verify_s = clock_elapsed() - began;
	rc = judge(run, e);
	if (rc == 0)
		rc = compare_content(run, &finished, e);
out:
	zone_free(&finished);
	return rc;
}
