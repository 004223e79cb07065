#include <stdlib.h>
#include <string.h>

#include "hsm/keyfile.h"
#include "lib/hex.h"
#include "lib/xalloc.h"

static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";

static bool
label_fits(const char *label, size_t len)
{
	return len > 0 && len < HSM_LABEL_MAX && label[0] != '.' &&
	       label[0] != '-' && strspn(label, allowed) >= len;
}

char *
key_file_name(const struct hsm_key_info *i)
{
	char id[2 * HSM_ID_MAX + 1];

	if (!label_fits(i->label, strlen(i->label)))
		return NULL;
	hex_encode(id, i->id, i->id_len);
	return xasprintf("%s.%s.pem", i->label, id);
}

static bool
ends(const char *name, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len > n && strcmp(name + len - n, with) == 0;
}

static void
set_label(struct hsm_key_info *i, const char *label, size_t len)
{
	memcpy(i->label, label, len);
	i->label[len] = '\0';
}

/* "LABEL.ID.pem" */
static int
parse_pem(struct hsm_key_info *i, const char *name, size_t len)
{
	char *stem = xasprintf("%.*s", (int)(len - strlen(".pem")), name);
	char *dot = strrchr(stem, '.');
	struct buf id = BUF_INIT;
	int rc = -1;

	if (dot != NULL && label_fits(stem, (size_t)(dot - stem)) &&
	    hex_decode(&id, dot + 1) == 0 && id.len > 0 &&
	    id.len <= HSM_ID_MAX) {
		set_label(i, stem, (size_t)(dot - stem));
		memcpy(i->id, id.data, id.len);
		i->id_len = id.len;
		rc = 1;
	}
	buf_free(&id);
	free(stem);
	return rc;
}

int
key_file_parse(struct hsm_key_info *i, const char *name)
{
	size_t len = strlen(name);
	size_t stem;

	memset(i, 0, sizeof *i);
	if (ends(name, len, ".pem"))
		return parse_pem(i, name, len);
	if (name[0] != 'K' || !ends(name, len, ".private"))
		return 0;
	stem = len - strlen(".private");
	if (stem >= HSM_LABEL_MAX)
		return -1;
	set_label(i, name, stem);
	return 1;
}
