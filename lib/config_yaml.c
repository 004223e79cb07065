#include "lib/config_yaml.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "lib/xalloc.h"

struct reader {
	yaml_parser_t parser;
	struct config_nodes *nodes;
	struct error *e;
};

/* Say what is wrong at a place. */
static int
wrong(struct reader *r, yaml_mark_t at, const char *path, const char *what)
{
	return error_set(r->e, "%s:%zu:%zu: %s%s%s", r->nodes->name,
	    at.line + 1, at.column + 1, path, path[0] != '\0' ? ": " : "",
	    what);
}

static int
next_event(struct reader *r, yaml_event_t *ev)
{
	const yaml_parser_t *p = &r->parser;

	if (yaml_parser_parse(&r->parser, ev) == 1)
		return 0;
	if (p->error == YAML_READER_ERROR)
		return error_set(r->e, "%s: octet %zu: %s", r->nodes->name,
		    p->problem_offset, p->problem);
	return wrong(r, p->problem_mark, "",
	    p->problem != NULL ? p->problem : "not YAML");
}

static int
check_bare(struct reader *r, const yaml_event_t *ev, const char *path,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor != NULL)
		return wrong(r, ev->start_mark, path,
		    "anchors (&) are not allowed");
	if (tag != NULL)
		return wrong(r, ev->start_mark, path,
		    "tags (!) are not allowed");
	return 0;
}

static int
add_node(struct reader *r, const yaml_event_t *ev, const char *path,
    const char *value)
{
	struct config_nodes *nodes = r->nodes;

	if (nodes->n == CONFIG_NODES_MAX)
		return wrong(r, ev->start_mark, path,
		    "more values than a configuration has");
	nodes->node =
	    xreallocarray(nodes->node, nodes->n + 1, sizeof *nodes->node);
	nodes->node[nodes->n++] = (struct config_node){
	    .path = xstrdup(path),
	    .value = value != NULL ? xstrdup(value) : NULL,
	    .line = (unsigned)ev->start_mark.line + 1,
	    .column = (unsigned)ev->start_mark.column + 1,
	};
	return 0;
}

static int
read_scalar(struct reader *r, const yaml_event_t *ev, const char *path)
{
	const char *value = (const char *)ev->data.scalar.value;

	if (check_bare(r, ev, path, ev->data.scalar.anchor,
		ev->data.scalar.tag) == -1)
		return -1;
	if (strlen(value) != ev->data.scalar.length)
		return wrong(r, ev->start_mark, path, "a NUL in the value");
	return add_node(r, ev, path, value);
}

/* Keys are words of lower case letters, digits and hyphens. */
static int
check_key(struct reader *r, const yaml_event_t *ev, const char *path)
{
	const char *key = (const char *)ev->data.scalar.value;
	size_t len = ev->data.scalar.length;
	char what[CONFIG_KEY_MAX + 32];

	if (ev->type != YAML_SCALAR_EVENT)
		return wrong(r, ev->start_mark, path,
		    ev->type == YAML_ALIAS_EVENT
			? "aliases (*) are not allowed"
			: "a key was expected, found a list or a mapping");
	if (check_bare(r, ev, path, ev->data.scalar.anchor,
		ev->data.scalar.tag) == -1)
		return -1;
	if (len > 0 && len <= CONFIG_KEY_MAX &&
	    strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-") == len)
		return 0;
	snprintf(what, sizeof what, "unknown key \"%.*s\"", CONFIG_KEY_MAX,
	    key);
	return wrong(r, ev->start_mark, path, what);
}

static char *
child_path(struct reader *r, const yaml_event_t *ev, const char *path)
{
	const struct config_node *first;
	char *child;
	char what[64];

	if (check_key(r, ev, path) == -1)
		return NULL;
	child = xasprintf("%s%s%s", path, path[0] != '\0' ? "." : "",
	    (const char *)ev->data.scalar.value);
	first = config_node(r->nodes, child);
	if (first == NULL)
		return child;
	snprintf(what, sizeof what, "duplicate key (see line %u)",
	    first->key_line);
	wrong(r, ev->start_mark, child, what);
	free(child);
	return NULL;
}

static int read_value(
    struct reader *r, const yaml_event_t *ev, const char *path, int depth);

/* The next event is a value. */
static int
read_next(struct reader *r, const char *path, int depth)
{
	yaml_event_t ev;
	int rc;

	if (next_event(r, &ev) == -1)
		return -1;
	rc = read_value(r, &ev, path, depth);
	yaml_event_delete(&ev);
	return rc;
}

/* 1: another pair was read, 0: the end. */
static int
read_pair(struct reader *r, const char *path, int depth)
{
	yaml_event_t ev;
	char *child = NULL;
	size_t i = 0;
	int rc = 0;

	if (next_event(r, &ev) == -1)
		return -1;
	if (ev.type != YAML_MAPPING_END_EVENT) {
		child = child_path(r, &ev, path);
		i = r->nodes->n;
		rc = child != NULL && read_next(r, child, depth) == 0 ? 1 : -1;
	}
	if (rc == 1) {
		r->nodes->node[i].key_line = (unsigned)ev.start_mark.line + 1;
		r->nodes->node[i].key_column =
		    (unsigned)ev.start_mark.column + 1;
	}
	free(child);
	yaml_event_delete(&ev);
	return rc;
}

static int
read_item(struct reader *r, const char *path, int depth, unsigned i)
{
	yaml_event_t ev;
	char *child = NULL;
	int rc = 0;

	if (next_event(r, &ev) == -1)
		return -1;
	if (ev.type != YAML_SEQUENCE_END_EVENT) {
		child = xasprintf("%s[%u]", path, i);
		rc = read_value(r, &ev, child, depth) == 0 ? 1 : -1;
	}
	free(child);
	yaml_event_delete(&ev);
	return rc;
}

static int
read_collection(
    struct reader *r, const yaml_event_t *ev, const char *path, int depth)
{
	bool list = ev->type == YAML_SEQUENCE_START_EVENT;
	unsigned i = 0;
	int rc;

	if (check_bare(r, ev, path,
		list ? ev->data.sequence_start.anchor
		     : ev->data.mapping_start.anchor,
		list ? ev->data.sequence_start.tag
		     : ev->data.mapping_start.tag) == -1)
		return -1;
	if (depth == CONFIG_DEPTH_MAX)
		return wrong(r, ev->start_mark, path, "nested too deeply");
	if (add_node(r, ev, path, NULL) == -1)
		return -1;
	do
		rc = list ? read_item(r, path, depth + 1, i++)
			  : read_pair(r, path, depth + 1);
	while (rc == 1);
	return rc;
}

static int
read_value(
    struct reader *r, const yaml_event_t *ev, const char *path, int depth)
{
	switch (ev->type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(r, ev, path);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return read_collection(r, ev, path, depth);
	case YAML_ALIAS_EVENT:
		return wrong(r, ev->start_mark, path,
		    "aliases (*) are not allowed");
	default:
		return wrong(r, ev->start_mark, path, "a value was expected");
	}
}

/* One document between the start and the end of the stream. */
static int
read_stream(struct reader *r)
{
	yaml_event_t ev;
	unsigned documents = 0;
	bool end = false;
	int rc = 0;

	while (rc == 0 && !end) {
		if (next_event(r, &ev) == -1)
			return -1;
		end = ev.type == YAML_STREAM_END_EVENT;
		if (ev.type == YAML_DOCUMENT_START_EVENT && ++documents > 1)
			rc = wrong(r, ev.start_mark, "",
			    "a second document is not allowed");
		else if (ev.type == YAML_DOCUMENT_START_EVENT)
			rc = read_next(r, "", 0);
		yaml_event_delete(&ev);
	}
	if (rc == 0 && documents == 0)
		return error_set(r->e, "%s: empty", r->nodes->name);
	return rc;
}

int
config_nodes_read(struct config_nodes *nodes, const char *name,
    const char *text, size_t len, struct error *e)
{
	struct reader r = {.nodes = nodes, .e = e};
	int rc;

	*nodes = (struct config_nodes){name, NULL, 0};
	if (yaml_parser_initialize(&r.parser) == 0)
		return error_set(e, "%s: no memory to parse it", name);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	    &r.parser, (const unsigned char *)text, len);
	rc = read_stream(&r);
	yaml_parser_delete(&r.parser);
	if (rc == -1)
		config_nodes_free(nodes);
	return rc;
}

void
config_nodes_free(struct config_nodes *nodes)
{
	for (size_t i = 0; i < nodes->n; i++) {
		free(nodes->node[i].path);
		free(nodes->node[i].value);
	}
	free(nodes->node);
	nodes->node = NULL;
	nodes->n = 0;
}

const struct config_node *
config_node(const struct config_nodes *nodes, const char *path)
{
	for (size_t i = 0; i < nodes->n; i++)
		if (strcmp(nodes->node[i].path, path) == 0)
			return &nodes->node[i];
	return NULL;
}

int
config_blame(
    const struct config_nodes *nodes, const char *path, struct error *e)
{
	const struct config_node *node = config_node(nodes, path);

	if (node == NULL)
		return error_prefix(e, "%s: %s", nodes->name, path);
	return error_prefix(e, "%s:%u:%u: %s", nodes->name, node->line,
	    node->column, path);
}
