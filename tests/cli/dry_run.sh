#!/bin/sh
# -n changes nothing, whatever the verb, and still says what would be done;
# then the same verb without -n does change something.
. "$(dirname "$0")/../common.sh"

# Names, modes and contents.  A token's own bookkeeping of logins is not ours.
image() {
	find . ! -name '*.lock' ! -name generation ! -name token.object \
	    -printf '%p %m %y %l\n' | sort
	find . -type f ! -name '*.lock' ! -name generation \
	    ! -name token.object -exec sha256sum {} + | sort
}

# dry NAME COMMAND…: with -n nothing; without it, something.
dry() {
	name=$1 program=$2
	shift 2
	image >"$T/before"
	exits 0 "$name -n" "$program" "$@" -n
	image >"$T/after"
	if cmp -s "$T/before" "$T/after"; then
		ok "$name -n changes nothing"
	else
		diff "$T/before" "$T/after" >"$T/diff"
		not_ok "$name -n changes something" "$T/diff"
	fi
	exits 0 "$name" "$program" "$@"
	image >"$T/after"
	if cmp -s "$T/before" "$T/after"; then
		not_ok "$name changes nothing: this test shows nothing"
	fi
}

mkdir "$T/lab" && cd "$T/lab" || exit 2
lab_tokens
lab_config example. ECDSAP256SHA256
zone=$top/tests/interop/example.zone
dry "rz-rollover init" "$rollover" init
dry "rz-keytool token init" "$keytool" token init --so-pin-file so.pin
dry "rz-keytool generate ksk" "$keytool" generate ksk
dry "rz-keytool generate zsk" "$keytool" generate zsk
dry "rz-rollover init --first-keys" "$rollover" init --first-keys
dry "rz-signer sign" "$signer" sign -i "$zone" -o signed
dry "rz-keytool ds" "$keytool" ds -o ds
dry "rz-keytool dnskey" "$keytool" dnskey -o dnskey
dry "rz-keytool list" "$keytool" list -o list
dry "rz-rollover log" "$rollover" log -o log
dry "rz-rollover status" "$rollover" status -o status
dry "rz-keytool hash" "$keytool" hash rz.yaml -o hash

# A key of one's own, to be imported and destroyed again.
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem \
    2>/dev/null || skip "openssl is not installed"
chmod 600 key.pem
dry "rz-keytool import" "$keytool" import --role zsk key.pem --label imported
dry "rz-keytool destroy" "$keytool" destroy imported --confirm imported
finish
