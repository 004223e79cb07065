/*
 * libldns, whose headers name types that OpenSSL 3 hides together with its
 * deprecated functions.  We use none of them.
 */
#ifndef RZ_TESTS_UNIT_LDNS_TYPES_H
#define RZ_TESTS_UNIT_LDNS_TYPES_H

typedef struct rsa_st RSA;
typedef struct dsa_st DSA;

#include <ldns/ldns.h>

#endif
