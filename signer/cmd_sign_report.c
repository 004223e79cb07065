/* rz-signer sign: what was done, for people and for machines. */
#include "signer/cmd_sign.h"

#include <stdio.h>

#include <jansson.h>

static const char *
signs(const struct keyset_member *m)
{
	if (m->signs_dnskey)
		return m->signs_zone ? "signs all" : "signs the DNSKEY RRset";
	return m->signs_zone ? "signs the zone" : "published only";
}

static void
print_keys(const struct sign_run *run)
{
	const struct keyset_member *m;

	for (size_t i = 0; i < run->set.n; i++) {
		m = &run->set.member[i];
		cli_say(run->cli, "  key %5u  %s %s%s, %s", m->tag,
		    key_role_text(m->key->role), m->key->label,
		    m->flags & DNSKEY_REVOKE ? " REVOKED" : "", signs(m));
	}
}

static void
print_input(const struct sign_run *run)
{
	cli_say(run->cli, "%s: %zu records", run->args->input, run->records);
	if (run->stripped > 0)
		cli_say(run->cli, "  stripped %zu records that signing makes "
				  "anew (RRSIG, NSEC, apex DNSKEY, …)",
		    run->stripped);
	if (run->zone.duplicates > 0)
		cli_say(run->cli, "  dropped %zu duplicates",
		    run->zone.duplicates);
	if (run->lowered > 0)
		cli_say(run->cli, "  lowered %zu TTLs to the lowest of their "
				  "RRset (--min-ttl)", run->lowered);
}

static void
print_policy(const struct sign_run *run)
{
	char ttl[DURATION_TEXT];

	if (run->report.ds_ttls > 0)
		cli_say(run->cli, "  TTL of %zu DS set to %s by policy.ttl.ds",
		    run->report.ds_ttls,
		    duration_text(ttl, run->cfg->policy.ttl.ds));
}

static void
print_times(const struct sign_run *run)
{
	char from[UTC_TEXT], until[UTC_TEXT];
	const struct sign_report *r = &run->report;

	cli_say(run->cli, "  serial %u", run->options.serial);
	cli_say(run->cli, "  zone signatures   %s to %s",
	    utc_text(from, r->inception), utc_text(until, r->expiration));
	cli_say(run->cli, "  DNSKEY signatures %s to %s",
	    utc_text(from, r->dnskey_inception),
	    utc_text(until, r->dnskey_expiration));
}

static json_t *
keys_json(const struct sign_run *run)
{
	json_t *list = json_array();
	const struct keyset_member *m;

	for (size_t i = 0; i < run->set.n; i++) {
		m = &run->set.member[i];
		json_array_append_new(list, json_pack("{s:s,s:i,s:i,s:b,s:b}",
		    "id", m->key->id, "tag", (int)m->tag, "flags",
		    (int)m->flags, "signs_dnskey", (int)m->signs_dnskey,
		    "signs_zone", (int)m->signs_zone));
	}
	return list;
}

static json_t *
run_json(const struct sign_run *run, bool done)
{
	const struct sign_report *r = &run->report;
	char from[UTC_TEXT], until[UTC_TEXT];
	json_t *o = json_pack("{s:s,s:b,s:b,s:I,s:I,s:I,s:I,s:I,s:I,s:s,s:s,"
			      "s:o}", "input", run->args->input, "signed",
	    (int)done, "unchanged", (int)run->unchanged, "serial",
	    (json_int_t)run->options.serial, "records",
	    (json_int_t)run->records, "stripped", (json_int_t)run->stripped,
	    "duplicates", (json_int_t)run->zone.duplicates, "lowered",
	    (json_int_t)run->lowered, "nsec", (json_int_t)r->nsec, "inception",
	    utc_text(from, r->inception), "expiration",
	    utc_text(until, r->expiration), "keys", keys_json(run));

	if (!done)
		return o;
	json_object_set_new(o, "output", json_string(run->output.path));
	json_object_set_new(o, "sha256", json_string(run->output.sha256));
	json_object_set_new(o, "signatures",
	    json_integer((json_int_t)r->signatures));
	json_object_set_new(o, "verify", verify_report_json(&run->verdict));
	json_object_set_new(o, "also", opinions_json(&run->opinions));
	json_object_set_new(o, "overrides",
	    overrides_used(&run->verdict, &run->args->override));
	json_object_set_new(o, "seconds",
	    json_pack("{s:f,s:f,s:f,s:f,s:f,s:f,s:f}", "read", run->read_s,
		"keys", run->keys_s, "prepare", r->prepare_s, "sign",
		r->sign_s, "zonemd", r->zonemd_s, "write", run->write_s,
		"verify", run->verify_s));
	return o;
}

/* On stdout: -o is the zone. */
static void
print_json(const struct sign_run *run, bool done)
{
	json_t *o = run_json(run, done);

	json_dumpf(o, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	putchar('\n');
	json_decref(o);
}

void
sign_print_plan(const struct sign_run *run)
{
	if (run->cli->json) {
		print_json(run, false);
		return;
	}
	print_input(run);
	cli_say(run->cli, "would write %s:", run->cli->output);
	print_policy(run);
	print_times(run);
	print_keys(run);
	cli_say(run->cli, "  %zu NSEC", run->report.nsec);
}

void
sign_print_unchanged(const struct sign_run *run)
{
	if (run->cli->json)
		print_json(run, false);
	else
		cli_say(run->cli, "%s: serial %u, with this content, these "
				  "keys and times, is published already: "
				  "%s", run->published, run->options.serial,
		    file_same(run->published, run->cli->output)
			? "nothing to do"
			: "copied");
}

void
sign_print_done(const struct sign_run *run)
{
	const struct sign_report *r = &run->report;

	if (run->cli->json) {
		print_json(run, true);
		return;
	}
	print_input(run);
	cli_say(run->cli, "%s: signed and verified", run->output.path);
	print_policy(run);
	print_times(run);
	print_keys(run);
	cli_say(run->cli, "  %zu RRsets, %zu signatures made and verified, "
			  "%zu NSEC", r->rrsets, r->signatures, r->nsec);
	cli_say(run->cli, "  SHA-256 %s", run->output.sha256);
	cli_say(run->cli, "  read %.2f s, keys %.2f s, sign %.2f s, ZONEMD "
			  "%.2f s, write %.2f s, verify %.2f s",
	    run->read_s, run->keys_s, r->prepare_s + r->sign_s, r->zonemd_s,
	    run->write_s, run->verify_s);
}
