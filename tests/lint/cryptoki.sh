#!/bin/sh
# Cryptoki stays in hsm/.
. "$(dirname "$0")/lib.sh"
forbid '(^|[^A-Za-z0-9_])(CK_[A-Z]|CK[FKMORU]_[A-Z]|C_[A-Z][a-z])|pkcs11\.h' \
    'PKCS#11 outside hsm/' 'hsm/*'
for f in $(sources | grep -v '^hsm/'); do
	grep -Hn '#[ ]*include.*p\(kcs\)*11' "$f" >&2 && bad=1
done
exit $bad
