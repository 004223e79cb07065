#!/bin/sh
# kill -9 at every write, flush, rename and close of a signing run, and at
# every one of its state: the old output is still whole, or the new one is;
# the state is whole; and the same command, given again, ends well.
. "$(dirname "$0")/../common.sh"
io_shim=$B/tests/fault/io_shim.so
[ -f "$io_shim" ] || skip "the shim is not built"

lab "$T/lab" example. RSASHA256 2>"$T/err" ||
	{ not_ok "a zone's keys" "$T/err"; finish; }
sed 's/2026010100/1/' "$top/tests/interop/example.zone" >old.zone
sed 's/2026010100/2/' "$top/tests/interop/example.zone" >new.zone
now=$(date -u +%Y%m%d%H%M%S)
exits 0 "the old version" "$signer" sign -q -t "$now" -i old.zone -o signed ||
	finish
cp signed old
cp rz.db old.db
new() { "$signer" sign -q -t "$now" -i new.zone -o signed; }
exits 0 "the new version" new || finish
cp signed new # RSA: the same octets each time

# killed PATH N: the new version, killed at operation N on files with PATH in
# their name; says whether it was.
killed() {
	rm -rf .signed.* signed* rz.db-journal
	cp old signed
	cp old.db rz.db
	env LD_PRELOAD="$io_shim" RZ_FAULT="kill:$2" RZ_FAULT_PATH="$1" \
	    "$signer" sign -q -t "$now" -i new.zone -o signed \
	    >"$T/out" 2>"$T/err"
	[ $? -eq 137 ]
}

# sweep PATH: every moment, until the run is over before the kill.
sweep() {
	n=1
	while killed "$1" $n; do
		cmp -s signed old || cmp -s signed new ||
			not_ok "$1: killed at $n: signed is neither old nor new"
		new >"$T/out" 2>"$T/err" ||
			not_ok "$1: killed at $n: it cannot be done again" "$T/err"
		"$rollover" -q log --verify >"$T/out" 2>"$T/err" ||
			not_ok "$1: killed at $n: the state" "$T/err"
		cmp -s signed new ||
			not_ok "$1: killed at $n: done again, it is another"
		n=$((n + 1))
		[ $n -lt 2000 ] || break
	done
	if [ $n -gt 3 ]; then
		ok "$1: killed at $((n - 1)) moments"
	else
		not_ok "$1: only $((n - 1)) moments were found"
	fi
}
sweep signed
sweep rz.db
finish
