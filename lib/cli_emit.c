/* The data of a verb: to standard output, or to -o FILE. */
#include "lib/cli.h"

#include <stdlib.h>
#include <string.h>

#include "lib/file.h"

/* cli_main looks whether standard output took all. */
int
cli_emit(const struct cli *cli, const struct buf *data, struct error *e)
{
	struct file_new f = FILE_NEW_INIT;

	if (cli->output == NULL || strcmp(cli->output, "-") == 0) {
		fwrite(data->data, 1, data->len, stdout);
		return 0;
	}
	if (cli->dry_run) {
		cli_say(cli, "would write %zu octets to %s", data->len,
		    cli->output);
		return 0;
	}
	if (file_create(&f, cli->output, 0644, e) == -1)
		return -1;
	if (file_write(&f, data->data, data->len, e) == -1 ||
	    file_commit(&f, e) == -1) {
		file_discard(&f);
		return -1;
	}
	return 0;
}

int
cli_emit_json(const struct cli *cli, const json_t *value, struct error *e)
{
	char *text = json_dumps(value, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	struct buf b = BUF_INIT;
	int rc;

	if (text == NULL)
		return error_set(e, "a value that JSON cannot hold");
	buf_str(&b, text);
	buf_u8(&b, '\n');
	free(text);
	rc = cli_emit(cli, &b, e);
	buf_free(&b);
	return rc;
}
