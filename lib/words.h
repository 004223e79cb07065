/*
 * The PGP word list: an octet as a word that can be read aloud, of two
 * syllables at even positions and three at odd ones, so that a word left
 * out or swapped with its neighbour is heard.
 */
#ifndef RZ_LIB_WORDS_H
#define RZ_LIB_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

/* The word for an octet at this position (counted from 0). */
const char *words_of(uint8_t octet, size_t position);
/* All words of data, separated by blanks, added to out. */
void words_add(struct buf *out, const uint8_t *data, size_t len);
/* The octet of a word (any case) at this position; -1: no such word there. */
int words_octet(const char *word, size_t position) __attribute__((nonnull));

#endif
