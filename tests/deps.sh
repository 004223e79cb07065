#!/bin/sh
# The Debian 12 packages this tree needs, and what each is for.  With all of
# them present this does nothing and needs no network.  Missing ones are
# installed as root or through sudo; otherwise the one command is printed.
set -eu

packages() {
	cat <<-END
	# to build
	gcc              the compiler
	libc6-dev        the C library
	make             make
	libp11-kit-dev   PKCS#11 headers, RFC 7512 URIs
	libssl-dev       OpenSSL 3: verification, digests, key files
	libldns-dev      records in presentation form
	libknot-dev      libzscanner: zone files at speed
	libsqlite3-dev   the state database
	libcyaml-dev     rz.yaml
	libyaml-dev      its parser
	libexpat1-dev    root-anchors.xml
	libjansson-dev   JSON
	libbsd-dev       readpassphrase, strtonum
	# to run
	softhsm2         the token of tests, rehearsals and make run
	# to test: the harness, and those who judge what we make
	libcmocka-dev    unit tests
	ldnsutils        ldns-verify-zone, ldns-signzone, drill
	knot-dnssecutils kzonecheck, kzonesign
	bind9-utils      dnssec-verify, dnssec-signzone, named-checkzone
	nsd              nsd-checkzone, and a server of the signed zone
	unbound          a resolver that validates it
	mandoc           man pages, their lint and their SYNOPSIS
	openssl          key files from outside
	opensc           pkcs11-tool: a token seen by somebody else
	python3          JSON, in tests
	END
}

missing() {
	packages | grep -v '^#' | while read -r name _; do
		state=$(dpkg-query -W -f '${db:Status-Status}' "$name" \
		    2>/dev/null) || state=none
		[ "$state" = installed ] || printf '%s ' "$name"
	done
}

# Debian starts and enables a server that it installs.  Nothing here wants
# that: policy-rc.d forbids the start while we install, systemd forgets the
# servers that were not there before.
install_as_root() {
	policy=/usr/sbin/policy-rc.d
	if [ ! -e $policy ] && [ ! -L $policy ]; then
		trap 'rm -f $policy' EXIT
		trap 'exit 130' HUP INT TERM
		printf '#!/bin/sh\nexit 101\n' >$policy
		chmod 755 $policy
	fi
	export DEBIAN_FRONTEND=noninteractive
	apt-get -q update
	# shellcheck disable=SC2086 # a list
	apt-get -q install -y --no-install-recommends "$@"
	[ -d /run/systemd/system ] || return 0
	for server in nsd unbound; do
		case " $* " in *" $server "*)
			systemctl disable --now $server >&2 || : ;;
		esac
	done
}

if [ "${1-}" = --list ]; then
	packages
	exit 0
fi
if ! command -v dpkg-query >/dev/null; then
	echo "tests/deps.sh: not Debian; what is needed, by its Debian names:"
	packages
	exit 0
fi >&2

list=$(missing)
[ -n "$list" ] || exit 0
echo "missing packages: $list" >&2
if [ "$(id -u)" -eq 0 ]; then
	# shellcheck disable=SC2086 # a list
	install_as_root $list
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
	sudo -n sh "$0"
else
	echo "run this once:  sudo sh $(realpath "$0")" >&2
	exit 2
fi
left=$(missing)
[ -z "$left" ] || { echo "could not be installed: $left" >&2; exit 2; }
