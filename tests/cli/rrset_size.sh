#!/bin/sh
# An RRset that no message can hold is refused when it is signed and when it
# is verified; one that just fits is taken, here and by others.
. "$(dirname "$0")/../common.sh"

lab "$T/lab" example. RSASHA256 2>"$T/err" ||
	{ not_ok "a zone's keys" "$T/err"; finish; }
now=$(date -u +%Y%m%d%H%M%S)
zone() { # zone SERIAL ADDRESSES
	echo '$TTL 300'
	echo "@ SOA ns h $1 1800 900 604800 300"
	printf '@ NS ns\nns A 192.0.2.1\n'
	seq 0 $(($2 - 1)) | awk '{ printf "big A 10.0.%d.%d\n",
	    $1 / 256, $1 % 256 }'
}
says() { # says NAME REGEX: of the last command
	if grep -qE -- "$2" "$T/err"; then ok "$1"; else
		not_ok "$1: nothing like $2" "$T/err"; fi
}

# 12 + 17 + 11 of the message, 12 + 283 of the signature, 16 of each address
zone 1 4075 >fits.zone
exits 0 "65,535 octets" "$signer" sign -q -t "$now" -i fits.zone -o signed
exits 0 "verified" "$signer" verify -q --also none -t "$now" signed
if command -v dnssec-verify >/dev/null; then
	exits 0 "by BIND too" dnssec-verify -q -o example. signed
else
	echo "skip BIND: not installed (make deps)"
fi
zone 2 4076 >large.zone
exits 1 "16 octets more" "$signer" sign -q -t "$now" -i large.zone -o signed
says "by which rule" 'rrset-size: big\.example\. A: .* more than 65535'
exits 1 "the refused one, verified" "$signer" verify -q --also none \
    -t "$now" signed.refused
says "by the same rule" 'rrset-size'
exits 2 "no override" "$signer" sign -q -t "$now" -i large.zone -o signed \
    --override rrset-size --reason 'none can be right'
says "why" 'rrset-size is cryptographic'
finish
