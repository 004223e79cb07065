/* What the parts of `rz-signer sign` hand to each other. */
#ifndef RZ_SIGNER_CMD_SIGN_H
#define RZ_SIGNER_CMD_SIGN_H

#include "keytool/key.h"
#include "keytool/token.h"
#include "lib/cli.h"
#include "lib/config.h"
#include "lib/file.h"
#include "lib/state.h"
#include "rollover/keyset.h"
#include "signer/cmd_opinions.h"
#include "signer/output_store.h"
#include "signer/sign.h"
#include "signer/verify.h"

/* From the command line. */
struct sign_arguments {
	const char *input;
	const char *previous;
	bool min_ttl;
	bool strict;
	int64_t threads; /* 0: one for each processor */
	int64_t pin_fd;	 /* -1: none */
	struct cli_list override;
	const char *reason;
};

/* One run. */
struct sign_run {
	const struct cli *cli;
	const struct sign_arguments *args;
	struct config *cfg;
	struct state *state;
	struct keys keys;
	struct keyset set;
	struct zone zone;
	size_t stripped; /* records of the input that signing makes anew */
	size_t records;	 /* of the input that were kept */
	size_t lowered;	 /* TTLs, by --min-ttl */
	struct output last;
	bool has_last;
	int64_t newest; /* row of the outputs, as this run began */
	char *published; /* the last output, where its hash was found */
	const char *previous; /* what the change is bounded against; NULL */
	bool unchanged; /* nothing at all differs from it */
	uint8_t fingerprint[SHA256_SIZE]; /* of the content to publish */
	struct sign_options options;
	struct sign_report report;
	struct output output; /* what this run makes */
	struct file_new file;
	struct verify_report verdict;
	struct opinions opinions;
	double read_s, keys_s, write_s, verify_s;
};

/*
 * cmd_sign_keys.c: the private half of each key that signs, in every token
 * of its role that holds it, proved before use.
 */
struct bound_keys;
int bound_keys_open(struct bound_keys **b, struct sign_run *run,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/* Published keys in the form the signer knows; lives as long as b. */
const struct signing_keys *bound_keys_signing(const struct bound_keys *b)
    __attribute__((nonnull));
/* Workers that every token can serve at once. */
unsigned bound_keys_workers(const struct bound_keys *b)
    __attribute__((nonnull));
/* Warn of tokens that failed while others went on: after signing. */
void bound_keys_warn(const struct bound_keys *b, const struct cli *cli)
    __attribute__((nonnull));
void bound_keys_close(struct bound_keys *b);
/* Only the public halves, for -n. */
struct signing_key *published_keys(const struct keyset *set)
    __attribute__((nonnull));

/* cmd_sign_input.c: the zone, read, stripped, checked. */
int sign_read_input(struct sign_run *run, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* cmd_sign_check.c: what can be refused before any key is touched. */
int sign_check_arguments(const struct cli *cli,
    const struct sign_arguments *args, int argc) __attribute__((nonnull));
int sign_check_place(struct sign_run *run, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* cmd_sign_prove.c: the finished file before the verifier; a no: refused. */
int sign_prove(struct sign_run *run, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* cmd_sign_publish.c: announced, named, recorded, kept. */
int sign_publish(struct sign_run *run, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* A file that was refused is for a person to look at. */
void sign_keep_refused(struct sign_run *run, struct error *e)
    __attribute__((nonnull));

/* cmd_sign_report.c: what was done, on stderr or as JSON on stdout. */
void sign_print_plan(const struct sign_run *run) __attribute__((nonnull));
void sign_print_unchanged(const struct sign_run *run)
    __attribute__((nonnull));
void sign_print_done(const struct sign_run *run) __attribute__((nonnull));

#endif
