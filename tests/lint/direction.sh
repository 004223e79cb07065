#!/bin/sh
# lib < hsm < keytool < rollover < signer: nothing includes upward, and the
# library of each directory only what its row says.
. "$(dirname "$0")/lib.sh"

# May this file include that header?
may() {
	case $1:$2 in
	*:tests/*) return 1 ;;
	*:lib/*) return 0 ;;
	lib/*) return 1 ;;
	hsm/*:hsm/*) return 0 ;;
	hsm/*) return 1 ;;
	# The model of a key knows nothing of where private halves are.
	keytool/key.[ch]:hsm/* | keytool/keys.c:hsm/* | \
	keytool/key_*:hsm/* | keytool/dnskey*:hsm/* | \
	keytool/ds*:hsm/* | keytool/name*:hsm/* | \
	keytool/anchor*:hsm/*) return 1 ;;
	keytool/*:hsm/* | keytool/*:keytool/*) return 0 ;;
	keytool/*) return 1 ;;
	# A decision about time is pure: no files, no HSM.
	rollover/cmd_*:signer/* | rollover/main.c:signer/*) return 1 ;;
	rollover/cmd_* | rollover/main.c:*) return 0 ;;
	rollover/*:rollover/*) return 0 ;;
	rollover/*:keytool/key.h | rollover/*:keytool/dnskey.h | \
	rollover/*:keytool/name.h | rollover/*:keytool/key_store.h) return 0 ;;
	rollover/*) return 1 ;;
	# Private keys are bound to the signer in its commands alone.
	signer/cmd* | signer/main.c:*) return 0 ;;
	signer/*:hsm/* | signer/*:keytool/token.h | \
	signer/*:keytool/possession.h) return 1 ;;
	signer/*:rollover/keyset.h | signer/*:rollover/policy.h) return 0 ;;
	signer/*:rollover/*) return 1 ;;
	signer/*) return 0 ;;
	*) return 1 ;;
	esac
}

for f in $(sources); do
	for h in $(sed -n 's/^[ 	]*#[ 	]*include[ 	]*"\([^"]*\)".*/\1/p' "$f")
	do
		may "$f" "$h" || say "$f: includes $h	[direction]"
	done
done
exit $bad
