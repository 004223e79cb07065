#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "keytool/generate.h"

#define LABEL_TEXT_MAX 63

static bool
is_taken(const struct keys *keys, const char *label)
{
	for (size_t i = 0; i < keys->n; i++)
		if (strcmp(keys->key[i].label, label) == 0)
			return true;
	return false;
}

int
generate_label(char label[HSM_LABEL_MAX], enum key_role role,
    const struct keys *keys, int64_t now, struct error *e)
{
	int year, month, day;
	uint8_t r[4];

	utc_to_date(now, &year, &month, &day);
	do {
		if (RAND_bytes(r, sizeof r) != 1)
			return error_openssl(e, "random octets");
		snprintf(label, HSM_LABEL_MAX,
		    "%s-%04d%02d%02d-%02x%02x%02x%02x", key_role_text(role),
		    year, month, day, r[0], r[1], r[2], r[3]);
	} while (is_taken(keys, label));
	return 0;
}

int
generate_check_label(const char *label, const struct keys *keys,
    struct error *e)
{
	size_t len = strlen(label);

	if (len == 0 || len > LABEL_TEXT_MAX)
		return error_set(e, "label: 1 to %d characters are expected",
		    LABEL_TEXT_MAX);
	for (const char *p = label; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) &&
		    strchr("._-", *p) == NULL)
			return error_set(e, "label \"%s\": letters, digits, "
			    "\".\", \"_\" and \"-\" are expected", label);
	if (is_taken(keys, label))
		return error_set(e, "label %s: another key has it", label);
	return 0;
}

int
generate_cka_id(uint8_t id[KEY_CKA_ID], struct error *e)
{
	if (RAND_bytes(id, KEY_CKA_ID) != 1)
		return error_openssl(e, "random octets");
	return 0;
}
