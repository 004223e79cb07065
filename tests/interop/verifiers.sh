#!/bin/sh
# Zones that we signed, before every foreign verifier: each algorithm, the
# root and another zone.  Then the same verifiers with one octet wrong: what
# never says no proves nothing.
. "$(dirname "$0")/../common.sh"
need dnssec-verify kzonecheck ldns-verify-zone named-checkzone nsd-checkzone

# spoil TYPE FILE: another character in the signature over the first RRset of
# the type.
spoil() {
	awk -v type="$1" '!done && $4 == "RRSIG" && $5 == type {
		c = substr($NF, 20, 1)
		$NF = substr($NF, 1, 19) (c == "A" ? "B" : "A") substr($NF, 21)
		done = 1
	} { print }' "$2"
}

# judge NAME ZONE FILE: everybody agrees.
judge() {
	for v in $verifiers $loaders; do
		exits 0 "$1: $v" foreign "$v" "$2" "$3"
	done
	exits 0 "$1: rz-signer verify" "$signer" verify "$3" --anchors anchors \
	    --unsigned "$4"
}

# refuse NAME ZONE FILE VERIFIER…: each of them says no.
refuse() {
	name=$1 zone=$2 file=$3
	shift 3
	for v; do
		if foreign "$v" "$zone" "$file" >"$T/out" 2>&1; then
			not_ok "$name: $v does not see it" "$T/out"
		else
			ok "$name: $v sees it"
		fi
	done
	exits 1 "$name: rz-signer sees it" "$signer" verify "$file" \
	    --anchors anchors
}

# trial NAME ZONE ALGORITHM FILE
trial() {
	cd "$T" || exit 2
	lab "$T/$1" "$2" "$3" 2>"$T/err" || {
		not_ok "$1: keys" "$T/err"
		return
	}
	exits 0 "$1: sign" "$signer" sign -i "$4" -o signed || return
	judge "$1" "$2" signed "$4"
	spoil SOA signed >bad
	# shellcheck disable=SC2086 # a list
	refuse "$1, SOA spoilt" "$2" bad $verifiers
	spoil NSEC signed >bad
	# shellcheck disable=SC2086
	refuse "$1, NSEC spoilt" "$2" bad $verifiers
}

"$B/tests/tools/zonegen" -n 200 >"$T/root.zone"
example=$top/tests/interop/example.zone
trial root-rsa . RSASHA256 "$T/root.zone"
# Glue is not signed: only ZONEMD sees that it changed.
awk '!done && $4 == "A" { $5 = "192.0.2.99"; done = 1 } { print }' signed >bad
refuse "root-rsa, glue changed" . bad ldns-verify-zone
trial root-rsa512 . RSASHA512 "$T/root.zone"
trial root-p256 . ECDSAP256SHA256 "$T/root.zone"
trial root-ed25519 . ED25519 "$T/root.zone"
trial example-rsa example. RSASHA256 "$example"
trial example-p256 example. ECDSAP256SHA256 "$example"
trial example-p384 example. ECDSAP384SHA384 "$example"
trial example-ed25519 example. ED25519 "$example"
finish
