#include "tests/support/zone_text.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/xalloc.h"
#include "signer/record_text.h"
#include "signer/zone_read.h"

int
zone_try_text(struct zone *z, const char *origin, const char *text,
    size_t len, struct error *e)
{
	struct zone_read_options o = {1, NULL, NULL};
	uint8_t apex[NAME_MAX_WIRE];
	size_t apex_len;

	assert_int_equal(name_parse(apex, &apex_len, origin, e), 0);
	zone_init(z, apex, 4); /* as many workers as any test has */
	return zone_parse(z, text, len, "zone", &o, e);
}

void
zone_from_text(struct zone *z, const char *origin, const char *text)
{
	struct error e = ERROR_INIT;

	if (zone_try_text(z, origin, text, strlen(text), &e) == -1)
		fail_msg("%s", e.text);
}

const struct node *
zone_node(const struct zone *z, const char *name)
{
	uint8_t wire[NAME_MAX_WIRE];
	size_t len;
	struct error e = ERROR_INIT;
	const struct node *nd;

	assert_int_equal(name_parse(wire, &len, name, &e), 0);
	nd = zone_find(z, wire);
	if (nd == NULL)
		fail_msg("no node %s", name);
	return nd;
}

char *
zone_text(const struct zone *z)
{
	struct buf b = BUF_INIT;
	char *text;

	for (size_t i = 0; i < z->n; i++)
		record_text(&b, owner_wire(z->entry[i].owner),
		    z->entry[i].record);
	text = xstrdup(buf_cstr(&b));
	buf_free(&b);
	return text;
}
