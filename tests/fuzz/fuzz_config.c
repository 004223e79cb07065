/* rz.yaml. */
#include "lib/config.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error e = ERROR_INIT;
	struct config *cfg = NULL;

	if (config_parse(&cfg, (const char *)data, size, "fuzz", &e) == 0)
		config_free(cfg);
	return 0;
}
