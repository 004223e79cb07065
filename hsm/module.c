#include "hsm/p11.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

/* All that were ever loaded: they stay until the process ends. */
static struct module *modules;

CK_RV
module_initialise(struct module *m)
{
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
	CK_RV rv;

	if (m->initialised)
		return CKR_OK;
	rv = P11(m, C_Initialize, &args);
	if (rv == CKR_CRYPTOKI_ALREADY_INITIALIZED && m->unfinished)
		rv = CKR_OK;
	if (rv == CKR_OK) {
		rv = P11(m, C_GetInfo, &m->info);
		m->initialised = true;
	}
	return rv;
}

static void
module_finalise(struct module *m)
{
	CK_RV rv;

	for (struct token *t = m->tokens; t != NULL; t = t->next)
		token_close(t, CKR_CRYPTOKI_NOT_INITIALIZED);
	if (!m->initialised)
		return;
	rv = m->f->C_Finalize(NULL);
	m->unfinished = rv != CKR_OK && rv != CKR_CRYPTOKI_NOT_INITIALIZED;
	m->initialised = false;
}

CK_RV
module_restart(struct module *m)
{
	module_finalise(m);
	return module_initialise(m);
}

void
modules_finalise(void)
{
	for (struct module *m = modules; m != NULL; m = m->next) {
		pthread_rwlock_wrlock(&m->lock);
		module_finalise(m);
		pthread_rwlock_unlock(&m->lock);
	}
}

static struct module *
loaded(const char *path)
{
	struct module *m;

	for (m = modules; m != NULL; m = m->next)
		if (strcmp(m->path, path) == 0)
			break;
	return m;
}

/* A waiting C_Finalize must not be starved by signers of other tokens. */
static void
lock_init(pthread_rwlock_t *lock)
{
	pthread_rwlockattr_t a;

	pthread_rwlockattr_init(&a);
	pthread_rwlockattr_setkind_np(
	    &a, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(lock, &a);
	pthread_rwlockattr_destroy(&a);
}

static int
load(struct module **m, const char *path, struct error *e)
{
	CK_FUNCTION_LIST *list = NULL;
	CK_C_GetFunctionList get;
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return error_set(e, "module: %s", dlerror());
	*(void **)&get = dlsym(library, "C_GetFunctionList");
	if (get == NULL || get(&list) != CKR_OK || list == NULL)
		return error_set(e, "module: %s: no PKCS#11 module", path);
	if (list->version.major != 2)
		return error_set(e,
		    "module: %s: Cryptoki version %d.%d, "
		    "expected 2",
		    path, list->version.major, list->version.minor);
	*m = xcalloc(1, sizeof **m);
	(*m)->path = xstrdup(path);
	(*m)->f = list;
	lock_init(&(*m)->lock);
	(*m)->next = modules;
	modules = *m;
	return 0;
}

int
module_get(struct module **m, const char *path, struct error *e)
{
	char *real = realpath(path, NULL);
	int rc;

	if (real == NULL)
		return error_errno(e, "module: %s", path);
	*m = loaded(real);
	rc = *m != NULL ? 0 : load(m, real, e);
	free(real);
	return rc;
}
