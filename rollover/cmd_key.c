#include "lib/algorithm.h"
#include "rollover/cmd.h"

void
cmd_key_text(struct buf *out, const struct key *k, uint16_t tag)
{
	const struct algorithm *a = algorithm_by_number(k->algorithm);

	buf_printf(out, "%s  %-15s  %5u", key_role_text(k->role),
	    a != NULL ? a->name : "unknown", (unsigned)tag);
}
