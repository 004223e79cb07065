/*
 * DNSKEY (RFC 4034 section 2), its key tag (appendix B), REVOKE (RFC 5011
 * section 7), and DS (RFC 4034 section 5, RFC 4509, RFC 6605).
 */
#ifndef RZ_KEYTOOL_DNSKEY_H
#define RZ_KEYTOOL_DNSKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/error.h"

#define DNSKEY_ZONE	0x0100 /* RFC 4034 section 2.1.1 */
#define DNSKEY_REVOKE	0x0080 /* RFC 5011 section 7 */
#define DNSKEY_SEP	0x0001 /* RFC 4034 section 2.1.1 */
#define DNSKEY_PROTOCOL 3

struct dnskey {
	uint16_t flags;
	uint8_t algorithm;
	const uint8_t *key; /* not owned */
	size_t len;
};

enum ds_digest { DS_SHA1 = 1, DS_SHA256 = 2, DS_SHA384 = 4 };

struct ds {
	uint16_t tag;
	uint8_t algorithm;
	uint8_t digest_type;
	uint8_t digest[64];
	size_t len;
};

/* RDATA, added to out. */
void dnskey_rdata(struct buf *out, const struct dnskey *k)
    __attribute__((nonnull));
/* Points into rdata.  -1: too short, or protocol is not 3. */
int dnskey_parse(struct dnskey *k, const uint8_t *rdata, size_t len)
    __attribute__((nonnull, warn_unused_result));
/* Key tag of RDATA (RFC 4034 appendix B). */
uint16_t dnskey_tag(const uint8_t *rdata, size_t len) __attribute__((nonnull));
/* Key tag with these flags instead of the key's own. */
uint16_t dnskey_tag_flags(const struct dnskey *k, uint16_t flags)
    __attribute__((nonnull));
/* Size of the key in bits; 0 when the algorithm is not known. */
unsigned dnskey_bits(const struct dnskey *k) __attribute__((nonnull));
/* Same flags but for REVOKE, same algorithm, same key. */
bool dnskey_same_key(const struct dnskey *a, const struct dnskey *b)
    __attribute__((nonnull));

/* DS of a DNSKEY at an owner (wire, lower case).  -1: digest not known. */
int ds_make(struct ds *ds, const uint8_t *owner, const uint8_t *rdata,
    size_t len, uint8_t digest_type) __attribute__((nonnull));
void ds_rdata(struct buf *out, const struct ds *ds) __attribute__((nonnull));
/* Is the DS that of this DNSKEY RDATA: tag, algorithm and digest? */
bool ds_matches(const struct ds *ds, const uint8_t *owner,
    const uint8_t *rdata, size_t len) __attribute__((nonnull));

/*
 * "OWNER TTL IN DNSKEY FLAGS 3 ALG BASE64" as text, with the comment
 * " ;{id = TAG (ksk), size = BITSb}" as other tools write it; and
 * "OWNER TTL IN DS TAG ALG TYPE HEX"; no newline.  type: the mnemonic to
 * print, so that CDNSKEY and CDS (RFC 7344) use the same.
 */
void dnskey_text(struct buf *out, const char *owner, uint32_t ttl,
    const char *type, const struct dnskey *k) __attribute__((nonnull));
void ds_text(struct buf *out, const char *owner, uint32_t ttl,
    const char *type, const struct ds *ds) __attribute__((nonnull));

#endif
