/* rz-signer sign: the zone to be signed. */
#include "signer/cmd_sign.h"

#include <stdio.h>
#include <string.h>

#include "lib/clock.h"
#include "signer/zone_check.h"
#include "signer/zone_read.h"

static bool
take(void *arg, const uint8_t *owner, uint16_t type, const uint8_t *rdata,
    size_t len)
{
	struct sign_run *run = arg;

	(void)rdata;
	(void)len;
	if (!sign_strips(&run->zone, owner, type))
		return true;
	run->stripped++;
	return false;
}

/* --min-ttl: the lowest TTL of each RRset for all of it. */
static void
lower_ttls(struct sign_run *run)
{
	struct zone *z = &run->zone;
	struct rrset rs;
	uint32_t low;

	for (size_t i = 0; i < z->nodes; i++)
		for (bool more = rrset_first(z, &z->node[i], &rs); more;
		    more = rrset_next(z, &rs)) {
			low = rs.ttl;
			for (uint32_t j = 1; j < rs.n; j++)
				if (rrset_record(&rs, j)->ttl < low)
					low = rrset_record(&rs, j)->ttl;
			for (uint32_t j = 0; j < rs.n; j++) {
				run->lowered +=
				    rs.entry[j].record->ttl != low;
				rs.entry[j].record->ttl = low;
			}
		}
	z->sorted = 0;
	zone_index(z, run->options.threads);
}

struct faults {
	struct sign_run *run;
	size_t refused;
	struct error first;
};

/* What is strange but can be signed. */
static bool
is_tolerated(const struct sign_run *run, enum zone_fault f)
{
	if (f == FAULT_OCCLUDED)
		return !run->args->strict && !run->cfg->policy.strict;
	return f == FAULT_SIBLING || f == FAULT_NS_ADDRESS ||
	       f == FAULT_NS_CNAME;
}

static void
tell(void *arg, enum zone_fault f, const struct node *nd, uint16_t type,
    const char *text)
{
	struct faults *fs = arg;
	char owner[NAME_MAX_TEXT], mnemonic[TYPE_TEXT];
	const char *name = name_text(owner, owner_wire(nd->owner));

	if (is_tolerated(fs->run, f))
		cli_warn(fs->run->cli, "%s: %s: %s %s: %s",
		    fs->run->args->input, zone_fault_rule(f), name,
		    type_text(mnemonic, type), text);
	else if (fs->refused++ == 0)
		error_no(&fs->first, "%s: %s: %s %s: %s",
		    fs->run->args->input, zone_fault_rule(f), name,
		    type_text(mnemonic, type), text);
}

static int
check(struct sign_run *run, struct error *e)
{
	struct faults fs = {run, 0, ERROR_INIT};
	size_t len;

	zone_check(&run->zone, tell, &fs);
	if (fs.refused == 0)
		return 0;
	*e = fs.first;
	len = strlen(e->text);
	if (fs.refused > 1)
		snprintf(e->text + len, sizeof e->text - len,
		    " (and %zu more faults)", fs.refused - 1);
	return -1;
}

int
sign_read_input(struct sign_run *run, struct error *e)
{
	struct zone_read_options o = {run->options.threads, take, run};
	double began = clock_elapsed();

	if (zone_read(&run->zone, run->args->input, &o, e) == -1)
		return -1;
	run->records = run->zone.n;
	if (run->args->min_ttl)
		lower_ttls(run);
	if (check(run, e) == -1)
		return -1;
	run->read_s = clock_elapsed() - began;
	return 0;
}
