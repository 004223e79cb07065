/* Trust anchors: XML, DS and DNSKEY records. */
#include <string.h>

#include "keytool/anchor.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t root[] = {0};
	struct anchors as = {NULL, 0};
	struct error e = ERROR_INIT;
	struct buf text = BUF_INIT;

	buf_add(&text, data, size);
	(void)!anchors_parse(&as, &text, "fuzz", root, &e);
	anchors_free(&as);
	buf_free(&text);
	return 0;
}
