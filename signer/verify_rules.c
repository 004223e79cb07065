/* The rules, by name: what each says, and how grave it is. */
#include <stdio.h>
#include <string.h>

#include "signer/verify_run.h"

#define INFO	SEVERITY_INFO
#define WARNING SEVERITY_WARNING
#define ERROR	SEVERITY_ERROR

const struct verify_rule verify_rules[RULES + 1] = {
    [RULE_DNSKEY_MISSING] = {"dnskey-missing", ERROR, true,
	"there is no DNSKEY RRset at the apex"},
    [RULE_DNSKEY_MANY] = {"dnskey-many", ERROR, true,
	"more than 64 DNSKEY records, or more than 16 of one tag"},
    [RULE_DNSKEY_MALFORMED] = {"dnskey-malformed", ERROR, true,
	"a DNSKEY that does not parse, or whose protocol is not 3"},
    [RULE_DNSKEY_ALGORITHM] = {"dnskey-algorithm", ERROR, true,
	"a DNSKEY or signature of an algorithm that cannot be verified here"},
    [RULE_DNSKEY_UNTRUSTED] = {"dnskey-untrusted", ERROR, true,
	"no valid trust anchor signs the DNSKEY RRset"},
    [RULE_DNSKEY_UNSIGNED] = {"dnskey-unsigned", ERROR, true,
	"no published KSK signs the DNSKEY RRset"},
    [RULE_REVOKED_UNSIGNED] = {"revoked-unsigned", ERROR, true,
	"a revoked key does not sign the DNSKEY RRset (RFC 5011 2.1)"},
    [RULE_TRUST_UNCHECKED] = {"trust-unchecked", INFO, false,
	"no trust anchors were given: the chain ends at the apex"},
    [RULE_ANCHOR_ALGORITHM] = {"anchor-algorithm", WARNING, false,
	"no key of a trust anchor's algorithm signs; error with trust: parent"},
    [RULE_DNSKEY_FLAGS] = {"dnskey-flags", WARNING, false,
	"a DNSKEY without the zone flag, or with reserved flags"},
    [RULE_DNSKEY_WEAK] = {"dnskey-weak", WARNING, false,
	"RSA under 2048 bits, a low exponent, or SHA-1 (RFC 8624)"},
    [RULE_DNSKEY_TAG] = {"dnskey-tag", WARNING, false,
	"two published keys share a tag; error with a configuration"},
    [RULE_DNSKEY_SIZE] = {"dnskey-size", WARNING, false,
	"the DNSKEY response is larger than verify: dnskey-size"},
    [RULE_KSK_SIGNS_ZONE] = {"ksk-signs-zone", WARNING, false,
	"a KSK signs zone data beside ZSKs; error with a configuration"},
    [RULE_ZSK_SIGNS_DNSKEY] = {"zsk-signs-dnskey", INFO, false,
	"a ZSK signs the DNSKEY RRset, which makes its response larger"},
    [RULE_RRSET_SIZE] = {"rrset-size", ERROR, true,
	"an RRset and its signatures do not fit into a message"},
    [RULE_SIGNATURE_MISSING] = {"signature-missing", ERROR, true,
	"an authoritative RRset has no signature"},
    [RULE_SIGNATURE_MANY] = {"signature-many", ERROR, true,
	"more than 64 signatures over an RRset; none is verified"},
    [RULE_ALGORITHM_MISSING] = {"algorithm-missing", ERROR, true,
	"an RRset lacks a signature of a published algorithm (RFC 4035 2.2)"},
    [RULE_KEY_NOT_PUBLISHED] = {"key-not-published", ERROR, true,
	"a signature by a key that the DNSKEY RRset does not hold"},
    [RULE_KEY_MAY_NOT_SIGN] = {"key-may-not-sign", ERROR, true,
	"a signature by a key that is revoked, or that is no zone key"},
    [RULE_SIGNATURE_WRONG] = {"signature-wrong", ERROR, true,
	"a signature does not verify with the key as published"},
    [RULE_SIGNATURE_EXPIRED] = {"signature-expired", ERROR, true,
	"a signature has expired"},
    [RULE_SIGNATURE_NOT_YET] = {"signature-not-yet", ERROR, true,
	"a signature is not valid yet"},
    [RULE_SIGNATURE_WINDOW] = {"signature-window", ERROR, true,
	"a signature ends before it begins"},
    [RULE_SIGNATURE_SIGNER] = {"signature-signer", ERROR, true,
	"the signer's name of a signature is not the apex"},
    [RULE_SIGNATURE_LABELS] = {"signature-labels", ERROR, true,
	"the labels of a signature are not those of the owner"},
    [RULE_SIGNATURE_TTL] = {"signature-ttl", ERROR, true,
	"the original TTL of a signature is not that of the RRset"},
    [RULE_SIGNATURE_LENGTH] = {"signature-length", ERROR, true,
	"a signature does not have the length that its key makes"},
    [RULE_SIGNATURE_MALFORMED] = {"signature-malformed", ERROR, true,
	"an RRSIG that does not parse"},
    [RULE_SIGNATURE_ORPHAN] = {"signature-orphan", ERROR, true,
	"a signature over an RRset that is not there"},
    [RULE_SIGNATURE_MISPLACED] = {"signature-misplaced", ERROR, true,
	"a signature over glue, a delegation's NS, or another RRSIG"},
    [RULE_RRSIG_TTL] = {"rrsig-ttl", ERROR, false,
	"the TTL of an RRSIG is not that of what it covers (RFC 4034 3)"},
    [RULE_TTL_VALIDITY] = {"ttl-validity", WARNING, false,
	"the TTL is above the remaining validity (RFC 4035 5.3.3)"},
    [RULE_NEXT_SIGNING] = {"next-signing", WARNING, false,
	"less validity is left than verify: next-signing"},
    [RULE_NSEC_MISSING] = {"nsec-missing", ERROR, true,
	"a name of the zone has no NSEC"},
    [RULE_NSEC_MULTIPLE] = {"nsec-multiple", ERROR, true,
	"a name has more than one NSEC"},
    [RULE_NSEC_MALFORMED] = {"nsec-malformed", ERROR, true,
	"an NSEC that does not parse"},
    [RULE_NSEC_CHAIN] = {"nsec-chain", ERROR, true,
	"the next name of an NSEC is not the next name of the zone"},
    [RULE_NSEC_BITMAP] = {"nsec-bitmap", ERROR, true,
	"the types of an NSEC are not those of its name"},
    [RULE_NSEC_MISPLACED] = {"nsec-misplaced", ERROR, true,
	"an NSEC at glue or below a delegation"},
    [RULE_NSEC_TTL] = {"nsec-ttl", WARNING, false,
	"the TTL of NSEC is not min(SOA TTL, MINIMUM) (RFC 9077)"},
    [RULE_NSEC3_UNSUPPORTED] = {"nsec3-unsupported", ERROR, true,
	"NSEC3 or NSEC3PARAM, which cannot be verified here"},
    [RULE_ZONEMD_DUPLICATE] = {"zonemd-duplicate", ERROR, true,
	"two ZONEMD records of one scheme and hash (RFC 8976 2.2.1)"},
    [RULE_ZONEMD_MALFORMED] = {"zonemd-malformed", ERROR, true,
	"a ZONEMD whose digest does not have the length of its hash"},
    [RULE_ZONEMD_SERIAL] = {"zonemd-serial", ERROR, true,
	"the serial of a ZONEMD is not that of the SOA"},
    [RULE_ZONEMD_WRONG] = {"zonemd-wrong", ERROR, true,
	"a ZONEMD digest is not that of the zone"},
    [RULE_ZONEMD_UNSUPPORTED] = {"zonemd-unsupported", INFO, false,
	"a ZONEMD of a scheme or hash that cannot be checked"},
    [RULE_CNAME] = {"cname", ERROR, false,
	"CNAME beside other data (RFC 2181 10.1)"},
    [RULE_CNAME_SINGLE] = {"cname-single", ERROR, false,
	"more than one CNAME or DNAME at a name"},
    [RULE_TTL_DIFFERS] = {"ttl-differs", ERROR, false,
	"the TTLs of an RRset differ (RFC 2181 5.2)"},
    [RULE_APEX_NS] = {"apex-ns", ERROR, false, "there is no NS at the apex"},
    [RULE_DS_PLACE] = {"ds-place", ERROR, false,
	"DS where there is no delegation"},
    [RULE_WILDCARD_NS] = {"wildcard-ns", ERROR, false,
	"NS at a wildcard (RFC 4592 4.2)"},
    [RULE_DNAME_NS] = {"dname-ns", ERROR, false,
	"DNAME beside NS, not at the apex (RFC 6672 2.4)"},
    [RULE_BELOW_DNAME] = {"below-dname", ERROR, false,
	"data below a DNAME (RFC 6672 2.4)"},
    [RULE_OCCLUDED] = {"occluded", WARNING, false,
	"data below a delegation that is not glue"},
    [RULE_GLUE_MISSING] = {"glue-missing", ERROR, false,
	"an in-domain name server has no address (RFC 9471)"},
    [RULE_GLUE_SIBLING] = {"glue-sibling", WARNING, false,
	"a name server below another delegation has no address"},
    [RULE_NS_ADDRESS] = {"ns-address", WARNING, false,
	"a name server of this zone is not there or has no address"},
    [RULE_NS_CNAME] = {"ns-cname", WARNING, false,
	"a name server of this zone is an alias (RFC 2181 10.3)"},
    [RULE_DUPLICATE] = {"duplicate", INFO, false,
	"records that stood twice, and count once (RFC 2181 5)"},
    [RULE_DS_LENGTH] = {"ds-length", ERROR, false,
	"a DS whose digest does not have the length of its type"},
    [RULE_DS_DIGEST] = {"ds-digest", WARNING, false,
	"DS with SHA-1 or a digest type that is not known"},
    [RULE_DS_ALGORITHM] = {"ds-algorithm", WARNING, false,
	"DS with an algorithm that RFC 8624 rejects, or an unknown one"},
    [RULE_CDS] = {"cds", ERROR, false,
	"CDS or CDNSKEY that is not of the published keys (RFC 7344 4.1)"},
    [RULE_LOST_DOT] = {"lost-dot", WARNING, false,
	"names that end in the zone's name twice"},
    [RULE_LOST_DOTS] = {"lost-dots", ERROR, false,
	"1 % or more of the delegations or name servers end so"},
    [RULE_POLICY_ALGORITHM] = {"policy-algorithm", WARNING, false,
	"a published key is not of the algorithm of the configuration"},
    [RULE_POLICY_TTL] = {"policy-ttl", WARNING, false,
	"the TTL of DNSKEY or DS is not that of the configuration"},
    [RULE_POLICY_ZONEMD] = {"policy-zonemd", WARNING, false,
	"the ZONEMD hashes are not those of the configuration"},
    [RULE_OTHER_ZONE] = {"other-zone", ERROR, false,
	"the file to compare with is of another zone"},
    [RULE_RECORD_LOST] = {"record-lost", ERROR, false,
	"a record of the unsigned zone is not here"},
    [RULE_RECORD_ADDED] = {"record-added", ERROR, false,
	"a record that the unsigned zone does not have"},
    [RULE_TTL_CHANGED] = {"ttl-changed", ERROR, false,
	"a record has another TTL than in the unsigned zone"},
    [RULE_TTL_LOWERED] = {"ttl-lowered", WARNING, false,
	"an RRset has the lowest of its TTLs in the unsigned zone"},
    [RULE_SERIAL_PREVIOUS] = {"serial-previous", ERROR, false,
	"the serial does not advance (RFC 1982), and the content differs"},
    [RULE_KEY_NOT_PREPUBLISHED] = {"key-not-prepublished", ERROR, false,
	"signatures only by keys that the previous version had not"},
    [RULE_KEY_REMOVED_EARLY] = {"key-removed-early", ERROR, false,
	"a key that signed the previous version is no longer published"},
    [RULE_KEY_CHANGE] = {"key-change", INFO, false,
	"a DNSKEY appeared, disappeared or was revoked"},
    [RULE_APEX_NS_CHANGE] = {"apex-ns-change", WARNING, false,
	"the name servers of the zone changed"},
    [RULE_CHANGE_LINES] = {"change-lines", ERROR, false,
	"more records changed than verify: max-change: lines"},
    [RULE_CHANGE_DELEGATIONS] = {"change-delegations", ERROR, false,
	"more delegations changed than verify: max-change: delegations"},
    [RULES] = {NULL, SEVERITY_INFO, false, NULL},
};

/* Without a configuration nobody said that the roles are apart. */
static const enum rule stricter_with_config[] = {
    RULE_DNSKEY_TAG, RULE_KSK_SIGNS_ZONE};

const struct verify_rule *
verify_rule_by_name(const char *name)
{
	for (const struct verify_rule *r = verify_rules; r->name; r++)
		if (strcmp(r->name, name) == 0)
			return r;
	return NULL;
}

static int
rule_by_name(enum rule *rule, const char *name, const char *what,
    struct error *e)
{
	const struct verify_rule *r = verify_rule_by_name(name);

	if (r == NULL)
		return error_set(e, "%s: no such rule: %s", what, name);
	if (r->cryptographic)
		return error_set(e, "%s: %s is cryptographic: nothing can "
		    "change its severity or override it", what, name);
	*rule = (enum rule)(r - verify_rules);
	return 0;
}

static int
apply_config(struct verify *v, const struct config *cfg, struct error *e)
{
	char what[300];
	enum rule rule;

	for (size_t i = 0; i < sizeof stricter_with_config /
		sizeof *stricter_with_config; i++)
		v->severity[stricter_with_config[i]] = SEVERITY_ERROR;
	if (cfg->policy.trust == TRUST_PARENT)
		v->severity[RULE_ANCHOR_ALGORITHM] = SEVERITY_ERROR;
	snprintf(what, sizeof what, "%.200s: verify: severity",
	    cfg->path ? cfg->path : "configuration");
	for (unsigned i = 0; i < cfg->verify.severity_n; i++) {
		if (rule_by_name(&rule, cfg->verify.severity[i].rule, what,
			e) != 0)
			return -1;
		v->severity[rule] = cfg->verify.severity[i].severity;
	}
	return 0;
}

int
verify_rules_apply(struct verify *v, struct error *e)
{
	enum rule rule;

	for (unsigned i = 0; i < RULES; i++)
		v->severity[i] = verify_rules[i].severity;
	if (v->o->cfg != NULL && apply_config(v, v->o->cfg, e) != 0)
		return -1;
	for (size_t i = 0; i < v->o->overrides; i++) {
		if (rule_by_name(&rule, v->o->override[i], "override",
			e) != 0)
			return -1;
		v->overridden[rule] = true;
	}
	return 0;
}

int
verify_check_options(const struct verify_options *o, struct error *e)
{
	struct verify v = {.o = o};

	return verify_rules_apply(&v, e);
}
