#!/bin/sh
# No function over 60 lines, no file over 500, no line over 80 columns.
. "$(dirname "$0")/lib.sh"
tests=$([ -n "${LINT_ONLY-}" ] || ls tests/*/*.[ch] 2>/dev/null)
# shellcheck disable=SC2046,SC2086 # lists
awk -f "$here/length.awk" $(sources) $tests
