/* The verbs of rz-signer. */
#ifndef RZ_SIGNER_CMD_H
#define RZ_SIGNER_CMD_H

#include "lib/cli.h"

extern const struct cli_option cmd_sign_options[];
int cmd_sign(struct cli *cli, int argc, char **argv);

extern const struct cli_option cmd_verify_options[];
int cmd_verify(struct cli *cli, int argc, char **argv);

#endif
