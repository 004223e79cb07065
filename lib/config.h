/*
 * rz.yaml, read and checked as a whole: unknown and duplicate keys, aliases,
 * wrong types, durations without a unit are errors with line and column.
 * Every duration here is in seconds.  rz.yaml(5) says what each key means.
 */
#ifndef RZ_LIB_CONFIG_H
#define RZ_LIB_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

enum config_trust { TRUST_RFC5011, TRUST_PARENT };
enum config_roll { ROLL_QUARTERLY, ROLL_LIFETIME, ROLL_MANUAL };
enum config_denial { DENIAL_NSEC, DENIAL_NSEC3 };
enum config_serial {
	SERIAL_KEEP,
	SERIAL_INCREMENT,
	SERIAL_UNIXTIME,
	SERIAL_DATE
};
enum config_calendar { CALENDAR_ROOT_QUARTERS, CALENDAR_LIFETIMES };
enum config_severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

struct config_list {
	char **item;
	unsigned n;
};

struct config_key {
	uint8_t algorithm; /* number, from its mnemonic; default 8 */
	unsigned bits;	   /* default 2048 for RSA, 0 for the others */
	enum config_roll roll;
	int64_t lifetime; /* with ROLL_LIFETIME */
};

struct config_severity_rule {
	char *rule; /* name of a rule of the verifier */
	enum config_severity severity;
};

struct config {
	char *path;  /* the file it came from */
	char *zone;  /* presentation form, absolute, lower case */
	char *state; /* path of the database */
	bool lab;    /* times below the RFC minima are allowed */
	struct {
		struct config_list ksk; /* RFC 7512 URIs */
		struct config_list zsk; /* the same, or file:DIR */
		unsigned sessions; /* most sessions per token; default: one
				      for each processor */
	} tokens;
	struct {
		enum config_trust trust;
		struct config_key ksk, zsk;
		struct {
			int64_t dnskey; /* 48h */
			int64_t ds;	/* 24h; -1: `keep` */
		} ttl;
		struct {
			int64_t dnskey; /* 21d: inception to expiration */
			int64_t zone;	/* 13d, from the time of signing */
			int64_t inception_offset; /* 1h before it */
			int64_t refresh; /* 0: every signature is made anew */
		} signatures;
		enum config_denial denial;
		uint8_t zonemd[8]; /* hash algorithm numbers (RFC 8976 5.3) */
		unsigned zonemd_n;
		enum config_serial serial;
		struct {
			int64_t zone;	/* 2h */
			int64_t parent; /* 1h */
		} propagation;
		enum config_calendar calendar;
		bool strict; /* occluded data is refused */
	} policy;
	struct {
		struct config_severity_rule *severity;
		unsigned severity_n;
		struct config_list also; /* foreign validators by name */
		struct config_list required; /* those that must say yes */
		int64_t also_limit;	 /* time limit of each; 5m */
		unsigned dnskey_size;	 /* octets of response; 1232 */
		int64_t next_signing;	/* validity that must be left; 5d */
		struct {
			unsigned lines;	/* records changed; 0: any */
			unsigned delegations; /* in 1/100 %; 0: any */
		} max_change;
	} verify;
	struct {
		int64_t signatures_left; /* 5d */
		int64_t skr_left;	 /* 45d */
	} alarm;
	struct {
		char *sign, *publish, *observe; /* NULL: ours */
	} hooks;
	struct {
		int64_t add_hold_down; /* 30d */
		int64_t ksk_publication; /* -1: auto */
		int64_t revoke_for;	 /* 70d */
	} rollover;
};

/*
 * Read and check.  The caller frees the result.  The message of a failure is
 * "rz.yaml:LINE:COLUMN: what was expected, what was found" where a place is
 * known.
 */
int config_load(struct config **cfg, const char *path, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* The same from memory; name stands for the path in messages. */
int config_parse(struct config **cfg, const char *text, size_t len,
    const char *name, struct error *e)
    __attribute__((nonnull, warn_unused_result));
void config_free(struct config *cfg);

/* For a verb that works on the state: trouble when none is configured. */
int config_need_state(const struct config *cfg, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/*
 * Is this a place that an output may take?  Trouble when it is that of the
 * configuration, of the state database (or of what SQLite has beside it), of
 * a PIN file, or among key files.  Names that are not there yet count.
 */
int config_check_output(const struct config *cfg, const char *output,
    struct error *e) __attribute__((nonnull, warn_unused_result));

#endif
