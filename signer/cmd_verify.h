/* What the parts of `rz-signer verify` hand to each other. */
#ifndef RZ_SIGNER_CMD_VERIFY_H
#define RZ_SIGNER_CMD_VERIFY_H

#include "keytool/anchor.h"
#include "lib/cli.h"
#include "lib/config.h"
#include "signer/cmd_opinions.h"
#include "signer/verify.h"

/* From the command line. */
struct verify_arguments {
	struct cli_list anchors, override, also;
	const char *unsigned_file, *previous, *zone, *reason;
	int64_t threads; /* 0: one for each processor */
};

/* One run. */
struct verify_run {
	const struct cli *cli;
	const struct verify_arguments *args;
	const char *file;
	struct config *cfg; /* NULL: none */
	uint8_t apex[NAME_MAX_WIRE];
	struct anchors anchors;
	struct zone zone, unsigned_zone, previous;
	struct verify_options options;
	struct verify_report report;
	struct opinions opinions;
};

/* cmd_verify_report.c: data on stdout or -o, faults on stderr. */
int verify_print(const struct verify_run *run, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/*
 * cmd_verify_record.c: an override that was used goes into the state; where
 * there is none to take it, nothing may be overridden.
 */
int verify_may_override(const struct verify_run *run, struct error *e)
    __attribute__((nonnull, warn_unused_result));
int verify_record(const struct verify_run *run, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
