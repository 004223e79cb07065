#!/bin/sh
# No function over 60 lines, no file over 500, no line over 80 columns.
. "$(dirname "$0")/lib.sh"
tests=$(ls tests/*/*.[ch] 2>/dev/null)
lengths=$(for f in $(sources) $tests; do
	awk -v file="$f" '
		/^\{/ { start = NR }
		/^\}$/ && start { print NR - start - 1, file ":" start; start = 0 }
	' "$f"
done | sort -n)
over=$(printf '%s\n' "$lengths" | awk '$1 > 60 {
	print $2 ": " $1 " lines in a function, 60 are allowed	[length]" }')
[ -z "$over" ] || say "$over"
for f in $(sources) $tests; do
	n=$(wc -l <"$f")
	[ "$n" -le 500 ] || say "$f: $n lines, 500 are allowed	[length]"
	# Columns, not octets: the rest of a UTF-8 sequence has no width.
	wide=$(expand "$f" | tr -d '\200-\277' |
		awk 'length($0) > 80 { printf "%d ", NR }')
	[ -z "$wide" ] || say "$f: over 80 columns: line $wide	[length]"
done
printf '%s\n' "$lengths" | awk '{ n[NR] = $1 }
	END { printf "%d functions, median %d lines, longest %d\n",
	    NR, n[int((NR + 1) / 2)], n[NR] }'
exit $bad
