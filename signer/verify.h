/*
 * The independent verifier: everything a validator and an operator would
 * want to know before a file is served.  It shares nothing with signing but
 * the zone store.  100 % of the signatures are checked, never a sample.
 */
#ifndef RZ_SIGNER_VERIFY_H
#define RZ_SIGNER_VERIFY_H

#include <stdio.h>

#include <jansson.h>

#include "keytool/anchor.h"
#include "lib/config.h"
#include "signer/zone.h"

struct verify_options {
	int64_t now;
	unsigned threads;
	const struct config *cfg; /* NULL: the defaults of rz.yaml(5), and no
				     comparison with a policy */
	const struct anchors *anchors;	/* NULL: the chain ends at the apex */
	const struct zone *unsigned_zone; /* NULL: not compared */
	const struct zone *previous;	  /* NULL: not compared */
	const char *const *override; /* names of rules; never cryptographic */
	size_t overrides;
	bool show; /* a bar, when stderr is a terminal */
};

struct finding {
	enum config_severity severity;
	const char *rule; /* static: "signature-wrong", "nsec-chain", … */
	char *owner;	  /* presentation form; NULL: the zone as a whole */
	uint16_t type;	  /* 0: none */
	char *text;	  /* what was found, with values */
	bool overridden;
};

enum zonemd_result {
	ZONEMD_ABSENT,
	ZONEMD_VERIFIED,
	ZONEMD_FAILED,
	ZONEMD_CANNOT_CHECK /* no digest of a scheme and hash we know */
};

/* One DNSKEY of the apex, and what it was seen to do. */
struct verify_key_report {
	uint16_t tag, flags;
	uint8_t algorithm;
	unsigned bits;		     /* 0: the key could not be decoded */
	bool anchor;		     /* a valid trust anchor stands for it */
	bool signs_dnskey;	     /* with a signature that is valid */
	size_t signatures;	     /* valid ones over all other RRsets */
};

struct verify_report {
	struct finding *finding; /* by owner (NULL first), rule, type, text */
	size_t findings, errors, warnings; /* not the overridden ones */
	struct verify_key_report *key;
	size_t keys;
	size_t records, delegations, secure_delegations;
	size_t rrsets;	   /* authoritative: each must be signed */
	size_t signatures; /* cryptographically verified, every one */
	size_t nsec;
	uint32_t serial;
	/* Of all signatures that the keys made, in their time or not; with
	 * none TIME_NEVER and INT64_MIN. */
	int64_t first_expiration, last_inception;
	unsigned dnskey_response; /* octets, RFC 1035 wire, with EDNS */
	enum zonemd_result zonemd;
	bool anchored; /* the DNSKEY RRset is signed by an anchor */
	bool unsigned_same; /* compared with the unsigned zone: no fault */
	bool compared_previous;
	size_t changed_lines, changed_delegations; /* against it */
	double seconds;
};

/* A rule's name, default severity, and what it says; ends with NULL. */
struct verify_rule {
	const char *name;
	enum config_severity severity;
	bool cryptographic; /* severity fixed, no override */
	const char *help;
};
extern const struct verify_rule verify_rules[];

/*
 * Can a zone be verified with these options: trouble for an override or a
 * severity of a rule that is unknown or cryptographic.
 */
int verify_check_options(const struct verify_options *o, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/*
 * Verify an indexed zone.  0 with the report filled, whatever it found; -1
 * only for trouble (an override of a rule that is unknown or cryptographic).
 * The zone is good when report->errors is 0.
 */
int verify_zone(const struct zone *z, const struct verify_options *o,
    struct verify_report *r, struct error *e)
    __attribute__((nonnull, warn_unused_result));
void verify_report_free(struct verify_report *r) __attribute__((nonnull));

/*
 * "file: rule: owner type: text" for each finding of at least `least`; of a
 * rule with very many the first 20, then how many more there are.
 */
void verify_report_print(FILE *f, const char *file,
    const struct verify_report *r, enum config_severity least)
    __attribute__((nonnull));
/* What was proved, for people; several lines. */
void verify_report_summary(struct buf *out, const struct verify_report *r,
    int64_t now) __attribute__((nonnull));
json_t *verify_report_json(const struct verify_report *r)
    __attribute__((nonnull));

/*
 * The first moment after which some signature of the zone has expired,
 * whoever made it; TIME_NEVER when there is no signature.
 */
int64_t verify_first_expiration(const struct zone *z, int64_t now)
    __attribute__((nonnull));

/* The rule of this name; NULL. */
const struct verify_rule *verify_rule_by_name(const char *name)
    __attribute__((nonnull));

#endif
