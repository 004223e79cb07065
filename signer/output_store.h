/*
 * Signed zones that passed the verifier, in the state database: the table
 * that signer/ owns.  A row is written before the file gets its name
 * (announced), and marked when it has it, so that a kill between the two is
 * told by the file itself.
 */
#ifndef RZ_SIGNER_OUTPUT_STORE_H
#define RZ_SIGNER_OUTPUT_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/hex.h"
#include "lib/state.h"

extern const struct state_schema output_store_schema;

struct output {
	int64_t id;	 /* of the row */
	int64_t at;	 /* the time that was signed for */
	uint32_t serial;
	char *path;			   /* owned */
	char sha256[SHA256_TEXT];	   /* of the file */
	char digest[SHA256_TEXT];	   /* sign_digest */
	int64_t first_expiration;	   /* of its signatures */
	bool published;
};

/*
 * The newest output that has its name: marked so, or announced and found at
 * its path with its hash.  1 there is one, 0 none, -1 trouble.
 */
int output_last(struct state *s, struct output *o, struct error *e)
    __attribute__((nonnull, warn_unused_result));
void output_free(struct output *o) __attribute__((nonnull));

/*
 * The number of the newest row, announced or published (0: none): another
 * one in a later transaction means that somebody else was at work.
 */
int output_newest(struct state *s, int64_t *id, struct error *e)
    __attribute__((nonnull, warn_unused_result));

/* Inside a transaction; sets o->id. */
int output_announce(struct state *s, struct output *o, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* Inside a transaction. */
int output_publish(struct state *s, const struct output *o, struct error *e)
    __attribute__((nonnull, warn_unused_result));

#endif
