/*
 * The entry of a harness: one parser, one input.  libFuzzer calls it under
 * `make fuzz F=NAME`; main.c calls it for each file of a corpus.
 */
#ifndef RZ_TESTS_FUZZ_FUZZ_H
#define RZ_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
