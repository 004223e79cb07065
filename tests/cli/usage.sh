#!/bin/sh
# Usage, man pages and exit statuses agree, for every verb of every program.
. "$(dirname "$0")/../common.sh"
need mandoc

# The lines of a page's SYNOPSIS, each as one line.
synopsis() {
	MANWIDTH=1000 mandoc -Tascii -Owidth=1000 "$1" | sed 's/.\x08//g' |
		sed -n '/^SYNOPSIS/,/^DESCRIPTION/{/^ /p}' |
		sed 's/^ *//; s/  */ /g; s/ $//'
}

# The verbs of a program, from its own --help.
verbs() {
	"$B/$1" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\( [a-z]*\)\{0,1\}\)  .*/\1/p'
}

for program in rz-keytool rz-rollover rz-signer; do
	page=$top/man/$program.8
	exits 0 "$program --help" "$B/$program" --help
	grep -qF "$program(8)" "$T/out" ||
		not_ok "$program --help does not name its page, $program(8)" "$T/out"
	exits 0 "$program -h" "$B/$program" -h
	exits 0 "$program --version" "$B/$program" --version
	exits 0 "$program -V" "$B/$program" -V
	exits 2 "$program without a verb" "$B/$program"
	exits 2 "$program with an unknown verb" "$B/$program" frobnicate
	verbs $program >"$T/verbs"
	[ -s "$T/verbs" ] || not_ok "$program lists no verbs"
	: >"$T/usage"
	while read -r verb; do
		# shellcheck disable=SC2086 # a verb may be two words
		{
			exits 0 "$program $verb --help" \
			    "$B/$program" $verb --help
			sed -n 's/^usage: //p' "$T/out" >>"$T/usage"
			[ ! -s "$T/err" ] || not_ok "$verb: --help on stderr"
			exits 0 "$program $verb -h" "$B/$program" $verb -h
			exits 2 "$program $verb --frobnicate" \
			    "$B/$program" $verb --frobnicate
			[ ! -s "$T/out" ] || not_ok "$verb: an error on stdout"
			exits 2 "$program $verb -c (no value)" \
			    "$B/$program" $verb -c
			exits 2 "$program $verb --time tomorrow" \
			    "$B/$program" $verb --time tomorrow
			exits 2 "$program $verb, no configuration" \
			    "$B/$program" $verb -c "$T/none.yaml" --nothing
		}
	done <"$T/verbs"
	if [ ! -f "$page" ]; then
		not_ok "$program: no man page"
		continue
	fi
	synopsis "$page" >"$T/synopsis"
	if diff "$T/synopsis" "$T/usage" >"$T/diff"; then
		ok "$program: SYNOPSIS is the usage"
	else
		not_ok "$program: SYNOPSIS (<) is not the usage (>)" "$T/diff"
	fi
	# Every long option of --help is in the page.
	MANWIDTH=1000 mandoc -Tascii -Owidth=1000 "$page" | sed 's/.\x08//g' \
	    >"$T/page"
	while read -r verb; do
		# shellcheck disable=SC2086
		"$B/$program" $verb --help |
			sed -n 's/^ .*\(--[a-z-]*\).*/\1/p'
	done <"$T/verbs" | sort -u | while read -r option; do
		grep -qF -- "$option" "$T/page" || echo "$option"
	done >"$T/undocumented"
	if [ -s "$T/undocumented" ]; then
		not_ok "$program: options the page does not have" \
		    "$T/undocumented"
	else
		ok "$program: every option is in the page"
	fi
done
# A full disk, as far as stdout is concerned.
for program in rz-keytool rz-rollover rz-signer; do
	"$B/$program" --help >/dev/full 2>"$T/err"
	[ $? -eq 2 ] && ok "$program: stdout is full" ||
		not_ok "$program: stdout is full: not noticed" "$T/err"
done
finish
