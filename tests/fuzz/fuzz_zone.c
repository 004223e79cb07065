/* A zone file, as the signer and the verifier read it. */
#include "signer/zone_check.h"
#include "signer/zone_read.h"
#include "tests/fuzz/fuzz.h"

static void
told(void *arg, enum zone_fault f, const struct node *nd, uint16_t type,
    const char *text)
{
	(void)arg;
	(void)f;
	(void)nd;
	(void)type;
	(void)text;
}

/* The first octet chooses the origin and the number of threads. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t root[] = {0};
	static const uint8_t example[] = {7, 'e', 'x', 'a', 'm', 'p', 'l', 'e',
	    0};
	struct zone_read_options o = {.threads = 1};
	struct error e = ERROR_INIT;
	struct zone z;

	if (size == 0)
		return 0;
	if (data[0] & 2)
		o.threads = 2;
	zone_init(&z, data[0] & 1 ? example : root, o.threads);
	if (zone_parse(&z, (const char *)data + 1, size - 1, "fuzz", &o, &e) ==
	    0)
		zone_check(&z, told, NULL);
	zone_free(&z);
	return 0;
}
