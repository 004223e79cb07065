# Sourced by the shell tests: a directory of their own, and how they say what
# they found.  A test ends with `finish`.
#
# $RZ_BUILD is the build (default: build/ of the tree); $B, $T and $top are
# the build, the directory of the test, and the tree.

set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
B=$(realpath "${RZ_BUILD:-$top/build}")
T=$(mktemp -d) || exit 2
pids=
failed=0
unset RZ_CONFIG SOFTHSM2_CONF
LC_ALL=C TZ=America/New_York # no answer may depend on it
export LC_ALL TZ

# Servers are stopped by their own process id; then the directory goes.
clean() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	cd / && rm -rf "$T"
}
trap clean EXIT
trap 'exit 130' HUP INT TERM

ok() { printf 'ok %s\n' "$1"; }
not_ok() {
	printf 'not ok %s\n' "$1"
	shift
	for file; do
		sed 's/^/    /' "$file" | head -n 40
	done
	failed=1
}

# skip WHY: ends the test as not done.
skip() {
	echo "$1"
	exit 77
}

finish() { exit $failed; }

# need PROGRAM…: all are there, or this test is skipped.
need() {
	for program; do
		command -v "$program" >/dev/null ||
			skip "$program is not installed (make deps)"
	done
}

# exits STATUS NAME COMMAND…: what it printed is in $T/out and $T/err.
exits() {
	want=$1 what=$2
	shift 2
	"$@" >"$T/out" 2>"$T/err" </dev/null
	got=$?
	if [ $got -eq "$want" ]; then
		ok "$what"
	else
		not_ok "$what: exit status $got, $want was expected" \
		    "$T/err" "$T/out"
		return 1
	fi
}

. "$top/tests/run/lab.sh"
