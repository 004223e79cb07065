/* What the configuration names is never overwritten by an output. */
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/config.h"
#include "lib/file.h"
#include "lib/hex.h"
#include "lib/xalloc.h"

static int
refuse(const char *output, const char *what, struct error *e)
{
	return error_set(e, "-o %s: is %s", output, what);
}

/* What SQLite has beside a database holds a part of it. */
static int
check_state(const struct config *cfg, const char *output, struct error *e)
{
	static const char *const suffix[] = {"-journal", "-wal", "-shm"};

	if (file_same_name(output, cfg->state))
		return refuse(output, "the state database", e);
	for (size_t i = 0; i < sizeof suffix / sizeof suffix[0]; i++) {
		char *name = xasprintf("%s%s", cfg->state, suffix[i]);
		bool same = file_same_name(output, name);

		free(name);
		if (same)
			return refuse(output, "of the state database", e);
	}
	return 0;
}

/* Percent-encoding, RFC 3986 section 2.1; up to the end of an attribute. */
static void
add_decoded(struct buf *out, const char *text)
{
	for (; *text != '\0' && *text != '&'; text++) {
		char digits[3] = "";

		if (*text == '%' && text[1] != '\0')
			memcpy(digits, text + 1, 2);
		if (digits[0] != '\0' && hex_decode(out, digits) == 0)
			text += 2;
		else
			buf_u8(out, (uint8_t)*text);
	}
}

/* The file of a pin-source (RFC 7512 section 2.4); NULL: none. */
static const char *
pin_file(const char *uri, struct buf *source)
{
	const char *at = strstr(uri, "pin-source=");
	const char *path;

	if (at == NULL)
		return NULL;
	add_decoded(source, at + strlen("pin-source="));
	path = buf_cstr(source);
	if (strncmp(path, "file:///", 8) == 0)
		return path + 7;
	if (strncmp(path, "file:", 5) == 0)
		return path + 5;
	return path[0] == '/' ? path : NULL;
}

static bool
is_in(const char *output, const char *directory)
{
	char *dir = file_directory(output);
	bool in = file_same(dir, directory);

	free(dir);
	return in;
}

static int
check_tokens(const struct config_list *uris, const char *output,
    struct error *e)
{
	for (unsigned i = 0; i < uris->n; i++) {
		const char *uri = uris->item[i];
		struct buf source = BUF_INIT;
		const char *pin = pin_file(uri, &source);
		bool same = pin != NULL && file_same_name(output, pin);

		buf_free(&source);
		if (same)
			return refuse(output, "the PIN file of a token", e);
		if (strncmp(uri, "file:", 5) == 0 && is_in(output, uri + 5))
			return refuse(output, "in a directory of keys", e);
	}
	return 0;
}

int
config_check_output(const struct config *cfg, const char *output,
    struct error *e)
{
	if (file_same_name(output, cfg->path))
		return refuse(output, "the configuration", e);
	if (cfg->state != NULL && check_state(cfg, output, e) == -1)
		return -1;
	if (check_tokens(&cfg->tokens.ksk, output, e) == -1)
		return -1;
	return check_tokens(&cfg->tokens.zsk, output, e);
}
