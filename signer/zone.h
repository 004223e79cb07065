/*
 * The zone store: every record of a zone in canonical wire form (RFC 4034
 * section 6.2: owner and the names inside RDATA of the types listed there, as
 * corrected by RFC 6840 section 5.1, in lower case), in canonical order.
 *
 * Use: zone_new, zone_add for each record in any order, zone_index; then read
 * through nodes and RRsets.  More records may be added and zone_index called
 * again; pointers to owners and records stay valid for the zone's life, nodes
 * and RRsets only until the next zone_index.
 *
 * Reading an indexed zone is safe from any number of threads.
 */
#ifndef RZ_SIGNER_ZONE_H
#define RZ_SIGNER_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "keytool/name.h"
#include "lib/arena.h"
#include "lib/error.h"

enum rr_type {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_TXT = 16,
	TYPE_AAAA = 28,
	TYPE_DNAME = 39,
	TYPE_DS = 43,
	TYPE_RRSIG = 46,
	TYPE_NSEC = 47,
	TYPE_DNSKEY = 48,
	TYPE_NSEC3 = 50,
	TYPE_NSEC3PARAM = 51,
	TYPE_CDS = 59,
	TYPE_CDNSKEY = 60,
	TYPE_ZONEMD = 63
};

/* An owner name; one for all records that were added under it in a row. */
struct owner {
	uint16_t key_len;  /* octets of its order key (keytool/name.h) */
	uint16_t wire_len; /* octets of its wire form */
	uint8_t octets[];  /* the order key, then the wire form */
};

static inline const uint8_t *
owner_key(const struct owner *o)
{
	return o->octets;
}

static inline const uint8_t *
owner_wire(const struct owner *o)
{
	return o->octets + o->key_len;
}

struct record {
	uint32_t ttl;
	uint16_t type;
	uint16_t rdlen;
	uint8_t rdata[];
};

struct entry {
	const struct owner *owner;
	struct record *record;
};

/*
 * What a node is (RFC 1034 section 4.2.1, RFC 4035 section 2.2).  Below a
 * zone cut or a DNAME nothing is authoritative: such a node holds glue
 * (addresses of name servers that a delegation of this zone names) or data
 * that is occluded.
 */
enum node_class {
	NODE_AUTHORITATIVE, /* the apex too */
	NODE_DELEGATION,    /* NS, not the apex: only DS (and NSEC) is ours */
	NODE_BELOW_CUT
};

/* All records of one owner. */
struct node {
	const struct owner *owner;
	uint32_t first; /* index of its first entry */
	uint32_t count;
	enum node_class class;
	uint32_t cut; /* BELOW_CUT: the node index of the cut or DNAME */
};

struct zone {
	uint8_t apex[NAME_MAX_WIRE];
	size_t apex_len;
	uint8_t apex_key[NAME_MAX_KEY];
	size_t apex_key_len;
	struct entry *entry; /* [0, sorted) is in canonical order */
	size_t n, cap, sorted;
	struct node *node; /* in canonical order; node 0 is the apex */
	size_t nodes;
	size_t duplicates; /* records dropped because they stood twice */
	struct arena content; /* owners, and the records of zone_add */
	struct arena *made;   /* by worker: the records of zone_record */
	unsigned workers;
	const struct owner *last_owner;
};

/* An RRset: n consecutive entries of one node with one type. */
struct rrset {
	const struct node *node;
	const struct entry *entry;
	uint32_t n;
	uint16_t type;
	uint32_t ttl; /* of its first record */
};

/* apex: wire form, lower case.  workers: arenas for zone_record. */
void zone_init(struct zone *z, const uint8_t *apex, unsigned workers)
    __attribute__((nonnull));
void zone_free(struct zone *z) __attribute__((nonnull));

/*
 * Add a record; rdata is brought into canonical form.  owner: wire, any
 * case.  Fails (trouble, no file or line in the text) when the owner is not
 * in the zone or RDATA does not parse.  Not for parallel use.
 */
int zone_add(struct zone *z, const uint8_t *owner, uint16_t type,
    uint32_t ttl, const uint8_t *rdata, size_t len, struct error *e)
    __attribute__((nonnull(1, 2, 7), warn_unused_result));

/*
 * Room for a record of this RDATA length in the arena of a worker; the
 * caller fills rdata (canonical form), and adds it with zone_add_record, one
 * thread alone, when the workers are done.
 */
struct record *zone_record(struct zone *z, unsigned worker, uint16_t type,
    uint32_t ttl, size_t rdlen) __attribute__((nonnull, returns_nonnull));
void zone_add_record(struct zone *z, const struct owner *owner,
    struct record *r) __attribute__((nonnull));

/*
 * Sort what was added since the last call into the rest, drop duplicates
 * (same owner, type, RDATA and TTL: RFC 2181 section 5; those with another
 * TTL stay, for zone_check to find), and lay out and classify the nodes.
 */
void zone_index(struct zone *z, unsigned threads) __attribute__((nonnull));

/* Drop every entry for which the function says so; then index again. */
size_t zone_remove(struct zone *z,
    bool (*drop)(void *arg, const struct entry *en), void *arg)
    __attribute__((nonnull(1, 2)));
/* Give back the memory of all records; the apex and counts stay. */
void zone_forget(struct zone *z) __attribute__((nonnull));

/*
 * The RRsets of a node, in the order of their types:
 *	for (bool more = rrset_first(z, nd, &rs); more;
 *	    more = rrset_next(z, &rs))
 */
bool rrset_first(const struct zone *z, const struct node *nd,
    struct rrset *rs) __attribute__((nonnull));
bool rrset_next(const struct zone *z, struct rrset *rs)
    __attribute__((nonnull));
bool rrset_find(const struct zone *z, const struct node *nd, uint16_t type,
    struct rrset *rs) __attribute__((nonnull));

static inline const struct record *
rrset_record(const struct rrset *rs, uint32_t i)
{
	return rs->entry[i].record;
}

/* By wire form, lower case; NULL when no record has this owner. */
const struct node *zone_find(const struct zone *z, const uint8_t *wire)
    __attribute__((nonnull));
/* The node of this order key, else the last one before it; or NULL. */
const struct node *zone_at_or_before(const struct zone *z,
    const uint8_t *key, size_t len) __attribute__((nonnull(1)));
/* The delegation at or above a name, whether the name is there or not. */
const struct node *zone_cut_above(const struct zone *z, const uint8_t *key,
    size_t len) __attribute__((nonnull(1)));
static inline const struct node *
zone_apex(const struct zone *z)
{
	return z->nodes ? &z->node[0] : NULL;
}

/*
 * Does the zone answer for this type at this node with authority (so that it
 * is signed): all but RRSIG at authoritative nodes, DS and NSEC at
 * delegations, nothing below cuts.
 */
bool node_signs(const struct node *nd, uint16_t type)
    __attribute__((nonnull));

/* The serial of a SOA RDATA; the SOA's MINIMUM.  rdlen >= 22. */
uint32_t soa_serial(const struct record *soa) __attribute__((nonnull));
uint32_t soa_minimum(const struct record *soa) __attribute__((nonnull));
void soa_set_serial(struct record *soa, uint32_t serial)
    __attribute__((nonnull));

/* Mnemonic or "TYPE65280" (RFC 3597).  Returns out. */
#define TYPE_TEXT 24
const char *type_text(char out[TYPE_TEXT], uint16_t type);

#endif
