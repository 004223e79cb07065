/* The verbs of rz-rollover, and how they hand over what they found. */
#ifndef RZ_ROLLOVER_CMD_H
#define RZ_ROLLOVER_CMD_H

#include <jansson.h>

#include "keytool/key.h"
#include "lib/buf.h"
#include "lib/cli.h"

int cmd_init(struct cli *cli, int argc, char **argv);
int cmd_log(struct cli *cli, int argc, char **argv);
int cmd_status(struct cli *cli, int argc, char **argv);

extern const struct cli_option init_options[];
extern const struct cli_option log_options[];
extern const struct cli_option status_options[];

/* To -o FILE, whole or not at all, else to standard output. */
int cmd_output(const struct cli *cli, const struct buf *text,
    struct error *e) __attribute__((nonnull, warn_unused_result));
int cmd_output_json(const struct cli *cli, const json_t *value,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/* "ksk  RSASHA256  20326", as the lines about a key begin. */
void cmd_key_text(struct buf *out, const struct key *k, uint16_t tag)
    __attribute__((nonnull));

#endif
