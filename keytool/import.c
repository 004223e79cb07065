#include "keytool/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/x509.h>

#include "keytool/adopt.h"
#include "keytool/generate.h"
#include "lib/hex.h"
#include "lib/pubkey.h"
#include "lib/xalloc.h"

static int
public_half(const struct buf *pkcs8, uint8_t algorithm, struct buf *out,
    struct error *e)
{
	const unsigned char *p = pkcs8->data;
	EVP_PKEY *pkey = d2i_AutoPrivateKey(NULL, &p, (long)pkcs8->len);
	int rv;

	if (pkey == NULL)
		return error_openssl(e, "not a private key");
	rv = pubkey_encode(out, algorithm, pkey, e);
	EVP_PKEY_free(pkey);
	return rv;
}

static int
check_algorithm(const struct import *im, uint8_t said, struct error *e)
{
	const struct algorithm *a = algorithm_by_number(im->algorithm);
	const struct algorithm *f = algorithm_by_number(said);

	if (a == NULL || !a->signs)
		return error_set(e, "algorithm %u: no keys are used with it",
		    im->algorithm);
	if (said != 0 && said != im->algorithm)
		return error_set(e, "the key is one for %s, the policy asks "
		    "for %s", f != NULL ? f->name : "an unknown algorithm",
		    a->name);
	return 0;
}

static int
name_key_pair(const struct import *im, struct key *k, struct error *e)
{
	if (generate_cka_id(k->cka_id, e) == -1)
		return -1;
	k->cka_id_len = KEY_CKA_ID;
	if (im->label == NULL)
		return generate_label(k->label, im->role, im->keys,
		    im->record.now, e);
	if (generate_check_label(im->label, im->keys, e) == -1)
		return -1;
	snprintf(k->label, sizeof k->label, "%s", im->label);
	return 0;
}

static int
fill(const struct import *im, const struct buf *pkcs8, struct key *k,
    struct error *e)
{
	const struct algorithm *a = algorithm_by_number(im->algorithm);
	struct buf pub = BUF_INIT;
	int rv = -1;

	if (public_half(pkcs8, im->algorithm, &pub, e) == -1) {
		error_prefix(e, "%s: for %s", im->path, a->name);
		goto out;
	}
	key_init(k, im->role, im->algorithm, pub.data, pub.len);
	k->at[KEY_CREATED] = im->record.now;
	if (!algorithm_allows_bits(a, k->bits)) {
		error_set(e, "%s: %u bits are not allowed for %s", im->path,
		    k->bits, a->name);
		goto out;
	}
	if (name_key_pair(im, k, e) == -1)
		goto out;
	rv = adopt_check(k, im->keys, im->record.now, e);
out:
	buf_free(&pub);
	return rv;
}

int
import_read(const struct import *im, struct key *k, struct buf *pkcs8,
    struct error *e)
{
	uint8_t said = 0;

	memset(k, 0, sizeof *k);
	if (hsm_read_key_file(im->path, im->passphrase, pkcs8, &said, e) ==
	    -1)
		return -1;
	if (check_algorithm(im, said, e) == -1)
		return error_prefix(e, "%s", im->path);
	return fill(im, pkcs8, k, e);
}

/* held: one for each token that took it, in order. */
static int
into_each(const struct import *im, const struct key *k,
    const struct buf *pkcs8, struct hsm_key **held, unsigned *n,
    struct error *e)
{
	const struct hsm_key_spec spec = {.algorithm = k->algorithm,
	    .bits = k->bits, .label = k->label, .id = k->cka_id,
	    .id_len = k->cka_id_len};

	for (*n = 0; *n < im->tokens->n; ++*n)
		if (hsm_import(im->tokens->hsm[*n], &spec, pkcs8, &held[*n],
			e) == -1)
			return error_prefix(e, "token %s",
			    hsm_identity(im->tokens->hsm[*n])->name);
	return adopt_prove(im->tokens, k, e);
}

static void
undo(struct hsm_key **held, unsigned n, const struct key *k,
    struct error *e)
{
	struct error more = ERROR_INIT;

	for (unsigned i = 0; i < n; i++)
		if (hsm_destroy(held[i], &more) == -1)
			error_prefix(e, "key %s is left in a token (%.200s)",
			    k->label, more.text);
}

int
import_key(const struct import *im, const struct key *k,
    const struct buf *pkcs8, struct error *e)
{
	struct hsm_key **held = xcalloc(im->tokens->n, sizeof *held);
	char *tokens = tokens_text(im->tokens);
	unsigned n = 0;
	int rv = record_event(&im->record, NULL, e,
	    "intent: import %s %s, id %.16s, into %.200s",
	    key_role_text(k->role), k->label, k->id, tokens);

	if (rv == 0 && (rv = into_each(im, k, pkcs8, held, &n, e)) == 0)
		rv = record_key(&im->record, k, e,
		    "imported %s %s, tag %u, id %.16s",
		    key_role_text(k->role), k->label, k->tag, k->id);
	if (rv == -1)
		undo(held, n, k, e);
	free(tokens);
	free(held);
	return rv;
}
