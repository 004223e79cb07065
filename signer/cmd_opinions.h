/*
 * What `sign` and `verify` have in common when they judge a file: second
 * opinions, overrides on the record, and what to do after a refusal.
 */
#ifndef RZ_SIGNER_CMD_OPINIONS_H
#define RZ_SIGNER_CMD_OPINIONS_H

#include <jansson.h>

#include "lib/cli.h"
#include "lib/config.h"
#include "signer/foreign.h"
#include "signer/verify.h"

struct opinions {
	struct foreign_result *result; /* owned */
	size_t n;
	size_t refusals; /* of those required: not a yes */
	const struct config *cfg;
};

/*
 * Ask the validators of the configuration (verify.also, verify.required; cfg
 * may be NULL) and those of `also`, in which "none" leaves out verify.also.
 * Each is asked once, of a file that is not standard input.
 */
int opinions_ask(struct opinions *os, const struct config *cfg,
    const struct cli_list *also, const char *file, const struct zone *z,
    const struct cli *cli, struct error *e)
    __attribute__((nonnull(1, 3, 4, 5, 6, 7), warn_unused_result));
void opinions_free(struct opinions *os) __attribute__((nonnull));
/* Those that are not a yes, on stderr, as of `file`. */
void opinions_warn(const struct opinions *os, const char *file)
    __attribute__((nonnull));
json_t *opinions_json(const struct opinions *os) __attribute__((nonnull));

/* The rules that let something pass that would have been an error. */
json_t *overrides_used(const struct verify_report *r,
    const struct cli_list *override) __attribute__((nonnull));
/* In a dry run, on stderr: the overrides that would let errors pass. */
void overrides_tell(const char *file, const struct verify_report *r,
    const struct cli_list *override) __attribute__((nonnull));
/* --override and --reason go together, and a reason says something. */
int overrides_check(const struct cli *cli, const struct cli_list *override,
    const char *reason) __attribute__((nonnull(1, 2)));

/*
 * After a refusal, on stderr: until when the signatures of the version that
 * is served stay valid (until: TIME_NEVER when it has none; served NULL: it
 * is not known), and what can be done.
 */
void refusal_explain(const char *file, const struct verify_report *r,
    const char *served, int64_t until, int64_t now)
    __attribute__((nonnull(1, 2)));

#endif
