/* RDATA that the verifier takes apart: RRSIG and DNSKEY. */
#include <string.h>

#include "keytool/dnskey.h"
#include "lib/pubkey.h"
#include "signer/rrsig.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error e = ERROR_INIT;
	struct verifier *v = NULL;
	struct rrsig s;
	struct dnskey k;

	if (rrsig_parse(&s, data, size) == 0 &&
	    (s.signer + s.signer_len > data + size ||
		s.signature + s.signature_len != data + size))
		__builtin_trap();
	if (dnskey_parse(&k, data, size) != 0)
		return 0;
	(void)dnskey_tag(data, size);
	if (verifier_new(&v, k.algorithm, k.key, k.len, &e) == 0)
		verifier_check(v, data, size, data, size);
	verifier_free(v);
	return 0;
}
