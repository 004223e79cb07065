/* Which failures are losses, and how long a loss is waited for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hsm/p11.h"
#include "hsm/patience.h"
#include "lib/clock.h"

static const unsigned long losses[] = {0x02, 0x03, 0x05, 0x06, 0x30, 0x31, 0x32,
    0x50, 0x60, 0x82, 0x90, 0x91, 0xb0, 0xb3, 0xe0, 0xe1, 0x101, 0x190,
    0x80000134};
static const unsigned long failures[] = {0x07, 0x20, 0x21, 0x54, 0x62, 0x63,
    0x68, 0x70, 0x71, 0x150, 0x200, 0x7fffffff};

static void
test_names_of_values(void **state)
{
	char room[24];

	(void)state;
	assert_string_equal(
	    ckr_name(CKR_DEVICE_REMOVED, room), "CKR_DEVICE_REMOVED");
	assert_string_equal(ckr_name(0x80000001, room), "vendor's own value");
	assert_string_equal(ckr_name(0x7ffffffe, room), "unknown value");
	for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++)
		assert_true(ckr_lost(losses[i]));
	for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++)
		assert_false(ckr_lost(failures[i]));
	/* A PIN that was judged is never sent again. */
	for (CK_RV rv = CKR_PIN_INCORRECT; rv <= CKR_PIN_LOCKED; rv++)
		assert_false(ckr_lost(rv));
	assert_false(ckr_lost(CKR_OK));
	assert_false(ckr_lost(P11_TOLD));
	assert_false(ckr_lost(P11_TOO_MANY));
}

static void
test_patience(void **state)
{
	struct patience once = PATIENCE_INIT(false, 0);
	struct patience three = PATIENCE_INIT(true, 3);
	struct patience timed = PATIENCE_INIT(true, 0);
	double start = clock_elapsed();
	unsigned n = 0;

	(void)state;
	patience_limits(5, 40, 300);
	assert_int_equal(patience_wait(&once), 0);
	assert_int_equal(patience_wait(&once), -1);
	assert_int_equal(once.tries, 1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(patience_wait(&three), 0);
	assert_int_equal(patience_wait(&three), -1);
	while (patience_wait(&timed) == 0)
		n++;
	/* 0, 5, 10, 20, 40, 40, ... ms, 300 at most. */
	assert_in_range(n, 5, 11);
	assert_true(clock_elapsed() - start < 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names_of_values),
	    cmocka_unit_test(test_patience),
	};

	return cmocka_run_group_tests_name("hsm_ckr", tests, NULL, NULL);
}
