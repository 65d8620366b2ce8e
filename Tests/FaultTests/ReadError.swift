import Foundation
import TestSupport
import Testing

/// A library that makes reads of one file fail from some byte on, as a failing disk does.
///
/// It stands before the C library (`LD_PRELOAD`), so that the built program is the one that users have.
enum ReadError {
  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <limits.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/types.h>
    #include <unistd.h>

    // How many bytes may be read: fewer than `count` before the bad byte, -1 behind it.
    static ssize_t allowed(int fd, off_t offset, size_t count) {
      const char *path = getenv("READ_ERROR_FILE"), *from = getenv("READ_ERROR_OFFSET");
      char link[64], name[PATH_MAX];
      if (!path || !from) return count;
      snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
      ssize_t length = readlink(link, name, sizeof name - 1);
      if (length < 0) return count;
      name[length] = 0;
      if (strcmp(name, path)) return count;
      off_t bad = atoll(from);
      if (offset >= bad) { errno = EIO; return -1; }
      return (off_t)count > bad - offset ? bad - offset : (ssize_t)count;
    }

    ssize_t read(int fd, void *bytes, size_t count) {
      static ssize_t (*next)(int, void *, size_t);
      if (!next) next = (ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
      off_t offset = lseek(fd, 0, SEEK_CUR);
      ssize_t some = offset < 0 ? (ssize_t)count : allowed(fd, offset, count);
      return some < 0 ? -1 : next(fd, bytes, some);
    }

    ssize_t pread(int fd, void *bytes, size_t count, off_t offset) {
      static ssize_t (*next)(int, void *, size_t, off_t);
      if (!next) next = (ssize_t (*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread");
      ssize_t some = allowed(fd, offset, count);
      return some < 0 ? -1 : next(fd, bytes, some, offset);
    }

    ssize_t pread64(int fd, void *bytes, size_t count, off_t offset) {
      return pread(fd, bytes, count, offset);
    }
    """

  /// Where the library is; `nil` where there is no C compiler.
  static let library: String? = {
    let path = NSTemporaryDirectory() + "/postern-read-error-\(getpid()).so"
    let built = try? Trial.run(
      ["cc", "-shared", "-fPIC", "-o", path, "-x", "c", "-", "-ldl"], input: Array(source.utf8))
    guard built?.code == 0 else { return nil }
    atexit { unsafe unlink(NSTemporaryDirectory() + "/postern-read-error-\(getpid()).so") }
    return path
  }()

  /// What makes reads of a file fail from `offset` on.
  static func environment(_ path: String, at offset: Int) throws -> [String: String] {
    // What a link in /proc says, in which a temporary folder that is a link has no place.
    let file = try #require(
      Trial.run(["readlink", "-f", path]).output.split(separator: UInt8(ascii: "\n")).first)
    return [
      "LD_PRELOAD": try #require(library),
      "READ_ERROR_FILE": String(decoding: file, as: UTF8.self),
      "READ_ERROR_OFFSET": String(offset),
    ]
  }
}
