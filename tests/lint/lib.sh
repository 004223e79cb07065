# Sourced by each lint: the tree is $1, else the one this file is in.
LC_ALL=C
export LC_ALL
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$here/../..}" || exit 2
bad=0

say() {
	printf '%s\n' "$*" >&2
	bad=1
}

# Sources and headers of the programs, not of the tests; $LINT_ONLY: this one.
sources() {
	if [ -n "${LINT_ONLY-}" ]; then
		echo "$LINT_ONLY"
		return
	fi
	ls lib/*.[ch] hsm/*.[ch] keytool/*.[ch] rollover/*.[ch] \
	    signer/*.[ch] 2>/dev/null
}

# forbid REGEX RULE [ALLOWED-FILES...]: no code (comments and strings apart)
# matches, but in the files that match one of the shell patterns.
forbid() {
	regex=$1 rule=$2 files=
	shift 2
	for f in $(sources); do
		allowed=
		for p; do
			# shellcheck disable=SC2254 # a pattern
			case $f in $p) allowed=1 ;; esac
		done
		[ -n "$allowed" ] || files="$files $f"
	done
	# shellcheck disable=SC2086 # a list
	found=$(awk -f "$here/code.awk" $files | grep -E "$regex") || return 0
	say "$(printf '%s\n' "$found" | sed "s|\$|	[$rule]|")"
}
