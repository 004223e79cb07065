/*
 * One run of the verifier: what its parts (verify_*.c) share.  A part is a
 * function that looks at one aspect and notes what it finds.
 */
#ifndef RZ_SIGNER_VERIFY_RUN_H
#define RZ_SIGNER_VERIFY_RUN_H

#include <stdarg.h>

#include "keytool/dnskey.h"
#include "lib/progress.h"
#include "signer/rrsig.h"
#include "signer/verify.h"

/* Index into verify_rules[]; within one owner findings come in this order. */
enum rule {
	RULE_DNSKEY_MISSING,
	RULE_DNSKEY_MANY,
	RULE_DNSKEY_MALFORMED,
	RULE_DNSKEY_ALGORITHM,
	RULE_DNSKEY_UNTRUSTED,
	RULE_DNSKEY_UNSIGNED,
	RULE_REVOKED_UNSIGNED,
	RULE_TRUST_UNCHECKED,
	RULE_ANCHOR_ALGORITHM,
	RULE_DNSKEY_FLAGS,
	RULE_DNSKEY_WEAK,
	RULE_DNSKEY_TAG,
	RULE_DNSKEY_SIZE,
	RULE_KSK_SIGNS_ZONE,
	RULE_ZSK_SIGNS_DNSKEY,
	RULE_RRSET_SIZE,
	RULE_SIGNATURE_MISSING,
	RULE_SIGNATURE_MANY,
	RULE_ALGORITHM_MISSING,
	RULE_KEY_NOT_PUBLISHED,
	RULE_KEY_MAY_NOT_SIGN,
	RULE_SIGNATURE_WRONG,
	RULE_SIGNATURE_EXPIRED,
	RULE_SIGNATURE_NOT_YET,
	RULE_SIGNATURE_WINDOW,
	RULE_SIGNATURE_SIGNER,
	RULE_SIGNATURE_LABELS,
	RULE_SIGNATURE_TTL,
	RULE_SIGNATURE_LENGTH,
	RULE_SIGNATURE_MALFORMED,
	RULE_SIGNATURE_ORPHAN,
	RULE_SIGNATURE_MISPLACED,
	RULE_RRSIG_TTL,
	RULE_TTL_VALIDITY,
	RULE_NEXT_SIGNING,
	RULE_NSEC_MISSING,
	RULE_NSEC_MULTIPLE,
	RULE_NSEC_MALFORMED,
	RULE_NSEC_CHAIN,
	RULE_NSEC_BITMAP,
	RULE_NSEC_MISPLACED,
	RULE_NSEC_TTL,
	RULE_NSEC3_UNSUPPORTED,
	RULE_ZONEMD_DUPLICATE,
	RULE_ZONEMD_MALFORMED,
	RULE_ZONEMD_SERIAL,
	RULE_ZONEMD_WRONG,
	RULE_ZONEMD_UNSUPPORTED,
	RULE_CNAME,
	RULE_CNAME_SINGLE,
	RULE_TTL_DIFFERS,
	RULE_APEX_NS,
	RULE_DS_PLACE,
	RULE_WILDCARD_NS,
	RULE_DNAME_NS,
	RULE_BELOW_DNAME,
	RULE_OCCLUDED,
	RULE_GLUE_MISSING,
	RULE_GLUE_SIBLING,
	RULE_NS_ADDRESS,
	RULE_NS_CNAME,
	RULE_DUPLICATE,
	RULE_DS_LENGTH,
	RULE_DS_DIGEST,
	RULE_DS_ALGORITHM,
	RULE_CDS,
	RULE_LOST_DOT,
	RULE_LOST_DOTS,
	RULE_POLICY_ALGORITHM,
	RULE_POLICY_TTL,
	RULE_POLICY_ZONEMD,
	RULE_OTHER_ZONE,
	RULE_RECORD_LOST,
	RULE_RECORD_ADDED,
	RULE_TTL_CHANGED,
	RULE_TTL_LOWERED,
	RULE_SERIAL_PREVIOUS,
	RULE_KEY_NOT_PREPUBLISHED,
	RULE_KEY_REMOVED_EARLY,
	RULE_KEY_CHANGE,
	RULE_APEX_NS_CHANGE,
	RULE_CHANGE_LINES,
	RULE_CHANGE_DELEGATIONS,
	RULES
};

struct note {
	struct finding finding;
	const struct owner *place; /* NULL: the zone as a whole */
	enum rule rule;
};

struct notes {
	struct note *note;
	size_t n, cap;
};

/* Something that is counted, not told for each: how often, and where first. */
struct tally {
	size_t n;
	const struct node *first;
	uint16_t type; /* there */
};

/*
 * More keys than any real zone has; it bounds the work that an apex with
 * many keys of one tag can ask for, and lets a set of keys be 64 bits.
 */
#define VERIFY_KEYS_MAX 64
/*
 * What one signature may cost: keys of one tag and algorithm that are tried
 * for it (CVE-2023-50387); and what one RRset may: its RRSIGs.
 */
#define VERIFY_TAG_MAX	      16
#define VERIFY_SIGNATURES_MAX 64

struct verify_key {
	const struct record *record;
	struct dnskey dnskey;
	uint16_t tag;
	bool zone, sep, revoked; /* of its flags */
	struct verifier *verifier; /* NULL: cannot be used; told already */
	const struct anchor *anchor;
};

struct verify_keys {
	struct verify_key key[VERIFY_KEYS_MAX];
	unsigned n;
	uint8_t algorithm[VERIFY_KEYS_MAX]; /* those that must sign all */
	unsigned algorithms;
};

/* What one thread needs and finds; merged when all are done. */
struct verify_worker {
	struct verifier *verifier[VERIFY_KEYS_MAX]; /* its own */
	struct buf scratch;
	struct notes notes;
	size_t rrsets, signatures, nsec;
	size_t signed_by[VERIFY_KEYS_MAX]; /* all RRsets but DNSKEY */
	uint64_t dnskey_by;		   /* keys that sign DNSKEY: a set */
	struct tally unknown_before[VERIFY_KEYS_MAX];
	struct tally ksk[VERIFY_KEYS_MAX]; /* zone data signed by a KSK */
	struct tally nsec_ttl, next_signing;
	int64_t first_expiration, last_inception;
};

struct verify {
	const struct zone *z;
	const struct verify_options *o;
	struct verify_report *r;
	enum config_severity severity[RULES];
	bool overridden[RULES];
	struct verify_keys keys;
	uint64_t published_before; /* keys that the previous zone has */
	uint32_t nsec_ttl;	   /* RFC 9077 */
	struct verify_worker *worker;
	unsigned workers;
	struct progress progress;
};

/* Note a finding; any worker.  place NULL: the zone; type 0: no type. */
void verify_note(struct verify *v, struct verify_worker *w, enum rule rule,
    const struct owner *place, uint16_t type, const char *fmt, ...)
    __attribute__((format(printf, 6, 7), nonnull(1, 2, 6)));
/* One finding for all that was counted, if anything was. */
void verify_note_tally(struct verify *v, enum rule rule, const struct tally *t,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void tally_add(struct tally *t, const struct node *nd, uint16_t type)
    __attribute__((nonnull));
void tally_merge(struct tally *into, const struct tally *t)
    __attribute__((nonnull));
/* All notes of all workers, in order, into the report; counts them. */
void verify_notes_report(struct verify *v) __attribute__((nonnull));

/* Severities and overrides by the configuration and the options. */
int verify_rules_apply(struct verify *v, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* verify_keys.c: the DNSKEY RRset; dnskeys_free whatever it returned. */
void dnskeys_load(struct verify *v) __attribute__((nonnull));
void dnskeys_free(struct verify_keys *ks) __attribute__((nonnull));
/* "20326 (ksk, RSASHA256)" */
#define KEY_TEXT 64
const char *key_text(char out[KEY_TEXT], const struct verify_key *k);
/* After all signatures were checked: trust, revocation, roles. */
void dnskeys_judge(struct verify *v) __attribute__((nonnull));

/* verify_rrsig.c, verify_nsec.c: one node; any worker. */
void signatures_check(struct verify *v, struct verify_worker *w,
    const struct node *nd) __attribute__((nonnull));
void nsec_check(struct verify *v, struct verify_worker *w,
    const struct node *nd) __attribute__((nonnull));
/* May an RRset with these n RRSIGs be verified at all; notes why not. */
bool rrset_bounded(struct verify *v, struct verify_worker *w,
    const struct rrset *rs, const struct entry *sig, uint32_t n)
    __attribute__((nonnull(1, 2, 3)));
/* The whole zone; by one worker, beside the others. */
void zonemd_check(struct verify *v, struct verify_worker *w)
    __attribute__((nonnull));

/* The rest: one thread. */
void dnskey_check(struct verify *v) __attribute__((nonnull));
void content_check(struct verify *v) __attribute__((nonnull));
void ds_check(struct verify *v) __attribute__((nonnull));
void cds_check(struct verify *v) __attribute__((nonnull));
void dots_check(struct verify *v) __attribute__((nonnull));
void policy_compare(struct verify *v) __attribute__((nonnull));
void unsigned_compare(struct verify *v) __attribute__((nonnull));
void previous_load(struct verify *v) __attribute__((nonnull));
void previous_compare(struct verify *v) __attribute__((nonnull));
void previous_keys(struct verify *v) __attribute__((nonnull));
unsigned dnskey_response(const struct zone *z) __attribute__((nonnull));

/* All names of two zones in canonical order; a or b: NULL, not there. */
typedef void walk_fn(void *arg, const struct node *a, const struct node *b);
void zones_walk(const struct zone *a, const struct zone *b, walk_fn *fn,
    void *arg) __attribute__((nonnull(1, 2, 3)));

/*
 * The differences of two zones, in canonical order.  Exactly one of a and b
 * is NULL, or both are there and only their TTLs differ.
 */
struct difference {
	const struct owner *owner; /* of the first zone where it has it */
	const struct node *node;   /* of that zone */
	const struct record *a, *b;
};
typedef bool diff_take_fn(const struct zone *z, const struct node *nd,
    const struct record *r);
typedef void diff_tell_fn(void *arg, const struct difference *d);
/* take: which records of either zone count. */
void zones_compare(const struct zone *a, const struct zone *b,
    diff_take_fn *take, diff_tell_fn *tell, void *arg)
    __attribute__((nonnull(1, 2, 3, 4)));
/* All but what signing makes, and the SOA. */
diff_take_fn diff_content;
bool same_apex(const struct zone *a, const struct zone *b)
    __attribute__((nonnull));
/* Equal but for the serials in them. */
bool soa_same(const struct record *a, const struct record *b)
    __attribute__((nonnull));

#endif
