import Foundation
import TestSupport
import Testing

/// A library before the C library (`LD_PRELOAD`) that kills the program inside a call of the system.
private enum KillingLibrary {
  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <fcntl.h>
    #include <signal.h>
    #include <stdlib.h>
    #include <string.h>
    #include <unistd.h>

    static void may_kill(const char *call) {
      const char *at = getenv("KILL_AT");
      if (at && !strcmp(at, call)) kill(getpid(), SIGKILL);
    }

    int rename(const char *from, const char *to) {
      may_kill("rename");
      return ((int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename"))(from, to);
    }

    int linkat(int from, const char *path, int to, const char *name, int flags) {
      may_kill("linkat");
      int result = ((int (*)(int, const char *, int, const char *, int))dlsym(RTLD_NEXT, "linkat"))(
        from, path, to, name, flags);
      may_kill("linked");
      return result;
    }

    int fsync(int descriptor) {
      may_kill("fsync");
      return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
    }
    """

  static let path: String? = {
    let path = NSTemporaryDirectory() + "/postern-kill-\(getpid()).so"
    let built = try? Trial.run(
      ["cc", "-shared", "-fPIC", "-o", path, "-x", "c", "-", "-ldl"], input: Array(source.utf8))
    guard built?.code == 0 else { return nil }
    atexit { unsafe unlink(NSTemporaryDirectory() + "/postern-kill-\(getpid()).so") }
    return path
  }()
}

/// A run that is killed at the worst moment of a replacement leaves the old file, and nothing that the next
/// run does not remove.
@Suite(.enabled(if: KillingLibrary.path != nil)) struct KilledReplacementTests {
  /// Whether files without a name are to be had where tests write.
  private static func hasNamelessFiles(_ folder: String) -> Bool {
    let descriptor = unsafe open(folder, O_WRONLY | 0o20_200_000, 0o600)
    if descriptor >= 0 { close(descriptor) }
    return descriptor >= 0
  }

  private static func run(_ words: [String], killedAt call: String?) throws -> Program.Outcome {
    var environment: [String: String] = [:]
    if let call { environment = ["LD_PRELOAD": KillingLibrary.path ?? "", "KILL_AT": call] }
    return try Trial.run([Trial.program] + words, environment: environment)
  }

  @Test(arguments: ["rename", "linkat", "linked", "fsync"], [false, true])
  func theNextRunRemovesWhatAKilledOneLeft(call: String, isLedger: Bool) throws {
    let trial = try Trial()
    let input = try trial.input("l.csv", Rows.soundBytes)
    guard Self.hasNamelessFiles(trial.root + "/out") else { return }
    let target = trial.output("x")
    let words =
      isLedger
      ? ["scan", target, input, "--ledger", target, "--now", "2026-09-01", "-o", "brief:/dev/null"]
      : ["scan", input, "-o", "csv:" + target, "--now", "2026-09-01"]
    let first =
      isLedger ? ["scan", input, "--ledger", target, "-o", "brief:/dev/null"] : words
    #expect(try Self.run(first, killedAt: nil).code == 0)
    let old = try Data(contentsOf: URL(filePath: target))
    let killed = try Self.run(words, killedAt: call)
    // `env` stands between, and gives 128 and the signal, or ends by it.
    #expect(killed.isSignal || killed.code == 128 + SIGKILL, "\(killed.code)")
    #expect(try Data(contentsOf: URL(filePath: target)) == old)
    // Before the hidden name is given nothing is left at all.
    if call != "rename" && call != "linked" { #expect(trial.outputs == ["x"]) }
    #expect(try Self.run(words, killedAt: nil).code == 0)
    #expect(trial.outputs == ["x"])
  }

  /// A name that is free is taken at once: there is no moment with a hidden one.
  @Test(arguments: ["rename", "fsync"])
  func aNewFileNeverHasAnotherName(call: String) throws {
    let trial = try Trial()
    let input = try trial.input("l.csv", Rows.soundBytes)
    guard Self.hasNamelessFiles(trial.root + "/out") else { return }
    let target = trial.output("x")
    let ended = try Self.run(["scan", input, "-o", "csv:" + target], killedAt: call)
    if call == "rename" {
      #expect(ended.code == 0 && trial.outputs == ["x"])
    } else {
      #expect(trial.outputs.isEmpty)
    }
  }

  /// A run that lives has locked what it gave a hidden name.
  @Test func aFileOfARunThatLivesIsLeftAlone() throws {
    let trial = try Trial()
    let input = try trial.input("l.csv", Rows.soundBytes)
    guard Self.hasNamelessFiles(trial.root + "/out") else { return }
    let words = ["scan", input, "-o", "csv:" + trial.output("x")]
    #expect(try Self.run(words, killedAt: nil).code == 0)
    let hidden = trial.output(".x.postern-0A0A0A0A.tmp")
    try Data("of another run".utf8).write(to: URL(filePath: hidden))
    let held = unsafe open(hidden, O_RDONLY | O_CLOEXEC)
    #expect(flock(held, LOCK_EX | LOCK_NB) == 0)
    #expect(try Self.run(words, killedAt: nil).code == 0)
    #expect(FileManager.default.fileExists(atPath: hidden))
    close(held)
    #expect(try Self.run(words, killedAt: nil).code == 0)
    #expect(trial.outputs == ["x"])
  }
}
