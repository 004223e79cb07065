/*
 * Inside of config: which keys there are.  libcyaml fills this struct with
 * texts as they stand; config_field.c gives them their meaning.
 */
#ifndef RZ_LIB_CONFIG_SCHEMA_H
#define RZ_LIB_CONFIG_SCHEMA_H

#include "lib/config.h"
#include "lib/config_yaml.h"

#define CONFIG_TOKENS_MAX 16  /* tokens of one role */
#define CONFIG_TEXT_MAX	  4096 /* octets of a value */

struct config_raw_key {
	char *algorithm, *bits, *roll, *lifetime;
};

struct config_raw {
	char *zone, *state, *lab;
	struct config_raw_tokens {
		struct config_list ksk, zsk;
		char *sessions;
	} tokens;
	struct config_raw_policy {
		char *trust, *denial, *serial, *calendar, *strict;
		struct config_raw_key ksk, zsk;
		struct config_raw_ttl {
			char *dnskey, *ds;
		} ttl;
		struct config_raw_signatures {
			char *dnskey, *zone, *inception_offset, *refresh;
		} signatures;
		struct config_list zonemd;
		struct config_raw_propagation {
			char *zone, *parent;
		} propagation;
	} policy;
	struct config_raw_verify {
		struct config_list also, required;
		char *also_limit, *dnskey_size, *next_signing;
		struct config_raw_change {
			char *lines, *delegations;
		} max_change;
	} verify;
	struct config_raw_alarm {
		char *signatures_left, *skr_left;
	} alarm;
	struct config_raw_hooks {
		char *sign, *publish, *observe;
	} hooks;
	struct config_raw_rollover {
		char *add_hold_down, *ksk_publication, *revoke_for;
	} rollover;
};

/* What the schema refuses is said with its place, which nodes knows. */
int config_raw_read(struct config_raw **raw, const struct config_nodes *nodes,
    const char *text, size_t len, struct error *e)
    __attribute__((nonnull, warn_unused_result));
void config_raw_free(struct config_raw *raw);

/* The path of every key of the schema, in order; for tests of the manual. */
void config_keys(void (*each)(void *arg, const char *path), void *arg)
    __attribute__((nonnull(1)));

#endif
