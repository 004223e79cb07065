# Sourced: a directory of one's own with tokens, configuration and keys, used
# by `make run`, by the tests of the command line, by interop and bench.
#
# The caller sets B (the build, absolute) and is in the directory; all paths
# in rz.yaml are relative to it, so that no character of its name matters.

PATH=$PATH:/usr/sbin:/sbin # where Debian has servers and nsd-checkzone
keytool=$B/rz-keytool rollover=$B/rz-rollover signer=$B/rz-signer
module=${RZ_SOFTHSM:-/usr/lib/softhsm/libsofthsm2.so}

random_pin() {
	od -An -N6 -tu8 /dev/urandom | tr -d ' \n'
}

# Token storage of our own, and the PINs: 0600, never shown.
lab_tokens() {
	mkdir -m 700 tokens
	cat >softhsm2.conf <<-END
	directories.tokendir = $PWD/tokens
	objectstore.backend = file
	log.level = ERROR
	END
	SOFTHSM2_CONF=$PWD/softhsm2.conf
	export SOFTHSM2_CONF
	(umask 077; for pin in so ksk zsk; do random_pin >$pin.pin; done)
}

# lab_uri ROLE: the token of the role.
lab_uri() {
	printf 'pkcs11:token=rz-%s?module-path=%s&pin-source=file:%s.pin' \
	    "$1" "$module" "$1"
}

# lab_config ZONE ALGORITHM [ZSK-URI]: rz.yaml.
lab_config() {
	case $2 in
	RSA*) size=', bits: 2048' ;;
	*) size= ;;
	esac
	if [ "$1" = . ]; then
		trust=rfc5011
	else
		trust=parent
	fi
	cat >rz.yaml <<-END
	zone: $1
	state: rz.db
	tokens:
	  ksk: ["$(lab_uri ksk)"]
	  zsk: ["${3:-$(lab_uri zsk)}"]
	policy:
	  trust: $trust
	  ksk: {algorithm: $2$size, roll: manual}
	  zsk: {algorithm: $2$size, roll: manual}
	  ttl: {dnskey: 48h, ds: 24h}
	  signatures: {dnskey: 21d, zone: 13d, inception-offset: 1h}
	  denial: nsec
	  zonemd: [sha384]
	  serial: keep
	END
}

# The keys, from nothing to signing.
lab_keys() {
	"$rollover" -q init &&
	"$keytool" -q token init --so-pin-file so.pin &&
	"$keytool" -q generate ksk &&
	"$keytool" -q generate zsk &&
	"$rollover" -q init --first-keys
}

# lab DIR ZONE ALGORITHM [ZSK-URI]: all of it, in a new directory.
lab() {
	mkdir -p "$1" && cd "$1" && lab_tokens && lab_config "$2" "$3" ${4+"$4"} &&
	    lab_keys >/dev/null && "$keytool" -q ds >anchors
}

# What each foreign verifier says of a signed zone: foreign NAME ZONE FILE.
# 0 yes, 127 not installed, anything else no.
foreign() {
	command -v "$1" >/dev/null || return 127
	case $1 in
	dnssec-verify) timeout 900 dnssec-verify -q -x -o "$2" "$3" ;;
	kzonecheck) timeout 900 kzonecheck -d on -o "$2" "$3" ;;
	# It can hang on what it does not like.
	ldns-verify-zone) timeout 900 ldns-verify-zone -V 1 -ZZ "$3" ;;
	# -i local: it would ask the network for servers outside the zone.
	named-checkzone) timeout 900 named-checkzone -q -i local "$2" "$3" ;;
	nsd-checkzone) timeout 900 nsd-checkzone "$2" "$3" ;;
	*) return 2 ;;
	esac
}
verifiers='dnssec-verify kzonecheck ldns-verify-zone'
loaders='named-checkzone nsd-checkzone'
