#include <stdlib.h>
#include <string.h>

#include <libzscanner/scanner.h>

#include "keytool/anchor_form.h"
#include "keytool/name.h"
#include "lib/utc.h"
#include "lib/xalloc.h"

enum { CLASS_IN = 1, TYPE_DS = 43, TYPE_DNSKEY = 48 };

static int
from_ds(struct anchor *a, const uint8_t *rdata, size_t len, struct error *e)
{
	if (len < 5 || len - 4 > sizeof a->ds.digest)
		return error_set(e, "DS: a digest of 1 to %zu octets expected",
		    sizeof a->ds.digest);
	a->ds.tag = (uint16_t)(rdata[0] << 8 | rdata[1]);
	a->ds.algorithm = rdata[2];
	a->ds.digest_type = rdata[3];
	a->ds.len = len - 4;
	memcpy(a->ds.digest, rdata + 4, a->ds.len);
	return 0;
}

static int
from_dnskey(struct anchor *a, const uint8_t *rdata, size_t len,
    const uint8_t *zone, struct error *e)
{
	struct dnskey k;

	if (dnskey_parse(&k, rdata, len) == -1)
		return error_set(e, "DNSKEY: protocol 3 and a key expected");
	if (ds_make(&a->ds, zone, rdata, len, DS_SHA256) == -1)
		return error_openssl(e, "SHA-256");
	buf_add(&a->public_key, k.key, k.len);
	a->flags = k.flags;
	return 0;
}

static int
from_record(struct anchor *a, const zs_scanner_t *s, const uint8_t *zone,
    struct error *e)
{
	if (s->r_class != CLASS_IN)
		return error_set(e, "class IN expected");
	if (!name_equal(s->r_owner, zone))
		return error_set(e, "a record of another zone");
	if (s->r_type == TYPE_DS)
		return from_ds(a, s->r_data, s->r_data_length, e);
	if (s->r_type == TYPE_DNSKEY)
		return from_dnskey(a, s->r_data, s->r_data_length, zone, e);
	return error_set(e, "DS or DNSKEY expected");
}

static int
add_record(struct anchors *as, const zs_scanner_t *s, const uint8_t *zone,
    struct error *e)
{
	struct anchor a = {.valid_from = INT64_MIN,
	    .valid_until = TIME_NEVER};

	if (as->n == ANCHORS_MAX)
		return error_set(e, "more than %d trust anchors", ANCHORS_MAX);
	if (from_record(&a, s, zone, e) == -1 ||
	    anchor_check(&a, zone, e) == -1) {
		buf_free(&a.public_key);
		return -1;
	}
	anchors_add(as, &a);
	return 0;
}

/* One step of the scanner: 1 to go on, 0 at the end. */
static int
step(struct anchors *as, zs_scanner_t *s, const uint8_t *zone,
    struct error *e)
{
	if (zs_parse_record(s) != 0)
		return error_set(e, "the scanner failed");
	switch (s->state) {
	case ZS_STATE_DATA:
		return add_record(as, s, zone, e) == -1 ? -1 : 1;
	case ZS_STATE_EOF:
		return 0;
	case ZS_STATE_ERROR:
		return error_set(e, "a record that cannot be read: %s",
		    zs_strerror(s->error.code));
	case ZS_STATE_INCLUDE:
		return error_set(e, "$INCLUDE is not for trust anchors");
	default:
		return 1;
	}
}

/* The scanner wants a newline at the end, which a person may leave out. */
static void
copy_with_newline(struct buf *to, const struct buf *text)
{
	buf_add(to, text->data, text->len);
	if (text->data[text->len - 1] != '\n')
		buf_u8(to, '\n');
}

int
anchors_parse_records(struct anchors *as, const struct buf *text,
    const char *name, const uint8_t *zone, struct error *e)
{
	zs_scanner_t *s = xmalloc(sizeof *s);
	struct buf copy = BUF_INIT;
	int rv = -1;

	if (zs_init(s, ".", CLASS_IN, 0) != 0) {
		free(s);
		return error_set(e, "%s: the scanner cannot begin", name);
	}
	copy_with_newline(&copy, text);
	if (zs_set_input_string(s, (char *)copy.data, copy.len) != 0)
		error_set(e, "the scanner cannot begin");
	else
		while ((rv = step(as, s, zone, e)) == 1)
			;
	if (rv == -1)
		error_prefix(e, "%s:%llu", name,
		    (unsigned long long)s->line_counter);
	buf_free(&copy);
	zs_deinit(s);
	free(s);
	return rv;
}
