#include "tests/support/soft_key.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/algorithm.h"
#include "lib/pubkey.h"

static int
sign(void *arg, unsigned worker, const uint8_t *data, size_t len, uint8_t *sig,
    size_t *siglen, struct error *e)
{
	struct soft_key *s = arg;
	const struct algorithm *a = algorithm_by_number(s->algorithm);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t out[SIGNATURE_MAX + 16];
	size_t n = sizeof out;
	unsigned call = __atomic_add_fetch(&s->calls, 1, __ATOMIC_RELAXED);
	int ok;

	(void)worker;
	if (call == s->fail_at) {
		EVP_MD_CTX_free(ctx);
		return error_set(e, "the key is away");
	}
	ok = EVP_DigestSignInit_ex(ctx, NULL, a->digest, NULL, NULL, s->pkey,
	    NULL);
	ok = ok == 1 && EVP_DigestSign(ctx, out, &n, data, len) == 1;
	EVP_MD_CTX_free(ctx);
	if (!ok)
		return error_openssl(e, "sign");
	if (a->family == FAMILY_ECDSA) {
		*siglen = a->signature;
		return ecdsa_der_to_raw(out, n, a->signature / 2, sig);
	}
	memcpy(sig, out, n);
	*siglen = n;
	return 0;
}

static void
bind(struct soft_key *s, struct signing_key *key, uint16_t flags)
{
	struct buf rdata = BUF_INIT;
	struct error e = ERROR_INIT;

	assert_non_null(s->pkey);
	if (pubkey_encode(&s->public_key, s->algorithm, s->pkey, &e) == -1)
		fail_msg("%s", e.text);
	*key = (struct signing_key){.dnskey = {flags, s->algorithm,
					s->public_key.data, s->public_key.len},
	    .signs_dnskey = (flags & DNSKEY_SEP) != 0,
	    .signs_zone = (flags & DNSKEY_SEP) == 0,
	    .sign = sign,
	    .arg = s};
	dnskey_rdata(&rdata, &key->dnskey);
	key->tag = dnskey_tag(rdata.data, rdata.len);
	buf_free(&rdata);
}

void
soft_key_make(struct soft_key *s, struct signing_key *key, uint8_t algorithm,
    uint16_t flags)
{
	const struct algorithm *a = algorithm_by_number(algorithm);

	*s = (struct soft_key){.algorithm = algorithm};
	switch (a->family) {
	case FAMILY_RSA:
		s->pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
		break;
	case FAMILY_ECDSA:
		s->pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", a->curve);
		break;
	default:
		s->pkey = EVP_PKEY_Q_keygen(NULL, NULL, a->curve);
	}
	bind(s, key, flags);
}

void
soft_key_ed25519(struct soft_key *s, struct signing_key *key,
    const uint8_t private_key[32], uint16_t flags)
{
	*s = (struct soft_key){.algorithm = ALG_ED25519};
	s->pkey = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL,
	    private_key, 32);
	bind(s, key, flags);
}

void
soft_key_free(struct soft_key *s)
{
	EVP_PKEY_free(s->pkey);
	buf_free(&s->public_key);
}
