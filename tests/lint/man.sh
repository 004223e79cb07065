#!/bin/sh
# Every program has its page, and mandoc has nothing to say about any page.
. "$(dirname "$0")/lib.sh"
for p in keytool rollover signer; do
	[ -f "man/rz-$p.8" ] || say "man/rz-$p.8: is missing	[man]"
done
[ -f man/rz.yaml.5 ] || say "man/rz.yaml.5: is missing	[man]"
for page in man/*.[578]; do
	[ -f "$page" ] || continue
	# References to pages of other packages are right, installed or not.
	said=$(mandoc -Tlint -W warning "$page" | grep -v 'referenced manual not found')
	[ -z "$said" ] || say "$said	[man]"
done
exit $bad
