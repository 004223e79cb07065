#include "keytool/token.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

#define TOKENS_MAX 16 /* of one role */

const struct config_list *
tokens_uris(const struct config *cfg, enum key_role role)
{
	return role == KEY_KSK ? &cfg->tokens.ksk : &cfg->tokens.zsk;
}

/* One token under two URIs is no second token. */
static bool
is_open(const struct tokens *ts, const struct hsm_identity *id)
{
	for (unsigned i = 0; i < ts->n; i++) {
		const struct hsm_identity *o = hsm_identity(ts->hsm[i]);

		if (strcmp(o->name, id->name) == 0 &&
		    strcmp(o->serial, id->serial) == 0 &&
		    strcmp(o->model, id->model) == 0)
			return true;
	}
	return false;
}

static int
open_one(struct tokens *ts, const char *uri, const struct hsm_options *o,
    const char *role, struct error *e)
{
	struct hsm *h;

	if (hsm_open(&h, uri, o, e) == -1)
		return -1;
	if (is_open(ts, hsm_identity(h))) {
		error_set(e, "tokens: %s: token %s is named twice", role,
		    hsm_identity(h)->name);
		hsm_close(h);
		return -1;
	}
	ts->hsm[ts->n++] = h;
	return 0;
}

static int
open_all(struct tokens *ts, const struct config_list *uris,
    const struct hsm_options *o, const char *role, bool all,
    tokens_warn *warn, void *arg, struct error *e)
{
	for (unsigned i = 0; i < uris->n; i++) {
		if (open_one(ts, uris->item[i], o, role, e) == 0)
			continue;
		if (all || (ts->n == 0 && i + 1 == uris->n))
			return -1;
		if (warn != NULL)
			warn(arg, e->text);
	}
	return 0;
}

int
tokens_open_with(struct tokens *ts, const struct config *cfg,
    enum key_role role, const struct hsm_options *options, bool all,
    tokens_warn *warn, void *arg, struct error *e)
{
	const struct config_list *uris = tokens_uris(cfg, role);
	const char *name = key_role_text(role);
	struct hsm_options o = *options;

	*ts = (struct tokens){NULL, 0};
	o.allow_files = role == KEY_ZSK;
	if (uris->n == 0 || uris->n > TOKENS_MAX)
		return error_set(e, "%s: tokens: %s: 1 to %d tokens are "
		    "expected, found %u", cfg->path, name, TOKENS_MAX,
		    uris->n);
	ts->hsm = xcalloc(uris->n, sizeof(struct hsm *));
	if (open_all(ts, uris, &o, name, all, warn, arg, e) == -1) {
		tokens_close(ts);
		return -1;
	}
	return 0;
}

int
tokens_open(struct tokens *ts, const struct config *cfg, enum key_role role,
    unsigned sessions, bool all, tokens_warn *warn, void *arg,
    struct error *e)
{
	const struct hsm_options o = {.sessions = sessions, .pin_fd = -1,
	    .terminal = true, .keep_trying = true};

	return tokens_open_with(ts, cfg, role, &o, all, warn, arg, e);
}

void
tokens_close(struct tokens *ts)
{
	for (unsigned i = 0; i < ts->n; i++)
		hsm_close(ts->hsm[i]);
	free(ts->hsm);
	*ts = (struct tokens){NULL, 0};
}

char *
tokens_text(const struct tokens *ts)
{
	struct buf b = BUF_INIT;
	char *text;

	for (unsigned i = 0; i < ts->n; i++)
		buf_printf(&b, "%s%s", i > 0 ? ", " : "",
		    hsm_identity(ts->hsm[i])->name);
	text = xstrdup(buf_cstr(&b));
	buf_free(&b);
	return text;
}
