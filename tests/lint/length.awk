# Lengths of functions, files and lines; what is too long is said first, then
# all lengths of functions for the median.
FNR == 1 { start = 0 }
/^\{/ { start = FNR }
/^\}$/ && start {
	n = FNR - start - 1
	start = 0
	count[n]++
	functions++
	if (n > longest) longest = n
	if (n > 60)
		fault(FILENAME ":" FNR ": " n " lines in a function, 60 are allowed")
}
FNR == 501 { fault(FILENAME ": over 500 lines") }
# Columns, not octets: the rest of a UTF-8 sequence has no width.
length($0) > 40 {
	line = $0
	gsub(/[\200-\277]/, "", line)
	columns = 0
	while ((tab = index(line, "\t")) > 0) {
		columns = int((columns + tab - 1) / 8) * 8 + 8
		line = substr(line, tab + 1)
	}
	if (columns + length(line) > 80)
		fault(FILENAME ":" FNR ": over 80 columns")
}
function fault(text) {
	print text "	[length]"
	bad = 1
}
END {
	for (n = 0; n <= longest && seen < functions / 2; n++)
		seen += count[n]
	printf "%d functions, median %d lines, longest %d\n", functions,
	    n ? n - 1 : 0, longest
	exit bad
}
