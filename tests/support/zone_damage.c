#include "tests/support/zone_damage.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/xalloc.h"

static struct damage
damage(const char *what, const char *rules, const struct place *p,
    uint16_t type)
{
	return (struct damage){what, CAUGHT_CRYPTO, rules, NULL, p->owner,
	    type};
}

/* --- the kinds ----------------------------------------------------------- */

#define FIELD_RULES                                                       \
	"signature-wrong signature-expired signature-not-yet "            \
	"signature-window signature-labels signature-ttl "                \
	"signature-length signature-orphan signature-misplaced "          \
	"key-not-published"

static bool
signature_bit(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;
	struct record *r;

	if (!pick(&p, z, d, is_rrsig))
		return false;
	r = replace(z, &p);
	flip(r, d, r->rdlen - 64u, r->rdlen);
	*done = damage("a bit of a signature", "signature-wrong", &p,
	    covers(r));
	return true;
}

static bool
signature_field(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;

	if (!pick(&p, z, d, is_rrsig))
		return false;
	flip(replace(z, &p), d, 0, 18);
	*done = damage("a bit of an RRSIG's fields", FIELD_RULES, &p, 0);
	return true;
}

static bool
signature_lost(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;

	if (!pick(&p, z, d, is_rrsig))
		return false;
	*done = damage("an RRSIG is lost", "signature-missing "
	    "revoked-unsigned dnskey-untrusted", &p, covers(p.record));
	take_out(z, p.record);
	return true;
}

static bool
signature_ttl(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;

	if (!pick(&p, z, d, is_rrsig))
		return false;
	replace(z, &p)->ttl++;
	*done = damage("the TTL of an RRSIG", "rrsig-ttl", &p,
	    covers(p.record));
	return true;
}

static bool
signature_doubled(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;
	struct record *r;

	if (!pick(&p, z, d, is_rrsig))
		return false;
	r = zone_record(z, 0, TYPE_RRSIG, p.record->ttl, p.record->rdlen);
	memcpy(r->rdata, p.record->rdata, r->rdlen);
	flip(r, d, r->rdlen - 64u, r->rdlen);
	zone_add_record(z, p.owner, r);
	*done = damage("a broken signature beside a good one",
	    "signature-wrong", &p, covers(r));
	return true;
}

static bool
delegation_signed(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;
	struct record *r;
	struct rrset sigs;

	if (!pick(&p, z, d, is_delegation_ns) ||
	    !rrset_find(z, p.node, TYPE_RRSIG, &sigs))
		return false;
	p.record = sigs.entry[0].record;
	r = zone_record(z, 0, TYPE_RRSIG, p.record->ttl, p.record->rdlen);
	memcpy(r->rdata, p.record->rdata, r->rdlen);
	r->rdata[1] = TYPE_NS;
	zone_add_record(z, p.owner, r);
	*done = damage("a signature over a delegation's NS",
	    "signature-misplaced", &p, TYPE_NS);
	return true;
}

static bool
nsec_lost(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;

	if (!pick(&p, z, d, is_nsec))
		return false;
	*done = damage("an NSEC is lost", "nsec-missing", &p, TYPE_NSEC);
	take_out(z, p.record);
	if (dice_roll(d, 2))
		drop_all(z, p.owner, TYPE_RRSIG, TYPE_NSEC);
	return true;
}

static bool
nsec_type(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;
	struct record *r;
	size_t next;

	if (!pick(&p, z, d, is_nsec))
		return false;
	r = replace(z, &p);
	next = name_len(r->rdata);
	flip(r, d, next + 2, r->rdlen);
	*done = damage("a type bit of an NSEC", "nsec-bitmap nsec-malformed",
	    &p, TYPE_NSEC);
	return true;
}

/* The chain is led past the next name. */
static bool
nsec_next(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p, other;
	struct record *r;
	size_t next, bitmap, len;

	if (!pick(&p, z, d, is_nsec) || !pick(&other, z, d, is_nsec) ||
	    p.record == other.record)
		return false;
	next = name_len(p.record->rdata);
	bitmap = p.record->rdlen - next;
	len = name_len(other.record->rdata);
	r = zone_record(z, 0, TYPE_NSEC, p.record->ttl, len + bitmap);
	memcpy(r->rdata, other.record->rdata, len);
	memcpy(r->rdata + len, p.record->rdata + next, bitmap);
	take_out(z, p.record);
	zone_add_record(z, p.owner, r);
	*done = damage("the next name of an NSEC", "nsec-chain", &p,
	    TYPE_NSEC);
	return true;
}

static bool
ds_bit(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;
	struct record *r;

	if (!pick(&p, z, d, is_ds))
		return false;
	r = replace(z, &p);
	flip(r, d, 0, r->rdlen);
	*done = damage("a bit of a DS", "signature-wrong", &p, TYPE_DS);
	done->lost = "record-lost";
	return true;
}

static bool
ds_swapped(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p, q;

	if (!pick(&p, z, d, is_ds) || !pick(&q, z, d, is_ds) ||
	    p.owner == q.owner)
		return false;
	take_out(z, p.record);
	take_out(z, q.record);
	zone_add_record(z, p.owner, q.record);
	zone_add_record(z, q.owner, p.record);
	*done = damage("two DS are swapped", "signature-wrong", &p, TYPE_DS);
	done->lost = "record-lost";
	return true;
}

/* With its signature: what is left is an insecure delegation. */
static bool
ds_lost(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;

	if (!pick(&p, z, d, is_ds))
		return false;
	drop_all(z, p.owner, TYPE_DS, 0);
	drop_all(z, p.owner, TYPE_RRSIG, TYPE_DS);
	*done = damage("a DS RRset is lost", "nsec-bitmap", &p, TYPE_NSEC);
	return true;
}

/* The name in the chain before a node. */
static void
before(struct place *p, const struct place *at)
{
	p->node = at->node;
	do
		p->node--;
	while (p->node->class == NODE_BELOW_CUT);
	p->owner = p->node->owner;
}

static bool
delegation_lost(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p, prior;

	if (!pick(&p, z, d, is_delegation_ns))
		return false;
	before(&prior, &p);
	drop_all(z, p.owner, 0, 0);
	*done = damage("a delegation is lost", "nsec-chain", &prior,
	    TYPE_NSEC);
	return true;
}

static bool
of_node(void *arg, const struct entry *en)
{
	const struct place *p = arg;

	return en->owner->key_len == p->owner->key_len &&
	       memcmp(en->owner->octets, p->owner->octets,
		   p->owner->key_len) == 0;
}

/* All its records under another name. */
static bool
delegation_renamed(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p, prior;
	const struct entry *en;
	struct entry *old;
	uint8_t wire[NAME_MAX_WIRE];
	struct error e = ERROR_INIT;
	uint32_t n;

	if (!pick(&p, z, d, is_delegation_ns))
		return false;
	before(&prior, &p);
	n = p.node->count;
	old = xmemdup(z->entry + p.node->first, n * sizeof *old);
	memcpy(wire, owner_wire(p.owner), p.owner->wire_len);
	wire[1 + dice_roll(d, wire[0])] ^= 1;
	zone_remove(z, of_node, &p);
	for (en = old; en < old + n; en++)
		assert_int_equal(zone_add(z, wire, en->record->type,
				     en->record->ttl, en->record->rdata,
				     en->record->rdlen, &e), 0);
	free(old);
	*done = damage("a delegation is renamed", "nsec-chain", &prior,
	    TYPE_NSEC);
	return true;
}

static bool
type_added(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;

	if (!pick(&p, z, d, is_soa))
		return false;
	zone_add_record(z, p.owner, zone_record(z, 0, TYPE_TXT, 60, 0));
	*done = damage("a type is added", "signature-missing", &p, TYPE_TXT);
	done->lost = "record-added";
	return true;
}

/* The same record, a TTL that is one second longer. */
static bool
signed_ttl(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;

	if (!pick(&p, z, d, dice_roll(d, 2) ? is_nsec : is_soa))
		return false;
	replace(z, &p)->ttl++;
	*done = damage("the TTL of a signed record", "signature-ttl", &p,
	    p.record->type);
	return true;
}

static bool
serial(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;
	struct record *r;

	if (!pick(&p, z, d, is_soa))
		return false;
	r = replace(z, &p);
	soa_set_serial(r, soa_serial(r) + 1 + dice_roll(d, 100));
	*done = damage("the serial of the SOA", "signature-wrong", &p,
	    TYPE_SOA);
	return true;
}

static bool
apex_ns(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;

	if (!pick(&p, z, d, is_apex_ns))
		return false;
	take_out(z, p.record);
	*done = damage("an NS of the apex is lost", "signature-wrong", &p,
	    TYPE_NS);
	done->lost = "record-lost";
	return true;
}

static bool
dnskey_bit(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;
	struct record *r;

	if (!pick(&p, z, d, is_dnskey))
		return false;
	r = replace(z, &p);
	flip(r, d, 4, r->rdlen);
	*done = damage("a bit of a DNSKEY", "signature-wrong "
	    "key-not-published", &p, TYPE_DNSKEY);
	return true;
}

static bool
zonemd_serial(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;

	if (!pick(&p, z, d, is_zonemd))
		return false;
	flip(replace(z, &p), d, 0, 4);
	*done = damage("the serial in ZONEMD", "zonemd-serial", &p,
	    TYPE_ZONEMD);
	return true;
}

static bool
zonemd_digest(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;
	struct record *r;

	if (!pick(&p, z, d, is_zonemd))
		return false;
	r = replace(z, &p);
	flip(r, d, 6, r->rdlen);
	*done = damage("a bit of the ZONEMD digest", "signature-wrong", &p,
	    TYPE_ZONEMD);
	return true;
}

/* --- what no signature covers -------------------------------------------- */

static bool
glue_lost(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;

	if (!pick(&p, z, d, is_spare_glue))
		return false;
	take_out(z, p.record);
	*done = (struct damage){"glue is lost", CAUGHT_DIGEST, NULL,
	    "record-lost", p.owner, p.record->type};
	return true;
}

static bool
glue_bit(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;
	struct record *r;

	if (!pick(&p, z, d, is_glue))
		return false;
	r = replace(z, &p);
	flip(r, d, 0, r->rdlen);
	*done = (struct damage){"a bit of glue", CAUGHT_DIGEST, NULL,
	    "record-lost", p.owner, r->type};
	return true;
}

static bool
glue_ttl(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;

	if (!pick(&p, z, d, is_glue))
		return false;
	drop_all(z, p.owner, p.record->type, 0);
	zone_add_record(z, p.owner, p.record);
	p.record = replace(z, &p);
	p.record->ttl++;
	*done = (struct damage){"the TTL of glue", CAUGHT_DIGEST, NULL,
	    "ttl-changed", p.owner, p.record->type};
	return true;
}

/* The name server of a delegation is another. */
static bool
delegation_ns(struct zone *z, struct dice *d, struct damage *done)
{
	struct place p;
	struct record *r;

	if (!pick(&p, z, d, is_outside_ns))
		return false;
	r = replace(z, &p);
	r->rdata[1 + dice_roll(d, r->rdata[0])] ^= 1;
	*done = (struct damage){"an NS of a delegation", CAUGHT_DIGEST, NULL,
	    "record-lost", p.owner, TYPE_NS};
	return true;
}

bool
zone_damage(struct zone *z, unsigned kind, struct dice *d,
    struct damage *done)
{
	static bool (*const kinds[DAMAGES])(struct zone *, struct dice *,
	    struct damage *) = {signature_bit, signature_field,
	    signature_lost, signature_ttl, signature_doubled,
	    delegation_signed, nsec_lost, nsec_type, nsec_next, ds_bit,
	    ds_swapped, ds_lost, delegation_lost, delegation_renamed,
	    type_added, signed_ttl, serial, apex_ns, dnskey_bit, zonemd_serial,
	    zonemd_digest, delegation_ns, glue_lost, glue_bit, glue_ttl};
	bool did = kinds[kind](z, d, done);

	if (did)
		zone_index(z, 1);
	return did;
}
