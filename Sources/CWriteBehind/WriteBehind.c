// `sync_file_range` is Linux's own, and Swift's module of the C library does not have it.
#define _GNU_SOURCE
#include "WriteBehind.h"

#include <errno.h>
#include <fcntl.h>

void write_behind(int32_t descriptor, int64_t offset, int64_t byte_count) {
#ifdef __linux__
  int error = errno;
  (void)sync_file_range(descriptor, offset, byte_count, SYNC_FILE_RANGE_WRITE);
  errno = error;
#endif
}
