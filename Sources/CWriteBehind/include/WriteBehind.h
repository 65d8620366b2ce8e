#ifndef WRITE_BEHIND_H
#define WRITE_BEHIND_H

#include <stdint.h>

/// Lets what was written to a file go to the disk while more is written, so that `fsync` at the end waits for
/// little.
///
/// It promises nothing, and says nothing of errors: `fsync` does. Systems other than Linux do nothing.
///
/// - descriptor: An open file.
/// - offset: Where the bytes begin.
/// - byte_count: How many they are.
void write_behind(int32_t descriptor, int64_t offset, int64_t byte_count);

#endif
