/* Durations and moments: what is read is what its text says again. */
#include <stdlib.h>
#include <string.h>

#include "lib/utc.h"
#include "tests/fuzz/fuzz.h"

static void
duration(const char *text)
{
	struct error e = ERROR_INIT;
	char out[DURATION_TEXT];
	int64_t s, again;

	if (duration_parse(&s, text, &e) != 0)
		return;
	if (duration_parse(&again, duration_text(out, s), &e) != 0 ||
	    again != s)
		abort();
}

static void
moment(const char *text)
{
	struct error e = ERROR_INIT;
	char out[UTC_TEXT];
	int64_t t, again;

	if (utc_parse(&t, text, &e) != 0)
		return;
	if (utc_parse(&again, utc_text(out, t), &e) != 0 || again != t)
		abort();
	if (utc_parse(&again, utc_digits(out, t), &e) != 0 || again != t)
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
	duration(text);
	moment(text);
	free(text);
	return 0;
}
