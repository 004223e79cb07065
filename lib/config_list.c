#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/algorithm.h"
#include "lib/config_field.h"
#include "lib/xalloc.h"

#define PATH_TEXT 128

/* The validators that rz-signer knows how to run. */
static const struct config_word validators[] = {{"kzonecheck", 1},
    {"dnssec-verify", 1}, {"ldns-verify-zone", 1}, {"named-checkzone", 1},
    {"nsd-checkzone", 1}, {NULL, 0}};

static const struct config_word severities[] = {{"info", SEVERITY_INFO},
    {"warning", SEVERITY_WARNING}, {"error", SEVERITY_ERROR}, {NULL, 0}};

#define ZONEMD_PRIVATE_MIN 240 /* RFC 8976 section 5.3 */
#define ZONEMD_PRIVATE_MAX 254

static int
blame_item(const struct config_nodes *nodes, const char *path, unsigned i,
    struct error *e)
{
	char item[PATH_TEXT];

	snprintf(item, sizeof item, "%s[%u]", path, i);
	return config_blame(nodes, item, e);
}

static int
check_uri(const char *uri, bool files, struct error *e)
{
	if (strstr(uri, "pin-value=") != NULL)
		return error_set(e,
		    "a PIN does not belong in the configuration "
		    "(pin-source=file:PATH)");
	if (strncmp(uri, "pkcs11:", 7) == 0)
		return 0;
	if (strncmp(uri, "file:", 5) == 0 && !files)
		return error_set(e,
		    "a KSK is never in files: a URI pkcs11:... (RFC 7512) "
		    "was expected, found \"%s\"", uri);
	if (strncmp(uri, "file:", 5) == 0 && uri[5] != '\0')
		return 0;
	return error_set(e,
	    "a URI pkcs11:... (RFC 7512)%s was expected, found \"%s\"",
	    files ? " or file:DIRECTORY" : "", uri);
}

static int
check_ksk_uri(const char *uri, struct error *e)
{
	return check_uri(uri, false, e);
}

static int
check_zsk_uri(const char *uri, struct error *e)
{
	return check_uri(uri, true, e);
}

static int
check_validator(const char *name, struct error *e)
{
	int unused;

	return config_word(&unused, name, validators, e);
}

/* Copy a list; each item passes the check, and none is there twice. */
static int
copy_list(struct config_list *to, const struct config_list *from,
    const char *path, int (*check)(const char *text, struct error *e),
    const struct config_nodes *nodes, struct error *e)
{
	to->item = xcalloc(from->n, sizeof *to->item);
	for (unsigned i = 0; i < from->n; i++) {
		if (check(from->item[i], e) == -1)
			return blame_item(nodes, path, i, e);
		for (unsigned k = 0; k < i; k++)
			if (strcmp(from->item[i], from->item[k]) == 0) {
				error_set(e, "is in the list twice");
				return blame_item(nodes, path, i, e);
			}
		to->item[to->n++] = xstrdup(from->item[i]);
	}
	return 0;
}

/* The number in "private-250"; 0: it is none of these. */
static uint8_t
zonemd_private(const char *text)
{
	char name[sizeof "private-255"];

	for (uint8_t i = ZONEMD_PRIVATE_MIN; i <= ZONEMD_PRIVATE_MAX; i++) {
		snprintf(name, sizeof name, "private-%u", i);
		if (strcmp(text, name) == 0)
			return i;
	}
	return 0;
}

/* A hash algorithm of ZONEMD; 0 for "none". */
static int
zonemd_hash(uint8_t *number, const char *text, struct error *e)
{
	static const struct config_word words[] = {{"none", 0},
	    {"sha384", 1}, {"sha512", 2}, {NULL, 0}};
	int value = 0;

	*number = zonemd_private(text);
	if (*number != 0)
		return 0;
	if (config_word(&value, text, words, e) == -1)
		return error_set(e,
		    "one of none, sha384, sha512, private-%d ... private-%d "
		    "was expected, found \"%s\"",
		    ZONEMD_PRIVATE_MIN, ZONEMD_PRIVATE_MAX, text);
	*number = (uint8_t)value;
	return 0;
}

static int
add_zonemd(struct config *cfg, const struct config_list *list, unsigned i,
    struct error *e)
{
	uint8_t number = 0;

	if (zonemd_hash(&number, list->item[i], e) == -1)
		return -1;
	if (number == 0)
		return list->n == 1
		    ? 0
		    : error_set(e, "none is for a list of its own");
	for (unsigned k = 0; k < cfg->policy.zonemd_n; k++)
		if (cfg->policy.zonemd[k] == number)
			return error_set(e, "is in the list twice");
	cfg->policy.zonemd[cfg->policy.zonemd_n++] = number;
	return 0;
}

static int
read_zonemd(struct config *cfg, const struct config_list *list,
    const struct config_nodes *nodes, struct error *e)
{
	static const char path[] = "policy.zonemd";

	if (config_node(nodes, path) == NULL) {
		cfg->policy.zonemd[0] = 1; /* sha384 */
		cfg->policy.zonemd_n = 1;
		return 0;
	}
	if (list->n == 0) {
		error_set(e, "an empty list (\"none\" says that)");
		return config_blame(nodes, path, e);
	}
	for (unsigned i = 0; i < list->n; i++)
		if (add_zonemd(cfg, list, i, e) == -1)
			return blame_item(nodes, path, i, e);
	return 0;
}

static int
add_severity(struct config *cfg, const char *rule, const char *text,
    struct error *e)
{
	struct config_severity_rule *rules = cfg->verify.severity;
	unsigned n = cfg->verify.severity_n;
	int value;

	if (text == NULL || strpbrk(rule, ".[") != NULL)
		return error_set(e, "one of info, warning, error was expected, "
				    "found a list or a mapping");
	if (config_word(&value, text, severities, e) == -1)
		return -1;
	rules = xreallocarray(rules, n + 1, sizeof *rules);
	rules[n].rule = xstrdup(rule);
	rules[n].severity = (enum config_severity)value;
	cfg->verify.severity = rules;
	cfg->verify.severity_n = n + 1;
	return 0;
}

/* Any rule may stand there; who knows the rules refuses what is none. */
static int
read_severities(
    struct config *cfg, const struct config_nodes *nodes, struct error *e)
{
	static const char path[] = "verify.severity";
	const struct config_node *node = config_node(nodes, path);

	if (node == NULL)
		return 0;
	if (node->value != NULL ||
	    (node + 1 < nodes->node + nodes->n &&
		strncmp(node[1].path, "verify.severity[", 16) == 0)) {
		error_set(e, "a mapping was expected");
		return config_blame(nodes, path, e);
	}
	for (node++; node < nodes->node + nodes->n &&
	     strncmp(node->path, "verify.severity.", 16) == 0;
	     node++)
		if (add_severity(cfg, node->path + 16, node->value, e) == -1)
			return config_blame(nodes, node->path, e);
	return 0;
}

int
config_lists(struct config *cfg, const struct config_raw *raw,
    const struct config_nodes *nodes, struct error *e)
{
	if (copy_list(&cfg->tokens.ksk, &raw->tokens.ksk, "tokens.ksk",
		check_ksk_uri, nodes, e) == -1 ||
	    copy_list(&cfg->tokens.zsk, &raw->tokens.zsk, "tokens.zsk",
		check_zsk_uri, nodes, e) == -1 ||
	    copy_list(&cfg->verify.also, &raw->verify.also, "verify.also",
		check_validator, nodes, e) == -1 ||
	    copy_list(&cfg->verify.required, &raw->verify.required,
		"verify.required", check_validator, nodes, e) == -1)
		return -1;
	if (read_zonemd(cfg, &raw->policy.zonemd, nodes, e) == -1)
		return -1;
	return read_severities(cfg, nodes, e);
}
