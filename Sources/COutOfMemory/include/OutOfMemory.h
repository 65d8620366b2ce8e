#ifndef OUT_OF_MEMORY_H
#define OUT_OF_MEMORY_H

#include <stdint.h>

/// Lets the program end with words when the C library has no more memory to give, in the place of the
/// abort by which Swift answers.
///
/// Until it is called, and where the C library is linked statically, nothing changes.
///
/// - message: What is said on standard error; it is copied, up to 1,023 bytes.
/// - code: The exit code.
void out_of_memory_say(const char *message, int32_t code);

#endif
