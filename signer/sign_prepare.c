/* Signing a zone: what comes before the first signature. */
#include "signer/sign.h"

#include <string.h>

#include "keytool/dnskey.h"
#include "lib/clock.h"
#include "lib/utc.h"
#include "signer/nsec.h"
#include "signer/zonemd.h"

bool
sign_strips(const struct zone *z, const uint8_t *owner, uint16_t type)
{
	switch (type) {
	case TYPE_RRSIG:
	case TYPE_NSEC:
	case TYPE_NSEC3:
	case TYPE_NSEC3PARAM:
		return true;
	case TYPE_DNSKEY:
	case TYPE_ZONEMD:
	case TYPE_CDS:
	case TYPE_CDNSKEY:
		return name_equal(owner, z->apex);
	default:
		return false;
	}
}

/* "date": YYYYMMDD00 of the day. */
static uint32_t
serial_of_date(int64_t now)
{
	int y, m, d;

	utc_to_date(now, &y, &m, &d);
	return (uint32_t)y * 1000000 + (uint32_t)(m * 10000 + d * 100);
}

/*
 * What secondaries have is the last published serial; the input's counts
 * only as long as nothing was published.
 */
int
sign_serial(uint32_t *serial, enum config_serial policy, uint32_t input,
    bool has_last, uint32_t last, int64_t now, struct error *e)
{
	uint32_t floor = has_last ? last : input, wish = input;

	if (policy == SERIAL_KEEP && has_last && !serial_after(input, last))
		return error_no(e, "serial: %u is not ahead of %u, the last "
				   "published one (RFC 1982)", input, last);
	if (policy == SERIAL_UNIXTIME)
		wish = (uint32_t)now;
	else if (policy == SERIAL_DATE)
		wish = serial_of_date(now);
	else if (!has_last)
		floor = input - 1;
	*serial = serial_after(wish, floor) ? wish : floor + 1;
	return 0;
}

static void
put_serial(struct zone *z, uint32_t serial)
{
	struct rrset soa;

	if (rrset_find(z, zone_apex(z), TYPE_SOA, &soa))
		soa_set_serial(soa.entry[0].record, serial);
}

/* A DS TTL of its own is policy (a deliberate difference from RFC 4035 2.4). */
static size_t
put_ds_ttl(struct zone *z, uint32_t ttl)
{
	struct rrset ds;
	size_t changed = 0;

	for (size_t i = 0; i < z->nodes; i++)
		if (z->node[i].class == NODE_DELEGATION &&
		    rrset_find(z, &z->node[i], TYPE_DS, &ds))
			for (uint32_t j = 0; j < ds.n; j++) {
				changed += ds.entry[j].record->ttl != ttl;
				ds.entry[j].record->ttl = ttl;
			}
	return changed;
}

static void
add_dnskeys(struct zone *z, const struct signing_keys *keys, uint32_t ttl)
{
	struct buf rdata = BUF_INIT;
	struct record *r;

	for (size_t i = 0; i < keys->n; i++) {
		buf_clear(&rdata);
		dnskey_rdata(&rdata, &keys->key[i].dnskey);
		r = zone_record(z, 0, TYPE_DNSKEY, ttl, rdata.len);
		memcpy(r->rdata, rdata.data, rdata.len);
		zone_add_record(z, zone_apex(z)->owner, r);
	}
	buf_free(&rdata);
}

/* Placeholders, so that NSEC lists the type (RFC 8976 section 3.1). */
static void
add_zonemd(struct zone *z, const struct sign_options *o, uint32_t ttl)
{
	struct record *r;
	uint8_t hash;
	size_t len;

	for (unsigned i = 0; i < o->cfg->policy.zonemd_n; i++) {
		hash = o->cfg->policy.zonemd[i];
		len = 6 + zonemd_digest_len(hash);
		r = zone_record(z, 0, TYPE_ZONEMD, ttl, len);
		memset(r->rdata, 0, len);
		for (int j = 0; j < 4; j++)
			r->rdata[j] = (uint8_t)(o->serial >> (24 - 8 * j));
		r->rdata[4] = ZONEMD_SIMPLE;
		r->rdata[5] = hash;
		zone_add_record(z, zone_apex(z)->owner, r);
	}
}

static void
set_times(const struct sign_options *o, struct sign_report *r)
{
	const struct config *cfg = o->cfg;

	r->inception = o->now - cfg->policy.signatures.inception_offset;
	r->expiration = o->now + cfg->policy.signatures.zone;
	r->dnskey_inception = r->inception;
	r->dnskey_expiration = r->inception + cfg->policy.signatures.dnskey;
}

int
sign_prepare(struct zone *z, const struct signing_keys *keys,
    const struct sign_options *o, struct sign_report *r, struct error *e)
{
	double began = clock_elapsed();
	const struct config *cfg = o->cfg;
	struct rrset soa;
	uint32_t minimum, ttl;

	*r = (struct sign_report){0};
	if (!rrset_find(z, zone_apex(z), TYPE_SOA, &soa))
		return error_set(e, "SOA: none at the apex");
	if (cfg->policy.denial != DENIAL_NSEC)
		return error_set(e, "%s: policy.denial: nsec3 is not made by "
				    "this release",
		    cfg->path);
	set_times(o, r);
	ttl = soa.ttl;
	minimum = soa_minimum(rrset_record(&soa, 0));
	put_serial(z, o->serial);
	if (cfg->policy.ttl.ds >= 0)
		r->ds_ttls = put_ds_ttl(z, (uint32_t)cfg->policy.ttl.ds);
	add_dnskeys(z, keys, (uint32_t)cfg->policy.ttl.dnskey);
	add_zonemd(z, o, ttl);
	zone_index(z, o->threads);
	/* RFC 9077 section 3. */
	r->nsec = nsec_chain(z, ttl < minimum ? ttl : minimum, o->threads);
	r->prepare_s = clock_elapsed() - began;
	return 0;
}
