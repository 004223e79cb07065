#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/algorithm.h"
#include "lib/file.h"
#include "rollover/cmd.h"

int
cmd_output(const struct cli *cli, const struct buf *text, struct error *e)
{
	struct file_new f = FILE_NEW_INIT;

	if (cli->output == NULL || strcmp(cli->output, "-") == 0) {
		if (fwrite(text->data, 1, text->len, stdout) != text->len)
			return error_errno(e, "standard output");
		return 0;
	}
	if (file_create(&f, cli->output, 0644, e) == -1)
		return -1;
	if (file_write(&f, text->data, text->len, e) == -1 ||
	    file_commit(&f, e) == -1) {
		file_discard(&f);
		return -1;
	}
	return 0;
}

int
cmd_output_json(const struct cli *cli, const json_t *value, struct error *e)
{
	char *text = json_dumps(value, JSON_INDENT(2));
	struct buf b = BUF_INIT;
	int rc;

	if (text == NULL)
		return error_set(e, "what was found cannot be told as JSON");
	buf_str(&b, text);
	buf_u8(&b, '\n');
	rc = cmd_output(cli, &b, e);
	buf_free(&b);
	free(text);
	return rc;
}

void
cmd_key_text(struct buf *out, const struct key *k, uint16_t tag)
{
	const struct algorithm *a = algorithm_by_number(k->algorithm);

	buf_printf(out, "%s  %-15s  %5u", key_role_text(k->role),
	    a != NULL ? a->name : "unknown", (unsigned)tag);
}
