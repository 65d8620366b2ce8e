// launch RESULT OUTPUT PROGRAM [ARGUMENT...]: runs a program and writes what it cost to RESULT:
// wall seconds, CPU seconds (user and system, of it and its children), peak resident bytes, exit code.
//
// The peak of a process begins with that of the process that started it, so a program must be
// started from one that is small itself.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

int main(int count, char **arguments) {
  if (count < 4) return 64;
  struct timespec before, after;
  clock_gettime(CLOCK_MONOTONIC, &before);
  pid_t child = fork();
  if (child < 0) return 71;
  if (child == 0) {
    int output = open(arguments[2], O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (output < 0 || dup2(output, 1) < 0) _exit(127);
    execvp(arguments[3], arguments + 3);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) < 0) return 71;
  clock_gettime(CLOCK_MONOTONIC, &after);
  FILE *result = fopen(arguments[1], "w");
  if (!result) return 73;
  fprintf(result, "{\"wall\":%.6f,\"cpu\":%.6f,\"peak\":%ld,\"exit\":%d}\n",
          after.tv_sec - before.tv_sec + (after.tv_nsec - before.tv_nsec) / 1e9,
          seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss * 1024,
          WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return fclose(result) == 0 ? 0 : 74;
}
