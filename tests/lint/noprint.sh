#!/bin/sh
# Libraries neither print nor exit: they fill a struct error.
. "$(dirname "$0")/lib.sh"
b='(^|[^A-Za-z0-9_>.])'
forbid "$b(printf|vprintf|puts|putchar|perror|warnx|vwarn|syslog|warn) *\\(\"|${b}(stdout|stderr)([^A-Za-z0-9_]|\$)" \
    'a library prints' '*/main.c' '*/cmd.[ch]' '*/cmd_*' \
    'lib/cli*' lib/progress.c lib/xalloc.c
# Without memory, or without SHA-256, no program can go on.
forbid "$b(err|errx|verr|exit|_exit|quick_exit|abort) *\\(" \
    'a library exits' '*/main.c' '*/cmd.[ch]' '*/cmd_*' \
    'lib/cli*' lib/xalloc.c lib/arena.c lib/buf.c lib/secret.c lib/hex.c
exit $bad
