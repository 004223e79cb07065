/* What other validators say. */
#include "signer/cmd_opinions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/utc.h"
#include "lib/xalloc.h"

#define LIMIT_DEFAULT (5 * MINUTE)
#define ALSO_MAX      (3 * CLI_LIST_MAX)

struct names {
	const char *name[ALSO_MAX];
	size_t n;
};

/* Each is asked once. */
static void
want(struct names *ns, const char *name)
{
	for (size_t i = 0; i < ns->n; i++)
		if (strcmp(ns->name[i], name) == 0)
			return;
	if (ns->n < ALSO_MAX)
		ns->name[ns->n++] = name;
}

static void
wanted(
    struct names *ns, const struct config *cfg, const struct cli_list *also)
{
	bool none = false;

	ns->n = 0;
	for (size_t i = 0; i < also->n; i++) {
		if (strcmp(also->item[i], "none") == 0)
			none = true;
		else
			want(ns, also->item[i]);
	}
	for (unsigned i = 0; cfg && !none && i < cfg->verify.also.n; i++)
		want(ns, cfg->verify.also.item[i]);
	for (unsigned i = 0; cfg && i < cfg->verify.required.n; i++)
		want(ns, cfg->verify.required.item[i]);
}

static bool
is_required(const struct opinions *os, const struct foreign_result *r)
{
	const struct config_list *list =
	    os->cfg ? &os->cfg->verify.required : NULL;

	for (unsigned i = 0; list != NULL && i < list->n; i++)
		if (strcmp(list->item[i], r->name) == 0)
			return true;
	return false;
}

/* They read files by name: what came through standard input has none. */
static int
ask(struct opinions *os, const char *name, const struct foreign_question *q,
    struct error *e)
{
	struct foreign_result *r = &os->result[os->n];

	if (strcmp(q->file, "-") == 0)
		return error_set(e, "%s: reads a file, not standard input",
		    name);
	if (foreign_ask(name, q, r, e) != 0)
		return -1;
	os->n++;
	os->refusals += r->verdict != FOREIGN_PASSED && is_required(os, r);
	return 0;
}

int
opinions_ask(struct opinions *os, const struct config *cfg,
    const struct cli_list *also, const char *file, const struct zone *z,
    const struct cli *cli, struct error *e)
{
	int64_t limit = cfg ? cfg->verify.also_limit : LIMIT_DEFAULT;
	struct foreign_question q = {.file = file,
	    .zone = z,
	    .now = cli->time,
	    .clock = cli->time,
	    .limit = (unsigned)limit};
	struct names ns;

	*os = (struct opinions){.cfg = cfg};
	wanted(&ns, cfg, also);
	if (ns.n == 0)
		return 0;
	if (cli->time_given && clock_now(&q.clock, e) != 0)
		return -1;
	os->result = xcalloc(ns.n, sizeof *os->result);
	for (size_t i = 0; i < ns.n; i++)
		if (ask(os, ns.name[i], &q, e) != 0)
			return -1;
	return 0;
}

void
opinions_free(struct opinions *os)
{
	for (size_t i = 0; i < os->n; i++)
		foreign_result_free(&os->result[i]);
	free(os->result);
	*os = (struct opinions){0};
}

void
opinions_warn(const struct opinions *os, const char *file)
{
	const struct foreign_result *r;

	for (size_t i = 0; i < os->n; i++) {
		r = &os->result[i];
		if (r->verdict != FOREIGN_PASSED)
			fprintf(stderr, "%s: %s: %s: %s%s\n", file, r->name,
			    foreign_verdict_text(r->verdict), r->text,
			    is_required(os, r) ? "" : " (warning)");
	}
}

json_t *
opinions_json(const struct opinions *os)
{
	json_t *all = json_array();
	const struct foreign_result *r;

	for (size_t i = 0; i < os->n; i++) {
		r = &os->result[i];
		json_array_append_new(all,
		    json_pack("{s:s, s:s, s:s, s:b, s:f}", "name", r->name,
			"verdict", foreign_verdict_text(r->verdict), "text",
			r->text, "required", (int)is_required(os, r),
			"seconds", r->seconds));
	}
	return all;
}
