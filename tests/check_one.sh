#!/bin/sh
# One line of the list that tests/check.sh makes: run it, say how it went.
# shellcheck disable=SC2086 # the line is words
set -- $1
name=$1 limit=$2
shift 2
id=$(printf '%s' "$name" | tr / .)
out=$T/out.$id
start=$(date +%s.%N)
RZ_BUILD=$B timeout -k 10 "$limit" "$@" >"$out" 2>&1 </dev/null
status=$?
seconds=$(echo "$start $(date +%s.%N)" | awk '{ printf "%.1f", $2 - $1 }')
{
	flock 9
	case $status in
	0)
		echo "ok $name ($seconds)"
		echo passed >"$T/result.$id"
		# What it left out, by its own lines or by cmocka's.
		sed -n "s|^skip |skip $name: |p
		    s|^\[  SKIPPED \] \([a-z_0-9]*\)\$|skip $name: \1|p" \
		    "$out" | sort -u >"$T/skips.$id"
		cat "$T/skips.$id"
		sed 's/.*/skipped/' "$T/skips.$id" >>"$T/result.$id"
		;;
	77)
		echo "skip $name: $(tail -n 1 "$out")"
		echo skipped >"$T/result.$id"
		;;
	*)
		[ $status -ne 124 ] && [ $status -ne 137 ] ||
			echo "over the limit of $limit s" >>"$out"
		echo "not ok $name ($seconds, status $status)"
		# What went well is not of interest now.
		sed '/^ok /d;/^\[ *\(RUN\|OK\) /d;s/^/    /' "$out"
		echo failed >"$T/result.$id"
		;;
	esac
} 9>>"$T/lock"
