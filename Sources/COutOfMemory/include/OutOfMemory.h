#ifndef OUT_OF_MEMORY_H
#define OUT_OF_MEMORY_H

#include <stdint.h>

/// Lets the program end with words where its abort follows from a limit of addresses: Swift has no other
/// answer to an allocation that the system refuses, and some of what it calls has none at all.
///
/// An abort while less than half of the limit is used has another cause, and ends the program as ever.
///
/// - message: What is said on standard error; it is copied, up to 1,023 bytes.
/// - code: The exit code.
/// - addresses: The limit, in bytes.
void out_of_memory_say(const char *message, int32_t code, uint64_t addresses);

/// Lets pieces of memory of at least so many bytes go back to the system when they are freed.
///
/// Left alone, glibc takes from its heaps whatever is smaller than the largest piece that was freed before,
/// up to 32 MB, and a heap keeps what lies below a piece in use.
void out_of_memory_put_off(int32_t byte_count);

/// Gives memory that was freed back to the system, also what lies between pieces in use.
void out_of_memory_give_back(void);

#endif
