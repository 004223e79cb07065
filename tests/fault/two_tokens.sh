#!/bin/sh
# A second HSM of a role.  One that made its own key under the same name (.de,
# 2026) is noticed before the first signature; one that goes away leaves the
# work to the other.
. "$(dirname "$0")/../common.sh"
p11_shim=$B/tests/fault/p11_shim.so
[ -f "$p11_shim" ] || skip "the shim is not built"

lab "$T/lab" example. RSASHA256 2>"$T/err" ||
	{ not_ok "a zone's keys" "$T/err"; finish; }
# The configuration with two tokens of the role, and with the second alone.
sed 's|^  zsk: \["\(.*\)"\]|  zsk: ["\1", "\1"]|
    s|\(zsk: .*, ".*=\)rz-zsk|\1rz-zsk2|
    s/serial: keep/serial: increment/' rz.yaml >two.yaml
sed 's/token=rz-zsk/token=rz-zsk2/; s/rz\.db/other.db/' rz.yaml >only2.yaml
cat >zone <<'END'
$TTL 300
@ SOA ns h 1 1800 900 604800 300
@ NS ns
ns A 192.0.2.1
END
seq -f 'd%g A 192.0.2.2' 300 >>zone
exits 0 "a second token" "$keytool" token init -q -c only2.yaml zsk \
    --so-pin-file so.pin || finish
sign() { "$signer" sign -q -c two.yaml -i zone -o signed "$@"; }
says() {
	if grep -qE -- "$2" "$T/err"; then ok "$1"; else
		not_ok "$1: nothing like $2" "$T/err"; fi
}

exits 2 "the second token has no key" sign
says "it is named" 'rz-zsk2'

# Another key under the same label and CKA_ID.
"$keytool" list -j >keys.json
label=$(sed -n 's/.*"label": "\(zsk-[^"]*\)".*/\1/p' keys.json | head -n 1)
id=$(python3 -c 'import json, sys
print([k["cka_id"] for k in json.load(sys.stdin)["keys"]
    if k["label"] == sys.argv[1]][0])' "$label" <keys.json)
need pkcs11-tool
exits 0 "a key of its own, under the same name" pkcs11-tool --module "$module" \
    --token-label rz-zsk2 --login --pin "$(cat zsk.pin)" --keypairgen \
    --key-type RSA:2048 --label "$label" --id "$id" || finish
exits 2 ".de 2026: another key under the same name" sign
says "which token" 'rz-zsk2'
[ -e signed ] && not_ok "something was published" || ok "nothing was published"

# The same key in both: the zone's own ZSK comes from a file.
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out zsk.pem \
    2>/dev/null
rm -rf "$T/lab2" && mkdir "$T/lab2" && cd "$T/lab2" && lab_tokens &&
	cp "$T/lab/zone" "$T/lab/zsk.pem" "$T/lab/two.yaml" . &&
	cp two.yaml rz.yaml || exit 2
lab_config example. RSASHA256
exits 0 "a state" "$rollover" -q init -c two.yaml
exits 0 "all tokens" "$keytool" -q token init -c two.yaml --so-pin-file so.pin
exits 0 "a KSK" "$keytool" -q generate ksk -c two.yaml
exits 0 "one ZSK into both" "$keytool" -q import zsk.pem --role zsk -c two.yaml
exits 0 "first keys" "$rollover" -q init -c two.yaml --first-keys
exits 0 "both tokens sign" sign || finish

# The second one fails for good in the middle of the work.  It is reached
# through a module of its own, so that the first one's goes on.
cp "$module" second.so
sed "s|\(zsk: .*, .*module-path=\)[^&]*|\1$p11_shim|" two.yaml >lossy.yaml
grep -q p11_shim lossy.yaml || not_ok "no shim in the configuration"
lossy() {
	RZ_SHIM_MODULE=$PWD/second.so RZ_SHIM=C_Sign:40+:0x30 \
	    "$signer" sign -q -c lossy.yaml -i zone -o signed
}
exits 0 "the second token fails in the middle" lossy
says "a warning" 'warning: .*(DEVICE_ERROR|0x0*30)'
cp signed good
exits 0 "the zone is whole" "$signer" verify -q signed --unsigned zone
"$signer" verify -j signed >"$T/out" 2>/dev/null

# Alone, it would have been a clear failure, and the old file stays.
sed 's|"pkcs11:token=rz-zsk?[^"]*", ||' lossy.yaml >alone.yaml
alone() {
	RZ_SHIM_MODULE=$PWD/second.so RZ_SHIM=C_Sign:40+:0x30 \
	    "$signer" sign -q -c alone.yaml -i zone -o signed
}
exits 2 "alone, it is trouble" alone
says "what happened" 'CKR_DEVICE_ERROR|0x0*30'
cmp -s signed good && ok "the old output stays" || not_ok "the old output"
finish
