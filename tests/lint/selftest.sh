#!/bin/sh
# Each lint catches a fault planted in a copy of the tree.
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' HUP INT TERM
failed=0

mkdir "$tmp/tree"
(cd "$top" && tar cf - Makefile lib hsm keytool rollover signer man \
    tests/*/*.[ch] tests/*/*.sh 2>/dev/null) | tar xf - -C "$tmp/tree"

# plant LINT FILE TEXT: with TEXT added to FILE, LINT has more to say of FILE.
plant() {
	file=$tmp/tree/$2
	before=0
	if [ -f "$file" ]; then
		before=$(LINT_ONLY=$2 sh "$here/$1.sh" "$tmp/tree" 2>&1 |
			grep -cF "$2")
		cp "$file" "$tmp/saved"
	fi
	printf '%b\n' "$3" >>"$file"
	after=$(LINT_ONLY=$2 sh "$here/$1.sh" "$tmp/tree" 2>&1 | grep -cF "$2")
	rm "$file"
	[ ! -f "$tmp/saved" ] || mv "$tmp/saved" "$file"
	[ "$after" -le "$before" ] || return 0
	echo "not ok selftest: $1 misses, in $2: $3"
	failed=1
}

# quiet LINT FILE TEXT: what only looks like a fault is not one.
quiet() {
	rm -rf "$tmp/plain"
	mkdir -p "$tmp/plain/lib"
	printf '%b\n' "$3" >"$tmp/plain/$2"
	sh "$here/$1.sh" "$tmp/plain" >/dev/null 2>&1 && return
	echo "not ok selftest: $1 takes for a fault: $3"
	failed=1
}

body=$(printf '\tf();%.0s\\n' $(seq 61))
plant direction lib/buf.c '#include "hsm/hsm.h"'
plant direction hsm/uri.c '#include "keytool/key.h"'
plant direction keytool/key.c '#include "hsm/hsm.h"'
plant direction rollover/keyset.c '#include "hsm/hsm.h"'
plant direction signer/zone.c '#include "keytool/token.h"'
plant direction signer/zone.c '#include "tests/support/x.h"'
plant cryptoki signer/zone.c 'int x = C_Sign(0);'
plant cryptoki keytool/key.c 'CK_RV rv;'
plant cryptoki keytool/key.c '#include <p11-kit/pkcs11.h>'
plant clock rollover/keyset.c 'long t = time(NULL);'
plant clock lib/utc.c 'struct tm *t = gmtime(&x);'
plant clock signer/zone.c 'int x = ldns_verify(a, b, c, d);'
plant noprint lib/buf.c 'void f(void) { printf("x"); }'
plant noprint signer/zone.c 'void f(void) { exit(1); }'
plant noprint keytool/key.c 'FILE *f = stderr;'
plant banned lib/buf.c 'void f(void) { strcpy(a, b); }'
plant banned lib/cli.c 'int f = atoi (x);'
plant tables signer/sign.c 'int x = sqlite3_step(y);'
plant length lib/buf.c "void\\nf(void)\\n{\\n$body}"
plant length lib/buf.c "$(printf '\\n%.0s' $(seq 500))"
plant length lib/buf.c "int $(printf 'x%.0s' $(seq 80));"
plant headers lib/buf.h 'struct nothing x;'
plant headers lib/new.h 'int x(void);'
plant man man/rz-signer.8 '.Nonsense'
plant words lib/buf.c '/* TO''DO: later */'
plant words lib/buf.c 'const char *p = "/ho''me/x";'
quiet clock lib/x.c '/* time(NULL) */ const char *s = "time(2)";'
quiet clock lib/x.c 'int r = key_store_set_time(s) + o->time(x);'
quiet noprint lib/x.c 'int r = snprintf(b, n, "printf(%%d)", 1);'
quiet banned lib/x.c 'char *s = strtok_r_like(x); /* strcpy( */'
[ $failed -eq 0 ] && echo 'ok selftest: each rule catches what it forbids'
exit $failed
