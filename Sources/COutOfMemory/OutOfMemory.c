#define _GNU_SOURCE
#include "OutOfMemory.h"

#include <dlfcn.h>
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
// which are not weak. What allocates is the next one in the order of libraries, so that an allocator that
// somebody preloads gets back, by its own free, what it gave.
#define WEAK __attribute__((weak, visibility("default")))

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static struct {
  void *(*malloc)(size_t size);
  void *(*calloc)(size_t count, size_t size);
  void *(*realloc)(void *memory, size_t size);
  void *(*aligned_alloc)(size_t alignment, size_t size);
} next;

// Looks for the next allocator. What looking itself allocates, and what others do at the same time (no
// thread is there before the first allocation), comes from the C library.
__attribute__((cold, noinline)) static void find(void) {
  static int is_looking;
  next.malloc = __libc_malloc;
  next.calloc = __libc_calloc;
  next.realloc = __libc_realloc;
  next.aligned_alloc = __libc_memalign;
  if (is_looking) return;
  is_looking = 1;
  void *found[] = {
    dlsym(RTLD_NEXT, "malloc"), dlsym(RTLD_NEXT, "calloc"), dlsym(RTLD_NEXT, "realloc"),
    dlsym(RTLD_NEXT, "aligned_alloc"),
  };
  for (size_t index = 0; index < sizeof found / sizeof *found; index++) {
    if (found[index] == NULL) return;
  }
  memcpy(&next, found, sizeof found);
}

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
  if (__builtin_expect(next.malloc == NULL, 0)) find();
  void *memory = next.malloc(size);
  return __builtin_expect(memory != NULL, 1) ? memory : none(size);
}

WEAK void *calloc(size_t count, size_t size) {
  if (__builtin_expect(next.calloc == NULL, 0)) find();
  void *memory = next.calloc(count, size);
  return __builtin_expect(memory != NULL, 1) ? memory : none(count > 0 ? size : 0);
}

WEAK void *realloc(void *memory, size_t size) {
  if (__builtin_expect(next.realloc == NULL, 0)) find();
  void *moved = next.realloc(memory, size);
  return __builtin_expect(moved != NULL, 1) ? moved : none(size);
}

WEAK void *aligned_alloc(size_t alignment, size_t size) {
  if (__builtin_expect(next.aligned_alloc == NULL, 0)) find();
  void *memory = next.aligned_alloc(alignment, size);
  return __builtin_expect(memory != NULL, 1) ? memory : none(size);
}

WEAK int posix_memalign(void **result, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) {
    return EINVAL;
  }
  void *memory = aligned_alloc(alignment, size);
  if (memory == NULL && size > 0) return ENOMEM;
  *result = memory;
  return 0;
}

#endif
