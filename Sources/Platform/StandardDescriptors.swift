import Glibc

/// Standard input, output and error, which a program may be started without.
package enum StandardDescriptors {
  /// Occupies those that are closed.
  ///
  /// The next file that is opened would take their numbers, and be given what is meant for another. A
  /// read of the first and a write to the others fail as those of a closed one do.
  package static func occupy() {
    for (number, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ]
    where fcntl(number, F_GETFD) < 0 {
      // The lowest number that is free is this one, since those before it are taken.
      _ = unsafe open("/dev/null", mode)
    }
  }
}
