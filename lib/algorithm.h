/*
 * The DNSSEC algorithms we sign and verify with: what the IANA registry
 * "DNS Security Algorithm Numbers" and RFC 8624 say of each, in one table.
 */
#ifndef RZ_LIB_ALGORITHM_H
#define RZ_LIB_ALGORITHM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum algorithm_number {
	ALG_RSASHA1 = 5,	  /* RFC 3110; verified, never made */
	ALG_RSASHA1_NSEC3 = 7,	  /* RFC 5155; verified, never made */
	ALG_RSASHA256 = 8,	  /* RFC 5702 */
	ALG_RSASHA512 = 10,	  /* RFC 5702 */
	ALG_ECDSAP256SHA256 = 13, /* RFC 6605 */
	ALG_ECDSAP384SHA384 = 14, /* RFC 6605 */
	ALG_ED25519 = 15,	  /* RFC 8080 */
	ALG_ED448 = 16		  /* RFC 8080; verified, never made */
};

enum algorithm_family { FAMILY_RSA, FAMILY_ECDSA, FAMILY_EDDSA };

struct algorithm {
	uint8_t number;
	const char *name; /* mnemonic of the registry: "RSASHA256" */
	enum algorithm_family family;
	const char *digest; /* name for EVP_MD_fetch; NULL: signs the message */
	const char *curve;  /* OpenSSL's group or key type name; NULL for RSA */
	size_t signature;   /* octets in RRSIG RDATA; 0: size of the modulus */
	size_t key;	    /* octets in DNSKEY RDATA; 0: varies (RSA) */
	bool signs;	    /* we make keys and signatures with it */
	bool deterministic; /* the same input gives the same signature */
};

#define SIGNATURE_MAX 512 /* octets: RSA-4096 */

/* NULL when the number or name (any case) is not in the table. */
const struct algorithm *algorithm_by_number(uint8_t number);
const struct algorithm *algorithm_by_name(const char *name);

/*
 * What a key of this algorithm may have as its size: RSA 2048, 3072, 4096;
 * for the others only their own (256, 384), or 0 for "as the algorithm says".
 */
bool algorithm_allows_bits(const struct algorithm *a, unsigned bits);

/* bits, or for 0 the size that every key of the algorithm has. */
unsigned algorithm_bits(const struct algorithm *a, unsigned bits);

#endif
