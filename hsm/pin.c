#include "hsm/pin.h"

#include <stdlib.h>
#include <string.h>

static int
from_fd(struct secret *pin, const char *number, struct error *e)
{
	char *end;
	unsigned long fd = strtoul(number, &end, 10);

	if (*number < '0' || *number > '9' || *end != '\0' || fd > 65535)
		return error_set(e, "pin-source: fd:%s: no descriptor", number);
	return secret_from_fd(pin, (int)fd, e);
}

static int
from_source(struct secret *pin, const char *source, struct error *e)
{
	if (strncmp(source, "fd:", 3) == 0)
		return from_fd(pin, source + 3, e);
	if (strncmp(source, "file:///", 8) == 0)
		return secret_from_file(pin, source + 7, e);
	if (strncmp(source, "file:", 5) == 0 && source[5] != '\0')
		return secret_from_file(pin, source + 5, e);
	if (source[0] == '/')
		return secret_from_file(pin, source, e);
	return error_set(e, "pin-source: expected file:PATH, fd:N or an "
			    "absolute path");
}

int
pin_read(struct secret *pin, const char *source, const struct hsm_options *o,
    const char *prompt, struct error *e)
{
	if (source != NULL)
		return from_source(pin, source, e);
	if (o->pin_fd >= 0)
		return secret_from_fd(pin, o->pin_fd, e);
	if (o->terminal)
		return secret_from_terminal(pin, prompt, e);
	return error_set(e, "no PIN: the URI has no pin-source, and there is "
			    "nobody to ask");
}
