/*
 * The first keys of a zone that nobody has signed before: published and
 * active at once, since no cache can hold anything that they contradict.
 * Pure.
 */
#ifndef RZ_ROLLOVER_FIRST_KEYS_H
#define RZ_ROLLOVER_FIRST_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "keytool/key.h"

#define FIRST_KEYS_MAX 16 /* a KSK and a ZSK of eight algorithms */

struct first_keys {
	struct key *key[FIRST_KEYS_MAX]; /* in the keys given; not owned */
	size_t n;
};

/*
 * Choose one KSK and one ZSK of each algorithm that the candidates (created,
 * never used, not destroyed) have, and set their published and activated to
 * now.  Names (id, label …) choose where there are several candidates, and
 * then only the algorithms of the keys they name count.  A no when a key was
 * ever published; trouble when the choice is not clear.  On failure no key
 * is changed.
 */
int first_keys_publish(struct first_keys *first, struct keys *keys,
    const char *const *name, size_t names, int64_t now, struct error *e)
    __attribute__((nonnull(1, 2, 6), warn_unused_result));

#endif
