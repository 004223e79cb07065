#!/bin/sh
# The ten commands of the README, as they stand there.
. "$(dirname "$0")/../common.sh"
PATH=$B:$PATH
export PATH
mkdir "$T/first" && cd "$T/first" || exit 2
sed -n '/^    zone: /,/^$/s/^    //p' "$top/README.md" >rz.yaml
sed -n '/readme\.sh/,/^[^ <]/s/^    //p' "$top/README.md" >commands
cp "$top/tests/interop/example.zone" .
if [ "$(wc -l <commands)" -eq 10 ]; then
	ok "ten commands"
else
	not_ok "not ten commands" commands
fi
exits 0 "the README's first zone" sh -e commands
exits 0 "it is signed and verified" "$signer" verify example.signed \
    --anchors anchors
finish
