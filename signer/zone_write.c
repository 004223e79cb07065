#include "signer/zone_write.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "lib/parallel.h"
#include "lib/xalloc.h"
#include "signer/record_text.h"

#define PIECE 128 /* nodes formatted into one buffer */
#define ROUND 8	  /* buffers for each thread, between two writes */

static unsigned
covered(const struct record *rrsig)
{
	return (unsigned)rrsig->rdata[0] << 8 | rrsig->rdata[1];
}

/* The RRSIGs of a node that cover a type. */
static void
add_rrsigs(struct buf *out, const struct rrset *rrsigs, uint16_t type)
{
	const struct record *r;

	for (uint32_t i = 0; i < rrsigs->n; i++) {
		r = rrset_record(rrsigs, i);
		if (covered(r) == type)
			record_text(out, owner_wire(rrsigs->node->owner), r);
	}
}

/* RRSIGs over nothing: they are no good, but they are not lost. */
static void
add_strays(struct buf *out, const struct zone *z, const struct rrset *rrsigs)
{
	struct rrset rs;

	for (uint32_t i = 0; i < rrsigs->n; i++)
		if (!rrset_find(z, rrsigs->node,
			(uint16_t)covered(rrset_record(rrsigs, i)), &rs))
			record_text(out, owner_wire(rrsigs->node->owner),
			    rrset_record(rrsigs, i));
}

static void
add_rrset(struct buf *out, const struct rrset *rs, const struct rrset *rrsigs)
{
	for (uint32_t i = 0; i < rs->n; i++)
		record_text(out, owner_wire(rs->node->owner),
		    rrset_record(rs, i));
	add_rrsigs(out, rrsigs, rs->type);
}

static void
add_node(struct buf *out, const struct zone *z, const struct node *nd)
{
	struct rrset rs, rrsigs, soa;
	bool first = nd == zone_apex(z) && rrset_find(z, nd, TYPE_SOA, &soa);

	if (!rrset_find(z, nd, TYPE_RRSIG, &rrsigs))
		rrsigs = (struct rrset){.node = nd, .n = 0};
	if (first)
		add_rrset(out, &soa, &rrsigs);
	for (bool more = rrset_first(z, nd, &rs); more;
	    more = rrset_next(z, &rs)) {
		if (rs.type == TYPE_RRSIG)
			add_strays(out, z, &rs);
		else if (!first || rs.type != TYPE_SOA)
			add_rrset(out, &rs, &rrsigs);
	}
}

struct writing {
	const struct zone *z;
	struct buf *piece; /* of this round */
	size_t first;	   /* node with which the round begins */
};

static int
format_pieces(void *arg, unsigned worker, size_t first, size_t end,
    struct error *e)
{
	struct writing *w = arg;
	size_t node, last;

	(void)worker;
	(void)e;
	for (size_t i = first; i < end; i++) {
		node = w->first + i * PIECE;
		last = node + PIECE < w->z->nodes ? node + PIECE : w->z->nodes;
		buf_clear(&w->piece[i]);
		for (; node < last; node++)
			add_node(&w->piece[i], w->z, &w->z->node[node]);
	}
	return 0;
}

/* Format a round in parallel, then write it in order. */
static int
write_round(struct writing *w, struct file_new *f, EVP_MD_CTX *sum,
    unsigned threads, struct error *e)
{
	size_t left = (w->z->nodes - w->first + PIECE - 1) / PIECE;
	size_t n = left < threads * ROUND ? left : threads * ROUND;

	if (parallel(threads, n, 1, format_pieces, w, e) == -1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (EVP_DigestUpdate(sum, w->piece[i].data,
			w->piece[i].len) != 1)
			return error_openssl(e, "SHA-256");
		if (file_write(f, w->piece[i].data, w->piece[i].len, e) == -1)
			return -1;
	}
	w->first += n * PIECE;
	return 0;
}

int
zone_write(const struct zone *z, struct file_new *f, unsigned threads,
    uint8_t sha256[SHA256_SIZE], struct error *e)
{
	struct writing w = {z, NULL, 0};
	EVP_MD *md = EVP_MD_fetch(NULL, "SHA256", NULL);
	EVP_MD_CTX *sum = EVP_MD_CTX_new();
	size_t pieces = (size_t)threads * ROUND;
	int rc = -1;

	w.piece = xcalloc(pieces, sizeof *w.piece);
	if (md == NULL || sum == NULL ||
	    EVP_DigestInit_ex2(sum, md, NULL) != 1) {
		error_openssl(e, "SHA-256");
		goto out;
	}
	while (w.first < z->nodes)
		if (write_round(&w, f, sum, threads, e) == -1)
			goto out;
	if (EVP_DigestFinal_ex(sum, sha256, NULL) != 1) {
		error_openssl(e, "SHA-256");
		goto out;
	}
	rc = 0;
out:
	for (size_t i = 0; i < pieces; i++)
		buf_free(&w.piece[i]);
	free(w.piece);
	EVP_MD_CTX_free(sum);
	EVP_MD_free(md);
	return rc;
}
