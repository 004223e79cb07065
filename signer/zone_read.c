#include "signer/zone_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libzscanner/scanner.h>

#include "lib/xalloc.h"
#include "signer/zone_split.h"

#define BLOCK	   (64 * 1024) /* octets asked of the system at once */
#define CLASS_IN   1
#define TTL_UNSAID 0xffffffff /* RFC 2181 section 8 allows 31 bits */

struct reading {
	struct zone *z;
	const char *name;
	const struct zone_read_options *o;
	zs_scanner_t *scanner;
	struct zone_split split;
	unsigned soas;
	bool any;
};

static int
at_line(const struct reading *r, uint64_t line, struct error *e)
{
	return error_prefix(e, "%s:%llu", r->name, (unsigned long long)line);
}

/* Reserved, OPT, and what is asked for or about (RFC 6895 section 3.1). */
static bool
is_meta(uint16_t type)
{
	return type == 0 || type == 41 || (type >= 128 && type <= 255);
}

static bool
in_zone(const struct zone *z, const uint8_t *owner)
{
	uint8_t lower[NAME_MAX_WIRE], key[NAME_MAX_KEY];
	size_t len = name_len(owner);

	memcpy(lower, owner, len);
	name_lower(lower, len);
	return name_key_below(key, name_key(key, lower), z->apex_key,
	    z->apex_key_len);
}

static int
other_zone(const struct reading *r, struct error *e)
{
	char has[NAME_MAX_TEXT], wanted[NAME_MAX_TEXT];

	return error_set(e, "SOA: its owner is %.300s, not %.300s, the zone "
			    "that was asked for (zone: in rz.yaml, or --zone)",
	    name_text(has, r->scanner->r_owner), name_text(wanted, r->z->apex));
}

static int
add_record(struct reading *r, struct error *e)
{
	const zs_scanner_t *s = r->scanner;
	const struct zone *z = r->z;
	bool soa = s->r_type == TYPE_SOA;
	char text[TYPE_TEXT];

	r->any = true;
	if (s->r_class != CLASS_IN)
		return error_set(e, "class: %u is not IN", s->r_class);
	if (s->r_ttl == TTL_UNSAID)
		return error_set(e, "TTL: none in the record, none in a $TTL "
				    "before it (RFC 2308 section 4); or %u, "
				    "over 2^31 - 1 (RFC 2181 section 8)",
		    s->r_ttl);
	if (s->r_ttl > INT32_MAX)
		return error_set(e, "TTL: %u is over 2^31 - 1 (RFC 2181 "
				    "section 8)",
		    s->r_ttl);
	if (soa && !name_equal(s->r_owner, z->apex))
		return other_zone(r, e);
	if (soa && r->soas++ > 0)
		return error_set(e, "SOA: a second one (RFC 1035 section 5.2)");
	if (is_meta(s->r_type))
		return error_set(e, "%s: a type that is never in a zone (RFC "
				    "6895 section 3.1)",
		    type_text(text, s->r_type));
	if (r->o->take != NULL) {
		if (!in_zone(z, s->r_owner))
			return error_set(e, "out of zone: the owner is not at "
					    "or below the apex (RFC 1034 "
					    "section 4.2)");
		if (!r->o->take(r->o->arg, s->r_owner, s->r_type, s->r_data,
			s->r_data_length))
			return 0;
	}
	return zone_add(r->z, s->r_owner, s->r_type, s->r_ttl, s->r_data,
	    s->r_data_length, e);
}

/* Whole lines that end where no parenthesis or quote is open. */
static int
scan(struct reading *r, const char *text, size_t len, uint64_t line,
    struct error *e)
{
	zs_scanner_t *s = r->scanner;

	if (zs_set_input_string(s, text, len) != 0)
		return error_set(e, "%s: scanner refused input", r->name);
	s->line_counter = line;
	for (;;) {
		if (zs_parse_record(s) != 0)
			return error_set(e, "%s: scanner failed", r->name);
		if (s->state == ZS_STATE_EOF)
			return 0;
		if (s->state == ZS_STATE_ERROR) {
			error_set(e, "syntax: %s", zs_strerror(s->error.code));
			return at_line(r, s->line_counter, e);
		}
		if (s->state == ZS_STATE_INCLUDE) {
			error_set(e, "$INCLUDE is refused: give one file");
			return at_line(r, s->line_counter, e);
		}
		if (s->state == ZS_STATE_DATA && add_record(r, e) == -1)
			return at_line(r, s->line_counter, e);
	}
}

/* As much of text as is complete; *used octets of it. */
static int
take_lines(struct reading *r, const char *text, size_t len, size_t *used,
    struct error *e)
{
	uint64_t line = r->split.line;

	if (zone_split(&r->split, text, len, used, e) == -1)
		return at_line(r, r->split.fault, e);
	return *used == 0 ? 0 : scan(r, text, *used, line, e);
}

static int
finish(struct reading *r, unsigned threads, struct error *e)
{
	if (zone_split_end(&r->split, e) == -1)
		return at_line(r, r->split.line, e);
	if (!r->any)
		return error_set(e, "%s: empty: no record in it", r->name);
	if (r->soas == 0)
		return error_set(e, "%s: SOA: none at the apex (RFC 1035 "
				    "section 5.2)",
		    r->name);
	zone_index(r->z, threads);
	return 0;
}

static int
read_stream(struct reading *r, int fd, struct error *e)
{
	struct buf pending = BUF_INIT;
	size_t used;
	ssize_t n;
	int rc = -1;

	while ((n = read(fd, buf_room(&pending, BLOCK), BLOCK)) > 0) {
		pending.len += (size_t)n;
		if (take_lines(r, (char *)pending.data, pending.len, &used,
			e) == -1)
			goto out;
		memmove(pending.data, pending.data + used, pending.len - used);
		pending.len -= used;
	}
	if (n == -1) {
		error_errno(e, "%s", r->name);
		goto out;
	}
	rc = 0;
out:
	buf_free(&pending);
	return rc;
}

static int
begin(struct reading *r, struct zone *z, const char *name,
    const struct zone_read_options *o, struct error *e)
{
	char origin[NAME_MAX_TEXT];

	*r = (struct reading){.z = z, .name = name, .o = o};
	zone_split_begin(&r->split);
	r->scanner = xmalloc(sizeof *r->scanner);
	if (zs_init(r->scanner, name_text(origin, z->apex), CLASS_IN,
		TTL_UNSAID) != 0) {
		free(r->scanner);
		return error_set(e, "%s: scanner: %s", name,
		    "cannot be initialised");
	}
	return 0;
}

static void
end(struct reading *r)
{
	zs_deinit(r->scanner);
	free(r->scanner);
}

static int
open_input(const char *path, struct error *e)
{
	struct stat st;
	int fd;

	if (strcmp(path, "-") == 0)
		return dup(STDIN_FILENO);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return error_errno(e, "%s", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return error_set(e, "%s: is a directory", path);
	}
	return fd;
}

int
zone_read(struct zone *z, const char *path, const struct zone_read_options *o,
    struct error *e)
{
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	struct reading r;
	int fd, rc;

	if ((fd = open_input(path, e)) == -1)
		return -1;
	if ((rc = begin(&r, z, name, o, e)) == 0) {
		rc = read_stream(&r, fd, e);
		if (rc == 0)
			rc = finish(&r, o->threads, e);
		end(&r);
	}
	close(fd);
	return rc;
}

int
zone_parse(struct zone *z, const char *text, size_t len, const char *name,
    const struct zone_read_options *o, struct error *e)
{
	struct reading r;
	size_t used;
	int rc;

	if (begin(&r, z, name, o, e) == -1)
		return -1;
	rc = take_lines(&r, text, len, &used, e);
	if (rc == 0)
		rc = finish(&r, o->threads, e);
	end(&r);
	return rc;
}
