#!/bin/sh
# rz-signer verify: what it prints where, what it refuses, what it records.
. "$(dirname "$0")/../common.sh"
cd "$T" || exit 2
day=20270115080000 next=20270116080000
lab "$T/lab" example. ED25519 2>"$T/err" || {
	not_ok "keys" "$T/err"
	finish
}
cat >zone <<END
\$TTL 3600
@ SOA ns hostmaster 1 1800 900 604800 3600
@ NS ns
ns A 192.0.2.1
sub NS ns.sub
ns.sub A 192.0.2.2
ns.sub A 192.0.2.3
END
sed 's/hostmaster 1 /hostmaster 2 /' zone >next
exits 0 "sign" "$signer" sign -i zone -o signed -t $day
exits 0 "sign the next" "$signer" sign -i next -o next.signed -t $next
verify() { "$signer" verify -t $day "$@"; }

# printed PATTERN FILE WHAT
printed() {
	grep -qE -- "$1" "$2" && ok "$3" || not_ok "$3: no $1" "$2"
}
# unprinted PATTERN FILE WHAT
unprinted() {
	grep -qE -- "$1" "$2" && not_ok "$3: $1" "$2" || ok "$3"
}
# silent FILE WHAT
silent() {
	[ ! -s "$1" ] && ok "$2" || not_ok "$2" "$1"
}

exits 0 "good" verify signed --anchors anchors --unsigned zone
printed '^good, from a trust anchor: 0 errors' "$T/out" "a summary"
printed '^unsigned: nothing lost, nothing added$' "$T/out" "the comparison"
silent "$T/err" "nothing to complain of"
exits 0 "quietly" verify -q signed
silent "$T/out" "-q prints nothing"
exits 0 "standard input" sh -c "'$signer' verify -t $day - <signed"
exits 2 "standard input twice" verify - --previous -
exits 2 "no file" verify
exits 2 "two files" verify signed next
exits 0 "-o" verify signed -o report
printed '^good' report "-o has the summary"
silent "$T/out" "-o: nothing on stdout"
exits 2 "-o onto the input" verify signed -o signed
exits 2 "-o into nowhere" verify signed -o no/where
exits 0 "JSON" verify --json signed --anchors anchors
printed '"good": true' "$T/out" "JSON says good"
printed '"anchored": true' "$T/out" "JSON says from where"

# Another zone than the configuration's.
exits 2 "-c of another zone" verify signed -c rz.yaml --zone test.
exits 2 "a zone that is none" verify signed --zone 'a..b'
(cd "$T" && exits 0 "without a configuration" verify lab/signed \
    --zone example. && ! grep -q policy "$T/err") || failed=1

# What is wrong, where, and what can be done.
grep -v '192.0.2.3' signed >lost
exits 1 "glue is lost" verify lost --unsigned zone
printed '^lost: record-lost: ns.sub.example. A: .*192.0.2.3' "$T/err" \
    "the record that is lost"
printed '^lost: zonemd-wrong: example. ZONEMD: ' "$T/err" "ZONEMD too"
printed 'override record-lost --reason TEXT' "$T/err" "what may be overridden"
printed 'no override changes that' "$T/err" "what may not"
exits 1 "the previous is good for a while" verify lost --previous signed
printed '^signed: its signatures stay valid until 2027-01-28T08:00:00Z: 13d' \
    "$T/err" "how long"
exits 1 "the same, later" "$signer" verify -t 20270128080001 lost \
    --previous signed
printed '^signed: its signatures expired at .*, 1s ago' "$T/err" "how long ago"

# sound LINES WHAT: a zone with these lines is signed, and found good.
serial=2
sound() {
	serial=$((serial + 1))
	printf '$TTL 3600\n@ SOA ns hostmaster %d 1800 900 604800 3600\n%b' \
	    $serial "$1" >odd
	exits 0 "$2: signed" "$signer" sign -i odd -o odd.signed -t $day \
	    --min-ttl --previous none --reason other
	exits 0 "$2: good" verify odd.signed --unsigned odd
}
sound '@ NS ns2\n* A 192.0.2.9\n' "an address by wildcard"
unprinted glue "$T/err" "and nothing is missing"
sound '@ NS ns\nns A 192.0.2.1\nsub NS gone\n' "a name server that is gone"
printed '^odd.signed: ns-address: sub.example. NS: .*not exist' "$T/err" "told"
sound '@ NS ns\nns A 192.0.2.1\nsub NS a\na CNAME ns\n' "one that is an alias"
printed '^odd.signed: ns-cname: sub.example. NS: .*alias' "$T/err" "told"
sound '@ NS ns\nns A 192.0.2.1\nns 60 A 192.0.2.1\n' "one record, two TTLs"
printed '^odd.signed: ttl-lowered: ns.example. A: TTL 60' "$T/err" "told"

# An override needs a reason, a rule that there is, and leaves an event.
exits 1 "an older version" "$signer" verify -t $next signed --previous next.signed
printed 'serial-previous: example. SOA: serial 1 is not ahead of 2' "$T/err" \
    "the serial"
override() {
	"$signer" verify -t $next signed --previous next.signed \
	    --override serial-previous "$@"
}
exits 2 "an override without a reason" override
events() { "$rollover" log | wc -l; }
before=$(events)
exits 1 "an override, dry" override --reason 'back out' -n
printed '^signed: serial-previous: would be overridden$' "$T/err" "it is told"
exits 1 "JSON, dry" override --reason 'back out' -n --json
printed '"good": false' "$T/out" "a dry override makes nothing good"
exits 0 "nothing to override, dry" verify signed -n --override lost-dots \
    --reason none
unprinted 'would be' "$T/err" "nothing would be"
exits 2 "an override of no rule, dry" verify signed -n --override x --reason y
exits 2 "a cryptographic one, dry" verify signed -n --reason y \
    --override signature-wrong
[ "$(events)" -eq "$before" ] && ok "-n: no event" || not_ok "-n: an event"
exits 0 "an override" override --reason 'back out'
printed '\(overridden\)$' "$T/err" "it is still told"
[ "$(events)" -eq $((before + 1)) ] && ok "one event" || not_ok "no event"
"$rollover" log >"$T/log"
printed 'rz-signer verify.*back out' "$T/log" "verb and reason are recorded"
exits 0 "an override of what was not found" verify signed \
    --override lost-dots --reason none
[ "$(events)" -eq $((before + 1)) ] && ok "no event" || not_ok "an event"
exits 2 "an override of no rule" verify signed --override x --reason y
printed 'no such rule: x' "$T/err" "which"
exits 0 "the chain is whole" "$rollover" log --verify

# What no state can take may not pass: no configuration, of another zone, or
# one that names no state.
nothing_takes() {
	exits 2 "$1" override --reason 'back out' --zone example.
	printed "--override: cannot be recorded: $2" "$T/err" "$1: why"
	exits 2 "$1, dry" override --reason 'back out' --zone example. -n
}
mkdir elsewhere
cp signed next.signed elsewhere
cd elsewhere || exit 2
nothing_takes "without a configuration" \
    'there is no configuration for the zone example\.$'
sed 's/^zone: .*/zone: test./' ../rz.yaml >rz.yaml
nothing_takes "of another zone" \
    'there is no configuration for the zone example\.$'
sed '/^state:/d' ../rz.yaml >rz.yaml
nothing_takes "without a state" '.*rz.yaml: state: needed'
cd .. || exit 2

# The configuration: severities, and validators that are required.
cat >>rz.yaml <<END
verify:
  severity: {dnskey-size: error, serial-previous: warning}
  dnskey-size: 512
  also: [kzonecheck]
  required: [kzonecheck]
END
exits 0 "a severity that was lowered" verify signed --previous next.signed -q
mkdir bin
printf '#!/bin/sh\necho I do not like it\nexit 1\n' >bin/kzonecheck
chmod 700 bin/kzonecheck
PATH=$T/lab/bin:$PATH
exits 1 "a required validator says no" verify signed
printed 'kzonecheck: failed: I do not like it$' "$T/err" "what it says"
exits 1 "it is asked, whatever --also says" verify signed --also none
exits 1 "and JSON says so" verify --json signed
printed '"good": false' "$T/out" "not good"
sed -i '/required/d' rz.yaml
exits 0 "only asked" verify signed
printed 'failed: I do not like it \(warning\)$' "$T/err" "a warning"
exits 0 "not asked" verify signed --also none
silent "$T/err" "and so not told"
exits 2 "a validator that nobody knows" verify signed --also xzonecheck
sed -i 's/serial-previous: warning/signature-wrong: warning/' rz.yaml
exits 2 "the severity of a cryptographic rule" verify signed
printed 'signature-wrong is cryptographic' "$T/err" "which"
finish
