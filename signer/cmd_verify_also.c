/* rz-signer verify: what other validators say. */
#include "signer/cmd_verify.h"

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

static bool
listed(char *const *item, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(item[i], name) == 0)
			return true;
	return false;
}

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
wanted(struct names *ns, const struct verify_run *run)
{
	const struct cli_list *also = &run->args->also;
	const struct config *cfg = run->cfg;
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

bool
verify_requires(const struct verify_run *run, const struct foreign_result *r)
{
	return run->cfg != NULL &&
	       listed(run->cfg->verify.required.item,
		   run->cfg->verify.required.n, r->name);
}

/* They read files by name: what came through standard input has none. */
static int
ask(struct verify_run *run, const char *name, int64_t clock,
    struct foreign_result *r, struct error *e)
{
	int64_t limit = run->cfg ? run->cfg->verify.also_limit
				 : LIMIT_DEFAULT;
	struct foreign_question q = {.file = run->file,
	    .zone = &run->zone,
	    .now = run->options.now,
	    .clock = clock,
	    .limit = (unsigned)limit};

	if (strcmp(run->file, "-") == 0)
		return error_set(e, "%s: reads a file, not standard input",
		    name);
	return foreign_ask(name, &q, r, e);
}

int
verify_ask_others(struct verify_run *run, struct error *e)
{
	struct names ns;
	struct foreign_result *r;
	int64_t clock = run->options.now;

	wanted(&ns, run);
	if (ns.n == 0)
		return 0;
	if (run->cli->time_given && clock_now(&clock, e) != 0)
		return -1;
	run->foreign = xcalloc(ns.n, sizeof *run->foreign);
	for (size_t i = 0; i < ns.n; i++) {
		r = &run->foreign[i];
		if (ask(run, ns.name[i], clock, r, e) != 0)
			return -1;
		run->foreigns++;
		run->foreign_refusals += r->verdict != FOREIGN_PASSED &&
					 verify_requires(run, r);
	}
	return 0;
}
