/*
 * Inside of config: a YAML document as a list of nodes with their places.
 *
 * libcyaml follows a schema but sees neither a key that is there twice nor
 * where a value stood.  This pass over libyaml's events does, and refuses
 * what a configuration has no need of: anchors and aliases, tags, several
 * documents, keys that are no words, deep nesting, a NUL in a value.
 */
#ifndef RZ_LIB_CONFIG_YAML_H
#define RZ_LIB_CONFIG_YAML_H

#include <stddef.h>

#include "lib/error.h"

#define CONFIG_DEPTH_MAX 6    /* levels of nesting */
#define CONFIG_NODES_MAX 2048 /* values, lists and mappings in all */
#define CONFIG_KEY_MAX	 64   /* octets of a key */

struct config_node {
	char *path;  /* "policy.ttl.dnskey", "tokens.ksk[0]"; "" the whole */
	char *value; /* NULL: a list or a mapping */
	unsigned line, column; /* from 1 */
	unsigned key_line, key_column; /* where its key stands; 0: none */
};

struct config_nodes {
	const char *name; /* of the file; borrowed */
	struct config_node *node;
	size_t n;
};

/* Messages begin with "name:line:column: ". */
int config_nodes_read(struct config_nodes *nodes, const char *name,
    const char *text, size_t len, struct error *e)
    __attribute__((nonnull, warn_unused_result));
void config_nodes_free(struct config_nodes *nodes) __attribute__((nonnull));

/* NULL when there is none of this path. */
const struct config_node *config_node(const struct config_nodes *nodes,
    const char *path) __attribute__((nonnull));
/*
 * Put "name:line:column: path: " before the text of e; without the place
 * when the path is not in the document.  Returns -1.
 */
int config_blame(const struct config_nodes *nodes, const char *path,
    struct error *e) __attribute__((nonnull));

#endif
