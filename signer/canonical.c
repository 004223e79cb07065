#include "signer/canonical.h"

#include "keytool/name.h"
#include "signer/rdata_field.h"

int
canonical_rdata(uint16_t type, uint8_t *rdata, size_t len)
{
	size_t at = 0, n;

	for (const char *f = rdata_fields(type); *f != '\0'; f++) {
		if (!rdata_field(*f, rdata + at, len - at, &n))
			return -1;
		if (*f == 'N')
			name_lower(rdata + at, n);
		at += n;
	}
	return at == len && rdata_length_agrees(type, rdata, len) ? 0 : -1;
}
