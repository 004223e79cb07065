#!/bin/sh
# The state database is reached through lib/state, and a table through the
# file that owns it.
. "$(dirname "$0")/lib.sh"
forbid 'sqlite3_' 'SQLite outside the owners of tables' \
    'lib/state*' '*/*_store.[ch]'
exit $bad
