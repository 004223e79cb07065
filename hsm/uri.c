#include "hsm/uri.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <p11-kit/uri.h>

#include "hsm/hsm.h"
#include "lib/xalloc.h"

/* One NAME=VALUE of a URI, between two of its separators. */
struct part {
	const char *at;
	size_t len;
};

/* What may be there, each once; the rest is refused (RFC 7512 section 2.3). */
static const struct {
	const char *name;
	bool query;
} known[] = {
    {"token", false},
    {"serial", false},
    {"manufacturer", false},
    {"model", false},
    {"module-path", true},
    {"module-name", true},
    {"pin-source", true},
};

#define N_KNOWN (sizeof known / sizeof known[0])

bool
hsm_uri_is_files(const char *uri)
{
	return strncmp(uri, "file:", 5) == 0;
}

static bool
names(const struct part *p, const char *name)
{
	size_t n = strlen(name);

	return p->len >= n && strncasecmp(p->at, name, n) == 0 &&
	       (p->len == n || p->at[n] == '=');
}

/*
 * Take the next part off *s.  *sep is the separator before it, and becomes
 * the one after it ('\0' at the end).
 */
static bool
next_part(const char **s, char *sep, struct part *p)
{
	if (*s == NULL)
		return false;
	p->at = *s;
	p->len = strcspn(p->at, ";?&");
	*sep = p->at[p->len];
	*s = *sep == '\0' ? NULL : p->at + p->len + 1;
	return true;
}

char *
hsm_uri_public(const char *uri)
{
	char *out = xmalloc(strlen(uri) + 1);
	size_t n = strncmp(uri, "pkcs11:", 7) == 0 ? 7 : 0;
	const char *s = uri + n;
	bool query = false, any = false;
	char after;
	struct part p;

	memcpy(out, uri, n);
	while (next_part(&s, &after, &p)) {
		if (!names(&p, "pin-value") && !names(&p, "pin-source") &&
		    !names(&p, "pinfile")) {
			if (any || query)
				out[n++] = !query ? ';' : any ? '&' : '?';
			memcpy(out + n, p.at, p.len);
			n += p.len;
			any = true;
		}
		if (after == '?' && !query) {
			query = true;
			any = false;
		}
	}
	out[n] = '\0';
	return out;
}

static int
part_check(const struct uri *u, const struct part *p, bool query,
    unsigned *seen, struct error *e)
{
	if (names(p, "pin-value"))
		return error_set(e,
		    "%s: pin-value: a PIN in a URI would be "
		    "seen; use pin-source=file:PATH",
		    u->text);
	for (size_t i = 0; i < N_KNOWN; i++) {
		if (known[i].query != query || !names(p, known[i].name))
			continue;
		if (*seen & 1u << i)
			return error_set(
			    e, "%s: %s: given twice", u->text, known[i].name);
		*seen |= 1u << i;
		return 0;
	}
	return error_set(e, "%s: attribute '%.*s' cannot be used here", u->text,
	    (int)strcspn(p->at, "=;?&"), p->at);
}

/* Every attribute is one that we know, and there once. */
static int
parts_check(const struct uri *u, const char *text, struct error *e)
{
	const char *s = text + strlen("pkcs11:");
	unsigned seen = 0;
	bool query = false;
	char after;
	struct part p;

	while (next_part(&s, &after, &p)) {
		if (p.len > 0 && part_check(u, &p, query, &seen, e) == -1)
			return -1;
		query = query || after == '?';
	}
	return 0;
}

/* The directory of modules that belongs to the p11-kit in use. */
static char *
module_by_name(const char *name)
{
	Dl_info where;
	void *f = dlsym(RTLD_DEFAULT, "p11_kit_uri_new");
	const char *slash;

	if (f == NULL || dladdr(f, &where) == 0 ||
	    (slash = strrchr(where.dli_fname, '/')) == NULL)
		return NULL;
	return xasprintf("%.*s/pkcs11/%s.so", (int)(slash - where.dli_fname),
	    where.dli_fname, name);
}

static int
find_module(struct uri *u, struct error *e)
{
	const char *path = p11_kit_uri_get_module_path(u->match);
	const char *name = p11_kit_uri_get_module_name(u->match);

	if ((path == NULL) == (name == NULL))
		return error_set(e,
		    "%s: expected one of module-path and "
		    "module-name",
		    u->text);
	if (path != NULL && path[0] != '/')
		return error_set(e, "%s: module-path: not absolute", u->text);
	if (name != NULL &&
	    (name[0] == '.' || name[0] == '\0' || strchr(name, '/') != NULL))
		return error_set(e,
		    "%s: module-name: expected the name of a "
		    "module of p11-kit",
		    u->text);
	u->module = path ? xstrdup(path) : module_by_name(name);
	if (u->module == NULL)
		return error_set(e,
		    "%s: module-name: p11-kit's directory of "
		    "modules is not known",
		    u->text);
	return 0;
}

/* A space-padded field of the URI's token; NULL when it is not given. */
static char *
given(const unsigned char *field, size_t len)
{
	if (field[0] == '\0')
		return NULL;
	while (len > 0 && (field[len - 1] == ' ' || field[len - 1] == '\0'))
		len--;
	return xasprintf("%.*s", (int)len, (const char *)field);
}

static int
parse_token(struct uri *u, const char *text, struct error *e)
{
	CK_TOKEN_INFO *t;
	int rv;

	if (parts_check(u, text, e) == -1)
		return -1;
	if ((u->match = p11_kit_uri_new()) == NULL)
		return error_set(e, "%s: out of memory", u->text);
	rv = p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, u->match);
	if (rv != P11_KIT_URI_OK)
		return error_set(e, "%s: no PKCS#11 URI: %s", u->text,
		    p11_kit_uri_message(rv));
	if (p11_kit_uri_any_unrecognized(u->match))
		return error_set(e, "%s: an attribute is not known", u->text);
	t = p11_kit_uri_get_token_info(u->match);
	u->token = given(t->label, sizeof t->label);
	if (u->token == NULL && t->serialNumber[0] == '\0')
		return error_set(e, "%s: expected token or serial", u->text);
	if (p11_kit_uri_get_pin_source(u->match) != NULL)
		u->pin_source = xstrdup(p11_kit_uri_get_pin_source(u->match));
	return find_module(u, e);
}

/* "file:DIR", or "file:DIR?pin-source=..." */
static int
parse_files(struct uri *u, const char *text, struct error *e)
{
	const char *path = text + strlen("file:");
	const char *query = strchr(path, '?');
	size_t len = strcspn(path, "?");

	if (path[0] != '/')
		return error_set(
		    e, "%s: expected an absolute directory", u->text);
	if (strncmp(path, "//", 2) == 0)
		return error_set(e, "%s: expected file:/DIR", u->text);
	if (query != NULL && strncmp(query, "?pin-source=", 12) != 0)
		return error_set(
		    e, "%s: expected pin-source after '?'", u->text);
	u->directory = xasprintf("%.*s", (int)len, path);
	if (query != NULL)
		u->pin_source = xstrdup(query + 12);
	return 0;
}

int
uri_parse(struct uri *u, const char *text, struct error *e)
{
	memset(u, 0, sizeof *u);
	u->text = hsm_uri_public(text);
	if (strlen(text) > URI_MAX)
		return error_set(e, "URI of more than %d octets", URI_MAX);
	if (hsm_uri_is_files(text))
		return parse_files(u, text, e);
	if (strncmp(text, "pkcs11:", 7) == 0)
		return parse_token(u, text, e);
	return error_set(e, "%s: expected pkcs11: or file:", u->text);
}

void
uri_free(struct uri *u)
{
	free(u->text);
	free(u->module);
	free(u->directory);
	free(u->pin_source);
	free(u->token);
	p11_kit_uri_free(u->match);
	memset(u, 0, sizeof *u);
}
