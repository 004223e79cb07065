#!/bin/sh
# The EXAMPLES of the man pages are true: every line "$ COMMAND" of a literal
# display runs, in order, in a directory that holds what the page may expect,
# and ends well.
. "$(dirname "$0")/../common.sh"
need mandoc
PATH=$B:$PATH
export PATH

# The commands of a page, a line each.
commands() {
	MANWIDTH=1000 mandoc -Tascii -Owidth=1000 "$1" | sed 's/.\x08//g' |
		sed -n '/^EXAMPLES/,/^[A-Z]/p' |
		sed -n ':a;/\\$/{N;s/\\\n *//;ba};s/^ *\$ //p'
}

# What is there before a page's first command.
prepare() {
	lab_tokens
	lab_config . RSASHA256
	"$B/tests/tools/zonegen" -n 50 >root.zone
	case $1 in
	rz-rollover)
		"$keytool" -q token init --so-pin-file so.pin ;;
	rz-signer)
		lab_keys && "$keytool" -q ds >anchors ;;
	esac
}

for program in rz-keytool rz-rollover rz-signer; do
	page=$top/man/$program.8
	[ -f "$page" ] || { not_ok "$program: no man page"; continue; }
	commands "$page" >"$T/commands"
	if ! grep -q "^$program" "$T/commands"; then
		not_ok "$program: no example"
		continue
	fi
	mkdir "$T/$program" && cd "$T/$program" || exit 2
	prepare $program >"$T/err" 2>&1 || not_ok "$program: lab" "$T/err"
	while read -r command; do
		exits 0 "$program: $command" sh -c "$command"
	done <"$T/commands"
done
finish
