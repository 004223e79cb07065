/* What the verbs of rz-keytool share; for cmd_*.c and main.c alone. */
#ifndef RZ_KEYTOOL_CMD_H
#define RZ_KEYTOOL_CMD_H

#include <jansson.h>

#include "keytool/key.h"
#include "keytool/name.h"
#include "keytool/record.h"
#include "keytool/token.h"
#include "lib/cli.h"
#include "lib/config.h"
#include "lib/state.h"

extern const struct cli_option adopt_options[];
extern const struct cli_option destroy_options[];
extern const struct cli_option ds_options[];
extern const struct cli_option dnskey_options[];
extern const struct cli_option generate_options[];
extern const struct cli_option import_options[];
extern const struct cli_option list_options[];
extern const struct cli_option token_init_options[];

int cmd_adopt(struct cli *cli, int argc, char **argv);
int cmd_destroy(struct cli *cli, int argc, char **argv);
int cmd_dnskey(struct cli *cli, int argc, char **argv);
int cmd_ds(struct cli *cli, int argc, char **argv);
int cmd_generate(struct cli *cli, int argc, char **argv);
int cmd_hash(struct cli *cli, int argc, char **argv);
int cmd_import(struct cli *cli, int argc, char **argv);
int cmd_list(struct cli *cli, int argc, char **argv);
int cmd_token_init(struct cli *cli, int argc, char **argv);

/* Configuration, state and its keys. */
struct session {
	const struct cli *cli;
	struct config *cfg;
	struct state *state;
	struct keys keys;
	uint8_t zone[NAME_MAX_WIRE];
	char verb[64]; /* "rz-keytool generate", for events */
};

/* With -n the state is opened for reading only, whatever change says. */
int session_open(struct session *s, const struct cli *cli, bool change,
    struct error *e) __attribute__((nonnull, warn_unused_result));
/* For changes, also where there is no state yet: then state is NULL. */
int session_open_any(struct session *s, const struct cli *cli,
    struct error *e) __attribute__((nonnull, warn_unused_result));
void session_close(struct session *s) __attribute__((nonnull));
/*
 * What cannot be undone goes by the clock: --time is refused, but with -n and
 * in a lab state.
 */
int session_check_time(const struct cli *cli, bool lab, struct error *e)
    __attribute__((nonnull, warn_unused_result));
struct record session_record(const struct session *s)
    __attribute__((nonnull));
const struct config_key *session_policy(const struct session *s,
    enum key_role role) __attribute__((nonnull));

/* Every token of the role; pin_fd as from the option, -1 for none. */
int session_tokens(const struct session *s, struct tokens *ts,
    enum key_role role, int64_t pin_fd, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* The role a person wrote; *role is set. */
int session_role(const char *text, enum key_role *role, struct error *e)
    __attribute__((nonnull(2, 3), warn_unused_result));

/* Add what a verb prints of a key: lines to text, or objects to array. */
typedef int session_print_fn(const struct session *s, const struct key *k,
    struct buf *text, json_t *array, struct error *e);
/*
 * The whole of a verb that prints records of the keys that are named, or with
 * no names of those that are published at this time: a no when there is none.
 * Returns the exit status.
 */
int session_print(const struct cli *cli, bool ksk_alone, int argc,
    char **argv, session_print_fn *add)
    __attribute__((nonnull(1, 5), warn_unused_result));
/* Is it published with REVOKE at this time? */
bool session_revoked(const struct session *s, const struct key *k)
    __attribute__((nonnull));

/* The TTL to print with a DNSKEY, and with a DS. */
uint32_t session_ttl_dnskey(const struct session *s) __attribute__((nonnull));
uint32_t session_ttl_ds(const struct session *s) __attribute__((nonnull));

/*
 * All that is said of a key that was made, imported or adopted.  did: what
 * was done ("generated"), or would be.
 */
int session_show(const struct session *s, const struct key *k,
    const char *did, const struct tokens *ts, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#define OPTION_PIN_FD(dest)                                                  \
	{"pin-fd", 0, CLI_NUMBER, dest, "N",                                 \
	    "read PINs from descriptor N, one a line, when a URI has no "    \
	    "pin-source", 0, 65535}
#define OPTION_END {NULL, 0, CLI_FLAG, NULL, NULL, NULL, 0, 0}

#endif
