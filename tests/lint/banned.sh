#!/bin/sh
# Functions that have no safe use here.
. "$(dirname "$0")/lib.sh"
forbid '(^|[^A-Za-z0-9_>.])(strcpy|strcat|strncat|stpcpy|sprintf|vsprintf|gets|atoi|atol|atof|strtok|system|popen|alloca|tmpnam|tempnam|mktemp|fork|vfork|rand|srand|random) *\(' \
    'banned function'
forbid '(^|[^A-Za-z0-9_])(ENGINE_|RSA_(sign|new)|EC_KEY_new|SHA256_Init)' \
    'deprecated OpenSSL'
exit $bad
