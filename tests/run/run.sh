#!/bin/sh
# From nothing to a signed root zone that everybody believes, below BUILD/run:
# tokens, keys, signing through PKCS#11, and every verdict there is.
#
#	tests/run/run.sh BUILD		ZONE=FILE signs that root zone
set -u
B=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
zone=${ZONE:+$(realpath -e "$ZONE")} || exit 2
dir=$B/run
failed=0

if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
	bold=$(printf '\033[1m') red=$(printf '\033[31m')
	green=$(printf '\033[32m') plain=$(printf '\033[0m')
else
	bold='' red='' green='' plain=''
fi

now() { date +%s.%N; }
since() { echo "$1 $(now)" | awk '{ printf "%.2f s", $2 - $1 }'; }
line() { printf '  %-17s %-52s %9s\n' "$1" "$2" "$3"; }
head() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }

# What the step NAME printed, and the end.
stop() {
	printf '  %-17s %s\n' "$1" "${red}failed${plain}"
	sed 's/^/    /' "$1.log"
	printf '\nWhat was made so far is in %s\n' "$dir"
	exit 1
}

# step NAME COMMAND…: runs it with its output in NAME.log; $took is its time.
step() {
	name=$1
	shift
	began=$(now)
	"$@" >"$name.log" 2>&1 || stop "$name"
	took=$(since "$began")
}

# A number of a report in JSON, of its outermost level.
json() { sed -n "s/^  \"$1\": *\\([0-9.]*\\).*/\\1/p" "$2"; }
# 20581 as 20,581.
group() { echo "$1" | sed ':a;s/\B[0-9]\{3\}\>/,&/;ta'; }

rm -rf "$dir"
mkdir -p "$dir" && cd "$dir" || exit 2
. "$here/lab.sh"
export RZ_CONFIG=rz.yaml

printf '%srz: a root zone, signed end to end%s\n\n' "$bold" "$plain"

tokens() { "$rollover" -q init && "$keytool" token init --so-pin-file so.pin; }
lab_tokens && lab_config . RSASHA256
step tokens tokens
line tokens "rz-ksk and rz-zsk, in SoftHSM" "$took"

keys() {
	"$keytool" generate ksk && "$keytool" generate zsk &&
	    "$rollover" init --first-keys &&
	    "$keytool" ds >anchors && "$keytool" dnskey >dnskeys
}
step keys keys
tags=$(awk '$0 ~ /DNSKEY/ { for (i = 1; i < NF; i++) {
	if ($i == "DNSKEY") f = $(i + 1)
	if ($i == "=" && $(i - 1) ~ /id$/) t = $(i + 1) }
	printf "%s %s, ", f == 257 ? "KSK" : "ZSK", t }' dnskeys)
line keys "${tags}RSASHA256, 2048 bits" "$took"

make_zone() {
	if [ -n "$zone" ]; then
		cp "$zone" root.zone
	else
		"$B/tests/tools/zonegen" >root.zone
	fi
}
step zone make_zone
what="generated, shaped like the root"
[ -z "$zone" ] || what=$(basename "$zone")
line zone "$what, $(group "$(wc -l <root.zone)") lines" "$took"

step sign "$signer" sign --json -i root.zone -o root.signed
stripped=$(json stripped sign.log)
line sign "$(group "$(json signatures sign.log)") signatures through PKCS#11, each verified" "$took"
[ "${stripped:-0}" -eq 0 ] ||
	printf '%19s %s\n' '' \
	    "$(group "$stripped") records of the old signing were stripped"

step verify "$signer" verify --json root.signed --anchors anchors --unsigned root.zone
line verify "$(group "$(json signatures verify.log)") signatures, from the KSK's DS; nothing is lost" "$took"

head 'What others say'
for v in $verifiers $loaders; do
	began=$(now)
	foreign "$v" . root.signed >"$v.log" 2>&1
	status=$?
	case $status:$v in
	0:*-checkzone) verdict="${green}loads${plain}" ;;
	0:ldns-*) verdict="${green}valid${plain}, ZONEMD too" ;;
	0:*) verdict="${green}valid${plain}" ;;
	127:*) verdict="${red}NOT INSTALLED${plain}, so it was not asked" ;;
	124:*) verdict="${red}no answer${plain} within its time limit" ;;
	*) verdict="${red}says no${plain}: $v.log" ;;
	esac
	[ $status -eq 0 ] || failed=1
	printf '  %-17s %-*s %9s\n' "$v" \
	    $((52 + ${#green} + ${#plain})) "$verdict" "$(since "$began")"
done

short=$(realpath --relative-to="$here/../.." "$dir")
case $short in ../*) short=$dir ;; esac
head "Files in $short/"
printf '  %-17s %s\n' \
    root.signed 'the signed zone' \
    root.zone 'what went in' \
    anchors 'the DS of the KSK: what a resolver would trust' \
    rz.yaml 'the configuration' \
    rz.db 'the state: keys, times, the chain of events' \
    tokens/ 'the two tokens; their PINs are in *.pin' \
    '*.log' 'what each step said'

head 'Try next'
cat <<END
  cd $short; export SOFTHSM2_CONF=\$PWD/softhsm2.conf PATH=\$PWD/..:\$PATH
  rz-rollover status                  where each key is
  rz-keytool list                     what the tokens hold
  rz-signer verify root.signed -v     what was proved
  rz-rollover log --verify            the chain of events
  make run ZONE=/path/to/root.zone    (at the top) any real root zone
END
if [ $failed -ne 0 ]; then
	printf '\n%sNot everyone agrees: see above.%s\n' "$red" "$plain"
fi
exit $failed
