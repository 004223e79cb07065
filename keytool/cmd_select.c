#include <stdlib.h>

#include "keytool/cmd.h"
#include "lib/xalloc.h"

bool
session_revoked(const struct session *s, const struct key *k)
{
	return k->at[KEY_REVOKED] <= s->cli->time;
}

static bool
is_published(const struct session *s, const struct key *k)
{
	return k->at[KEY_PUBLISHED] <= s->cli->time &&
	    s->cli->time < k->at[KEY_REMOVED];
}

static int
by_name(const struct session *s, int argc, char **argv,
    const struct key **key, size_t *n, struct error *e)
{
	for (int i = 0; i < argc; i++)
		if (keys_named(&s->keys, argv[i], &key[(*n)++], e) == -1)
			return -1;
	return 0;
}

/* A DS stands for a KSK, and no longer when that is revoked. */
static int
by_time(const struct session *s, bool ksk_alone, const struct key **key,
    size_t *n, struct error *e)
{
	char when[UTC_TEXT];

	for (size_t i = 0; i < s->keys.n; i++) {
		const struct key *k = &s->keys.key[i];

		if (is_published(s, k) && (!ksk_alone ||
			(k->role == KEY_KSK && !session_revoked(s, k))))
			key[(*n)++] = k;
	}
	if (*n == 0)
		return error_no(e, "no %s is published at %s: name the keys",
		    ksk_alone ? "ksk" : "key", utc_text(when, s->cli->time));
	return 0;
}

static int
select_keys(const struct session *s, bool ksk_alone, int argc,
    char **argv, const struct key ***selected, size_t *n, struct error *e)
{
	const struct key **key = xcalloc(s->keys.n + (size_t)argc,
	    sizeof *key);

	*n = 0;
	if ((argc > 0 ? by_name(s, argc, argv, key, n, e)
		      : by_time(s, ksk_alone, key, n, e)) == -1) {
		free(key);
		return -1;
	}
	*selected = key;
	return 0;
}

static int
print(const struct session *s, const struct key **key, size_t n,
    session_print_fn *add, struct error *e)
{
	json_t *array = json_array();
	struct buf b = BUF_INIT;
	int rv = 0;

	for (size_t i = 0; rv == 0 && i < n; i++)
		rv = add(s, key[i], &b, array, e);
	if (rv == 0)
		rv = s->cli->json ? cli_emit_json(s->cli, array, e)
				  : cli_emit(s->cli, &b, e);
	buf_free(&b);
	json_decref(array);
	return rv;
}

int
session_print(const struct cli *cli, bool ksk_alone, int argc, char **argv,
    session_print_fn *add)
{
	struct error e = ERROR_INIT;
	const struct key **key;
	struct session s;
	size_t n;
	int rv;

	if (session_open(&s, cli, false, &e) == -1)
		return cli_fail(cli, &e);
	rv = select_keys(&s, ksk_alone, argc, argv, &key, &n, &e);
	if (rv == 0) {
		rv = print(&s, key, n, add, &e);
		free(key);
	}
	session_close(&s);
	return rv == -1 ? cli_fail(cli, &e) : STATUS_OK;
}
