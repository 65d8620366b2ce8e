#include "OutOfMemory.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static char text[1024];
static size_t length;
static int32_t exit_code;

void out_of_memory_say(const char *message, int32_t code) {
  length = strnlen(message, sizeof text - 1);
  memcpy(text, message, length);
  exit_code = code;
}

#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) \
  && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// All of Swift allocates by these functions, and has no answer but an abort where they give nothing. The
// program's own come before those of a shared C library, for other libraries too; a static one has its own,
// which are not weak.
#define WEAK __attribute__((weak, visibility("default")))

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

// Nothing here may allocate.
__attribute__((cold, noinline)) static void *none(size_t size) {
  if (length > 0 && size > 0) {
    size_t start = 0;
    while (start < length) {
      ssize_t written = write(STDERR_FILENO, text + start, length - start);
      if (written <= 0) break;
      start += (size_t)written;
    }
    _exit(exit_code);
  }
  errno = ENOMEM;
  return NULL;
}

WEAK void *malloc(size_t size) {
  void *memory = __libc_malloc(size);
  return __builtin_expect(memory != NULL, 1) ? memory : none(size);
}

WEAK void *calloc(size_t count, size_t size) {
  void *memory = __libc_calloc(count, size);
  return __builtin_expect(memory != NULL, 1) ? memory : none(count > 0 ? size : 0);
}

WEAK void *realloc(void *memory, size_t size) {
  void *moved = __libc_realloc(memory, size);
  return __builtin_expect(moved != NULL, 1) ? moved : none(size);
}

WEAK void *aligned_alloc(size_t alignment, size_t size) {
  void *memory = __libc_memalign(alignment, size);
  return __builtin_expect(memory != NULL, 1) ? memory : none(size);
}

WEAK int posix_memalign(void **result, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) {
    return EINVAL;
  }
  void *memory = __libc_memalign(alignment, size);
  if (memory == NULL && none(size) == NULL && size > 0) return ENOMEM;
  *result = memory;
  return 0;
}

#endif
