#!/bin/sh
# Wrong input of every kind: one message that names what is wrong, the right
# exit status, nothing half written, the old output still whole.
. "$(dirname "$0")/../common.sh"
clock_shim=$B/tests/fault/clock_shim.so
io_shim=$B/tests/fault/io_shim.so
[ -f "$clock_shim" ] && [ -f "$io_shim" ] || skip "the shims are not built"

lab "$T/lab" example. ECDSAP256SHA256 2>"$T/err" ||
	{ not_ok "a zone's keys" "$T/err"; finish; }
sed -i 's/serial: keep/serial: increment/' rz.yaml
cat >good.zone <<'END'
example. 3600 IN SOA ns.example. h.example. 1 1800 900 604800 3600
example. 3600 IN NS ns.example.
ns.example. 3600 IN A 192.0.2.1
cut.example. 3600 IN NS ns.cut.example.
ns.cut.example. 3600 IN A 192.0.2.2
END
echo 'what was published before' >old
cp old signed

# What is in the directory, but for what the token keeps for itself.
listing() { ls -A | grep -v '\.log$'; }

# bad STATUS NAME REGEX COMMAND…: exactly one line on stderr, warnings and the
# line of usage apart, that matches; no file came, went or changed its name; signed is as it was.
bad() {
	want=$1 name=$2 regex=$3
	shift 3
	before=$(listing)
	"$@" >"$T/out" 2>"$T/err" </dev/null
	got=$?
	grep -v '^rz-[a-z]*: warning: \|^usage: ' "$T/err" >"$T/said"
	why=
	[ $got -eq "$want" ] || why="exit status $got, $want was expected"
	[ "$(wc -l <"$T/said")" -eq 1 ] || why="$why; not one line"
	grep -qE -- "$regex" "$T/said" || why="$why; no match for $regex"
	[ "$(listing)" = "$before" ] || why="$why; files: $(listing | tr '\n' ' ')"
	cmp -s old signed || why="$why; the old output is gone"
	if [ -z "$why" ]; then
		ok "$name"
	else
		not_ok "$name: $why" "$T/err" "$T/out"
	fi
	cp old signed
}

# The configuration with one change, in bad.yaml.
config() { sed "$1" rz.yaml >bad.yaml; }
sign() { "$signer" sign -q -i "${zone:-good.zone}" -o signed "$@"; }
with() { config "$1" && sign -c bad.yaml; }
touch bad.yaml bad.zone

exits 0 "the good zone is signed" "$signer" sign -i good.zone -o good.signed

### Tokens, PINs, keys
echo 0000 >wrong.pin && chmod 600 wrong.pin
bad 2 "wrong PIN" 'PIN' with 's/file:zsk.pin/file:wrong.pin/'
bad 2 "no PIN file" 'none\.pin' with 's/file:zsk.pin/file:none.pin/'
chmod 644 wrong.pin
bad 2 "PIN file that others read" 'wrong\.pin.*(others|group|mode|permission)' \
    with 's/file:zsk.pin/file:wrong.pin/'
chmod 600 wrong.pin && : >wrong.pin
bad 2 "empty PIN file" 'wrong\.pin' with 's/file:zsk.pin/file:wrong.pin/'
ln -s zsk.pin link.pin
bad 2 "PIN file behind a link" 'link\.pin' with 's/file:zsk.pin/file:link.pin/'
bad 2 "PIN in the configuration" 'bad\.yaml:[0-9]+:.* PIN ' \
    with 's/pin-source=file:zsk.pin/pin-value=1234/'
bad 2 "no such token" 'rz-none' with 's/token=rz-zsk/token=rz-none/'
bad 2 "no such module" '/none\.so' with "s|module-path=[^&]*|module-path=/none.so|"
bad 2 "a module that is none" 'rz\.yaml|module' \
    with "s|module-path=[^&]*|module-path=$PWD/rz.yaml|"
bad 2 "the other role's token lacks the key" 'rz-ksk' \
    with 's/rz-zsk/rz-ksk/;s/zsk\.pin/ksk.pin/'
bad 2 "a KSK in files" '(KSK|ksk)' with '/^  ksk: \[/s|\[.*\]|["file:keys"]|'

### Configuration
bad 2 "no configuration" 'none\.yaml' sign -c none.yaml
bad 2 "unknown key" 'bad\.yaml:[0-9]+:.*colour' with '1i colour: red'
bad 2 "key that is there twice" 'bad\.yaml:[0-9]+:.*zone' with '2i zone: example.'
bad 2 "duration without a unit" 'bad\.yaml:[0-9]+:.*48' with 's/dnskey: 48h/dnskey: 48/'
bad 2 "negative duration" 'bad\.yaml:[0-9]+:' with 's/zone: 13d/zone: -13d/'
bad 2 "unknown algorithm" 'bad\.yaml:[0-9]+:.*RSASHA3' \
    with 's/zsk: {algorithm: ECDSAP256SHA256/zsk: {algorithm: RSASHA3/'
bad 2 "no zone" 'zone' with '/^zone:/d'
bad 2 "an alias" 'bad\.yaml:[0-9]+:' with 's/^state: .*/state: \&a rz.db/;$a alarm: *a'
bad 2 "not YAML" 'bad\.yaml:[0-9]+:' with 's/^zone: .*/zone: [/'
bad 2 "no state" 'none\.db' with 's/^state: .*/state: none.db/'
bad 2 "state of another zone" '(rz\.db|other\.)' with 's/^zone: .*/zone: other./'

### Zones.  Each is good.zone with one change.
zone() {
	want=$1 name=$2 regex=$3
	shift 3
	sed "$@" good.zone >bad.zone
	zone=bad.zone bad "$want" "$name" "$regex" sign
}
zone 2 "no SOA" 'bad\.zone:.*SOA' '/SOA/d'
zone 2 "two SOA" 'bad\.zone:2:.*SOA' '/SOA/{p;s/ 1 1800/ 2 1800/}'
zone 2 "a record out of the zone" 'bad\.zone:6: out of zone' \
    '$a other. 3600 IN A 192.0.2.9'
zone 2 "another origin" 'bad\.zone:1:' 's/example\./other./g'
zone 2 "class CH" 'bad\.zone:3:' '3s/IN A/CH A/'
zone 1 "CNAME beside data" 'bad\.zone: cname: ns\.example\.' \
    '$a ns.example. 3600 IN CNAME x.example.'
zone 1 "TTLs that differ" 'bad\.zone.*ns\.example\..*TTL' \
    '$a ns.example. 60 IN A 192.0.2.9'
zone 2 "a syntax error" 'bad\.zone:6:' '$a x.example. 3600 IN A 192.0.2.'
zone 2 "an unknown type" 'bad\.zone:6:' '$a x.example. 3600 IN FROB 1'
zone 2 "\$INCLUDE" 'bad\.zone:1:.*INCLUDE' '1i $INCLUDE good.zone'
zone 2 "an open quote" 'bad\.zone:6:' '$a x.example. 3600 IN TXT "open'
zone 2 "a label of 64 octets" 'bad\.zone:6:' \
    "\$a $(printf 'x%.0s' $(seq 64)).example. 3600 IN A 192.0.2.9"
zone 2 "a line of 100,000 characters" 'bad\.zone:6:' \
    "\$a x.example. 3600 IN TXT $(printf 'x%.0s' $(seq 100000))"
zone 2 "a comment of 100,000 characters" 'bad\.zone:6: line:' \
    "\$a ; $(printf 'x%.0s' $(seq 100000))"
sed '5s/example/exam\x00ple/' good.zone >bad.zone
zone=bad.zone bad 2 "a NUL" 'bad\.zone:5:' sign
head -c -30 good.zone >bad.zone
zone=bad.zone bad 2 "a truncated file" 'bad\.zone:' sign
head -c -1 good.zone >bad.zone
zone=bad.zone bad 2 "a file without its last newline" 'bad\.zone:' sign
: >bad.zone
zone=bad.zone bad 2 "an empty file" 'bad\.zone:' sign
zone=none.zone bad 2 "no such file" 'none\.zone' sign
zone=tokens bad 2 "a directory" 'tokens' sign
sed '$a x.cut.example. 3600 IN TXT "occluded"' good.zone >bad.zone
zone=bad.zone bad 1 "occluded data, --strict" 'x\.cut\.example\.' sign --strict
exits 0 "occluded data is signed around" \
    "$signer" sign -q -i bad.zone -o occluded.signed
if [ "$(grep -c 'warning: .*x\.cut\.example\.' "$T/err")" -eq 1 ]; then
	ok "occluded data: one warning"
else
	not_ok "occluded data: no warning" "$T/err"
fi
if grep -q '^x\.cut\.example\..*RRSIG' occluded.signed; then
	not_ok "occluded data is signed"
fi

### Outputs
cp good.zone input.zone
bad 2 "-o onto the input" 'input\.zone' \
    "$signer" sign -q -i input.zone -o ./input.zone
cmp -s good.zone input.zone || not_ok "-o onto the input: it was written"
ln -sf input.zone link.zone
bad 2 "-o onto the input, through a link" 'input\.zone|link\.zone' \
    "$signer" sign -q -i input.zone -o link.zone
cmp -s good.zone input.zone || not_ok "-o through a link: it was written"
bad 2 "-o into a directory that is not there" 'none' \
    "$signer" sign -q -i good.zone -o none/signed
mkdir sub
bad 2 "-o onto a directory" 'sub' "$signer" sign -q -i good.zone -o sub
bad 2 "-o on a full disk" 'signed' env LD_PRELOAD="$io_shim" \
    RZ_FAULT=write:1+:ENOSPC RZ_FAULT_PATH=/.signed. \
    "$signer" sign -q -i good.zone -o signed
bad 2 "-o cannot be flushed" 'signed' env LD_PRELOAD="$io_shim" \
    RZ_FAULT=fsync:1:EIO RZ_FAULT_PATH=/.signed. \
    "$signer" sign -q -i good.zone -o signed
bad 2 "-o cannot get its name" 'signed' env LD_PRELOAD="$io_shim" \
    RZ_FAULT=rename:1:EIO "$signer" sign -q -i good.zone -o signed

### The clock
at() { env LD_PRELOAD="$clock_shim" RZ_CLOCK="$1" "$signer" sign -q \
    -i good.zone -o "$2" $3; }
bad 2 "the system clock is before 2020" '20(19|20)|clock' at 1577836799 signed ''
exits 0 "--time is free of the system clock" at 1577836799 timed.signed \
    "-n --time $(date -u -d '+1 hour' +%Y%m%d%H%M%S)"

### Files to be verified
verify() { "$signer" verify -q "$@"; }
bad 2 "verify: no such file" 'none' verify none
bad 2 "verify: an empty file" 'bad\.zone' sh -c ": >bad.zone; $signer verify -q bad.zone"
bad 2 "verify: anchors that are none" 'good\.zone' \
    verify good.signed --anchors good.zone
bad 2 "verify: no anchors" 'none' verify good.signed --anchors none
bad 2 "verify: a cryptographic rule cannot be overridden" 'signature-wrong' \
    verify good.signed --override signature-wrong --reason x
"$signer" verify good.zone >"$T/out" 2>&1
[ $? -eq 1 ] && ok "verify: an unsigned zone is not valid" ||
	not_ok "verify: an unsigned zone" "$T/out"
finish
