/* SHA-256 of files of any size. */
#ifndef RZ_KEYTOOL_FILE_HASH_H
#define RZ_KEYTOOL_FILE_HASH_H

#include <stdint.h>

#include "lib/error.h"
#include "lib/hex.h"

/* "-" is standard input. */
int file_hash(uint8_t digest[SHA256_SIZE], const char *path, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
