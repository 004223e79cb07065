/* Small steps that tests of key stores share; each fails the test. */
#ifndef RZ_TESTS_SUPPORT_KEYS_H
#define RZ_TESTS_SUPPORT_KEYS_H

#include "hsm/hsm.h"

/* Without terminal and descriptor; not keep_trying. */
struct hsm_options test_options(void);
struct hsm *test_open(const char *uri, const struct hsm_options *o);
/* Opening fails with trouble, and the message says this. */
void test_refused(
    const char *uri, const struct hsm_options *o, const char *text);
/* A key whose id is the label's octets. */
struct hsm_key *test_generate(
    struct hsm *h, uint8_t algorithm, unsigned bits, const char *label);
/* A signature by this worker that the public key verifies. */
void test_sign(struct hsm_key *k, uint8_t algorithm, unsigned worker);
/* A BIND ".private" text of a fresh or given OpenSSL key; caller frees. */
char *test_bind_rsa(unsigned bits);

#endif
