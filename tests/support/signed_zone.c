#include "tests/support/signed_zone.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/algorithm.h"
#include "lib/hex.h"
#include "lib/utc.h"
#include "signer/nsec.h"
#include "signer/zonemd.h"
#include "tests/support/zone_text.h"

#define DNSKEY_TTL 3600
#define DS_LINE                                                         \
	"DS 12345 13 2 00112233445566778899aabbccddeeff"                \
	"00112233445566778899aabbccddeeff\n"

const char sz_text[] =
    "$TTL 3600\n"
    "@ SOA ns hostmaster 7 1800 900 604800 600\n"
    "@ NS ns\n@ NS ns.other.test.\n"
    "ns A 192.0.2.1\nns AAAA 2001:db8::1\n"
    "alpha NS ns.alpha\nalpha " DS_LINE "ns.alpha A 192.0.2.2\n"
    "beta NS ns.beta\nbeta NS ns\nns.beta AAAA 2001:db8::3\n"
    "delta NS ns.delta\ndelta " DS_LINE "ns.delta A 192.0.2.4\n"
    "gamma TXT \"x\"\n*.wild TXT \"y\"\n"
    "deep.empty A 192.0.2.9\nzz 300 MX 10 ns\n";

static void
wire_of(uint8_t wire[NAME_MAX_WIRE], size_t *len, const char *name)
{
	struct error e = ERROR_INIT;

	if (name_parse(wire, len, name, &e) != 0)
		fail_msg("%s", e.text);
}

void
sz_begin(struct signed_zone *s, const char *origin, const char *text)
{
	*s = (struct signed_zone){.keys = 0};
	zone_from_text(&s->z, origin, text);
}

void
sz_end(struct signed_zone *s)
{
	for (unsigned i = 0; i < s->keys; i++)
		soft_key_free(&s->soft[i]);
	zone_free(&s->z);
}

unsigned
sz_key(struct signed_zone *s, uint8_t algorithm, uint16_t flags)
{
	assert_true(s->keys < SZ_KEYS);
	soft_key_make(&s->soft[s->keys], &s->key[s->keys], algorithm, flags);
	s->published[s->keys] = true;
	return s->keys++;
}

unsigned
sz_key_number(struct signed_zone *s, uint32_t number, uint16_t flags)
{
	uint8_t seed[SHA256_SIZE];

	assert_true(s->keys < SZ_KEYS);
	sha256(seed, &number, sizeof number);
	soft_key_ed25519(&s->soft[s->keys], &s->key[s->keys], seed, flags);
	s->published[s->keys] = true;
	return s->keys++;
}

static void
add(struct signed_zone *s, const uint8_t *owner, uint16_t type, uint32_t ttl,
    const struct buf *rdata)
{
	struct error e = ERROR_INIT;

	if (zone_add(&s->z, owner, type, ttl, rdata->data, rdata->len, &e) != 0)
		fail_msg("%s", e.text);
}

static void
publish(struct signed_zone *s)
{
	struct buf rdata = BUF_INIT;

	for (unsigned i = 0; i < s->keys; i++) {
		if (!s->published[i])
			continue;
		buf_clear(&rdata);
		dnskey_rdata(&rdata, &s->key[i].dnskey);
		add(s, s->z.apex, TYPE_DNSKEY, DNSKEY_TTL, &rdata);
	}
	buf_free(&rdata);
}

static void
digest_placeholder(struct signed_zone *s, uint8_t hash)
{
	struct buf rdata = BUF_INIT;
	struct rrset soa;

	assert_true(rrset_find(&s->z, zone_apex(&s->z), TYPE_SOA, &soa));
	buf_u32(&rdata, soa_serial(rrset_record(&soa, 0)));
	buf_u8(&rdata, ZONEMD_SIMPLE);
	buf_u8(&rdata, hash);
	memset(buf_room(&rdata, 64), 0, 64);
	rdata.len += zonemd_digest_len(hash);
	add(s, s->z.apex, TYPE_ZONEMD, 3600, &rdata);
	buf_free(&rdata);
}

/* RRSIG RDATA up to the signature. */
static void
head(struct buf *out, const struct signed_zone *s, const struct rrset *rs,
    unsigned key, const struct sz_lie *lie)
{
	const struct signing_key *k = &s->key[key];
	uint8_t signer[NAME_MAX_WIRE];
	size_t len = s->z.apex_len;

	memcpy(signer, s->z.apex, len);
	if (lie->signer != NULL)
		wire_of(signer, &len, lie->signer);
	buf_u16(out, rs->type);
	buf_u8(out, k->dnskey.algorithm);
	buf_u8(out, (uint8_t)(lie->labels >= 0
			? (unsigned)lie->labels
			: name_labels_rrsig(owner_wire(rs->node->owner))));
	buf_u32(out, lie->ttl >= 0 ? (uint32_t)lie->ttl : rs->ttl);
	buf_u32(out, utc_to_wire(lie->expiration ? lie->expiration
						 : SZ_NOW + 13 * DAY));
	buf_u32(out, utc_to_wire(lie->inception ? lie->inception
						: SZ_NOW - HOUR));
	buf_u16(out, lie->tag >= 0 ? (uint16_t)lie->tag : k->tag);
	buf_add(out, signer, len);
}

static void
rrsig_rdata(struct buf *out, const struct signed_zone *s,
    const struct rrset *rs, unsigned key, const struct sz_lie *lie)
{
	struct buf data = BUF_INIT;
	uint8_t sig[SIGNATURE_MAX + 16];
	size_t len = sizeof sig;
	struct error e = ERROR_INIT;
	const struct record *r;

	head(out, s, rs, key, lie);
	buf_add(&data, out->data, out->len);
	for (uint32_t i = 0; i < rs->n; i++) {
		r = rrset_record(rs, i);
		buf_add(&data, owner_wire(rs->node->owner),
		    rs->node->owner->wire_len);
		buf_u16(&data, rs->type);
		buf_u16(&data, 1);
		buf_add(&data, out->data + 4, 4); /* original TTL */
		buf_u16(&data, r->rdlen);
		buf_add(&data, r->rdata, r->rdlen);
	}
	if (s->key[key].sign(s->key[key].arg, 0, data.data, data.len, sig,
		&len, &e) != 0)
		fail_msg("%s", e.text);
	sig[len / 2] ^= lie->flip;
	buf_add(out, sig, len - (size_t)lie->cut);
	buf_free(&data);
}

static void
add_rrsig(struct signed_zone *s, const struct rrset *rs, unsigned key,
    const struct sz_lie *lie)
{
	struct buf rdata = BUF_INIT;

	rrsig_rdata(&rdata, s, rs, key, lie);
	add(s, owner_wire(rs->node->owner), TYPE_RRSIG,
	    lie->rr_ttl >= 0 ? (uint32_t)lie->rr_ttl : rs->ttl, &rdata);
	buf_free(&rdata);
}

void
sz_countersign(struct signed_zone *s, const char *name, uint16_t type,
    unsigned key, const struct sz_lie *lie)
{
	struct rrset rs;

	assert_true(rrset_find(&s->z, zone_node(&s->z, name), type, &rs));
	add_rrsig(s, &rs, key, lie);
	zone_index(&s->z, 1);
}

void
sz_resign(struct signed_zone *s, const char *name, uint16_t type,
    unsigned key, const struct sz_lie *lie)
{
	sz_remove(s, name, TYPE_RRSIG, type);
	sz_countersign(s, name, type, key, lie);
}

/* Adding a record may move the entries that an RRset points to. */
static void
sign_rrset(struct signed_zone *s, const struct node *nd, uint16_t type)
{
	static const struct sz_lie honest = SZ_HONEST;
	struct rrset rs;

	for (unsigned k = 0; k < s->keys; k++) {
		if (type == TYPE_DNSKEY ? !s->key[k].signs_dnskey
					: !s->key[k].signs_zone)
			continue;
		assert_true(rrset_find(&s->z, nd, type, &rs));
		add_rrsig(s, &rs, k, &honest);
	}
}

static void
sign_node(struct signed_zone *s, const struct node *nd)
{
	uint16_t type[32];
	struct rrset rs;
	unsigned n = 0;

	for (bool more = rrset_first(&s->z, nd, &rs); more;
	    more = rrset_next(&s->z, &rs)) {
		assert_true(n < 32);
		type[n++] = rs.type;
	}
	for (unsigned i = 0; i < n; i++)
		if (type[i] != TYPE_ZONEMD && node_signs(nd, type[i]))
			sign_rrset(s, nd, type[i]);
}

/* RFC 9077. */
static uint32_t
nsec_ttl(const struct zone *z)
{
	struct rrset soa;
	uint32_t minimum;

	assert_true(rrset_find(z, zone_apex(z), TYPE_SOA, &soa));
	minimum = soa_minimum(rrset_record(&soa, 0));
	return soa.ttl < minimum ? soa.ttl : minimum;
}

void
sz_sign(struct signed_zone *s, uint8_t hash)
{
	struct error e = ERROR_INIT;

	publish(s);
	if (hash != 0)
		digest_placeholder(s, hash);
	zone_index(&s->z, 1);
	nsec_chain(&s->z, nsec_ttl(&s->z), 1);
	zone_index(&s->z, 1);
	for (size_t i = 0; i < s->z.nodes; i++)
		sign_node(s, &s->z.node[i]);
	zone_index(&s->z, 1);
	if (hash == 0)
		return;
	if (zonemd_fill(&s->z, &e) != 0)
		fail_msg("%s", e.text);
	sign_rrset(s, zone_apex(&s->z), TYPE_ZONEMD);
	zone_index(&s->z, 1);
}

static void
make(struct signed_zone *s, uint8_t hash)
{
	sz_begin(s, "example.", sz_text);
	sz_key_number(s, 1, 257);
	sz_key_number(s, 2, 256);
	sz_sign(s, hash);
}

void
sz_make(struct signed_zone *s)
{
	make(s, ZONEMD_SHA384);
}

void
sz_make_plain(struct signed_zone *s)
{
	make(s, 0);
}

void
sz_make_text(struct signed_zone *s, const char *origin, const char *text,
    const char *more)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s%s", text, more);
	sz_begin(s, origin, buf_cstr(&b));
	sz_key_number(s, 1, 257);
	sz_key_number(s, 2, 256);
	sz_sign(s, 0);
	buf_free(&b);
}

void
sz_add(struct signed_zone *s, const char *line)
{
	struct buf text = BUF_INIT;
	char origin[NAME_MAX_TEXT];
	struct zone t;
	const struct entry *en;
	struct error e = ERROR_INIT;

	name_text(origin, s->z.apex);
	buf_printf(&text, "@ 1 IN SOA a. b. 1 1 1 1 1\n%s\n", line);
	zone_from_text(&t, origin, buf_cstr(&text));
	for (size_t i = 0; i < t.n; i++) {
		en = &t.entry[i];
		if (en->record->type != TYPE_SOA &&
		    zone_add(&s->z, owner_wire(en->owner), en->record->type,
			en->record->ttl, en->record->rdata,
			en->record->rdlen, &e) != 0)
			fail_msg("%s", e.text);
	}
	zone_free(&t);
	buf_free(&text);
	zone_index(&s->z, 1);
}

void
sz_add_raw(struct signed_zone *s, const char *name, uint16_t type, uint32_t ttl,
    const void *rdata, size_t len)
{
	const struct owner *o = zone_node(&s->z, name)->owner;
	struct record *r = zone_record(&s->z, 0, type, ttl, len);

	memcpy(r->rdata, rdata, len);
	zone_add_record(&s->z, o, r);
	zone_index(&s->z, 1);
}

struct removing {
	uint8_t wire[NAME_MAX_WIRE];
	uint16_t type, covered;
};

static bool
drop(void *arg, const struct entry *en)
{
	const struct removing *rm = arg;
	const struct record *r = en->record;

	return r->type == rm->type && name_equal(owner_wire(en->owner),
	    rm->wire) && (rm->covered == 0 ||
	    (r->rdata[0] << 8 | r->rdata[1]) == rm->covered);
}

void
sz_remove(struct signed_zone *s, const char *name, uint16_t type,
    uint16_t covered)
{
	struct removing rm = {.type = type, .covered = covered};
	size_t len;

	wire_of(rm.wire, &len, name);
	zone_remove(&s->z, drop, &rm);
	zone_index(&s->z, 1);
}

void
sz_verify(struct verify_report *r, const struct zone *z,
    const struct verify_options *o)
{
	struct verify_options usual = {.now = SZ_NOW, .threads = 2};
	struct error e = ERROR_INIT;

	if (verify_zone(z, o ? o : &usual, r, &e) != 0)
		fail_msg("%s", e.text);
}

void
sz_compare(struct verify_report *r, const struct zone *z,
    const struct zone *unsigned_zone, const struct zone *previous,
    const struct config *cfg)
{
	const struct verify_options o = {.now = SZ_NOW, .threads = 2,
	    .cfg = cfg, .unsigned_zone = unsigned_zone, .previous = previous};

	sz_verify(r, z, &o);
}

size_t
sz_count(const struct verify_report *r, const char *rule, const char *owner,
    uint16_t type)
{
	const struct finding *f;
	size_t n = 0;

	for (size_t i = 0; i < r->findings; i++) {
		f = &r->finding[i];
		n += strcmp(f->rule, rule) == 0 && (owner == NULL ||
			(f->owner && strcmp(f->owner, owner) == 0)) &&
		     (type == 0 || f->type == type);
	}
	return n;
}

void
sz_print(const struct verify_report *r)
{
	verify_report_print(stderr, "zone", r, SEVERITY_WARNING);
}

/* Names of the rules that were found, in the table's order. */
static void
rules_found(struct buf *out, const struct verify_report *r)
{
	for (const struct verify_rule *rule = verify_rules; rule->name; rule++)
		for (size_t i = 0; i < r->findings; i++) {
			if (strcmp(r->finding[i].rule, rule->name) != 0 ||
			    r->finding[i].severity == SEVERITY_INFO)
				continue;
			buf_printf(out, "%s%s", out->len ? " " : "",
			    rule->name);
			break;
		}
}

void
sz_expect(const struct zone *z, const char *name, const char *rules,
    const char *owner, uint16_t type)
{
	struct verify_report r;
	struct buf found = BUF_INIT;

	sz_verify(&r, z, NULL);
	rules_found(&found, &r);
	if (strcmp(buf_cstr(&found), rules) != 0) {
		sz_print(&r);
		fail_msg("%s: \"%s\", not \"%s\"", name, buf_cstr(&found),
		    rules);
	}
	found.len = strcspn(buf_cstr(&found), " ");
	if (found.len > 0 &&
	    sz_count(&r, buf_cstr(&found), owner, type) == 0) {
		sz_print(&r);
		fail_msg("%s: not at its place", name);
	}
	buf_free(&found);
	verify_report_free(&r);
}

void
sz_config(struct config *cfg)
{
	static char path[] = "rz.yaml", zone[] = "example.";

	*cfg = (struct config){.path = path, .zone = zone};
	cfg->policy.ksk.algorithm = ALG_ED25519;
	cfg->policy.zsk.algorithm = ALG_ED25519;
	cfg->policy.ttl.dnskey = DNSKEY_TTL;
	cfg->policy.ttl.ds = -1;
	cfg->policy.zonemd[0] = ZONEMD_SHA384;
	cfg->policy.zonemd_n = 1;
	cfg->verify.dnskey_size = 1232;
	cfg->verify.next_signing = 5 * DAY;
	cfg->verify.max_change.lines = 500;
	cfg->verify.max_change.delegations = 100;
}
