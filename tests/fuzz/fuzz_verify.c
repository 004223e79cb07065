/* A signed zone before the verifier: whatever is in it, a verdict. */
#include <stdlib.h>
#include <string.h>

#include "signer/verify.h"
#include "signer/zone_read.h"
#include "tests/fuzz/fuzz.h"

#define NOW INT64_C(1800000000)

static void
judge(const struct zone *z)
{
	struct anchors none = {NULL, 0};
	const struct verify_options o = {.now = NOW, .threads = 1,
	    .anchors = &none, .unsigned_zone = z, .previous = z};
	struct verify_report r;
	struct error e = ERROR_INIT;
	struct buf text = BUF_INIT;

	if (verify_zone(z, &o, &r, &e) == 0) {
		verify_report_summary(&text, &r, NOW);
		json_decref(verify_report_json(&r));
		/* Nobody trusts it, and it is the same as itself. */
		if (r.errors == 0 || !r.unsigned_same || r.changed_lines > 0)
			abort();
	}
	verify_report_free(&r);
	buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t example[] = {7, 'e', 'x', 'a', 'm', 'p', 'l', 'e',
	    0};
	struct zone_read_options o = {.threads = 1};
	struct error e = ERROR_INIT;
	struct buf text = BUF_INIT;
	struct zone z;

	buf_add(&text, data, size);
	buf_u8(&text, '\n'); /* a cut in any place leaves whole lines */
	zone_init(&z, example, 1);
	if (zone_parse(&z, (const char *)text.data, text.len, "fuzz", &o,
		&e) == 0)
		judge(&z);
	zone_free(&z);
	buf_free(&text);
	return 0;
}
