#!/bin/sh
# A header begins with what it is, has the guard RZ_DIRECTORY_NAME_H, and
# compiles alone.
. "$(dirname "$0")/lib.sh"
for h in $(sources | grep '\.h$'); do
	guard=RZ_$(printf '%s' "$h" | tr 'a-z/.-' 'A-Z___')
	grep -q "^#ifndef $guard\$" "$h" || say "$h: no guard $guard	[headers]"
	head -n 1 "$h" | grep -q '^/\*' ||
		say "$h: does not say what it is	[headers]"
	${CC:-cc} -std=c11 -D_GNU_SOURCE -I. -I/usr/include/p11-kit-1 \
	    -fsyntax-only -Wall -x c "$h" 2>/dev/null ||
		say "$h: does not compile alone	[headers]"
done
exit $bad
