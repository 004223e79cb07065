# C without its comments and without what stands in string and character
# constants, each line after its file and number.
FNR == 1 { state = "code" }
{
	out = ""
	for (i = 1; i <= length($0); i++) {
		c = substr($0, i, 1)
		two = substr($0, i, 2)
		if (state == "code") {
			if (two == "/*") { state = "comment"; i++ }
			else if (two == "//") break
			else if (c == "\"" || c == "'") { state = c; out = out c }
			else out = out c
		} else if (state == "comment") {
			if (two == "*/") { state = "code"; out = out " "; i++ }
		} else if (c == "\\") i++
		else if (c == state) { state = "code"; out = out c }
	}
	if (state != "comment") state = "code"
	print FILENAME ":" FNR ":" out
}
