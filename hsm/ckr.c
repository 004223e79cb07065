/*
 * What Cryptoki's return values mean to us.  A loss is what may be gone
 * again after sessions, login or the module were re-established; everything
 * else fails at once.
 */
#include "hsm/p11.h"

#include <stdio.h>

_Thread_local const char *p11_function = "";

#define DEVICE	"check the device and its connection"
#define LOGIN	"check the PIN; it is not tried again"
#define SUPPORT "this token cannot do that"

static const struct {
	CK_RV rv;
	bool lost;
	const char *name;
	const char *hint;
} values[] = {
    {CKR_HOST_MEMORY, true, "CKR_HOST_MEMORY", NULL},
    {CKR_SLOT_ID_INVALID, true, "CKR_SLOT_ID_INVALID", DEVICE},
    {CKR_GENERAL_ERROR, true, "CKR_GENERAL_ERROR", DEVICE},
    {CKR_FUNCTION_FAILED, true, "CKR_FUNCTION_FAILED", DEVICE},
    {CKR_ARGUMENTS_BAD, false, "CKR_ARGUMENTS_BAD", NULL},
    {CKR_ATTRIBUTE_READ_ONLY, false, "CKR_ATTRIBUTE_READ_ONLY", SUPPORT},
    {CKR_ATTRIBUTE_SENSITIVE, false, "CKR_ATTRIBUTE_SENSITIVE", NULL},
    {CKR_ATTRIBUTE_TYPE_INVALID, false, "CKR_ATTRIBUTE_TYPE_INVALID", SUPPORT},
    {CKR_ATTRIBUTE_VALUE_INVALID, false, "CKR_ATTRIBUTE_VALUE_INVALID",
	SUPPORT},
    {CKR_ACTION_PROHIBITED, false, "CKR_ACTION_PROHIBITED", NULL},
    {CKR_DATA_INVALID, false, "CKR_DATA_INVALID", NULL},
    {CKR_DATA_LEN_RANGE, false, "CKR_DATA_LEN_RANGE", NULL},
    {CKR_DEVICE_ERROR, true, "CKR_DEVICE_ERROR", DEVICE},
    {CKR_DEVICE_MEMORY, true, "CKR_DEVICE_MEMORY", DEVICE},
    {CKR_DEVICE_REMOVED, true, "CKR_DEVICE_REMOVED", DEVICE},
    {CKR_FUNCTION_CANCELED, true, "CKR_FUNCTION_CANCELED", DEVICE},
    {CKR_FUNCTION_NOT_SUPPORTED, false, "CKR_FUNCTION_NOT_SUPPORTED", SUPPORT},
    {CKR_KEY_HANDLE_INVALID, true, "CKR_KEY_HANDLE_INVALID",
	"check that the token still holds the key"},
    {CKR_KEY_SIZE_RANGE, false, "CKR_KEY_SIZE_RANGE", SUPPORT},
    {CKR_KEY_TYPE_INCONSISTENT, false, "CKR_KEY_TYPE_INCONSISTENT", NULL},
    {CKR_KEY_FUNCTION_NOT_PERMITTED, false, "CKR_KEY_FUNCTION_NOT_PERMITTED",
	"the key is not one for signing"},
    {CKR_MECHANISM_INVALID, false, "CKR_MECHANISM_INVALID", SUPPORT},
    {CKR_MECHANISM_PARAM_INVALID, false, "CKR_MECHANISM_PARAM_INVALID",
	SUPPORT},
    {CKR_OBJECT_HANDLE_INVALID, true, "CKR_OBJECT_HANDLE_INVALID",
	"check that the token is there and still holds the key"},
    /* A signature that was cut off leaves its session unusable. */
    {CKR_OPERATION_ACTIVE, true, "CKR_OPERATION_ACTIVE", NULL},
    {CKR_OPERATION_NOT_INITIALIZED, true, "CKR_OPERATION_NOT_INITIALIZED",
	NULL},
    {CKR_PIN_INCORRECT, false, "CKR_PIN_INCORRECT", LOGIN},
    {CKR_PIN_INVALID, false, "CKR_PIN_INVALID", LOGIN},
    {CKR_PIN_LEN_RANGE, false, "CKR_PIN_LEN_RANGE", LOGIN},
    {CKR_PIN_EXPIRED, false, "CKR_PIN_EXPIRED", "set a new PIN"},
    {CKR_PIN_LOCKED, false, "CKR_PIN_LOCKED",
	"the security officer has to unlock it"},
    {CKR_SESSION_CLOSED, true, "CKR_SESSION_CLOSED", DEVICE},
    {CKR_SESSION_COUNT, true, "CKR_SESSION_COUNT",
	"the token has no more sessions: configure fewer, or end others"},
    {CKR_SESSION_HANDLE_INVALID, true, "CKR_SESSION_HANDLE_INVALID", DEVICE},
    {CKR_SESSION_READ_ONLY, false, "CKR_SESSION_READ_ONLY",
	"the token is write-protected"},
    {CKR_SESSION_EXISTS, false, "CKR_SESSION_EXISTS",
	"another program has the token open"},
    {CKR_SESSION_READ_ONLY_EXISTS, false, "CKR_SESSION_READ_ONLY_EXISTS",
	"another program has the token open"},
    {CKR_TEMPLATE_INCOMPLETE, false, "CKR_TEMPLATE_INCOMPLETE", SUPPORT},
    {CKR_TEMPLATE_INCONSISTENT, false, "CKR_TEMPLATE_INCONSISTENT", SUPPORT},
    {CKR_TOKEN_NOT_PRESENT, true, "CKR_TOKEN_NOT_PRESENT",
	"check that the token is there"},
    {CKR_TOKEN_NOT_RECOGNIZED, true, "CKR_TOKEN_NOT_RECOGNIZED",
	"check that the token is there"},
    {CKR_TOKEN_WRITE_PROTECTED, false, "CKR_TOKEN_WRITE_PROTECTED", NULL},
    {CKR_USER_ALREADY_LOGGED_IN, false, "CKR_USER_ALREADY_LOGGED_IN", NULL},
    {CKR_USER_NOT_LOGGED_IN, true, "CKR_USER_NOT_LOGGED_IN", NULL},
    {CKR_USER_PIN_NOT_INITIALIZED, false, "CKR_USER_PIN_NOT_INITIALIZED",
	"the token has no user PIN yet"},
    {CKR_USER_TYPE_INVALID, false, "CKR_USER_TYPE_INVALID", NULL},
    {CKR_USER_ANOTHER_ALREADY_LOGGED_IN, false,
	"CKR_USER_ANOTHER_ALREADY_LOGGED_IN", NULL},
    {CKR_CURVE_NOT_SUPPORTED, false, "CKR_CURVE_NOT_SUPPORTED", SUPPORT},
    {CKR_DOMAIN_PARAMS_INVALID, false, "CKR_DOMAIN_PARAMS_INVALID", SUPPORT},
    {CKR_BUFFER_TOO_SMALL, false, "CKR_BUFFER_TOO_SMALL", NULL},
    {CKR_CRYPTOKI_NOT_INITIALIZED, true, "CKR_CRYPTOKI_NOT_INITIALIZED", NULL},
    {CKR_CRYPTOKI_ALREADY_INITIALIZED, false,
	"CKR_CRYPTOKI_ALREADY_INITIALIZED",
	"another part of this process uses the module"},
    {CKR_FIPS_SELF_TEST_FAILED, false, "CKR_FIPS_SELF_TEST_FAILED", DEVICE},
    {CKR_FUNCTION_REJECTED, false, "CKR_FUNCTION_REJECTED", NULL},
    {P11_TOO_MANY, false, "too many keys in the token", NULL},
    {P11_LENGTH, false, "the module tells a length that cannot be", NULL},
};

#define N_VALUES (sizeof values / sizeof values[0])

const char *
ckr_name(CK_RV rv, char room[24])
{
	for (size_t i = 0; i < N_VALUES; i++)
		if (values[i].rv == rv)
			return values[i].name;
	snprintf(room, 24, "%s",
	    rv & CKR_VENDOR_DEFINED ? "vendor's own value" : "unknown value");
	return room;
}

bool
ckr_lost(CK_RV rv)
{
	for (size_t i = 0; i < N_VALUES; i++)
		if (values[i].rv == rv)
			return values[i].lost;
	/* Vendors say with these that the way to their device is cut. */
	return rv != P11_TOLD && (rv & CKR_VENDOR_DEFINED) != 0;
}

static const char *
hint(CK_RV rv)
{
	for (size_t i = 0; i < N_VALUES; i++)
		if (values[i].rv == rv)
			return values[i].hint;
	return "the manual of the module explains it";
}

int
ckr_error(struct error *e, const char *what, const char *name, CK_RV rv)
{
	char room[24];
	const char *todo = hint(rv);

	return error_set(e, "%s%s: %s: %s (0x%lx)%s%s", what, name,
	    p11_function, ckr_name(rv, room), rv, todo ? ": " : "",
	    todo ? todo : "");
}
