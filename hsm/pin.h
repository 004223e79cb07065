/* Where the PIN of a token, or the passphrase of key files, comes from. */
#ifndef RZ_HSM_PIN_H
#define RZ_HSM_PIN_H

#include "hsm/hsm.h"

/*
 * From the URI's pin-source ("file:PATH", "fd:N", an absolute path); else
 * from the options' descriptor; else asked on the terminal, if allowed.
 * Nothing of these: trouble.
 */
int pin_read(struct secret *pin, const char *source,
    const struct hsm_options *o, const char *prompt, struct error *e)
    __attribute__((nonnull(1, 3, 4, 5), warn_unused_result));

#endif
