/* What the verifier found and proved: for people, and as JSON. */
#include <inttypes.h>
#include <stdlib.h>

#include "lib/algorithm.h"
#include "lib/utc.h"
#include "lib/xalloc.h"
#include "signer/verify_run.h"

#define PRINTED_MAX 20 /* findings of one rule, for people */

static const char *const zonemd_text[] = {
    [ZONEMD_ABSENT] = "absent",
    [ZONEMD_VERIFIED] = "verified",
    [ZONEMD_FAILED] = "failed",
    [ZONEMD_CANNOT_CHECK] = "cannot be checked",
};

static const char *const severity_text[] = {
    [SEVERITY_INFO] = "info",
    [SEVERITY_WARNING] = "warning",
    [SEVERITY_ERROR] = "error",
};

static void
finding_text(struct buf *out, const char *file, const struct finding *f)
{
	char type[TYPE_TEXT];

	buf_printf(out, "%s: %s: ", file, f->rule);
	if (f->owner != NULL)
		buf_str(out, f->owner);
	if (f->type != 0)
		buf_printf(out, " %s", type_text(type, f->type));
	buf_printf(out, "%s%s", f->owner ? ": " : "", f->text);
	if (f->overridden)
		buf_str(out, " (overridden)");
	else if (f->severity != SEVERITY_ERROR)
		buf_printf(out, " (%s)", severity_text[f->severity]);
	buf_u8(out, '\n');
}

/* The name of a finding's rule is that of the table itself. */
static size_t
rule_of(const struct finding *f)
{
	size_t i = 0;

	while (i < RULES && verify_rules[i].name != f->rule)
		i++;
	return i;
}

void
verify_report_print(FILE *f, const char *file, const struct verify_report *r,
    enum config_severity least)
{
	size_t seen[RULES + 1] = {0};
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < r->findings; i++)
		if (r->finding[i].severity >= least &&
		    seen[rule_of(&r->finding[i])]++ < PRINTED_MAX)
			finding_text(&out, file, &r->finding[i]);
	for (size_t i = 0; i < RULES; i++)
		if (seen[i] > PRINTED_MAX)
			buf_printf(&out, "%s: %s: and %zu more\n", file,
			    verify_rules[i].name, seen[i] - PRINTED_MAX);
	if (out.len > 0)
		fwrite(out.data, 1, out.len, f);
	buf_free(&out);
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void
key_line(struct buf *out, const struct verify_key_report *k)
{
	const struct algorithm *a = algorithm_by_number(k->algorithm);

	buf_printf(out, "key %u: %s%s, %s", k->tag,
	    k->flags & DNSKEY_REVOKE ? "revoked " : "",
	    k->flags & DNSKEY_SEP ? "KSK" : "ZSK", a ? a->name : "unknown");
	if (k->bits > 0)
		buf_printf(out, " %u", k->bits);
	if (k->anchor)
		buf_str(out, ", trust anchor");
	if (k->signs_dnskey)
		buf_str(out, ", signs DNSKEY");
	if (k->signatures > 0)
		buf_printf(out, ", signs %zu RRset%s", k->signatures,
		    plural(k->signatures));
	buf_u8(out, '\n');
}

static void
signature_line(struct buf *out, const struct verify_report *r, int64_t now)
{
	char until[UTC_TEXT], from[UTC_TEXT], left[DURATION_TEXT];

	buf_printf(out, "signatures: %zu verified, of %zu RRset%s",
	    r->signatures, r->rrsets, plural(r->rrsets));
	if (r->first_expiration != TIME_NEVER)
		buf_printf(out, "; begun by %s, first expires %s",
		    utc_text(from, r->last_inception),
		    utc_text(until, r->first_expiration));
	if (r->first_expiration != TIME_NEVER && r->first_expiration >= now)
		buf_printf(out, " (in %s)",
		    duration_text(left, r->first_expiration - now));
	buf_u8(out, '\n');
}

static void
comparison_lines(struct buf *out, const struct verify_report *r)
{
	if (r->unsigned_same)
		buf_str(out, "unsigned: nothing lost, nothing added\n");
	if (r->compared_previous)
		buf_printf(out, "previous: %zu records came or went, %zu "
		    "delegations changed\n", r->changed_lines,
		    r->changed_delegations);
}

void
verify_report_summary(struct buf *out, const struct verify_report *r,
    int64_t now)
{
	buf_printf(out, "serial %u: %zu records, %zu delegations, %zu of them "
	    "with DS\n", r->serial, r->records, r->delegations,
	    r->secure_delegations);
	for (size_t i = 0; i < r->keys; i++)
		key_line(out, &r->key[i]);
	signature_line(out, r, now);
	buf_printf(out, "chain: %zu NSEC\n", r->nsec);
	buf_printf(out, "ZONEMD: %s\n", zonemd_text[r->zonemd]);
	buf_printf(out, "DNSKEY response: %u octets\n", r->dnskey_response);
	comparison_lines(out, r);
	buf_printf(out, "%s: %zu error%s, %zu warning%s, in %.2f s\n",
	    r->errors	  ? "NOT GOOD"
		: r->anchored ? "good, from a trust anchor"
			      : "good, from its own keys",
	    r->errors, plural(r->errors), r->warnings, plural(r->warnings),
	    r->seconds);
}

static json_t *
finding_json(const struct finding *f)
{
	char type[TYPE_TEXT];

	return json_pack("{s:s, s:s, s:s?, s:s?, s:s, s:b}",
	    "rule", f->rule, "severity", severity_text[f->severity],
	    "owner", f->owner, "type",
	    f->type ? type_text(type, f->type) : NULL,
	    "text", f->text, "overridden", f->overridden);
}

static json_t *
findings_json(const struct verify_report *r)
{
	json_t *all = json_array();

	for (size_t i = 0; i < r->findings; i++)
		json_array_append_new(all, finding_json(&r->finding[i]));
	return all;
}

static json_t *
keys_json(const struct verify_report *r)
{
	json_t *all = json_array();
	const struct verify_key_report *k;

	for (size_t i = 0; i < r->keys; i++) {
		k = &r->key[i];
		json_array_append_new(all,
		    json_pack("{s:i, s:i, s:i, s:i, s:b, s:b, s:I}",
			"tag", k->tag, "flags", k->flags,
			"algorithm", k->algorithm, "bits", (int)k->bits,
			"anchor", k->anchor, "signs_dnskey", k->signs_dnskey,
			"signatures", (json_int_t)k->signatures));
	}
	return all;
}

/* A moment as text; null when there is none. */
static json_t *
moment_json(int64_t t)
{
	char text[UTC_TEXT];

	if (t == TIME_NEVER || t == INT64_MIN)
		return json_null();
	return json_string(utc_text(text, t));
}

json_t *
verify_report_json(const struct verify_report *r)
{
	return json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I,"
			 " s:o, s:o, s:s, s:I, s:b, s:f, s:b, s:b, s:I,"
			 " s:I, s:o, s:o}",
	    "good", r->errors == 0,
	    "errors", (json_int_t)r->errors,
	    "warnings", (json_int_t)r->warnings,
	    "serial", (json_int_t)r->serial,
	    "records", (json_int_t)r->records,
	    "rrsets", (json_int_t)r->rrsets,
	    "delegations", (json_int_t)r->delegations,
	    "secure_delegations", (json_int_t)r->secure_delegations,
	    "signatures", (json_int_t)r->signatures,
	    "nsec", (json_int_t)r->nsec,
	    "first_expiration", moment_json(r->first_expiration),
	    "last_inception", moment_json(r->last_inception),
	    "zonemd", zonemd_text[r->zonemd],
	    "dnskey_response", (json_int_t)r->dnskey_response,
	    "anchored", r->anchored,
	    "seconds", r->seconds,
	    "unsigned_same", r->unsigned_same,
	    "compared_previous", r->compared_previous,
	    "changed_lines", (json_int_t)r->changed_lines,
	    "changed_delegations", (json_int_t)r->changed_delegations,
	    "keys", keys_json(r),
	    "findings", findings_json(r));
}
