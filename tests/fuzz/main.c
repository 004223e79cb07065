/*
 * Replays files through a harness: fuzz_NAME FILE|DIRECTORY…  Each file also
 * cut short at every octet of its first 4096, which finds what reads beyond
 * an end.
 */
#include <err.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define FILE_MAX (1 << 20)
#define CUTS	 4096

/* A block of its own, so that a sanitizer sees one octet too many. */
static void
feed(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (copy == NULL)
		err(2, "malloc");
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void
replay(const char *path)
{
	static uint8_t data[FILE_MAX];
	FILE *f = fopen(path, "r");
	size_t size;

	if (f == NULL)
		err(2, "%s", path);
	size = fread(data, 1, sizeof(data), f);
	if (ferror(f))
		err(2, "%s", path);
	fclose(f);
	for (size_t cut = 0; cut < size && cut < CUTS; cut++)
		feed(data, cut);
	feed(data, size);
}

int
main(int argc, char **argv)
{
	size_t files = 0;
	FTS *tree;

	if (argc < 2)
		errx(2, "usage: %s FILE|DIRECTORY...", argv[0]);
	tree = fts_open(argv + 1, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (tree == NULL)
		err(2, "fts_open");
	for (FTSENT *f; (f = fts_read(tree)) != NULL;)
		if (f->fts_info == FTS_F) {
			replay(f->fts_path);
			files++;
		}
	fts_close(tree);
	if (files == 0)
		errx(2, "no file in the corpus");
	printf("%zu files replayed\n", files);
	return 0;
}
