#include "lib/config.h"

#include <stdlib.h>

#include "lib/algorithm.h"
#include "lib/config_field.h"
#include "lib/file.h"
#include "lib/parallel.h"
#include "lib/xalloc.h"

#define CONFIG_SIZE_MAX ((size_t)1 << 20)
#define RSA_BITS	2048 /* unless the configuration says otherwise */
#define SESSIONS_MAX	1024

static void
default_bits(struct config_key *key, const char *written)
{
	const struct algorithm *a = algorithm_by_number(key->algorithm);

	if (written == NULL && a != NULL && a->family == FAMILY_RSA)
		key->bits = RSA_BITS;
}

/* Defaults that depend on other values, or on the machine. */
static void
fill_in(struct config *cfg, const struct config_raw *raw)
{
	unsigned processors = parallel_processors();

	default_bits(&cfg->policy.ksk, raw->policy.ksk.bits);
	default_bits(&cfg->policy.zsk, raw->policy.zsk.bits);
	if (raw->policy.zsk.roll == NULL)
		cfg->policy.zsk.roll =
		    cfg->policy.calendar == CALENDAR_ROOT_QUARTERS
		    ? ROLL_QUARTERLY
		    : ROLL_MANUAL;
	if (raw->tokens.sessions == NULL)
		cfg->tokens.sessions =
		    processors < SESSIONS_MAX ? processors : SESSIONS_MAX;
}

static int
convert(struct config *cfg, const struct config_raw *raw,
    const struct config_nodes *nodes, struct error *e)
{
	if (config_fields(cfg, raw, nodes, e) == -1 ||
	    config_lists(cfg, raw, nodes, e) == -1)
		return -1;
	fill_in(cfg, raw);
	return config_check(cfg, nodes, e);
}

int
config_parse(struct config **out, const char *text, size_t len,
    const char *name, struct error *e)
{
	struct config *cfg = xcalloc(1, sizeof *cfg);
	struct config_raw *raw = NULL;
	struct config_nodes nodes;
	int rc = -1;

	cfg->path = xstrdup(name);
	if (len > CONFIG_SIZE_MAX) {
		config_free(cfg);
		return error_set(e, "%s: larger than the limit of %zu octets",
		    name, CONFIG_SIZE_MAX);
	}
	if (config_nodes_read(&nodes, name, text, len, e) == -1) {
		config_free(cfg);
		return -1;
	}
	if (config_raw_read(&raw, &nodes, text, len, e) == 0 &&
	    convert(cfg, raw, &nodes, e) == 0)
		rc = 0;
	config_raw_free(raw);
	config_nodes_free(&nodes);
	if (rc == 0)
		*out = cfg;
	else
		config_free(cfg);
	return rc;
}

int
config_load(struct config **cfg, const char *path, struct error *e)
{
	struct buf text = BUF_INIT;
	int rc = -1;

	if (file_read(&text, path, CONFIG_SIZE_MAX, e) == 0)
		rc = config_parse(cfg, buf_cstr(&text), text.len, path, e);
	buf_free(&text);
	return rc;
}

int
config_need_state(const struct config *cfg, struct error *e)
{
	if (cfg->state == NULL)
		return error_set(e, "%s: state: needed for this; it names the "
		    "state database", cfg->path);
	return 0;
}

static void
list_free(struct config_list *list)
{
	for (unsigned i = 0; i < list->n; i++)
		free(list->item[i]);
	free(list->item);
}

void
config_free(struct config *cfg)
{
	if (cfg == NULL)
		return;
	free(cfg->path);
	free(cfg->zone);
	free(cfg->state);
	list_free(&cfg->tokens.ksk);
	list_free(&cfg->tokens.zsk);
	list_free(&cfg->verify.also);
	list_free(&cfg->verify.required);
	for (unsigned i = 0; i < cfg->verify.severity_n; i++)
		free(cfg->verify.severity[i].rule);
	free(cfg->verify.severity);
	free(cfg->hooks.sign);
	free(cfg->hooks.publish);
	free(cfg->hooks.observe);
	free(cfg);
}
