/* root-anchors.xml: RFC 9718 section 2, no namespace, order fixed. */
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "keytool/anchor_form.h"
#include "keytool/name.h"
#include "lib/hex.h"
#include "lib/utc.h"

#define TEXT_MAX 2048 /* octets in one element: RSA-4096 in base64, twice */

enum element {
	OUTSIDE,
	TRUST_ANCHOR,
	ZONE,
	KEY_DIGEST,
	KEY_TAG,
	ALGORITHM,
	DIGEST_TYPE,
	DIGEST,
	PUBLIC_KEY,
	FLAGS,
	ELEMENTS
};

static const char *const element_name[ELEMENTS] = {
    "", "TrustAnchor", "Zone", "KeyDigest", "KeyTag", "Algorithm",
    "DigestType", "Digest", "PublicKey", "Flags"};

struct xml {
	XML_Parser parser;
	struct anchors *as;
	const char *name; /* of the file */
	const uint8_t *zone;
	struct error *e;
	bool failed;
	enum element in;   /* the innermost that is open */
	enum element last; /* the last that was closed in the same parent */
	struct anchor a;   /* of the KeyDigest that is open */
	struct buf text;   /* of the leaf that is open */
};

/* Where and why; then expat is told to go no further. */
static void
stop(struct xml *x, const char *what, const char *detail)
{
	if (x->failed)
		return;
	x->failed = true;
	error_set(x->e, "%s:%lu: RFC 9718: %s%.80s", x->name,
	    XML_GetCurrentLineNumber(x->parser), what, detail);
	XML_StopParser(x->parser, XML_FALSE);
}

/* The place of an error that the library reported. */
static void
stop_there(struct xml *x)
{
	struct error copy = *x->e;

	stop(x, "", "");
	*x->e = copy;
	error_prefix(x->e, "%s:%lu: RFC 9718", x->name,
	    XML_GetCurrentLineNumber(x->parser));
}

static bool
is_leaf(enum element el)
{
	return el == ZONE || el > KEY_DIGEST;
}

/* May el begin now?  last: what its parent has closed already. */
static bool
is_expected(const struct xml *x, enum element el)
{
	switch (el) {
	case TRUST_ANCHOR:
		return x->in == OUTSIDE && x->last == OUTSIDE;
	case ZONE:
		return x->in == TRUST_ANCHOR && x->last == OUTSIDE;
	case KEY_DIGEST:
		return x->in == TRUST_ANCHOR && x->last != OUTSIDE;
	case KEY_TAG:
		return x->in == KEY_DIGEST && x->last == OUTSIDE;
	default:
		return x->in == KEY_DIGEST && x->last + 1 == el;
	}
}

static void
take_time(struct xml *x, int64_t *t, const char *value)
{
	if (!x->failed && utc_parse(t, value, x->e) == -1)
		stop_there(x);
}

static void
key_digest_attributes(struct xml *x, const char **attribute)
{
	bool id = false, from = false;

	x->a = (struct anchor){.valid_until = TIME_NEVER};
	for (; *attribute != NULL; attribute += 2) {
		if (strcmp(attribute[0], "id") == 0) {
			id = true;
		} else if (strcmp(attribute[0], "validFrom") == 0) {
			from = true;
			take_time(x, &x->a.valid_from, attribute[1]);
		} else if (strcmp(attribute[0], "validUntil") == 0) {
			take_time(x, &x->a.valid_until, attribute[1]);
		} else {
			stop(x, "unknown attribute of KeyDigest: ",
			    attribute[0]);
		}
	}
	if (!id || !from)
		stop(x, "KeyDigest without ", id ? "validFrom" : "id");
}

static void
trust_anchor_attributes(struct xml *x, const char **attribute)
{
	bool id = false, source = false;

	for (; *attribute != NULL; attribute += 2) {
		if (strcmp(attribute[0], "id") == 0)
			id = true;
		else if (strcmp(attribute[0], "source") == 0)
			source = true;
		else
			stop(x, "unknown attribute of TrustAnchor: ",
			    attribute[0]);
	}
	if (!id || !source)
		stop(x, "TrustAnchor without ", id ? "source" : "id");
}

static void
start_element(void *arg, const char *name, const char **attribute)
{
	struct xml *x = arg;
	enum element el = TRUST_ANCHOR;

	while (el < ELEMENTS && strcmp(name, element_name[el]) != 0)
		el++;
	if (el == ELEMENTS) {
		stop(x, "unknown element: ", name);
		return;
	}
	if (!is_expected(x, el)) {
		stop(x, "not the place for this element: ", name);
		return;
	}
	x->in = el;
	x->last = OUTSIDE;
	buf_clear(&x->text);
	if (el == TRUST_ANCHOR)
		trust_anchor_attributes(x, attribute);
	else if (el == KEY_DIGEST)
		key_digest_attributes(x, attribute);
	else if (*attribute != NULL)
		stop(x, "unknown attribute: ", *attribute);
}

static void
characters(void *arg, const char *s, int len)
{
	struct xml *x = arg;

	if (!is_leaf(x->in)) {
		for (int i = 0; i < len; i++)
			if (strchr(" \t\r\n", s[i]) == NULL)
				stop(x, "text outside of an element", "");
		return;
	}
	if (x->text.len + (size_t)len > TEXT_MAX)
		stop(x, "too much text in ", element_name[x->in]);
	else
		buf_add(&x->text, s, (size_t)len);
}

/* The text without the white space around it. */
static char *
trimmed(struct buf *b)
{
	char *text;

	while (b->len > 0 && strchr(" \t\r\n", b->data[b->len - 1]) != NULL)
		b->len--;
	buf_cstr(b);
	text = (char *)b->data;
	return text + strspn(text, " \t\r\n");
}

static unsigned
number(struct xml *x, const char *text, unsigned max)
{
	unsigned v = 0;
	const char *p = text;

	while (*p >= '0' && *p <= '9' && v <= max)
		v = v * 10 + (unsigned)(*p++ - '0');
	if (p == text || *p != '\0' || v > max)
		stop(x, "not a number in range: ", element_name[x->in]);
	return v;
}

static void
take_zone(struct xml *x, const char *text)
{
	uint8_t wire[NAME_MAX_WIRE];
	size_t len;

	if (name_parse(wire, &len, text, x->e) == -1)
		stop_there(x);
	else if (!name_equal(wire, x->zone))
		stop(x, "trust anchors of another zone: ", text);
}

static void
take_digest(struct xml *x, const char *text)
{
	struct buf b = BUF_INIT;

	if (hex_decode(&b, text) == -1 || b.len > sizeof x->a.ds.digest)
		stop(x, "not a digest in hexadecimal", "");
	else if (b.len > 0)
		memcpy(x->a.ds.digest, b.data, b.len);
	x->a.ds.len = b.len;
	buf_free(&b);
}

static void
take_leaf(struct xml *x, const char *text)
{
	switch (x->in) {
	case ZONE:
		take_zone(x, text);
		break;
	case KEY_TAG:
		x->a.ds.tag = (uint16_t)number(x, text, 65535);
		break;
	case ALGORITHM:
		x->a.ds.algorithm = (uint8_t)number(x, text, 255);
		break;
	case DIGEST_TYPE:
		x->a.ds.digest_type = (uint8_t)number(x, text, 255);
		break;
	case DIGEST:
		take_digest(x, text);
		break;
	case PUBLIC_KEY:
		if (base64_decode(&x->a.public_key, text, strlen(text)) ==
			-1 || x->a.public_key.len == 0)
			stop(x, "not a public key in base64", "");
		break;
	default:
		x->a.flags = (uint16_t)number(x, text, 65535);
		break;
	}
}

static void
close_key_digest(struct xml *x)
{
	if (x->last != DIGEST && x->last != FLAGS)
		stop(x, "an element is missing after ",
		    x->last == OUTSIDE ? "KeyDigest" : element_name[x->last]);
	else if (x->as->n == ANCHORS_MAX)
		stop(x, "too many trust anchors", "");
	else if (anchor_check(&x->a, x->zone, x->e) == -1)
		stop_there(x);
	else
		anchors_add(x->as, &x->a);
}

static void
end_element(void *arg, const char *name)
{
	struct xml *x = arg;
	enum element was = x->in;

	(void)name;
	if (x->failed)
		return;
	if (is_leaf(was))
		take_leaf(x, trimmed(&x->text));
	else if (was == KEY_DIGEST)
		close_key_digest(x);
	if (was == TRUST_ANCHOR)
		x->in = OUTSIDE;
	else
		x->in = was > KEY_DIGEST ? KEY_DIGEST : TRUST_ANCHOR;
	x->last = was;
}

static void
doctype(void *arg, const char *name, const char *system, const char *public,
    int subset)
{
	(void)name, (void)system, (void)public, (void)subset;
	stop(arg, "DOCTYPE is not allowed", "");
}

static void
instruction(void *arg, const char *target, const char *data)
{
	(void)data;
	stop(arg, "processing instruction: ", target);
}

static void
run(struct xml *x, const struct buf *text)
{
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, start_element, end_element);
	XML_SetCharacterDataHandler(x->parser, characters);
	XML_SetStartDoctypeDeclHandler(x->parser, doctype);
	XML_SetProcessingInstructionHandler(x->parser, instruction);
	if (XML_Parse(x->parser, (const char *)text->data, (int)text->len,
		1) != XML_STATUS_OK)
		stop(x, "not well-formed XML: ",
		    XML_ErrorString(XML_GetErrorCode(x->parser)));
}

int
anchors_parse_xml(struct anchors *as, const struct buf *text,
    const char *name, const uint8_t *zone, struct error *e)
{
	struct xml x = {.as = as, .name = name, .zone = zone, .e = e};

	x.parser = XML_ParserCreate(NULL);
	if (x.parser == NULL)
		return error_set(e, "%s: no memory for the XML parser", name);
	run(&x, text);
	XML_ParserFree(x.parser);
	buf_free(&x.a.public_key);
	buf_free(&x.text);
	return x.failed ? -1 : 0;
}
