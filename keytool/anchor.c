#include "keytool/anchor.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "keytool/anchor_form.h"
#include "lib/algorithm.h"
#include "lib/file.h"
#include "lib/pubkey.h"
#include "lib/utc.h"
#include "lib/xalloc.h"

void
anchors_add(struct anchors *as, struct anchor *a)
{
	as->anchor = xreallocarray(as->anchor, as->n + 1, sizeof *as->anchor);
	as->anchor[as->n++] = *a;
	memset(a, 0, sizeof *a);
}

void
anchors_free(struct anchors *as)
{
	for (size_t i = 0; i < as->n; i++)
		buf_free(&as->anchor[i].public_key);
	free(as->anchor);
	as->anchor = NULL;
	as->n = 0;
}

static size_t
digest_size(uint8_t type)
{
	switch (type) {
	case DS_SHA1:
		return 20;
	case DS_SHA256:
		return 32;
	case DS_SHA384:
		return 48;
	default:
		return 0;
	}
}

static int
check_public_key(const struct anchor *a, const uint8_t *zone,
    struct error *e)
{
	const struct dnskey k = {a->flags, a->ds.algorithm,
	    a->public_key.data, a->public_key.len};
	struct buf rdata = BUF_INIT;
	struct verifier *v = NULL;
	int rv = -1;

	dnskey_rdata(&rdata, &k);
	/* RFC 5011 section 2.1: a revoked key is no trust anchor. */
	if (k.flags & DNSKEY_REVOKE)
		error_set(e, "the key is revoked");
	else if (!(k.flags & DNSKEY_ZONE))
		error_set(e, "flags %u are not those of a zone key", k.flags);
	else if (verifier_new(&v, k.algorithm, k.key, k.len, e) == -1)
		error_prefix(e, "public key");
	else if (!ds_matches(&a->ds, zone, rdata.data, rdata.len))
		/* RFC 9718 section 3: such a KeyDigest must not be used. */
		error_set(e, "the public key does not match tag %u, "
		    "algorithm %u and digest", a->ds.tag, a->ds.algorithm);
	else
		rv = 0;
	verifier_free(v);
	buf_free(&rdata);
	return rv;
}

int
anchor_check(const struct anchor *a, const uint8_t *zone, struct error *e)
{
	size_t size = digest_size(a->ds.digest_type);

	if (algorithm_by_number(a->ds.algorithm) == NULL)
		return error_set(e, "algorithm %u is not known",
		    a->ds.algorithm);
	if (size == 0)
		return error_set(e, "digest type %u is not known",
		    a->ds.digest_type);
	if (a->ds.len != size)
		return error_set(e, "a digest of type %u has %zu octets, "
		    "found %zu", a->ds.digest_type, size, a->ds.len);
	if (a->valid_from > a->valid_until)
		return error_set(e, "valid until a time before "
		    "that from which it is valid");
	return a->public_key.len > 0 ? check_public_key(a, zone, e) : 0;
}

static bool
looks_like_xml(const struct buf *text)
{
	size_t i = 0;

	if (text->len >= 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	while (i < text->len && strchr(" \t\r\n", text->data[i]) != NULL &&
	    text->data[i] != '\0')
		i++;
	return i < text->len && text->data[i] == '<';
}

static void
append(struct anchors *as, struct anchors *more)
{
	for (size_t i = 0; i < more->n; i++)
		anchors_add(as, &more->anchor[i]);
}

int
anchors_parse(struct anchors *as, const struct buf *text, const char *name,
    const uint8_t *zone, struct error *e)
{
	struct anchors read = {NULL, 0};
	int rv = -1;

	if (text->len > ANCHOR_FILE_MAX)
		return error_set(e, "%s: more than %d octets", name,
		    ANCHOR_FILE_MAX);
	if (text->len == 0 || memchr(text->data, '\0', text->len) != NULL)
		return error_set(e, "%s: %s", name,
		    text->len == 0 ? "empty" : "an octet 0 in the text");
	if (looks_like_xml(text)) {
		if (anchors_parse_xml(&read, text, name, zone, e) == -1)
			goto out;
	} else if (anchors_parse_records(&read, text, name, zone, e) == -1) {
		goto out;
	}
	if (read.n == 0) {
		error_set(e, "%s: no trust anchor in it", name);
		goto out;
	}
	append(as, &read);
	rv = 0;
out:
	anchors_free(&read);
	return rv;
}

int
anchors_read(struct anchors *as, const char *path, const uint8_t *zone,
    struct error *e)
{
	struct buf text = BUF_INIT;
	int rv = file_read(&text, path, ANCHOR_FILE_MAX, e);

	if (rv == 0)
		rv = anchors_parse(as, &text, path, zone, e);
	buf_free(&text);
	return rv;
}

const struct anchor *
anchors_match(const struct anchors *as, const uint8_t *zone,
    const uint8_t *rdata, size_t len, int64_t now)
{
	for (size_t i = 0; i < as->n; i++) {
		const struct anchor *a = &as->anchor[i];

		if (a->valid_from <= now && now < a->valid_until &&
		    ds_matches(&a->ds, zone, rdata, len))
			return a;
	}
	return NULL;
}
