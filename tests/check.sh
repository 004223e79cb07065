#!/bin/sh
# Runs every test, two at a time, each with a time limit.
#
#	tests/check.sh BUILD SANITIZED-BUILD [NAME…]
#
# With names, only the tests whose name contains one of them.  A test is a
# program; it says 0 (ok), 77 (skipped: the last line says why), else not ok.
# Lines "skip NAME: why" in the output of one that passed are counted too.
set -u
B=$(realpath "$1") S=$(realpath "$2")
shift 2
cd "$(dirname "$0")/.." || exit 2
T=$(mktemp -d) || exit 2
trap 'rm -rf "$T"' EXIT
trap 'exit 130' HUP INT TERM
export B S T
ASAN_OPTIONS=fast_unwind_on_malloc=0:abort_on_error=1
LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0
UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS

# NAME, limit in seconds, command.
tests() {
	echo "lint 300 sh tests/lint/lint.sh"
	units unit "$B" 120
	for t in tests/scenario/*.roll; do
		[ -f "$t" ] || continue
		echo "scenario/$(basename "$t" .roll) 120" \
		    "$B/tests/scenario/replay $t"
	done
	for t in tests/cli/*.sh tests/fault/*.sh tests/corpus/*.sh \
	    tests/interop/*.sh; do
		case $t in
		*'*'* | */common.sh) continue ;;
		esac
		name=${t#tests/}
		echo "${name%.sh} 900 sh $t"
	done
	for t in tests/fuzz/fuzz_*.c; do
		name=$(basename "$t" .c)
		echo "fuzz/${name#fuzz_} 120 $S/tests/fuzz/$name" \
		    "tests/fuzz/corpus/${name#fuzz_}"
	done
	units sanitized "$S" 600
}

# units PREFIX BUILD LIMIT: the unit tests of a build.
units() {
	for t in tests/unit/test_*.c; do
		name=$(basename "$t" .c)
		echo "$1/${name#test_} $3 $2/tests/unit/$name"
	done
}

selected() {
	if [ $# -eq 0 ]; then
		cat
		return
	fi
	while read -r line; do
		for n; do
			case ${line%% *} in *"$n"*) echo "$line" ;; esac
		done
	done
}

tests | selected "$@" >"$T/list"
[ -s "$T/list" ] || { echo "check: no test selected" >&2; exit 2; }
start=$(date +%s)
xargs -d '\n' -n 1 -P 2 sh tests/check_one.sh <"$T/list"
count() { cat "$T"/result.* 2>/dev/null | grep -c "^$1\$"; }
failed=$(count failed) passed=$(count passed) skipped=$(count skipped)
if [ "$(find "$T" -name 'result.*' | wc -l)" -ne "$(wc -l <"$T/list")" ]; then
	echo "not ok check: a test left no result"
	failed=$((failed + 1))
fi
echo "$(($(date +%s) - start)) seconds"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
