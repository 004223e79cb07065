#!/bin/sh
# What signing and verifying cost: beside the least that they can cost, and
# beside other signers and verifiers, interleaved in one run on one machine.
#
#	tests/bench/bench.sh BUILD
#
# BENCH_RUNS (11) runs for the root-like zone, a third of it for the larger
# ones; BENCH_SIZES ("10000 100000") are their delegations; ZONE=FILE takes a
# real root zone instead of a generated one.
#
# The limit is (signatures x CPU of one raw signature) + (signatures x CPU of
# one raw verification), measured in each run with as many threads.  CPU is
# user and system time of the whole process.
set -u
B=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
runs=${BENCH_RUNS:-11}
sizes=${BENCH_SIZES-10000 100000}
given=${ZONE:+$(realpath -e "$ZONE")} || exit 2
threads=$(nproc)
LC_ALL=C
export LC_ALL
W=$(mktemp -d) || exit 2
trap 'rm -rf "$W"' EXIT
trap 'exit 130' HUP INT TERM
. "$here/../run/lab.sh"

say() { printf '%s\n' "$*"; }

# time_of NAME COMMAND…: a row of results: name, CPU, wall, KiB, status.
time_of() {
	name=$1
	shift
	if ! command -v "$1" >/dev/null; then
		echo "$name|missing" >>"$W/rows"
		return
	fi
	"$B/tests/bench/runner" "$W/row" "$@" >"$W/log" 2>&1 </dev/null
	read -r user system wall rss status <"$W/row"
	[ "$status" -eq 0 ] || { say "$name: exit status $status"; tail -n 5 "$W/log"; }
	echo "$name|$(echo "$user $system" | awk '{ print $1 + $2 }')|$wall|$rss|$status" \
	    >>"$W/rows"
}

# limit_of NAME SIGNATURES rates-arguments…: sets $sign_us and $verify_us.
limit_of() {
	name=$1 n=$2
	shift 2
	"$B/tests/bench/rates" "$@" "$threads" "$count" >"$W/rate" || exit 2
	read -r sign_us verify_us <"$W/rate"
	echo "$n $sign_us $verify_us" | awk -v name="$name" \
	    '{ printf "%s|%.4f|||0\n", name, $1 * ($2 + $3) / 1e6 }' >>"$W/rows"
}

# our NAME ZONE ALGORITHM [ZSK-URI]: a lab whose serial always moves on.
our() {
	mkdir -p "$W/$1" && cd "$W/$1" || exit 2
	lab_tokens && lab_config "$2" "$3" ${4+"$4"}
	sed -i 's/serial: keep/serial: increment/' rz.yaml
	lab_keys >"$W/log" 2>&1 && "$keytool" -q ds >anchors ||
		{ cat "$W/log"; exit 2; }
}

# Keys for BIND's and ldns' signers, and Knot's configuration.
others() {
	mkdir -p "$W/others/kasp" "$W/others/knot" && cd "$W/others" || exit 2
	rm -rf K* kasp/* knot/*
	case $2 in RSA*) bits='-b 2048' ;; *) bits= ;; esac
	# shellcheck disable=SC2086
	ksk=$(dnssec-keygen -q -a "$2" $bits -f KSK "$1" 2>"$W/log") &&
	    zsk=$(dnssec-keygen -q -a "$2" $bits "$1" 2>"$W/log") || return
	cat "$W/zone" "$ksk.key" "$zsk.key" >keyed
	cat >knot.conf <<-END
	database:
	  storage: "$W/others/kasp"
	policy:
	  - id: p
	    algorithm: $(echo "$2" | tr A-Z a-z)
	    signing-threads: $threads
	zone:
	  - domain: $1
	    storage: "$W"
	    file: zone
	    dnssec-signing: on
	    dnssec-policy: p
	    zonemd-generate: zonemd-sha384
	END
	case $2 in
	RSA*) sed -i 's/^    signing-threads.*/&\n    ksk-size: 2048\n    zsk-size: 2048/' knot.conf ;;
	esac
}

# one ZONE ALGORITHM: one run of everything, in turn.
one() {
	limit_of "limit, key files" "$signatures" file "$W"/files/keys/*.pem "$2"
	limit_of "limit, SoftHSM" "$signatures" token "$token_uri" "$label" "$2"
	cd "$W/files" || exit 2
	export SOFTHSM2_CONF="$PWD/softhsm2.conf"
	time_of "rz-signer sign, key files" "$signer" sign -q -i "$W/zone" -o signed
	cd "$W/token" || exit 2
	export SOFTHSM2_CONF="$PWD/softhsm2.conf"
	time_of "rz-signer sign, SoftHSM" "$signer" sign -q -i "$W/zone" -o signed
	cd "$W/others" || exit 2
	time_of "dnssec-signzone -n $threads" dnssec-signzone -q -x \
	    -n "$threads" -o "$1" -f bind.signed -k "$ksk" keyed "$zsk"
	time_of "dnssec-signzone -n $threads -P" dnssec-signzone -q -x -P \
	    -n "$threads" -o "$1" -f bind.signed -k "$ksk" keyed "$zsk"
	time_of "ldns-signzone" ldns-signzone -z 1:1 -o "$1" -f ldns.signed \
	    "$W/zone" "$ksk" "$zsk"
	time_of "kzonesign" kzonesign -c knot.conf -o knot "$1"
	cd "$W/token" || exit 2
	echo "$signatures $verify_us" | awk \
	    '{ printf "limit, verifying|%.4f|||0\n", $1 * $2 / 1e6 }' >>"$W/rows"
	time_of "rz-signer verify" "$signer" verify -q signed --anchors anchors
	time_of "kzonecheck" kzonecheck -d on -o "$1" signed
	time_of "dnssec-verify" dnssec-verify -q -x -o "$1" signed
	time_of "ldns-verify-zone" timeout 900 ldns-verify-zone -V 1 -ZZ signed
}

# The rows as a table: medians, spread, ratio to the limit of the same run.
table() {
	awk -F'|' '
	function median(list, n,   a, i, j, t) {
		split(list, a, " ")
		for (i = 2; i <= n; i++)
			for (j = i; j > 1 && a[j - 1] + 0 > a[j] + 0; j--) {
				t = a[j]; a[j] = a[j - 1]; a[j - 1] = t
			}
		least = a[1]; most = a[n]
		return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
	}
	$2 == "missing" { missing[$1] = 1 }
	$2 != "missing" {
		n[$1]++
		cpu[$1] = cpu[$1] " " $2
		wall[$1] = wall[$1] " " $3
		rss[$1] = rss[$1] " " $4
		bad[$1] += $5 != 0
		at[$1, n[$1]] = $2
	}
	function row(name, limit,   i, ratios, m, l, h) {
		if (name in missing) {
			printf "  %-27s not installed\n", name
			return
		}
		for (i = 1; i <= n[name]; i++)
			ratios = ratios " " at[name, i] / at[limit, i]
		m = median(cpu[name], n[name]); l = least; h = most
		printf "  %-27s %8.2f  %6.2f - %-6.2f  %7.2f", name, m, l, h,
		    median(ratios, n[name])
		if (name !~ /^limit/)
			printf "  %7.2f  %7.1f", median(wall[name], n[name]),
			    median(rss[name], n[name]) / 1024
		print (bad[name] ? "  FAILED " bad[name] " times" : "")
	}
	END {
		printf "  %-27s %8s  %15s  %7s  %7s  %7s\n", "", "CPU s",
		    "least - most", "x limit", "wall s", "peak MB"
		k = split(order, name, "|")
		for (i = 1; i <= k; i++) {
			if (name[i] ~ /^limit/) { limit = name[i]; if (i > 1) print "" }
			row(name[i], limit)
		}
	}' order="limit, key files|rz-signer sign, key files|dnssec-signzone -n $threads|dnssec-signzone -n $threads -P|ldns-signzone|kzonesign|limit, SoftHSM|rz-signer sign, SoftHSM|limit, verifying|rz-signer verify|kzonecheck|dnssec-verify|ldns-verify-zone" "$W/rows"
}

# bench ZONE ALGORITHM RUNS COUNT: the zone is in $W/zone.
bench() {
	count=$4
	rm -rf "$W/files" "$W/token"
	mkdir -p "$W/files/keys" && chmod 700 "$W/files/keys"
	our files "$1" "$2" "file:$W/files/keys"
	our token "$1" "$2"
	token_uri=$(lab_uri zsk | sed "s|file:|file:$W/token/|")
	label=$("$keytool" list | awk '$1 == "zsk" { print $NF }')
	signatures=$("$signer" sign --json -i "$W/zone" -o signed 2>"$W/log" |
		sed -n 's/^  "signatures": *\([0-9]*\).*/\1/p')
	[ -n "$signatures" ] || { cat "$W/log"; exit 2; }
	others "$1" "$2"
	say
	say "$(grep -c . "$W/zone") records, $signatures signatures, $2," \
	    "$threads threads, $3 runs"
	: >"$W/rows"
	one "$1" "$2" # everything once, so that keys and caches are there
	: >"$W/rows"
	i=0
	while [ $i -lt "$3" ]; do
		one "$1" "$2"
		i=$((i + 1))
	done
	table
}

say "zone shaped like the root${given:+: $(basename "$given")}"
if [ -n "$given" ]; then
	# Other signers do not strip: they get what we would sign.
	awk '$4 !~ /^(RRSIG|NSEC|NSEC3|NSEC3PARAM|ZONEMD|CDS|CDNSKEY)$/ &&
	    !($1 == "." && $4 == "DNSKEY")' "$given" >"$W/zone"
else
	"$B/tests/tools/zonegen" >"$W/zone"
fi
bench . RSASHA256 "$runs" 300
for n in $sizes; do
	say
	say "registry's zone of $n delegations"
	"$B/tests/tools/zonegen" -n "$n" -o example. --shape tld >"$W/zone"
	bench example. ECDSAP256SHA256 $(((runs + 2) / 3)) 3000
done
