#include <string.h>
#include <unistd.h>

#include "keytool/cmd.h"
#include "lib/file.h"
#include "lib/words.h"

static int
add(const char *path, bool as_json, struct buf *text, json_t *array,
    struct error *e)
{
	struct buf words = BUF_INIT, digest = BUF_INIT;
	char hex[SHA256_TEXT];
	int rv;

	if ((strcmp(path, "-") == 0
		    ? file_sha256_fd(hex, STDIN_FILENO, "standard input", e)
		    : file_sha256(hex, path, e)) == -1)
		return -1;
	hex_decode(&digest, hex);
	words_add(&words, digest.data, digest.len);
	buf_free(&digest);
	buf_printf(text, "%sFilename:  %s\nSHA-256:   %s\nPGP Words: %s\n",
	    text->len > 0 ? "\n" : "", path, hex, buf_cstr(&words));
	rv = json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "file",
	    path, "sha256", hex, "words", buf_cstr(&words)));
	buf_free(&words);
	if (rv == -1 && as_json)
		return error_set(e, "%s: a name that JSON cannot hold", path);
	return 0;
}

int
cmd_hash(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;
	struct buf text = BUF_INIT;
	json_t *array;
	int rv = 0;

	if (argc == 0)
		return cli_usage(cli, "at least one FILE is expected");
	array = json_array();
	for (int i = 0; rv == 0 && i < argc; i++)
		rv = add(argv[i], cli->json, &text, array, &e);
	if (rv == 0)
		rv = cli->json ? cli_emit_json(cli, array, &e)
			       : cli_emit(cli, &text, &e);
	json_decref(array);
	buf_free(&text);
	return rv == -1 ? cli_fail(cli, &e) : STATUS_OK;
}
