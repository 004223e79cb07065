#!/bin/sh
# rz-keytool and rz-rollover where they could do harm: tokens that are
# emptied, outputs over what is needed, times that are not now.
. "$(dirname "$0")/../common.sh"

lab "$T/lab" example. ECDSAP256SHA256 2>"$T/err" ||
	{ not_ok "a zone's keys" "$T/err"; finish; }

says() { # says NAME REGEX: of the last command
	if grep -qE -- "$2" "$T/err" "$T/out"; then ok "$1"; else
		not_ok "$1: nothing like $2" "$T/err" "$T/out"; fi
}
"$keytool" -q list >held 2>&1 || not_ok "the tokens hold the keys" held
holds_all() { # holds_all NAME: both tokens hold what they held
	"$keytool" -q list >now 2>&1
	if cmp -s held now; then ok "$1"; else not_ok "$1" now; fi
}
events() { "$rollover" log -j | grep -c '"hash"'; }
init() { "$keytool" token init --so-pin-file so.pin "$@"; }

### token init --again
before=$(events)
exits 2 "tokens that are there" init
says "which" 'rz-ksk.*already'
exits 2 "the same with -n" init -n
exits 1 "a key in use, one label" init --again --confirm rz-ksk
says "which key" 'token rz-ksk: key .*in use'
exits 1 "a key in use, both labels" init --again --confirm rz-ksk \
    --confirm rz-zsk
exits 1 "a key in use, with -n" init --again -n
exits 2 "at another time" init --again --confirm rz-ksk --confirm rz-zsk \
    -t 2090-01-01T00:00:00Z
says "why" '--time'
holds_all "nothing is lost"
[ "$(events)" -eq "$before" ] || not_ok "refused, and on the record"
cp ksk.pin ksk.pin.right && random_pin >ksk.pin
exits 2 "a PIN that cannot open it" init --again --confirm rz-ksk ksk
says "nothing shows" 'nothing shows that it has no key that is in use'
mv ksk.pin.right ksk.pin
holds_all "nothing is lost"

### With a state that needs none of their keys
"$rollover" log >"$T/log"
mkdir "$T/fresh" && cp -a . "$T/fresh/" && cd "$T/fresh" && rm rz.db
sed "s|/lab/tokens|/fresh/tokens|" softhsm2.conf >conf
mv conf softhsm2.conf
SOFTHSM2_CONF=$PWD/softhsm2.conf
"$rollover" -q init && "$keytool" -q generate zsk >/dev/null ||
	not_ok "another state"
exits 0 "what would be lost, -n" init --again -n
says "it says so" 'would initialise token rz-ksk: all its keys would be lost'
"$keytool" list >held 2>&1
exits 1 "one label of two" init --again --confirm rz-ksk
says "which is missing" 'rz-zsk'
exits 1 "a label of none" init --again --confirm rz-ksk --confirm rz-zsk \
    --confirm other
holds_all "nothing is lost before all is checked"
cp so.pin so.right && rm so.pin
exits 2 "no PIN for them" init --again --confirm rz-ksk --confirm rz-zsk
mv so.right so.pin
holds_all "nor without the PINs"
exits 0 "both labels" init --again --confirm rz-ksk --confirm rz-zsk
says "the first" 'token rz-ksk: initialised'
says "the second" 'token rz-zsk: initialised'
"$rollover" log >"$T/out" 2>"$T/err"
says "intent" 'token init: intent: initialise token rz-ksk, whose keys'
says "outcome" 'token init: initialised token rz-zsk, whose keys are lost'
exits 1 "and the key is gone" "$keytool" -q list
sed 's/token=rz-ksk/token=rz-more/' rz.yaml >more.yaml
exits 0 "a token that is not there, -n" init -n -c more.yaml ksk
says "it is new" 'would initialise token rz-more$'
sed "s|module-path=[^&]*|module-path=/none.so|" rz.yaml >none.yaml
exits 2 "no module, -n" init -n -c none.yaml ksk
says "which" '/none\.so'
cd "$T/lab" || exit 2
SOFTHSM2_CONF=$PWD/softhsm2.conf

### -o over what is needed
cp rz.db rz.db.before && cp rz.yaml rz.yaml.before
cp ksk.pin ksk.pin.before
for verb in "$keytool dnskey" "$keytool ds" "$keytool list" "$rollover log" \
    "$rollover status"; do
	for file in rz.db ./rz.db rz.db-journal rz.yaml ksk.pin; do
		# shellcheck disable=SC2086 # a program and its verb
		exits 2 "${verb##*/} -o $file" $verb -o "$file"
	done
done
says "what it is" '-o ksk.pin: is the PIN file'
exits 2 "hash -o rz.db" "$keytool" hash rz.yaml -o rz.db
says "why" 'rz\.db: a database is never replaced'
for file in rz.db rz.yaml ksk.pin; do
	cmp -s $file $file.before && ok "$file is whole" || not_ok "$file"
done
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem \
    2>/dev/null && chmod 600 key.pem
exits 2 "import -o onto the key" "$keytool" import -j -o key.pem \
    --role zsk key.pem
says "what it is" 'is the file of the key'

### No state
sed '/^state:/d' rz.yaml >none.yaml
for verb in "$rollover init" "$rollover init -n" "$rollover status" \
    "$rollover log" "$rollover init --first-keys" "$keytool list" \
    "$keytool dnskey" "$keytool generate ksk" "$keytool destroy k"; do
	# shellcheck disable=SC2086
	exits 2 "${verb##*/} without a state" $verb -c none.yaml
	says "what is missing" 'none\.yaml: state: needed'
done

### Tags name nothing
tag=$("$keytool" list -j | sed -n 's/.*"tag": *\([0-9]*\).*/\1/p' | head -n 1)
exits 2 "a tag as a key" "$keytool" dnskey "$tag"
says "the ids that have it" 'a tag names no key; .* \((ksk|zsk) '

### What cannot be undone goes by the clock; the record has it
exits 0 "a key" "$keytool" generate zsk --label spare \
    -t 2030-01-01T00:00:00Z
exits 2 "destroyed at another time" "$keytool" destroy spare \
    --confirm spare -t 2031-01-01T00:00:00Z
says "why" '--time: what cannot be undone'
exits 0 "shown for another time" "$keytool" destroy spare \
    -n -t 2031-01-01T00:00:00Z
exits 0 "destroyed now" "$keytool" destroy spare --confirm spare
"$rollover" log >"$T/out" 2>"$T/err"
says "the clock beside --time" \
    "2030-01-01T00:00:00Z \(clock: $(date -u +%Y)-.*generat"
grep 'destroy' "$T/out" | grep -q 'clock:' && not_ok "a clock of its own"
exits 0 "the chain" "$rollover" log --verify
exits 0 "as JSON" "$rollover" log -j
says "with the clock" "\"clock\": \"$(date -u +%Y)-"

### hash
printf abc >abc
exits 0 "hash" "$keytool" hash abc
says "FIPS 180-4" 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
"$keytool" hash - <abc >"$T/out" 2>"$T/err"
says "standard input" 'ba7816bf8f01cfea414140de5dae2223b003'
finish
