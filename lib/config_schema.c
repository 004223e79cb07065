#include "lib/config_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cyaml/cyaml.h>

#include "lib/xalloc.h"

#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

#define TEXT(key, type, member) \
	CYAML_FIELD_STRING_PTR(key, OPTIONAL, struct type, member, 0, \
	    CONFIG_TEXT_MAX)
#define LIST(key, type, member, max) \
	CYAML_FIELD_SEQUENCE_COUNT(key, OPTIONAL, struct type, member.item, \
	    member.n, &item, 0, max)
#define MAPPING(key, type, member, fields) \
	CYAML_FIELD_MAPPING(key, CYAML_FLAG_OPTIONAL, struct type, member, \
	    fields)

static const cyaml_schema_value_t item = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, CONFIG_TEXT_MAX),
};

static const cyaml_schema_field_t tokens[] = {
    LIST("ksk", config_raw_tokens, ksk, CONFIG_TOKENS_MAX),
    LIST("zsk", config_raw_tokens, zsk, CONFIG_TOKENS_MAX),
    TEXT("sessions", config_raw_tokens, sessions),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t key[] = {
    TEXT("algorithm", config_raw_key, algorithm),
    TEXT("bits", config_raw_key, bits),
    TEXT("roll", config_raw_key, roll),
    TEXT("lifetime", config_raw_key, lifetime),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t ttl[] = {
    TEXT("dnskey", config_raw_ttl, dnskey),
    TEXT("ds", config_raw_ttl, ds),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t signatures[] = {
    TEXT("dnskey", config_raw_signatures, dnskey),
    TEXT("zone", config_raw_signatures, zone),
    TEXT("inception-offset", config_raw_signatures, inception_offset),
    TEXT("refresh", config_raw_signatures, refresh),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t propagation[] = {
    TEXT("zone", config_raw_propagation, zone),
    TEXT("parent", config_raw_propagation, parent),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t policy[] = {
    TEXT("trust", config_raw_policy, trust),
    MAPPING("ksk", config_raw_policy, ksk, key),
    MAPPING("zsk", config_raw_policy, zsk, key),
    MAPPING("ttl", config_raw_policy, ttl, ttl),
    MAPPING("signatures", config_raw_policy, signatures, signatures),
    TEXT("denial", config_raw_policy, denial),
    LIST("zonemd", config_raw_policy, zonemd, 8),
    TEXT("serial", config_raw_policy, serial),
    MAPPING("propagation", config_raw_policy, propagation, propagation),
    TEXT("calendar", config_raw_policy, calendar),
    TEXT("strict", config_raw_policy, strict),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t max_change[] = {
    TEXT("lines", config_raw_change, lines),
    TEXT("delegations", config_raw_change, delegations),
    CYAML_FIELD_END,
};

/* The keys below severity are names of rules: config_list.c takes them. */
static const cyaml_schema_field_t verify[] = {
    CYAML_FIELD_IGNORE("severity", CYAML_FLAG_OPTIONAL),
    LIST("also", config_raw_verify, also, 8),
    LIST("required", config_raw_verify, required, 8),
    TEXT("also-limit", config_raw_verify, also_limit),
    TEXT("dnskey-size", config_raw_verify, dnskey_size),
    TEXT("next-signing", config_raw_verify, next_signing),
    MAPPING("max-change", config_raw_verify, max_change, max_change),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t alarm_fields[] = {
    TEXT("signatures-left", config_raw_alarm, signatures_left),
    TEXT("skr-left", config_raw_alarm, skr_left),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t hooks[] = {
    TEXT("sign", config_raw_hooks, sign),
    TEXT("publish", config_raw_hooks, publish),
    TEXT("observe", config_raw_hooks, observe),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t rollover[] = {
    TEXT("add-hold-down", config_raw_rollover, add_hold_down),
    TEXT("ksk-publication", config_raw_rollover, ksk_publication),
    TEXT("revoke-for", config_raw_rollover, revoke_for),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t top_fields[] = {
    TEXT("zone", config_raw, zone),
    TEXT("state", config_raw, state),
    TEXT("lab", config_raw, lab),
    MAPPING("tokens", config_raw, tokens, tokens),
    MAPPING("policy", config_raw, policy, policy),
    MAPPING("verify", config_raw, verify, verify),
    MAPPING("alarm", config_raw, alarm, alarm_fields),
    MAPPING("hooks", config_raw, hooks, hooks),
    MAPPING("rollover", config_raw, rollover, rollover),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t top = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct config_raw, top_fields),
};

/* What libcyaml logs: a message, then where, from the inside outwards. */
struct log {
	char message[256];
	char path[256];
	unsigned line, column; /* of the innermost place */
};

static void
log_place(struct log *log, const char *text)
{
	unsigned line, column;
	char field[64], old[sizeof log->path];
	const char *place = strstr(text, "(line: ");

	if (place == NULL ||
	    sscanf(place, "(line: %u, column: %u)", &line, &column) != 2)
		return;
	if (log->line == 0) {
		log->line = line;
		log->column = column;
	}
	if (sscanf(text, "  in mapping field '%63[^']'", field) != 1)
		return;
	memcpy(old, log->path, sizeof old);
	snprintf(log->path, sizeof log->path, "%s%s%.180s", field,
	    old[0] != '\0' ? "." : "", old);
}

static void __attribute__((format(printf, 3, 0)))
log_line(cyaml_log_t level, void *ctx, const char *fmt, va_list ap)
{
	struct log *log = ctx;
	char text[256];

	(void)level;
	vsnprintf(text, sizeof text, fmt, ap);
	text[strcspn(text, "\n")] = '\0';
	if (strncmp(text, "  in ", 5) == 0)
		log_place(log, text);
	else if (log->message[0] == '\0')
		snprintf(log->message, sizeof log->message, "%s", text);
}

/* libcyaml's words for what a person would call otherwise. */
static const struct {
	const char *theirs, *ours;
} sayings[] = {
    {"Load: Expecting STRING, got event: SEQUENCE_START",
	"one value was expected, found a list"},
    {"Load: Expecting STRING, got event: MAPPING_START",
	"one value was expected, found a mapping"},
    {"Load: Expecting MAPPING, got event: SCALAR",
	"a mapping was expected, found one value"},
    {"Load: Expecting MAPPING, got event: SEQUENCE_START",
	"a mapping was expected, found a list"},
    {"Load: Expecting SEQUENCE, got event: SCALAR",
	"a list was expected, found one value"},
    {"Load: Expecting SEQUENCE, got event: MAPPING_START",
	"a list was expected, found a mapping"},
    {NULL, NULL},
};

#define UNKNOWN "Load: Unexpected key: "
#define OURS	"Load: "

/* libcyaml does not know where the key stood. */
static int
refuse_key(const struct log *log, const struct config_nodes *nodes,
    struct error *e)
{
	const char *name = log->message + strlen(UNKNOWN);
	const char *dot = log->path[0] != '\0' ? "." : "";
	const struct config_node *node;
	char path[sizeof log->path + CONFIG_KEY_MAX + 2];

	snprintf(path, sizeof path, "%s%s%.*s", log->path, dot,
	    CONFIG_KEY_MAX, name);
	node = config_node(nodes, path);
	return error_set(e, "%s:%u:%u: %s%sunknown key \"%s\"", nodes->name,
	    node != NULL ? node->key_line : log->line,
	    node != NULL ? node->key_column : log->column, log->path,
	    dot[0] != '\0' ? ": " : "", name);
}

static int
refuse(const struct log *log, const struct config_nodes *nodes,
    cyaml_err_t err, struct error *e)
{
	const char *text =
	    log->message[0] != '\0' ? log->message : cyaml_strerror(err);
	char place[32] = "";

	if (strncmp(text, UNKNOWN, strlen(UNKNOWN)) == 0)
		return refuse_key(log, nodes, e);
	if (log->line != 0)
		snprintf(place, sizeof place, ":%u:%u", log->line,
		    log->column);
	for (size_t i = 0; sayings[i].theirs != NULL; i++)
		if (strcmp(text, sayings[i].theirs) == 0)
			text = sayings[i].ours;
	if (strncmp(text, OURS, strlen(OURS)) == 0)
		text += strlen(OURS);
	return error_set(e, "%s%s: %s%s%s", nodes->name, place, log->path,
	    log->path[0] != '\0' ? ": " : "", text);
}

/* Out of memory ends the program, as everywhere. */
static void *
memory(void *ctx, void *p, size_t size)
{
	(void)ctx;
	if (size > 0)
		return xreallocarray(p, size, 1);
	free(p);
	return NULL;
}

static cyaml_config_t
settings(struct log *log)
{
	return (cyaml_config_t){
	    .log_fn = log_line,
	    .log_ctx = log,
	    .mem_fn = memory,
	    .log_level = CYAML_LOG_ERROR,
	    .flags = CYAML_CFG_NO_ALIAS,
	};
}

int
config_raw_read(struct config_raw **raw, const struct config_nodes *nodes,
    const char *text, size_t len, struct error *e)
{
	struct log log = {"", "", 0, 0};
	cyaml_config_t cfg = settings(&log);
	cyaml_data_t *data = NULL;
	cyaml_err_t err;

	err = cyaml_load_data(
	    (const uint8_t *)text, len, &cfg, &top, &data, NULL);
	if (err != CYAML_OK)
		return refuse(&log, nodes, err, e);
	if (data == NULL)
		return error_set(e, "%s: empty", nodes->name);
	*raw = data;
	return 0;
}

void
config_raw_free(struct config_raw *raw)
{
	struct log log = {"", "", 0, 0};
	cyaml_config_t cfg = settings(&log);

	if (raw != NULL)
		cyaml_free(&cfg, &top, raw, 0);
}

static void
walk(const cyaml_schema_field_t *f, const char *prefix,
    void (*each)(void *arg, const char *path), void *arg)
{
	char path[128];

	for (; f->key != NULL; f++) {
		snprintf(path, sizeof path, "%s%s", prefix, f->key);
		each(arg, path);
		if (f->value.type != CYAML_MAPPING)
			continue;
		snprintf(path, sizeof path, "%s%s.", prefix, f->key);
		walk(f->value.mapping.fields, path, each, arg);
	}
}

void
config_keys(void (*each)(void *arg, const char *path), void *arg)
{
	walk(top_fields, "", each, arg);
}
