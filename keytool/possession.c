#include "keytool/possession.h"

#include <openssl/rand.h>

#include "lib/pubkey.h"

/*
 * The octets before the random ones.  What an RRSIG covers begins with its
 * type, algorithm, labels (RFC 4034 section 3.1.8.1): here type 29306,
 * algorithm 32, 112 labels.  No validator can take such a signature for one
 * over an RRset.
 */
#define CONTEXT "rz possession"
#define RANDOM	32

static int
make_challenge(struct buf *b, struct error *e)
{
	buf_str(b, CONTEXT);
	if (RAND_bytes(buf_room(b, RANDOM), RANDOM) != 1)
		return error_openssl(e, "random octets");
	b->len += RANDOM;
	return 0;
}

int
possession_prove_key(struct hsm *h, struct hsm_key *held, const struct key *k,
    struct error *e)
{
	const char *store = hsm_identity(h)->name;
	uint8_t sig[SIGNATURE_MAX];
	size_t siglen = sizeof sig;
	struct buf challenge = BUF_INIT;
	struct verifier *v = NULL;
	int rv = -1;

	if (verifier_new(&v, k->algorithm, k->public_key.data,
		k->public_key.len, e) == -1) {
		error_prefix(e, "key %s", k->label);
		goto out;
	}
	if (make_challenge(&challenge, e) == -1)
		goto out;
	if (hsm_sign(held, 0, k->algorithm, challenge.data, challenge.len,
		sig, &siglen, e) == -1) {
		error_prefix(e, "token %s: key %s", store, k->label);
		goto out;
	}
	if (verifier_check(v, challenge.data, challenge.len, sig, siglen) !=
	    1) {
		error_set(e, "token %s holds another private key under label "
		    "%s: its signature does not verify with the public key "
		    "%.16s", store, k->label, k->id);
		goto out;
	}
	rv = 0;
out:
	verifier_free(v);
	buf_free(&challenge);
	return rv;
}

int
possession_prove(struct hsm *h, const struct key *k, struct hsm_key **found,
    struct error *e)
{
	struct hsm_key *held;

	if (hsm_find(h, k->cka_id, k->cka_id_len, k->label, &held, e) == -1)
		return error_prefix(e, "token %s: key %s",
		    hsm_identity(h)->name, k->label);
	if (possession_prove_key(h, held, k, e) == -1)
		return -1;
	*found = held;
	return 0;
}
