#!/bin/sh
# The time of day comes from lib/clock.c alone, and never by local time.
. "$(dirname "$0")/lib.sh"
b='(^|[^A-Za-z0-9_>.])'
forbid "$b(time|gettimeofday|clock_gettime|ldns_time|nanosleep|usleep|sleep) *\\(" \
    'clock outside lib/clock.c' lib/clock.c
forbid "$b(localtime|localtime_r|mktime|gmtime|ctime|ctime_r|strftime|tzset) *\\(" \
    'calendar of the C library'
forbid "$b(ldns_verify|ldns_verify_rrsig|ldns_verify_rrsig_keylist|ldns_dnssec_zone_sign|ldns_create_empty_rrsig) *\\(" \
    'reads the clock behind our back'
exit $bad
