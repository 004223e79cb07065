/*
 * A PKCS#11 module that hands every call on to another one, and on demand
 * fails, lies or stalls.  From the environment, read when it is loaded:
 *
 *   RZ_SHIM_MODULE=PATH        the real module (required)
 *   RZ_SHIM=FUNCTION:WHEN:ACTION[,...]
 *       WHEN    N: the Nth call of that function (from 1); N+: from then on
 *       ACTION  0xHEX: return this value, the real function is not called;
 *               stallMS: wait so many milliseconds, then go on
 *   RZ_SHIM_LIE=C_Sign:WHEN    flip the last bit of the signature made
 *   RZ_SHIM_SHORT=C_Sign:WHEN  say that it is one octet shorter
 *   RZ_SHIM_LENGTH=FUNCTION:WHEN:N
 *       after the real function, say that the length or the number given
 *       back is N, whatever is there: C_GetAttributeValue (the template's
 *       first), C_GetSlotList, C_FindObjects or C_Sign
 *   RZ_SHIM_LATENCY_MS=N       each C_Sign takes so much longer
 *   RZ_SHIM_FLAGS=0xHEX        set these flags in what C_GetTokenInfo says
 *   RZ_SHIM_MANUFACTURER=TEXT  and this name, so that no quirk matches
 *   RZ_SHIM_LOG=FILE           one line for each call: FUNCTION NUMBER VALUE
 *
 * A test in the same process finds two functions by dlsym: shim_configure()
 * reads the environment anew and counts from 0 again; shim_calls("C_Login")
 * is how often a function was called.
 *
 * Only the functions in the list below can be made to fail; they are counted
 * and logged.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <p11-kit/pkcs11.h>

#define FAULTS_MAX 32

#define FUNCTIONS(X)                                                           \
	X(C_Initialize)                                                        \
	X(C_Finalize)                                                          \
	X(C_GetInfo)                                                           \
	X(C_GetSlotList)                                                       \
	X(C_GetTokenInfo)                                                      \
	X(C_GetMechanismInfo)                                                  \
	X(C_InitToken)                                                         \
	X(C_InitPIN)                                                           \
	X(C_OpenSession)                                                       \
	X(C_CloseSession)                                                      \
	X(C_CloseAllSessions)                                                  \
	X(C_Login)                                                             \
	X(C_CreateObject)                                                      \
	X(C_CopyObject)                                                        \
	X(C_DestroyObject)                                                     \
	X(C_GetAttributeValue)                                                 \
	X(C_FindObjectsInit)                                                   \
	X(C_FindObjects)                                                       \
	X(C_GenerateKeyPair)                                                   \
	X(C_SignInit)                                                          \
	X(C_Sign)

#define AS_ENUM(name) F_##name,
#define AS_NAME(name) #name,

enum function { FUNCTIONS(AS_ENUM) N_FUNCTIONS };
static const char *const function_names[] = {FUNCTIONS(AS_NAME)};

struct when {
	enum function function;
	unsigned long first;
	bool onwards;
};

struct fault {
	struct when when;
	CK_RV rv; /* CKR_OK: none, it stalls */
	unsigned stall_ms;
};

static CK_FUNCTION_LIST *real, ours;
static struct fault faults[FAULTS_MAX];
static size_t n_faults;
static struct when lie, cut, length;
static CK_ULONG length_told;
static unsigned latency_ms;
static CK_FLAGS flags;
static const char *manufacturer;
static FILE *call_log;
static atomic_ulong calls[N_FUNCTIONS];

/* A wrong instruction would be a test that tests nothing. */
static void
die(const char *what, const char *value)
{
	fprintf(stderr, "p11_shim: %s: %s\n", what, value);
	abort();
}

static enum function
function_by_name(const char *name, size_t len)
{
	for (int i = 0; i < N_FUNCTIONS; i++)
		if (strlen(function_names[i]) == len &&
		    strncmp(function_names[i], name, len) == 0)
			return (enum function)i;
	die("no such function", name);
	return N_FUNCTIONS;
}

/* FUNCTION:N or FUNCTION:N+; returns what follows. */
static char *
parse_when(struct when *w, const char *s)
{
	size_t len = strcspn(s, ":");
	char *end;

	w->function = function_by_name(s, len);
	if (s[len] != ':')
		die("no number of a call", s);
	w->first = strtoul(s + len + 1, &end, 10);
	w->onwards = *end == '+';
	if (w->first == 0)
		die("calls count from 1", s);
	return end + (w->onwards ? 1 : 0);
}

static void
parse_faults(const char *s)
{
	struct fault *f;
	char *end;

	for (n_faults = 0; s != NULL && *s != '\0'; n_faults++) {
		if (n_faults == FAULTS_MAX)
			die("too many faults", s);
		f = &faults[n_faults];
		memset(f, 0, sizeof *f);
		end = parse_when(&f->when, s);
		if (strncmp(end, ":stall", 6) == 0)
			f->stall_ms = (unsigned)strtoul(end + 6, &end, 10);
		else if (strncmp(end, ":0x", 3) == 0)
			f->rv = strtoul(end + 1, &end, 16);
		else
			die("no action", s);
		if (*end != ',' && *end != '\0')
			die("more than an action", s);
		s = *end == ',' ? end + 1 : end;
	}
}

static void
parse_length(const char *s)
{
	char *end;

	length.first = 0;
	if (s == NULL)
		return;
	end = parse_when(&length, s);
	if (length.function != F_C_GetAttributeValue &&
	    length.function != F_C_GetSlotList &&
	    length.function != F_C_FindObjects && length.function != F_C_Sign)
		die("no function that tells a length", s);
	if (*end != ':')
		die("no length", s);
	length_told = strtoul(end + 1, &end, 0);
	if (*end != '\0')
		die("more than a length", s);
}

static unsigned long
number(const char *name)
{
	const char *s = getenv(name);

	return s != NULL ? strtoul(s, NULL, 0) : 0;
}

void shim_configure(void);
unsigned long shim_calls(const char *name);

void
shim_configure(void)
{
	const char *s;

	parse_faults(getenv("RZ_SHIM"));
	lie.first = 0;
	if ((s = getenv("RZ_SHIM_LIE")) != NULL)
		parse_when(&lie, s);
	cut.first = 0;
	if ((s = getenv("RZ_SHIM_SHORT")) != NULL)
		parse_when(&cut, s);
	parse_length(getenv("RZ_SHIM_LENGTH"));
	latency_ms = (unsigned)number("RZ_SHIM_LATENCY_MS");
	flags = number("RZ_SHIM_FLAGS");
	manufacturer = getenv("RZ_SHIM_MANUFACTURER");
	if (call_log != NULL)
		fclose(call_log);
	s = getenv("RZ_SHIM_LOG");
	call_log = s != NULL ? fopen(s, "ae") : NULL;
	if (s != NULL && call_log == NULL)
		die("cannot open", s);
	for (int i = 0; i < N_FUNCTIONS; i++)
		atomic_store(&calls[i], 0);
}

unsigned long
shim_calls(const char *name)
{
	return atomic_load(&calls[function_by_name(name, strlen(name))]);
}

static bool
hits(const struct when *w, enum function f, unsigned long n)
{
	return w->first > 0 && w->function == f &&
	       (w->onwards ? n >= w->first : n == w->first);
}

static void
wait_ms(unsigned ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000L};

	if (ms > 0)
		nanosleep(&t, NULL);
}

/* Count the call; what to return instead of calling, or CKR_OK. */
static CK_RV
before(enum function f, unsigned long *n)
{
	CK_RV rv = CKR_OK;

	*n = atomic_fetch_add(&calls[f], 1) + 1;
	if (f == F_C_Sign)
		wait_ms(latency_ms);
	for (size_t i = 0; i < n_faults; i++) {
		if (!hits(&faults[i].when, f, *n))
			continue;
		wait_ms(faults[i].stall_ms);
		if (rv == CKR_OK)
			rv = faults[i].rv;
	}
	return rv;
}

static void
tell_length(enum function f, unsigned long n, CK_RV rv, CK_ULONG *told)
{
	if (rv == CKR_OK && hits(&length, f, n))
		*told = length_told;
}

static CK_RV
after(enum function f, unsigned long n, CK_RV rv)
{
	if (call_log != NULL) {
		fprintf(call_log, "%s %lu 0x%lx\n", function_names[f], n, rv);
		fflush(call_log);
	}
	return rv;
}

#define CALL(name, ...)                                                        \
	unsigned long n;                                                       \
	CK_RV rv = before(F_##name, &n);                                       \
                                                                               \
	if (rv == CKR_OK)                                                      \
		rv = real->name(__VA_ARGS__);

#define WRAP(name, parameters, ...)                                            \
	static CK_RV shim_##name parameters                                    \
	{                                                                      \
		CALL(name, __VA_ARGS__)                                        \
		return after(F_##name, n, rv);                                 \
	}

WRAP(C_Initialize, (void *args), args)
WRAP(C_Finalize, (void *reserved), reserved)
WRAP(C_GetInfo, (CK_INFO * info), info)
WRAP(C_GetMechanismInfo,
    (CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info), slot,
    type, info)
WRAP(C_InitToken,
    (CK_SLOT_ID slot, CK_UTF8CHAR *pin, CK_ULONG len, CK_UTF8CHAR *label), slot,
    pin, len, label)
WRAP(C_InitPIN, (CK_SESSION_HANDLE s, CK_UTF8CHAR *pin, CK_ULONG len), s, pin,
    len)
WRAP(C_OpenSession,
    (CK_SLOT_ID slot, CK_FLAGS f, void *app, CK_NOTIFY notify,
	CK_SESSION_HANDLE *s),
    slot, f, app, notify, s)
WRAP(C_CloseSession, (CK_SESSION_HANDLE s), s)
WRAP(C_CloseAllSessions, (CK_SLOT_ID slot), slot)
WRAP(C_Login,
    (CK_SESSION_HANDLE s, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG len), s,
    user, pin, len)
WRAP(C_CreateObject,
    (CK_SESSION_HANDLE s, CK_ATTRIBUTE *a, CK_ULONG count, CK_OBJECT_HANDLE *o),
    s, a, count, o)
WRAP(C_CopyObject,
    (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE from, CK_ATTRIBUTE *a,
	CK_ULONG count, CK_OBJECT_HANDLE *o),
    s, from, a, count, o)
WRAP(C_DestroyObject, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o), s, o)
WRAP(C_FindObjectsInit, (CK_SESSION_HANDLE s, CK_ATTRIBUTE *a, CK_ULONG count),
    s, a, count)
WRAP(C_GenerateKeyPair,
    (CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_ATTRIBUTE *a, CK_ULONG na,
	CK_ATTRIBUTE *b, CK_ULONG nb, CK_OBJECT_HANDLE *public,
	CK_OBJECT_HANDLE *private),
    s, m, a, na, b, nb, public, private)
WRAP(C_SignInit, (CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE o), s,
    m, o)

/* What gives back a length or a number. */
#define WRAP_LENGTH(name, told, parameters, ...)                               \
	static CK_RV shim_##name parameters                                    \
	{                                                                      \
		CALL(name, __VA_ARGS__)                                        \
		tell_length(F_##name, n, rv, told);                            \
		return after(F_##name, n, rv);                                 \
	}

WRAP_LENGTH(C_GetSlotList, count,
    (CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count), present, slots,
    count)
WRAP_LENGTH(C_GetAttributeValue, &a->ulValueLen,
    (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE *a, CK_ULONG count),
    s, o, a, count)
WRAP_LENGTH(C_FindObjects, count,
    (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE *o, CK_ULONG room, CK_ULONG *count),
    s, o, room, count)

static CK_RV
shim_C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	CALL(C_GetTokenInfo, slot, info)
	if (rv == CKR_OK)
		info->flags |= flags;
	if (rv == CKR_OK && manufacturer != NULL) {
		memset(info->manufacturerID, ' ', sizeof info->manufacturerID);
		memcpy(info->manufacturerID, manufacturer,
		    strnlen(manufacturer, sizeof info->manufacturerID));
	}
	return after(F_C_GetTokenInfo, n, rv);
}

static CK_RV
shim_C_Sign(CK_SESSION_HANDLE s, CK_BYTE *data, CK_ULONG len, CK_BYTE *sig,
    CK_ULONG *siglen)
{
	CALL(C_Sign, s, data, len, sig, siglen)
	if (rv == CKR_OK && sig != NULL && hits(&lie, F_C_Sign, n))
		sig[*siglen - 1] ^= 1;
	if (rv == CKR_OK && sig != NULL && hits(&cut, F_C_Sign, n))
		--*siglen;
	tell_length(F_C_Sign, n, rv, siglen);
	return after(F_C_Sign, n, rv);
}

#define REPLACE(name) ours.name = shim_##name;

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	const char *path = getenv("RZ_SHIM_MODULE");
	void *library;
	CK_C_GetFunctionList get;

	*list = &ours;
	if (real != NULL)
		return CKR_OK;
	if (path == NULL || (library = dlopen(path, RTLD_NOW)) == NULL)
		die("RZ_SHIM_MODULE", path ? dlerror() : "not set");
	*(void **)&get = dlsym(library, "C_GetFunctionList");
	if (get == NULL || get(&real) != CKR_OK)
		die("no PKCS#11 module", path);
	ours = *real;
	FUNCTIONS(REPLACE)
	ours.C_GetFunctionList = C_GetFunctionList;
	shim_configure();
	return CKR_OK;
}
