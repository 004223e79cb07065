/* A new state database: made whole under another name, then given its own. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/file_temporary.h"
#include "lib/state_private.h"
#include "lib/xalloc.h"

static int
fill(struct state *s, const char *zone, bool lab, int64_t now,
    const struct state_schema *schemas, size_t n, struct error *e)
{
	struct event ev = {now, "create", NULL, "", NULL};
	char *sql, *what;
	int rc = -1;

	sql = xasprintf("PRAGMA application_id = %d; PRAGMA user_version = %d",
	    STATE_APPLICATION, STATE_VERSION);
	s->lab = lab;
	what = xasprintf("state database of the zone %s", zone);
	ev.what = what;
	ev.detail = json_pack("{s:s, s:b}", "zone", zone, "lab", (int)lab);
	if (ev.detail == NULL) {
		error_set(e, "%s: state: the zone's name is not text", s->path);
		goto out;
	}
	if (state_exec(s, "PRAGMA journal_mode = DELETE", e) == -1 ||
	    state_begin(s, e) == -1 || state_exec(s, sql, e) == -1 ||
	    state_exec(s, chain_sql, e) == -1 ||
	    state_put(s, "zone", zone, e) == -1 ||
	    state_put(s, "lab", lab ? "yes" : "no", e) == -1 ||
	    state_add_schemas(s, schemas, n, e) == -1)
		goto out;
	rc = state_commit(s, &ev, e);
out:
	json_decref(ev.detail);
	free(what);
	free(sql);
	return rc;
}

/* SQLite would play a journal that is left there back into the new file. */
static int
check_absent(const char *path, struct error *e)
{
	static const char *const suffix[] = {"", "-journal", "-wal"};
	struct stat st;

	for (size_t i = 0; i < sizeof suffix / sizeof suffix[0]; i++) {
		char *name = xasprintf("%s%s", path, suffix[i]);
		int found = lstat(name, &st) == 0;

		if (found)
			error_set(e, "%s: state: exists already", name);
		free(name);
		if (found)
			return -1;
	}
	return 0;
}

static void
remove_temporary(char *name)
{
	unlink(name);
	temporary_forget(name);
	free(name);
}

/* An empty file beside the final name; its own name is owned by the caller. */
static char *
make_temporary(const char *path, struct error *e)
{
	char *name = NULL;
	int fd = temporary_open(&name, path, e); /* exclusively, 0600 */

	if (fd == -1)
		return NULL;
	if (fchmod(fd, S_IRUSR | S_IWUSR) == -1) { /* whatever the umask */
		error_errno(e, "%s: state: mode", path);
		remove_temporary(name);
		name = NULL;
	}
	close(fd);
	return name;
}

/* link, unlike rename, never replaces. */
static int
give_name(const char *temporary, const char *path, struct error *e)
{
	if (link(temporary, path) == -1) {
		if (errno == EEXIST)
			return error_set(e, "%s: state: exists already", path);
		return error_errno(e, "%s: state: cannot be made", path);
	}
	unlink(temporary);
	return file_sync_directory(path, e);
}

int
state_create(struct state **out, const char *path, const char *zone, bool lab,
    int64_t now, const struct state_schema *schemas, size_t n, struct error *e)
{
	struct state *s = NULL;
	char *temporary;
	int rc = -1;

	if (check_absent(path, e) == -1 ||
	    (temporary = make_temporary(path, e)) == NULL)
		return -1;
	if (state_attach(&s, temporary, SQLITE_OPEN_READWRITE, e) == -1 ||
	    fill(s, zone, lab, now, schemas, n, e) == -1)
		goto out;
	state_close(s);
	s = NULL;
	if (give_name(temporary, path, e) == -1)
		goto out;
	rc = state_open(out, path, zone, schemas, n, e);
out:
	state_close(s);
	remove_temporary(temporary);
	return rc;
}
