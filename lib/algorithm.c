#include "lib/algorithm.h"

#include <strings.h>

static const struct algorithm algorithms[] = {
    {.number = ALG_RSASHA1,
	.name = "RSASHA1",
	.family = FAMILY_RSA,
	.digest = "SHA1",
	.deterministic = true},
    {.number = ALG_RSASHA1_NSEC3,
	.name = "RSASHA1-NSEC3-SHA1",
	.family = FAMILY_RSA,
	.digest = "SHA1",
	.deterministic = true},
    {.number = ALG_RSASHA256,
	.name = "RSASHA256",
	.family = FAMILY_RSA,
	.digest = "SHA256",
	.signs = true,
	.deterministic = true},
    {.number = ALG_RSASHA512,
	.name = "RSASHA512",
	.family = FAMILY_RSA,
	.digest = "SHA512",
	.signs = true,
	.deterministic = true},
    {.number = ALG_ECDSAP256SHA256,
	.name = "ECDSAP256SHA256",
	.family = FAMILY_ECDSA,
	.digest = "SHA256",
	.curve = "P-256",
	.signature = 64,
	.key = 64,
	.signs = true},
    {.number = ALG_ECDSAP384SHA384,
	.name = "ECDSAP384SHA384",
	.family = FAMILY_ECDSA,
	.digest = "SHA384",
	.curve = "P-384",
	.signature = 96,
	.key = 96,
	.signs = true},
    {.number = ALG_ED25519,
	.name = "ED25519",
	.family = FAMILY_EDDSA,
	.curve = "ED25519",
	.signature = 64,
	.key = 32,
	.signs = true,
	.deterministic = true},
    {.number = ALG_ED448,
	.name = "ED448",
	.family = FAMILY_EDDSA,
	.curve = "ED448",
	.signature = 114,
	.key = 57,
	.deterministic = true},
};

#define ALGORITHMS (sizeof algorithms / sizeof *algorithms)

const struct algorithm *
algorithm_by_number(uint8_t number)
{
	for (size_t i = 0; i < ALGORITHMS; i++)
		if (algorithms[i].number == number)
			return &algorithms[i];
	return NULL;
}

const struct algorithm *
algorithm_by_name(const char *name)
{
	for (size_t i = 0; i < ALGORITHMS; i++)
		if (strcasecmp(algorithms[i].name, name) == 0)
			return &algorithms[i];
	return NULL;
}

bool
algorithm_allows_bits(const struct algorithm *a, unsigned bits)
{
	switch (a->family) {
	case FAMILY_RSA:
		return bits == 2048 || bits == 3072 || bits == 4096;
	case FAMILY_ECDSA: /* the key is x and y */
		return bits == 0 || bits == a->key * 8 / 2;
	case FAMILY_EDDSA:
		return bits == 0 || bits == a->key * 8;
	}
	return false;
}

/* The halves of a signature are as long as the order of the curve. */
unsigned
algorithm_bits(const struct algorithm *a, unsigned bits)
{
	return bits != 0 ? bits : (unsigned)a->signature * 4;
}
