/*
 * What one signature and one verification cost at least, in microseconds of
 * CPU time (user and system, all threads):
 *
 *	rates file KEY.pem ALGORITHM THREADS COUNT
 *	rates token URI LABEL ALGORITHM THREADS COUNT
 *	sign_us verify_us
 *
 * `file` asks OpenSSL alone, in the cheapest way it has: the digest fetched
 * and the context of the key made once for each thread.  `token` asks the
 * key store with a session for each thread.
 */
#include <err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <bsd/stdlib.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "hsm/hsm.h"
#include "lib/algorithm.h"
#include "lib/pubkey.h"

#define DATA_SIZE   160 /* octets: RRSIG RDATA and a small RRset */
#define THREADS_MAX 64

struct work {
	const struct algorithm *alg;
	EVP_PKEY *pkey;	     /* file */
	struct hsm_key *key; /* token */
	unsigned worker;
	unsigned count;
	uint8_t sig[SIGNATURE_MAX];
	size_t siglen;
	struct verifier *verifier;
};

static void
fill(uint8_t data[DATA_SIZE], unsigned i)
{
	memset(data, 'x', DATA_SIZE);
	memcpy(data, &i, sizeof(i));
}

static double
cpu(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* RSA and ECDSA: digest, then one operation on a context made before. */
static void
sign_digest(struct work *w)
{
	EVP_MD *md = EVP_MD_fetch(NULL, w->alg->digest, NULL);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(w->pkey, NULL);
	uint8_t data[DATA_SIZE], digest[EVP_MAX_MD_SIZE];
	unsigned len;

	if (EVP_PKEY_sign_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(ctx, md) != 1)
		errx(2, "EVP_PKEY_sign_init");
	for (unsigned i = 0; i < w->count; i++) {
		fill(data, i);
		w->siglen = sizeof(w->sig);
		if (EVP_Digest(data, sizeof(data), digest, &len, md, NULL) !=
			1 ||
		    EVP_PKEY_sign(ctx, w->sig, &w->siglen, digest, len) != 1)
			errx(2, "EVP_PKEY_sign");
	}
	EVP_PKEY_CTX_free(ctx);
	EVP_MD_free(md);
}

/* EdDSA: the message as a whole. */
static void
sign_message(struct work *w)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t data[DATA_SIZE];

	for (unsigned i = 0; i < w->count; i++) {
		fill(data, i);
		w->siglen = sizeof(w->sig);
		if (EVP_DigestSignInit(ctx, NULL, NULL, NULL, w->pkey) != 1 ||
		    EVP_DigestSign(ctx, w->sig, &w->siglen, data,
			sizeof(data)) != 1)
			errx(2, "EVP_DigestSign");
	}
	EVP_MD_CTX_free(ctx);
}

static void
sign_token(struct work *w)
{
	struct error e = ERROR_INIT;
	uint8_t data[DATA_SIZE];

	for (unsigned i = 0; i < w->count; i++) {
		fill(data, i);
		w->siglen = sizeof(w->sig);
		if (hsm_sign(w->key, w->worker, w->alg->number, data,
			sizeof(data), w->sig, &w->siglen, &e) != 0)
			errx(2, "%s", e.text);
	}
}

static void *
sign_thread(void *arg)
{
	struct work *w = arg;

	if (w->key != NULL)
		sign_token(w);
	else if (w->alg->digest != NULL)
		sign_digest(w);
	else
		sign_message(w);
	return NULL;
}

static void *
verify_thread(void *arg)
{
	struct work *w = arg;
	uint8_t data[DATA_SIZE];

	fill(data, w->count - 1);
	for (unsigned i = 0; i < w->count; i++)
		if (verifier_check(w->verifier, data, sizeof(data), w->sig,
			w->siglen) != 1)
			errx(2, "the signature does not verify");
	return NULL;
}

/* Microseconds of CPU for each of count times threads operations. */
static double
measure(struct work *w, unsigned threads, void *(*run)(void *))
{
	pthread_t id[THREADS_MAX];
	double begin = cpu();

	for (unsigned i = 0; i < threads; i++)
		if (pthread_create(&id[i], NULL, run, &w[i]) != 0)
			err(2, "pthread_create");
	for (unsigned i = 0; i < threads; i++)
		pthread_join(id[i], NULL);
	return (cpu() - begin) * 1e6 / (double)threads / (double)w->count;
}

/* OpenSSL gives ECDSA as DER; verifiers want the form of RRSIG. */
static void
raw_form(struct work *w)
{
	uint8_t raw[SIGNATURE_MAX];
	size_t half = w->alg->signature / 2;

	if (w->key != NULL || w->alg->family != FAMILY_ECDSA)
		return;
	if (ecdsa_der_to_raw(w->sig, w->siglen, half, raw) != 0)
		errx(2, "ecdsa_der_to_raw");
	memcpy(w->sig, raw, 2 * half);
	w->siglen = 2 * half;
}

static void
report(struct work *w, unsigned threads, const struct buf *public_key)
{
	struct error e = ERROR_INIT;
	double sign = measure(w, threads, sign_thread);

	for (unsigned i = 0; i < threads; i++) {
		raw_form(&w[i]);
		if (verifier_new(&w[i].verifier, w->alg->number,
			public_key->data, public_key->len, &e) != 0)
			errx(2, "%s", e.text);
	}
	printf("%.2f %.2f\n", sign, measure(w, threads, verify_thread));
	for (unsigned i = 0; i < threads; i++)
		verifier_free(w[i].verifier);
}

static void
use_file(struct work *w, unsigned threads, const char *path)
{
	struct error e = ERROR_INIT;
	struct buf public_key = BUF_INIT;
	FILE *f = fopen(path, "r");
	EVP_PKEY *pkey = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;

	if (pkey == NULL)
		errx(2, "%s: no private key", path);
	fclose(f);
	if (pubkey_encode(&public_key, w->alg->number, pkey, &e) != 0)
		errx(2, "%s", e.text);
	for (unsigned i = 0; i < threads; i++)
		w[i].pkey = pkey;
	report(w, threads, &public_key);
	EVP_PKEY_free(pkey);
	buf_free(&public_key);
}

static void
use_token(struct work *w, unsigned threads, const char *uri, const char *label)
{
	struct hsm_options o = {.sessions = threads, .pin_fd = -1};
	struct hsm_key_info info = {0};
	struct hsm_key *key;
	struct error e = ERROR_INIT;
	struct hsm *h;

	if (hsm_open(&h, uri, &o, &e) != 0 ||
	    hsm_find(h, NULL, 0, label, &key, &e) != 0 ||
	    hsm_key_info(key, &info, &e) != 0)
		errx(2, "%s", e.text);
	if (threads > hsm_sessions(h))
		threads = hsm_sessions(h);
	for (unsigned i = 0; i < threads; i++)
		w[i].key = key;
	report(w, threads, &info.public_key);
	hsm_key_info_free(&info);
	hsm_close(h);
	hsm_exit();
}

int
main(int argc, char **argv)
{
	static struct work w[THREADS_MAX];
	bool token = argc == 7 && strcmp(argv[1], "token") == 0;
	const struct algorithm *alg;
	unsigned threads, count;

	if (!token && !(argc == 6 && strcmp(argv[1], "file") == 0))
		errx(2, "usage: rates file KEY.pem ALGORITHM THREADS COUNT\n"
			"       rates token URI LABEL ALGORITHM THREADS COUNT");
	alg = algorithm_by_name(argv[argc - 3]);
	threads = (unsigned)strtonum(argv[argc - 2], 1, THREADS_MAX, NULL);
	count = (unsigned)strtonum(argv[argc - 1], 1, 10000000, NULL);
	if (alg == NULL || threads == 0 || count == 0)
		errx(2, "algorithm, threads or count is wrong");
	for (unsigned i = 0; i < threads; i++)
		w[i] = (struct work){.alg = alg, .worker = i, .count = count};
	if (token)
		use_token(w, threads, argv[2], argv[3]);
	else
		use_file(w, threads, argv[2]);
	return 0;
}
