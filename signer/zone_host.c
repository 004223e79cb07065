#include "signer/zone_host.h"

#include <string.h>

static bool
has(const struct zone *z, const struct node *nd, uint16_t type)
{
	struct rrset rs;

	return rrset_find(z, nd, type, &rs);
}

static bool
has_address(const struct zone *z, const struct node *nd)
{
	return has(z, nd, TYPE_A) || has(z, nd, TYPE_AAAA);
}

static bool
is_below(const uint8_t *key, size_t len, const struct node *nd)
{
	return name_key_below(key, len, owner_key(nd->owner),
	    nd->owner->key_len);
}

/* A name without records is there too when there are names below it. */
static bool
exists(const struct zone *z, const uint8_t *name)
{
	uint8_t key[NAME_MAX_KEY];
	size_t len = name_key(key, name);
	const struct node *nd = zone_at_or_before(z, key, len);

	if (nd == NULL)
		return false;
	if (nd->owner->key_len == len &&
	    memcmp(owner_key(nd->owner), key, len) == 0)
		return true;
	nd++;
	return nd < z->node + z->nodes &&
	       name_key_below(owner_key(nd->owner), nd->owner->key_len, key,
		   len);
}

/* The highest DNAME above the name makes an alias of it (RFC 6672 3.2). */
static bool
is_below_dname(const struct zone *z, const uint8_t *key, size_t len)
{
	const struct node *nd = zone_at_or_before(z, key, len);

	if (nd != NULL && nd->class == NODE_BELOW_CUT)
		nd = &z->node[nd->cut];
	return nd != NULL && nd->owner->key_len < len &&
	       is_below(key, len, nd) && has(z, nd, TYPE_DNAME);
}

static enum zone_host
answer(const struct zone *z, const struct node *nd)
{
	if (has_address(z, nd))
		return HOST_ADDRESS;
	return has(z, nd, TYPE_CNAME) ? HOST_ALIAS : HOST_NO_ADDRESS;
}

/* The "*" of the closest encloser (RFC 4592 section 3.3.1), or NULL. */
static const struct node *
source_of_synthesis(const struct zone *z, const uint8_t *name)
{
	uint8_t wild[NAME_MAX_WIRE + 2] = {1, '*'};

	while (*name != 0 && !exists(z, name))
		name += 1 + name[0];
	memcpy(wild + 2, name, name_len(name));
	return zone_find(z, wild);
}

enum zone_host
zone_host(const struct zone *z, const uint8_t *name)
{
	const struct node *nd;
	uint8_t key[NAME_MAX_KEY];
	size_t len = name_key(key, name);

	if (!name_key_below(key, len, z->apex_key, z->apex_key_len))
		return HOST_ELSEWHERE;
	nd = zone_find(z, name);
	if (nd != NULL && has_address(z, nd))
		return HOST_ADDRESS;
	if (zone_cut_above(z, key, len) != NULL)
		return HOST_BELOW_CUT;
	if (is_below_dname(z, key, len))
		return HOST_ALIAS;
	if (nd != NULL)
		return answer(z, nd);
	if (exists(z, name))
		return HOST_NO_ADDRESS;
	nd = source_of_synthesis(z, name);
	return nd == NULL ? HOST_MISSING : answer(z, nd);
}
