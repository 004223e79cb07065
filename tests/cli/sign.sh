#!/bin/sh
# rz-signer sign as its operators meet it: serials, what is refused and where
# it lies then, overrides on the record, standard input.
. "$(dirname "$0")/../common.sh"

lab "$T/lab" example. RSASHA256 2>"$T/err" ||
	{ not_ok "a zone's keys" "$T/err"; finish; }
now=$(date -u +%Y%m%d%H%M%S)
zone() { # zone SERIAL DELEGATIONS
	echo '$TTL 300'
	echo "@ SOA ns h $1 1800 900 604800 300"
	printf '@ NS ns\nns A 192.0.2.1\n'
	seq -f 'd%g NS ns' "$2"
}
sign() { "$signer" sign -q -o signed "$@"; }
says() { # says NAME REGEX: of the last command
	if grep -qE -- "$2" "$T/err"; then ok "$1"; else
		not_ok "$1: nothing like $2" "$T/err"; fi
}
unchanged() { # unchanged NAME: signed is what it was
	if cmp -s signed before; then ok "$1"; else not_ok "$1"; fi
}

### serial: keep
zone 1 40 >one.zone
exits 0 "a first time" sign -t "$now" -i one.zone
cp signed before
exits 0 "the same again: nothing differs" sign -t "$now" -i one.zone
unchanged "the same octets"
later=$(date -u -d '+1 hour' +%Y%m%d%H%M%S)
exits 1 "the same serial an hour later" sign -t "$later" -i one.zone
says "which serial" 'serial: 1 was published already'
zone 1 41 >more.zone
exits 1 "the same serial, another content" sign -t "$now" -i more.zone
zone 0 40 >behind.zone
exits 1 "a serial that is behind" sign -t "$now" -i behind.zone
says "of which" 'serial: 0 is not ahead of 1'
unchanged "what is published stays"

### the other policies
policy() { sed "s/serial: keep/serial: $1/" rz.yaml >other.yaml; }
serial() { awk '$4 == "SOA" { print $7 }' signed; }
policy increment
exits 0 "increment" sign -c other.yaml -i one.zone
[ "$(serial)" = 2 ] && ok "it is 2" || not_ok "increment: $(serial)"
policy unixtime
exits 0 "unixtime" sign -c other.yaml -t 20270115080000 -i one.zone
[ "$(serial)" = 1800000000 ] && ok "it is 1800000000" ||
	not_ok "unixtime: $(serial)"
policy date
exits 0 "date" sign -c other.yaml -t 20270115080000 -i one.zone
[ "$(serial)" = 2027011500 ] && ok "it is 2027011500" ||
	not_ok "date: $(serial)"

### refused by the verifier: kept aside, the old one stays, and on the record
cp signed before
zone 2027011501 1 >lost.zone
exits 1 "39 of 40 delegations gone" sign -t 20270115090000 -i lost.zone
says "by which rule" 'change-delegations'
says "where it lies" 'kept as .*signed\.refused'
unchanged "what is published stays"
[ -s signed.refused ] && ok "the refused one is there" ||
	not_ok "no signed.refused"
says "what to do" 'if this is intended: --override change-delegations'
says "how long there is" 'signatures stay valid until .* are left'
rm signed.refused
exits 2 "an override without a reason" sign -i lost.zone \
    --override change-delegations
exits 2 "an empty reason" sign -i lost.zone --override change-delegations \
    --reason ''
exits 1 "an override of another rule" sign -t 20270115090000 -i lost.zone \
    --override lost-dot --reason 'not this'
exits 2 "an override of a cryptographic rule" sign -t 20270115090000 \
    -i lost.zone --override signature-wrong --reason 'never'
exits 2 "an override of no rule" sign -t 20270115090000 -i lost.zone \
    --override no-such-rule --reason 'never'
exits 2 "a previous version that is not there" sign -t 20270115090000 \
    -i lost.zone --previous nosuch
exits 2 "the same, said beforehand" sign -n -t 20270115090000 -i lost.zone \
    --override no-such-rule --reason 'never'
exits 2 "onto standard output" "$signer" sign -i lost.zone -o -
"$signer" sign -q -i - -o lost.zone <lost.zone 2>"$T/err"
[ $? -eq 2 ] && ok "onto the input behind standard input" ||
	not_ok "onto the input behind standard input" "$T/err"
unchanged "what is published still stays"
rm -f signed.refused
mv signed elsewhere
exits 1 "the last output was moved away: still bounded" \
    sign -t 20270115090000 -i lost.zone
says "by which rule" 'change-delegations'
mv elsewhere signed
mv rz.db.published kept && mv signed elsewhere
exits 1 "moved, and no copy: refused" sign -t 20270115090000 -i lost.zone
says "why, and what to do" 'cannot be bounded; give it with --previous'
exits 2 "against nothing, without a reason" sign -t 20270115090000 \
    -i lost.zone --previous none
exits 0 "against nothing, with a reason" sign -n -t 20270115090000 \
    -i lost.zone --previous none --reason 'the disk was lost'
mv kept rz.db.published && cp elsewhere signed && echo '; touched' >>signed
exits 1 "altered in place: still bounded by the copy" \
    sign -t 20270115090000 -i lost.zone
says "by which rule" 'change-delegations'
mv elsewhere signed
exits 0 "an override with a reason" sign -t 20270115090000 -i lost.zone \
    --override change-delegations --reason 'the registry was merged'
"$rollover" log >"$T/err"
says "the reason is in the log" 'the registry was merged'
"$rollover" log -j >"$T/err"
says "and the rule" 'change-delegations'
exits 0 "the chain" "$rollover" -q log --verify

### what is strange
zone 2027011502 1 >strange.zone
printf 'hidden.d1 TXT x\n' >>strange.zone
exits 0 "occluded data" sign -t 20270115100000 -i strange.zone
says "a warning" 'warning: .*occluded: hidden\.d1\.example\. TXT'
cp signed before
exits 1 "occluded data, strictly" sign -t 20270115100000 --strict -i strange.zone
zone 2027011503 1 >mixed.zone
printf 'm 100 A 192.0.2.1\nm 50 A 192.0.2.2\n' >>mixed.zone
exits 1 "two TTLs in an RRset" sign -t 20270115110000 -i mixed.zone
says "which" 'ttl-differs: m\.example\. A'
unchanged "what is published stays"
exits 0 "the lowest of them" "$signer" sign -o signed -t 20270115110000 \
    --min-ttl -i mixed.zone
says "it says so" 'lowered 1 TTL'
[ "$(awk '$1 == "m.example." && $4 == "A" && $2 == 50' signed | wc -l)" -eq 2 ] &&
	ok "both are 50" || not_ok "TTLs" signed

### standard input, JSON, a second opinion
zone 2027011504 1 >stdin.zone
"$signer" sign -q -o signed -t 20270115120000 -i - <stdin.zone 2>"$T/err" &&
	ok "standard input" || not_ok "standard input" "$T/err"
zone 2027011505 1 >json.zone
exits 0 "JSON" sign -j -t 20270115130000 -i json.zone
python3 -c 'import json, sys; d = json.load(sys.stdin)
assert d["signed"] and d["serial"] == 2027011505 and d["verify"]["errors"] == 0
assert d["signatures"] == d["verify"]["signatures"] > 5' <"$T/out" 2>"$T/err" &&
	ok "it says what was done" || not_ok "JSON" "$T/err" "$T/out"
exits 0 "verified against the input" "$signer" verify -q -t 20270115130000 \
    --anchors anchors --unsigned json.zone signed

### two at a time: never one serial for two contents
sed 's/serial: keep/serial: increment/' rz.yaml >other.yaml
cp "$T/lab/signed" before
zone 2027011600 1 >a.zone
zone 2027011600 2 >b.zone
at=20270115140000
"$signer" sign -q -c other.yaml -t $at -i a.zone -o a.signed 2>a.err & one=$!
"$signer" sign -q -c other.yaml -t $at -i b.zone -o b.signed 2>b.err & two=$!
wait $one; one=$?
wait $two; two=$?
serial_of() { awk '$4 == "SOA" { print $7 }' "$1" 2>/dev/null; }
if [ $one -eq 0 ] && [ $two -eq 0 ]; then
	[ "$(serial_of a.signed)" != "$(serial_of b.signed)" ] &&
		ok "one after the other" ||
		not_ok "two contents under serial $(serial_of a.signed)"
elif [ $((one + two)) -eq 1 ]; then
	grep -q 'another run has published' a.err b.err &&
		ok "the second one is refused" || not_ok "two at a time" a.err b.err
else
	not_ok "two at a time: $one and $two" a.err b.err
fi

### validators that must say yes
mkdir bin
printf '#!/bin/sh\necho no\nexit 1\n' >bin/kzonecheck && chmod 755 bin/kzonecheck
sed '$a verify: {also: [kzonecheck], required: [kzonecheck]}' other.yaml >asked.yaml
zone 2027011700 2 >asked.zone
PATH=$PWD/bin:$PATH "$signer" sign -q -c asked.yaml -t 20270115150000 \
    -i asked.zone -o asked.signed 2>"$T/err"
[ $? -eq 1 ] && [ ! -e asked.signed ] && ok "one that says no" ||
	not_ok "a required validator said no" "$T/err"
says "which" 'kzonecheck: failed'

### ECDSA: its randomness does not make another zone
lab "$T/ecdsa" example. ECDSAP256SHA256 2>"$T/err" ||
	not_ok "an ECDSA zone's keys" "$T/err"
now=$(date -u +%Y%m%d%H%M%S)
zone 1 3 >one.zone
sed 's/serial: keep/serial: increment/' rz.yaml >increment.yaml
exits 0 "ECDSA" sign -t "$now" -i one.zone
cp signed before
exits 0 "the same again" sign -t "$now" -i one.zone
unchanged "it is left as it is"
exits 0 "the same under another name" "$signer" sign -q -t "$now" \
    -i one.zone -o another
cmp -s another signed && ok "is a copy" || not_ok "another name, another zone"
echo garbage >garbage
exits 0 "the same, beside another --previous" sign -t "$now" -i one.zone \
    --previous garbage
unchanged "it is left as it is"
exits 0 "and under another name" "$signer" sign -q -t "$now" -i one.zone \
    -o third --previous garbage
cmp -s third signed && ok "is a copy of what passed" ||
	not_ok "what --previous names was published" third
exits 0 "a day of the future" sign -t "$(date -u -d '+1 day' +%Y%m%d%H%M%S)" \
    -i one.zone -c increment.yaml
says "a warning" 'warning: signatures begin at .*not valid yet'

### nothing is left lying
[ -z "$(ls -A | grep '^\.signed')" ] && ok "no temporary files" ||
	not_ok "temporary files: $(ls -A)"
finish
