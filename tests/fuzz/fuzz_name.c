/* Names: from text, and from wire; the text of a name gives the name again. */
#include <stdlib.h>
#include <string.h>

#include "keytool/name.h"
#include "tests/fuzz/fuzz.h"

static void
from_text(const char *text)
{
	uint8_t wire[NAME_MAX_WIRE], again[NAME_MAX_WIRE], key[NAME_MAX_KEY];
	struct error e = ERROR_INIT;
	char out[NAME_MAX_TEXT];
	size_t len, len2;

	if (name_parse(wire, &len, text, &e) != 0)
		return;
	if (name_check(wire, len) != len || name_len(wire) != len)
		abort();
	name_key(key, wire);
	if (name_parse(again, &len2, name_text(out, wire), &e) != 0 ||
	    len2 != len || memcmp(again, wire, len) != 0)
		abort();
}

static void
from_wire(const uint8_t *data, size_t size)
{
	uint8_t wire[NAME_MAX_WIRE], again[NAME_MAX_WIRE], key[NAME_MAX_KEY];
	struct error e = ERROR_INIT;
	char out[NAME_MAX_TEXT];
	size_t len = name_check(data, size), len2;

	if (len == 0)
		return;
	memcpy(wire, data, len);
	name_lower(wire, len);
	if (name_key(key, wire) > NAME_MAX_KEY || name_labels(wire) > 127)
		abort();
	if (name_parse(again, &len2, name_text(out, wire), &e) != 0 ||
	    len2 != len || memcmp(again, wire, len) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	from_text(text);
	from_wire(data, size);
	free(text);
	return 0;
}
