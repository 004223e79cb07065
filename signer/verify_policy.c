/* Is the zone what the configuration says it should be? */
#include <string.h>

#include "signer/verify_run.h"
#include "signer/zonemd.h"

static void
compare_algorithms(struct verify *v)
{
	const struct config *cfg = v->o->cfg;
	const struct verify_key *k;
	char text[KEY_TEXT];
	uint8_t want;

	for (unsigned i = 0; i < v->keys.n; i++) {
		k = &v->keys.key[i];
		want = k->sep ? cfg->policy.ksk.algorithm
			      : cfg->policy.zsk.algorithm;
		if (k->zone && !k->revoked && k->dnskey.algorithm != want)
			verify_note(v, &v->worker[0], RULE_POLICY_ALGORITHM,
			    zone_apex(v->z)->owner, TYPE_DNSKEY,
			    "key %s: the policy's algorithm is %u",
			    key_text(text, k), want);
	}
}

static void
compare_ttls(struct verify *v)
{
	const struct config *cfg = v->o->cfg;
	struct tally other = {0};
	struct rrset rs;

	if (rrset_find(v->z, zone_apex(v->z), TYPE_DNSKEY, &rs) &&
	    rs.ttl != cfg->policy.ttl.dnskey)
		verify_note(v, &v->worker[0], RULE_POLICY_TTL, rs.node->owner,
		    TYPE_DNSKEY, "TTL %u, the policy's is %lld", rs.ttl,
		    (long long)cfg->policy.ttl.dnskey);
	for (size_t i = 0; i < v->z->nodes && cfg->policy.ttl.ds >= 0; i++)
		if (v->z->node[i].class == NODE_DELEGATION &&
		    rrset_find(v->z, &v->z->node[i], TYPE_DS, &rs) &&
		    rs.ttl != cfg->policy.ttl.ds)
			tally_add(&other, rs.node, TYPE_DS);
	verify_note_tally(v, RULE_POLICY_TTL, &other,
	    "DS RRsets with another TTL than %lld, the policy's",
	    (long long)cfg->policy.ttl.ds);
}

static void
hashes_of(const struct zone *z, uint8_t hash[256])
{
	const struct record *r;
	struct rrset rs;

	memset(hash, 0, 256);
	if (!rrset_find(z, zone_apex(z), TYPE_ZONEMD, &rs))
		return;
	for (uint32_t i = 0; i < rs.n; i++) {
		r = rrset_record(&rs, i);
		if (r->rdlen >= ZONEMD_MIN_RDATA &&
		    r->rdata[4] == ZONEMD_SIMPLE)
			hash[r->rdata[5]] = 1;
	}
}

static void
compare_zonemd(struct verify *v)
{
	const struct config *cfg = v->o->cfg;
	uint8_t has[256], want[256] = {0};

	hashes_of(v->z, has);
	for (unsigned i = 0; i < cfg->policy.zonemd_n; i++)
		want[cfg->policy.zonemd[i]] = 1;
	for (unsigned i = 0; i < 256; i++)
		if (has[i] != want[i])
			verify_note(v, &v->worker[0], RULE_POLICY_ZONEMD,
			    zone_apex(v->z)->owner, TYPE_ZONEMD, want[i]
				    ? "there is none with hash %u"
				    : "hash %u is not in the policy", i);
}

void
policy_compare(struct verify *v)
{
	if (v->o->cfg == NULL)
		return;
	compare_algorithms(v);
	compare_ttls(v);
	compare_zonemd(v);
}
