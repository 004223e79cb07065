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

# Sources and headers of the programs, not of the tests.
sources() {
	ls lib/*.[ch] hsm/*.[ch] keytool/*.[ch] rollover/*.[ch] \
	    signer/*.[ch] 2>/dev/null
}

# forbid REGEX RULE [ALLOWED-FILES...]: no code (comments and strings apart)
# matches, but in the files that match one of the shell patterns.
forbid() {
	regex=$1 rule=$2
	shift 2
	for f in $(sources); do
		allowed=
		for p in "$@"; do
			# shellcheck disable=SC2254 # a pattern
			case $f in $p) allowed=1 ;; esac
		done
		[ -z "$allowed" ] || continue
		found=$(awk -f "$here/code.awk" "$f" | grep -nE "$regex") ||
			continue
		say "$(printf '%s\n' "$found" | sed "s|^|$f:|; s|\$|	[$rule]|")"
	done
}
