/* Points of the Edwards curves of RFC 8032. */
#ifndef RZ_LIB_EDWARDS_H
#define RZ_LIB_EDWARDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Do these octets (32 for edwards25519, 57 for edwards448) decode to a point
 * of their curve (RFC 8032 sections 5.1.3 and 5.2.3)?  False also when out of
 * memory.
 */
bool edwards_point_valid(const uint8_t *point, size_t len)
    __attribute__((nonnull));

#endif
