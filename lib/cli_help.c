#include "lib/cli_parse.h"

#include <string.h>

#define WIDTH	 79 /* columns used of a terminal's 80 */
#define LEFT_MAX 28 /* columns of names before their help goes below */

static void
heading(struct buf *out, const char *text, bool colour)
{
	if (colour)
		buf_printf(out, "\n\033[1m%s\033[0m\n", text);
	else
		buf_printf(out, "\n%s\n", text);
}

static void
blanks(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_u8(out, ' ');
}

/* Columns: an octet that continues a UTF-8 character takes none. */
static size_t
columns(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

/* A paragraph from column `at`, its further lines indented by `indent`. */
static void
wrap(struct buf *out, const char *s, size_t len, size_t at, size_t indent)
{
	size_t word, wide;
	bool first = true;

	while (len > 0) {
		for (word = 0; word < len && s[word] != ' '; word++)
			;
		wide = columns(s, word);
		if (!first && at + 1 + wide > WIDTH) {
			buf_u8(out, '\n');
			blanks(out, indent);
			at = indent;
		} else if (!first) {
			buf_u8(out, ' ');
			at++;
		}
		buf_add(out, s, word);
		at += wide;
		first = false;
		while (word < len && s[word] == ' ')
			word++;
		s += word;
		len -= word;
	}
	buf_u8(out, '\n');
}

/* "  left    right", right wrapped below itself. */
static void
row(struct buf *out, const char *left, size_t left_max, const char *right)
{
	size_t wide = columns(left, strlen(left));
	size_t column = 2 + left_max + 2;

	buf_printf(out, "  %s", left);
	if (wide > left_max) {
		buf_u8(out, '\n');
		blanks(out, column);
	} else {
		blanks(out, column - 2 - wide);
	}
	wrap(out, right, strlen(right), column, column);
}

/* Lines are paragraphs; one that begins with a blank is printed as it is. */
static void
text(struct buf *out, const char *s)
{
	size_t len;

	for (; *s != '\0'; s += len + (s[len] == '\n')) {
		len = strcspn(s, "\n");
		if (len == 0 || *s == ' ' || *s == '\t') {
			buf_add(out, s, len);
			buf_u8(out, '\n');
		} else {
			wrap(out, s, len, 0, 0);
		}
	}
}

/* "-o, --output FILE" */
static const char *
option_left(struct buf *out, const struct cli_option *o)
{
	buf_clear(out);
	if (o->letter != 0)
		buf_printf(out, "-%c, ", o->letter);
	else
		buf_str(out, "    ");
	buf_printf(out, "--%s", o->name);
	if (o->argument != NULL)
		buf_printf(out, " %s", o->argument);
	return buf_cstr(out);
}

static size_t
options_width(const struct cli_option *o)
{
	struct buf left = BUF_INIT;
	size_t wide, most = 0;

	for (; o->name != NULL; o++) {
		wide = strlen(option_left(&left, o));
		if (wide > most && wide <= LEFT_MAX)
			most = wide;
	}
	buf_free(&left);
	return most;
}

static void
options(struct buf *out, const struct cli_option *o, size_t width)
{
	struct buf left = BUF_INIT;

	for (; o->name != NULL; o++)
		row(out, option_left(&left, o), width, o->help ? o->help : "");
	buf_free(&left);
}

static void
both_options(struct buf *out, const struct cli_option *own, bool colour)
{
	struct cli_option common[CLI_COMMON_N + 1];
	struct cli_asked asked;
	struct cli unused = {0};
	size_t width, own_width;

	cli_common_options(common, &unused, &asked);
	width = options_width(common);
	if (own != NULL && own->name != NULL) {
		own_width = options_width(own);
		width = own_width > width ? own_width : width;
		heading(out, "Options:", colour);
		options(out, own, width);
	}
	heading(out, "Common options:", colour);
	options(out, common, width);
}

void
cli_help_usage(
    struct buf *out, const char *program, const struct verb *verb)
{
	if (verb == NULL) {
		buf_printf(out, "usage: %s VERB [options] [arguments]\n",
		    program);
		return;
	}
	buf_printf(out, "usage: %s %s [options]", program, verb->name);
	if (verb->synopsis != NULL && verb->synopsis[0] != '\0')
		buf_printf(out, " %s", verb->synopsis);
	buf_u8(out, '\n');
}

void
cli_help_program(struct buf *out, const char *program, const char *summary,
    const struct verb *verbs, bool colour)
{
	size_t wide, most = 0;

	for (const struct verb *v = verbs; v->name != NULL; v++) {
		wide = strlen(v->name);
		if (wide > most && wide <= LEFT_MAX)
			most = wide;
	}
	cli_help_usage(out, program, NULL);
	buf_u8(out, '\n');
	text(out, summary);
	heading(out, "Verbs:", colour);
	for (const struct verb *v = verbs; v->name != NULL; v++)
		row(out, v->name, most, v->summary);
	both_options(out, NULL, colour);
	buf_printf(out,
	    "\n\"%s VERB --help\" explains a verb; %s(8) has it all.\n",
	    program, program);
}

void
cli_help_verb(struct buf *out, const char *program, const struct verb *verb,
    bool colour)
{
	cli_help_usage(out, program, verb);
	buf_u8(out, '\n');
	text(out, verb->summary);
	if (verb->text != NULL) {
		buf_u8(out, '\n');
		text(out, verb->text);
	}
	both_options(out, verb->options, colour);
}
