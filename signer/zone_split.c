#include "signer/zone_split.h"

#include <stdbool.h>
#include <string.h>

void
zone_split_begin(struct zone_split *s)
{
	*s = (struct zone_split){.line = 1};
}

/* How the text of a zone file stands at an octet (RFC 1035 section 5.1). */
struct scan {
	unsigned depth; /* of parentheses */
	bool quoted, comment, escaped;
};

static void
scan_octet(struct scan *s, char c)
{
	if (c == '\n') {
		s->comment = s->escaped = false;
	} else if (s->escaped) {
		s->escaped = false;
	} else if (s->comment) {
		return;
	} else if (c == '\\') {
		s->escaped = true;
	} else if (c == '"') {
		s->quoted = !s->quoted;
	} else if (s->quoted) {
		return;
	} else if (c == ';') {
		s->comment = true;
	} else if (c == '(') {
		s->depth++;
	} else if (c == ')' && s->depth > 0) {
		s->depth--;
	}
}

/* Octets up to the last newline at which nothing is open. */
static size_t
last_cut(const char *text, size_t len)
{
	struct scan s = {0, false, false, false};
	const char *newline;
	size_t cut = 0;

	if (memchr(text, '(', len) == NULL && memchr(text, '"', len) == NULL) {
		newline = memrchr(text, '\n', len);
		return newline ? (size_t)(newline - text) + 1 : 0;
	}
	for (size_t i = 0; i < len; i++) {
		scan_octet(&s, text[i]);
		if (text[i] == '\n' && s.depth == 0 && !s.quoted)
			cut = i + 1;
	}
	return cut;
}

/* Count the lines in text and look at each; the rest has no newline. */
static int
check_lines(uint64_t *line, const char *text, size_t len, struct error *e)
{
	const char *end = text + len, *newline;
	size_t n;

	for (; text < end; text += n + 1, ++*line) {
		newline = memchr(text, '\n', (size_t)(end - text));
		n = (size_t)((newline ? newline : end) - text);
		if (n > ZONE_LINE_MAX)
			return error_set(e, "line: over %d octets",
			    ZONE_LINE_MAX);
		if (memchr(text, '\0', n) != NULL)
			return error_set(e, "line: a NUL in it");
		if (newline == NULL)
			break;
	}
	return 0;
}

int
zone_split(struct zone_split *s, const char *text, size_t len, size_t *used,
    struct error *e)
{
	*used = last_cut(text, len);
	s->left = len - *used;
	s->fault = s->line;
	if (check_lines(&s->fault, text, *used, e) == -1)
		return -1;
	s->line = s->fault;
	if (check_lines(&s->fault, text + *used, s->left, e) == -1)
		return -1;
	s->fault = s->line;
	if (s->left > ZONE_RECORD_MAX)
		return error_set(e, "record: over %d octets without an end (an "
				    "open parenthesis or quote?)",
		    ZONE_RECORD_MAX);
	return 0;
}

int
zone_split_end(const struct zone_split *s, struct error *e)
{
	if (s->left == 0)
		return 0;
	return error_set(e, "end of file in the middle of a record: the file "
			    "was cut off");
}
