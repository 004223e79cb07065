#!/bin/sh
# Every rule of the tree, then the proof that each rule can fail.
# lint.sh [TREE]
here=$(dirname "$0")
failed=0 passed=0
for lint in direction cryptoki clock noprint banned tables length headers \
    man words; do
	if out=$(sh "$here/$lint.sh" "$@" 2>&1); then
		printf 'ok %s%s\n' "$lint" "${out:+: $out}"
		passed=$((passed + 1))
	else
		printf '%s\nnot ok %s\n' "$out" "$lint"
		failed=$((failed + 1))
	fi
done
[ $# -gt 0 ] || sh "$here/selftest.sh" || failed=$((failed + 1))
echo "lint: $passed rules kept, $failed broken"
[ $failed -eq 0 ]
