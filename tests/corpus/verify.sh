#!/bin/sh
# Every real signed root zone of the corpus passes untouched on its day, from
# the real trust anchors, and does not a second outside of its signatures.
. "$(dirname "$0")/../common.sh"
[ -n "${RZ_CORPUS-}" ] || skip "RZ_CORPUS is not set"
cd "$T" || exit 2
signer=$B/rz-signer
anchors=$(echo "$RZ_CORPUS"/root-anchors-*.xml)

# moment TIME SECONDS: the time so many seconds later, in 14 digits.
moment() {
	s=$(date -u -d "$(echo "$1" | sed 's/\(....\)\(..\)\(..\)\(..\)\(..\)\(..\)/\1-\2-\3 \4:\5:\6/')" +%s)
	date -u -d "@$((s + $2))" +%Y%m%d%H%M%S
}

# window FILE: the latest inception and the first expiration, in 14 digits.
window() {
	awk '$4 == "RRSIG" {
		if (from == "" || $10 > from) from = $10
		if (until == "" || $9 < until) until = $9
	} END { print from, until }' "$1"
}

# says RULE NAME: the rule is among what the last run found.
says() {
	grep -q ": $1: " "$T/err" && ok "$2: $1" || not_ok "$2: no $1" "$T/err"
}

for zone in "$RZ_CORPUS"/zones/*.zone; do
	name=$(basename "$zone")
	set -- $(window "$zone")
	verify() {
		"$signer" verify "$zone" --anchors "$anchors" --time "$@"
	}
	exits 0 "$name from its first second" verify "$1"
	grep -q 'good, from a trust anchor' "$T/out" ||
		not_ok "$name: not from an anchor" "$T/out"
	exits 0 "$name to its last second" verify "$2"
	exits 1 "$name a second before" verify "$(moment "$1" -1)"
	says signature-not-yet "$name"
	exits 1 "$name a second after" verify "$(moment "$2" 1)"
	says signature-expired "$name"
	exits 0 "$name by itself" verify "$1" --unsigned "$zone" \
	    --previous "$zone"
	exits 0 "$name as JSON" verify "$1" --json
	sed -n 's/^  "dnskey_response": \([0-9]*\),$/\1/p' "$T/out" >"$T/size"
	measured=$(sed -n "s/^${name%.zone} .*dnskey4096=\([0-9]*\) .*/\1/p" \
	    "$RZ_CORPUS"/sizes/*.txt)
	if [ -z "$measured" ]; then
		ok "$name: no measured DNSKEY response"
	elif [ "$(cat "$T/size")" = "$measured" ]; then
		ok "$name: a DNSKEY response of $measured octets, as measured"
	else
		not_ok "$name: DNSKEY response, $measured measured" "$T/size"
	fi
	command -v kzonecheck >/dev/null || continue
	exits 0 "$name: kzonecheck agrees" verify "$1" --also kzonecheck
	grep -q '^kzonecheck: passed' "$T/out" ||
		not_ok "$name: kzonecheck did not pass" "$T/out" "$T/err"
done
finish
