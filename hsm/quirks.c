/*
 * What single modules do otherwise than PKCS#11 has it, or do better in a
 * way of their own.  A row holds for all versions of the module's library
 * up to `until` (major, minor).
 */
#include "hsm/p11.h"

#include <string.h>

static const struct {
	const char *manufacturer, *model; /* of the token: how they begin */
	CK_VERSION until;
	unsigned quirks;
} rows[] = {
    /* It keeps keys in files. */
    {"SoftHSM project", "SoftHSM", {255, 255}, QUIRK_SOFTWARE},
    /*
     * Each C_SignInit with a token object reads the object's file anew, under
     * a lock.  A session copy, whose private half is just as sensitive,
     * signs with EC keys 1.4 to 2 times as fast.  It copies only what is
     * CKA_MODIFIABLE: keys that other tools have made.
     */
    {"SoftHSM project", "SoftHSM", {255, 255}, QUIRK_SESSION_COPY},
    /*
     * C_Login rewrites the token's file, even when it succeeds: another
     * process that logs in at this moment sees CKR_GENERAL_ERROR or
     * CKR_USER_PIN_NOT_INITIALIZED, or no token.
     */
    {"SoftHSM project", "SoftHSM", {255, 255}, QUIRK_LOGIN_RACES},
};

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

unsigned
quirks_find(const char *manufacturer, const char *model, CK_VERSION library)
{
	unsigned found = 0;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (begins(manufacturer, rows[i].manufacturer) &&
		    begins(model, rows[i].model) &&
		    (library.major < rows[i].until.major ||
			(library.major == rows[i].until.major &&
			    library.minor <= rows[i].until.minor)))
			found |= rows[i].quirks;
	return found;
}
