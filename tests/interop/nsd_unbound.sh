#!/bin/sh
# NSD serves the signed root and two children; Unbound, whose only trust
# anchor is our KSK, validates what it is asked, and says SERVFAIL where one
# signature was damaged.
. "$(dirname "$0")/../common.sh"
need nsd unbound drill

# A port that is probably free; who cannot bind it tries another.
port() { echo $((20000 + $(od -An -N2 -tu2 /dev/urandom) % 30000)); }

# start NAME COMMAND…: in the background, until it says that it is ready.
start() {
	log=$T/$1.log ready=$2
	shift 2
	"$@" >"$log" 2>&1 &
	pid=$!
	i=0
	while [ $i -lt 100 ]; do
		grep -q "$ready" "$log" && break
		kill -0 $pid 2>/dev/null || return 1
		sleep 0.1
		i=$((i + 1))
	done
	pids="$pids $pid"
	[ $i -lt 100 ]
}

stop_all() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	pids=
}

nsd_start() {
	nsd_port=$(port)
	cat >"$T/nsd.conf" <<-END
	server:
	  ip-address: 127.0.0.1@$nsd_port
	  username: ""
	  database: ""
	  zonesdir: "$T"
	  pidfile: "$T/nsd.pid"
	  xfrdfile: "$T/xfrd.state"
	  zonelistfile: "$T/zone.list"
	  xfrdir: "$T"
	  server-count: 1
	  rrl-ratelimit: 0
	  verbosity: 2
	remote-control:
	  control-enable: no
	zone:
	  name: "."
	  zonefile: "root.served"
	zone:
	  name: "secure."
	  zonefile: "secure/signed"
	zone:
	  name: "insecure."
	  zonefile: "insecure.zone"
	END
	start nsd 'nsd started' nsd -d -c "$T/nsd.conf"
}

unbound_start() {
	unbound_port=$(port)
	cat >"$T/unbound.conf" <<-END
	server:
	  directory: "$T"
	  chroot: ""
	  username: ""
	  pidfile: ""
	  use-syslog: no
	  do-daemonize: no
	  do-ip6: no
	  num-threads: 1
	  verbosity: 1
	  interface: 127.0.0.1@$unbound_port
	  access-control: 127.0.0.0/8 allow
	  do-not-query-localhost: no
	  module-config: "validator iterator"
	  trust-anchor-file: "$T/root/anchors"
	remote-control:
	  control-enable: no
	END
	for z in . secure. insecure.; do
		printf 'stub-zone:\n  name: "%s"\n  stub-addr: 127.0.0.1@%s\n  stub-prime: no\n' \
		    $z "$nsd_port" >>"$T/unbound.conf"
	done
	start unbound 'start of service' unbound -d -c "$T/unbound.conf"
}

serve() {
	cp "$1" "$T/root.served"
	for _ in 1 2 3 4 5; do
		nsd_start && unbound_start && return
		stop_all
	done
	not_ok "servers start" "$T/nsd.log" "$T/unbound.log"
	finish
}

# asked NAME TYPE RCODE ad|- [TEXT]: what Unbound answers.
asked() {
	drill -D -p "$unbound_port" @127.0.0.1 "$1" "$2" >"$T/answer" 2>&1
	rcode=$(sed -n 's/.*rcode: \([A-Z]*\),.*/\1/p' "$T/answer")
	if sed -n 's/^;; flags: *//p' "$T/answer" | grep -q ' ad '; then
		ad=ad
	else
		ad=-
	fi
	if [ "$rcode $ad" = "$3 $4" ] && grep -qF -- "${5:-HEADER}" "$T/answer"
	then
		ok "$1 $2: $rcode $ad"
	else
		not_ok "$1 $2: $rcode $ad; expected: $3 $4 ${5-}" "$T/answer"
	fi
}

# Children: one signed by us, its DS in the root; one without DS.
cat >"$T/secure.zone" <<'END'
secure. 3600 IN SOA ns.secure. h.secure. 1 1800 900 604800 60
secure. 3600 IN NS ns.secure.
ns.secure. 3600 IN A 127.0.0.1
www.secure. 60 IN A 192.0.2.1
*.wild.secure. 60 IN TXT "any"
END
sed 's/secure\./insecure./g' "$T/secure.zone" >"$T/insecure.zone"
(lab "$T/secure" secure. ECDSAP256SHA256 &&
    "$signer" -q sign -i ../secure.zone -o signed) >"$T/err" 2>&1 ||
	{ not_ok "child" "$T/err"; finish; }
{
	"$B/tests/tools/zonegen"
	for z in secure insecure; do
		echo "$z. 172800 IN NS ns.$z."
		echo "ns.$z. 172800 IN A 127.0.0.1"
	done
	cat "$T/secure/anchors"
} >"$T/root.zone"
lab "$T/root" . RSASHA256 2>"$T/err" || { not_ok keys "$T/err"; finish; }
exits 0 "root signed" "$signer" sign -i ../root.zone -o signed || finish

serve signed
asked . SOA NOERROR ad RRSIG
asked . NS NOERROR ad m.root-servers.net.
asked . DNSKEY NOERROR ad RRSIG
asked com. DS NOERROR ad
asked no-such-name. A NXDOMAIN ad NSEC
asked secure. DS NOERROR ad RRSIG
asked www.secure. A NOERROR ad 192.0.2.1
asked x.wild.secure. TXT NOERROR ad any
asked no.secure. A NXDOMAIN ad NSEC
asked insecure. DS NOERROR ad NSEC
asked www.insecure. A NOERROR - 192.0.2.1
stop_all

# The signature over the DS of one child damaged: bogus below it, and nowhere
# else.
awk '$1 == "secure." && $4 == "RRSIG" && $5 == "DS" {
	c = substr($NF, 20, 1)
	$NF = substr($NF, 1, 19) (c == "A" ? "B" : "A") substr($NF, 21)
} { print }' signed >damaged
exits 1 "rz-signer sees the damage" "$signer" verify damaged --anchors anchors
serve damaged
asked . SOA NOERROR ad
asked secure. DS SERVFAIL -
asked www.secure. A SERVFAIL -
asked www.insecure. A NOERROR - 192.0.2.1
stop_all
finish
