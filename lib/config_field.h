/* Inside of config: what the texts of a configuration mean. */
#ifndef RZ_LIB_CONFIG_FIELD_H
#define RZ_LIB_CONFIG_FIELD_H

#include "lib/config_schema.h"
#include "lib/config_yaml.h"

/* A word of the configuration and its value; ends with a NULL word. */
struct config_word {
	const char *word;
	int value;
};

/* -1 with "one of a, b was expected, found ..." when text is none of them. */
int config_word(int *value, const char *text, const struct config_word *words,
    struct error *e) __attribute__((nonnull, warn_unused_result));

/* All keys with one value, or their defaults.  Messages have the place. */
int config_fields(struct config *cfg, const struct config_raw *raw,
    const struct config_nodes *nodes, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* The lists, and the severities. */
int config_lists(struct config *cfg, const struct config_raw *raw,
    const struct config_nodes *nodes, struct error *e)
    __attribute__((nonnull, warn_unused_result));
/* Values against each other, as far as one file can show. */
int config_check(const struct config *cfg, const struct config_nodes *nodes,
    struct error *e) __attribute__((nonnull, warn_unused_result));

/* The default of a key as it would be written; NULL: none. */
const char *config_default(const char *path) __attribute__((nonnull));

#endif
