/*
 * What RDATA is made of: the fields of each known type, a letter each.
 *
 *	N	a name, in lower case when canonical (RFC 4034 section 6.2)
 *	n	a name that keeps its case (RFC 6840 section 5.1, RFC 3597)
 *	1 2 4	a number of so many octets
 *	y t	a type; a signature time
 *	a q	an IPv4 address; an IPv6 address
 *	e E g	6 and 8 octets (RFC 7043), 8 octets in groups (RFC 6742)
 *	S c D	a character-string; the tag of a CAA; digits (RFC 1183)
 *	h H	a salt; a hash (RFC 5155 section 3)
 *
 * and these, which take all that is left:
 *
 *	T W	one character-string or more; one or two
 *	k	a bitmap of ports (RFC 1035 section 3.4.2)
 *	V	text without a length (RFC 8659 section 4.1, RFC 7553)
 *	X x	hexadecimal; x: may be empty
 *	B b	base64; b: may be empty
 *	M m	a bitmap of types (RFC 4034 section 4.1.2); m: looked at later
 *	O	a bitmap of 16 octets at most (RFC 2535 section 5.2)
 *	L P K	LOC; the items of APL; the parameters of SVCB
 *	I J R 6	IPSECKEY; HIP; AMTRELAY; A6
 *	*	anything
 */
#ifndef RZ_SIGNER_RDATA_FIELD_H
#define RZ_SIGNER_RDATA_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "*" for a type that is not known. */
const char *rdata_fields(uint16_t type);

/*
 * Octets of the field at p, with `left` octets there; false when it is not
 * well formed or does not fit.
 */
bool rdata_field(char field, const uint8_t *p, size_t left, size_t *len)
    __attribute__((nonnull, warn_unused_result));

/* Has it the length that another field says?  The fields are well formed. */
bool rdata_length_agrees(uint16_t type, const uint8_t *rdata, size_t len)
    __attribute__((nonnull));

/* Fields that take all that is left, and need a look of their own. */
bool rdata_bitmap(const uint8_t *p, size_t len) __attribute__((nonnull));
bool rdata_loc(const uint8_t *p, size_t len) __attribute__((nonnull));
bool rdata_apl(const uint8_t *p, size_t len) __attribute__((nonnull));
bool rdata_svcb(const uint8_t *p, size_t len) __attribute__((nonnull));
bool rdata_ipseckey(const uint8_t *p, size_t len) __attribute__((nonnull));
bool rdata_hip(const uint8_t *p, size_t len) __attribute__((nonnull));
bool rdata_amtrelay(const uint8_t *p, size_t len) __attribute__((nonnull));
bool rdata_a6(const uint8_t *p, size_t len) __attribute__((nonnull));

#endif
