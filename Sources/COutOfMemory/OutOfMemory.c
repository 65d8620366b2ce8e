#include "OutOfMemory.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static char text[1024];
static size_t length;
static int exit_code;
static uint64_t limit;
static uint64_t page;

// How many bytes of addresses the process uses; 0 where the system does not say.
static uint64_t used_addresses(void) {
  char digits[32];
  int descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return 0;
  ssize_t count = read(descriptor, digits, sizeof digits);
  close(descriptor);
  uint64_t pages = 0;
  for (ssize_t index = 0; index < count && digits[index] >= '0' && digits[index] <= '9'; index++) {
    pages = pages * 10 + (uint64_t)(digits[index] - '0');
  }
  return pages * page;
}

// Calls nothing but what a handler of a signal may.
static void crashed(int signal_number) {
  // Tables double, so what was refused is no more than what is there.
  if (used_addresses() >= limit / 2) {
    size_t start = 0;
    while (start < length) {
      ssize_t written = write(STDERR_FILENO, text + start, length - start);
      if (written <= 0) break;
      start += (size_t)written;
    }
    _exit(exit_code);
  }
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

void out_of_memory_say(const char *message, int32_t code, uint64_t addresses) {
  length = strnlen(message, sizeof text - 1);
  memcpy(text, message, length);
  exit_code = code;
  limit = addresses;
  page = (uint64_t)sysconf(_SC_PAGESIZE);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = crashed;
  sigemptyset(&action.sa_mask);
  const int ends[] = {SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS};
  for (size_t index = 0; index < sizeof ends / sizeof *ends; index++) {
    sigaction(ends[index], &action, NULL);
  }
}

void out_of_memory_put_off(int32_t byte_count) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, byte_count);
#else
  (void)byte_count;
#endif
}

void out_of_memory_give_back(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
