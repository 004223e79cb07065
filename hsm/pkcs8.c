#include "hsm/pkcs8.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "hsm/hsm.h"

/* scrypt (RFC 7914) for a passphrase: 16 MiB, some 50 ms. */
#define SCRYPT_N 16384
#define SCRYPT_R 8
#define SCRYPT_P 1

int
pkcs8_encode(struct buf *der, const EVP_PKEY *key, struct error *e)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	int len = info ? i2d_PKCS8_PRIV_KEY_INFO(info, NULL) : -1;
	uint8_t *p;
	int rc = -1;

	if (len > 0) {
		p = buf_room(der, (size_t)len);
		rc = i2d_PKCS8_PRIV_KEY_INFO(info, &p) == len ? 0 : -1;
	}
	PKCS8_PRIV_KEY_INFO_free(info);
	if (rc == -1)
		return error_openssl(e, "private key cannot be written");
	der->len += (size_t)len;
	return 0;
}

int
pkcs8_decode(EVP_PKEY **key, const struct buf *der, struct error *e)
{
	const uint8_t *p = der->data;
	PKCS8_PRIV_KEY_INFO *info =
	    d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)der->len);

	*key = NULL;
	if (info != NULL && p == der->data + der->len)
		*key = EVP_PKCS82PKEY(info);
	PKCS8_PRIV_KEY_INFO_free(info);
	return *key != NULL ? 0 : error_openssl(e, "no PKCS#8 private key");
}

/* EncryptedPrivateKeyInfo (RFC 5958 section 3) by PBES2 (RFC 8018). */
static int
write_encrypted(BIO *bio, const EVP_PKEY *key, const struct secret *pass)
{
	X509_ALGOR *pbe = PKCS5_pbe2_set_scrypt(
	    EVP_aes_256_cbc(), NULL, 0, NULL, SCRYPT_N, SCRYPT_R, SCRYPT_P);
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	X509_SIG *sealed = NULL;
	int ok = 0;

	if (pbe != NULL && info != NULL)
		sealed = PKCS8_set0_pbe(pass->text, (int)pass->len, info, pbe);
	if (sealed != NULL)
		ok = PEM_write_bio_PKCS8(bio, sealed);
	else
		X509_ALGOR_free(pbe);
	X509_SIG_free(sealed);
	PKCS8_PRIV_KEY_INFO_free(info);
	return ok;
}

int
pem_encode(struct buf *pem, const EVP_PKEY *key, const struct secret *pass,
    struct error *e)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long len;
	int ok = 0;

	if (bio != NULL && pass != NULL && pass->text != NULL)
		ok = write_encrypted(bio, key, pass);
	else if (bio != NULL)
		ok = PEM_write_bio_PKCS8PrivateKey(
		    bio, key, NULL, NULL, 0, NULL, NULL);
	if (ok == 1 && (len = BIO_get_mem_data(bio, &text)) > 0)
		buf_add(pem, text, (size_t)len);
	BIO_free(bio);
	return ok == 1 ? 0 : error_openssl(e, "private key cannot be written");
}

struct passing {
	const struct secret *pass;
	bool asked;
};

static int
give_pass(char *out, int room, int writing, void *arg)
{
	struct passing *p = arg;

	(void)writing;
	p->asked = true;
	if (p->pass == NULL || p->pass->text == NULL ||
	    p->pass->len > (size_t)room)
		return -1;
	memcpy(out, p->pass->text, p->pass->len);
	return (int)p->pass->len;
}

int
pem_decode(EVP_PKEY **key, const struct buf *pem, const struct secret *pass,
    struct error *e)
{
	struct passing p = {pass, false};
	BIO *bio = BIO_new_mem_buf(pem->data, (int)pem->len);

	*key = NULL;
	if (bio != NULL)
		*key = PEM_read_bio_PrivateKey(bio, NULL, give_pass, &p);
	BIO_free(bio);
	if (*key != NULL)
		return 0;
	if (p.asked && (pass == NULL || pass->text == NULL))
		return error_set(e, "the private key is encrypted, and there "
				    "is no passphrase");
	if (p.asked)
		return error_openssl(e, "wrong passphrase");
	return error_openssl(e, "no private key in PEM");
}

int
pkey_kind(const EVP_PKEY *key, enum algorithm_family *family, unsigned *bits)
{
	char group[32] = "";
	size_t len;

	*bits = (unsigned)EVP_PKEY_get_bits(key);
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		*family = FAMILY_RSA;
		return 0;
	case EVP_PKEY_EC:
		*family = FAMILY_ECDSA;
		EVP_PKEY_get_group_name(key, group, sizeof group, &len);
		return strcmp(group, "prime256v1") == 0 ||
			       strcmp(group, "secp384r1") == 0
			   ? 0
			   : -1;
	case EVP_PKEY_ED25519:
		*family = FAMILY_EDDSA;
		*bits = 256;
		return 0;
	default:
		return -1;
	}
}

int
pkey_check(
    EVP_PKEY *key, const struct algorithm *a, unsigned bits, struct error *e)
{
	enum algorithm_family family;
	unsigned has;
	EVP_PKEY_CTX *ctx;
	int ok;

	if (pkey_kind(key, &family, &has) == -1)
		return error_set(e, "private key of an unknown kind");
	if (family != a->family || has != bits)
		return error_set(e,
		    "private key of %u bits: expected %s with "
		    "%u",
		    has, a->name, bits);
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	ok = ctx != NULL && EVP_PKEY_pairwise_check(ctx) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok ? 0
		  : error_openssl(e, "private and public half do not "
				     "belong together");
}

int
key_file_decode(EVP_PKEY **key, uint8_t *algorithm, const struct buf *text,
    const struct secret *pass, struct error *e)
{
	*algorithm = 0;
	if (bind_is(text))
		return bind_decode(key, algorithm, text, e);
	return pem_decode(key, text, pass, e);
}

int
hsm_read_key_file(const char *path, const struct secret *pass,
    struct buf *pkcs8, uint8_t *algorithm, struct error *e)
{
	struct buf text = BUF_INIT;
	EVP_PKEY *key = NULL;
	int rc = -1;

	if (key_file_read(&text, path, e) == -1)
		goto out;
	if (key_file_decode(&key, algorithm, &text, pass, e) == -1 ||
	    pkcs8_encode(pkcs8, key, e) == -1) {
		error_prefix(e, "%s", path);
		goto out;
	}
	rc = 0;
out:
	EVP_PKEY_free(key);
	buf_wipe(&text);
	return rc;
}
