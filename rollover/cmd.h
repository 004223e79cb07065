/* The verbs of rz-rollover. */
#ifndef RZ_ROLLOVER_CMD_H
#define RZ_ROLLOVER_CMD_H

#include "keytool/key.h"
#include "lib/buf.h"
#include "lib/cli.h"

int cmd_init(struct cli *cli, int argc, char **argv);
int cmd_log(struct cli *cli, int argc, char **argv);
int cmd_status(struct cli *cli, int argc, char **argv);

extern const struct cli_option init_options[];
extern const struct cli_option log_options[];
extern const struct cli_option status_options[];

/* "ksk  RSASHA256  20326", as the lines about a key begin. */
void cmd_key_text(struct buf *out, const struct key *k, uint16_t tag)
    __attribute__((nonnull));

#endif
