/* Signing a zone: what tells whether two zones are one. */
#include "signer/sign.h"

#include <openssl/evp.h>

#include "keytool/dnskey.h"
#include "lib/utc.h"

#define BATCH 65536

static void
add_entry(struct buf *b, const struct entry *en)
{
	buf_add(b, owner_wire(en->owner), en->owner->wire_len);
	buf_u16(b, en->record->type);
	buf_u32(b, en->record->ttl);
	buf_u16(b, en->record->rdlen);
	buf_add(b, en->record->rdata, en->record->rdlen);
}

/* Which keys sign what, and for which times. */
static void
add_circumstances(struct buf *b, const struct signing_keys *keys,
    const struct sign_report *r)
{
	const int64_t times[] = {r->inception, r->expiration,
	    r->dnskey_inception, r->dnskey_expiration};

	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		buf_u32(b, utc_to_wire(times[i]));
	for (size_t i = 0; i < keys->n; i++) {
		dnskey_rdata(b, &keys->key[i].dnskey);
		buf_u8(b, keys->key[i].signs_dnskey);
		buf_u8(b, keys->key[i].signs_zone);
	}
}

static bool
is_made(const struct zone *z, const struct entry *en)
{
	return sign_strips(z, owner_wire(en->owner), en->record->type);
}

/* Over what is in b, then the entries: all, or only those of the input. */
static int
digest_entries(const struct zone *z, bool all, struct buf *b,
    uint8_t digest[SHA256_SIZE], struct error *e)
{
	EVP_MD *md = EVP_MD_fetch(NULL, "SHA256", NULL);
	EVP_MD_CTX *sum = EVP_MD_CTX_new();
	bool ok = md != NULL && sum != NULL &&
		  EVP_DigestInit_ex2(sum, md, NULL) == 1;

	for (size_t i = 0; i < z->n && ok; i++) {
		if (all || !is_made(z, &z->entry[i]))
			add_entry(b, &z->entry[i]);
		if (b->len > BATCH) {
			ok = EVP_DigestUpdate(sum, b->data, b->len) == 1;
			buf_clear(b);
		}
	}
	ok = ok && EVP_DigestUpdate(sum, b->data, b->len) == 1 &&
	     EVP_DigestFinal_ex(sum, digest, NULL) == 1;
	EVP_MD_CTX_free(sum);
	EVP_MD_free(md);
	return ok ? 0 : error_openssl(e, "SHA-256");
}

int
sign_digest(const struct zone *z, const struct signing_keys *keys,
    const struct sign_report *r, uint8_t digest[SHA256_SIZE], struct error *e)
{
	struct buf b = BUF_INIT;
	int rc;

	add_circumstances(&b, keys, r);
	rc = digest_entries(z, true, &b, digest, e);
	buf_free(&b);
	return rc;
}

int
sign_fingerprint(const struct zone *z, uint8_t digest[SHA256_SIZE],
    struct error *e)
{
	struct buf b = BUF_INIT;
	int rc = digest_entries(z, false, &b, digest, e);

	buf_free(&b);
	return rc;
}
