import Foundation
import TestSupport

extension FaultTable {
  private static func link(_ trial: Trial, _ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: trial.path(name), withDestinationPath: target)
  }

  private static func fifo(_ path: String) { precondition(unsafe mkfifo(path, 0o600) == 0) }

  private static func socket(_ trial: Trial) throws {
    // A path for a socket may have 107 bytes; Python binds relative to a folder.
    _ = try Trial.run([
      "sh", "-c",
      "cd \(trial.root)/in && python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('s')\"",
    ])
  }

  /// Does something to `a.csv` once the program has looked at it and waits for a FIFO, which a
  /// writer can open only when it has a reader.
  private static func meanwhile(_ name: String, _ answer: Answer, _ command: String) -> Fault {
    Fault(name, answer) { trial in
      let first = try trial.input("a.csv", Rows.soundBytes)
      let rest = try trial.input("rest", Array((Rows.header + Rows.rows(11...13)).utf8))
      fifo(trial.path("f"))
      trial.arguments = [first, trial.path("f")]
      trial.prefix = [
        "sh", "-c",
        "cd '\(trial.root)/in' && { exec 3> f; \(command); cat '\(rest)' >&3; } & exec \"$@\"",
        "sh",
      ]
    }
  }

  static let files: [Fault] = [
    meanwhile(
      "a file that grows while it is read", .incomplete(12, says: "changed while it was read"),
      "printf '%s' '\(Rows.row(9))' >> a.csv"),
    meanwhile(
      "a file that is cut while it is read",
      .incomplete(10, rejected: 1, says: "changed while it was read"), "truncate -s -60 a.csv"),
    meanwhile(
      "a file that is taken away while it is read", .incomplete(3, says: "cannot be opened"),
      "rm a.csv"),
    Fault("a file that is not there", .nothing(says: "No such file or directory")) { trial in
      trial.arguments = [trial.path("gone.csv")]
    },
    Fault("a file that is not there beside another", .incomplete(says: "gone.csv")) { trial in
      trial.arguments = [try trial.input("l.csv", Rows.soundBytes), trial.path("gone.csv")]
    },
    Fault("an empty folder", .nothing(says: "holds no export that is known")) { _ in },
    Fault("an unknown file in a folder, which is ignored", .complete()) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      try trial.input("photo.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16])
    },
    Fault("an unknown file that is named", .incomplete(says: "not recognised")) { trial in
      trial.arguments = [
        try trial.input("l.csv", Rows.soundBytes), try trial.input("c.csv", "Colour\nred\n".utf8),
      ]
    },
    Fault(
      "a bit of a gzip file's first bytes flipped, in a folder",
      .incomplete(says: "begins nearly as a gzip file does")
    ) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      let packed = Archives.gzip(Array((Rows.header + Rows.rows(11...13)).utf8))
      try trial.input("data", Archives.flipping(packed, byte: 1, bit: 3))
    },
    Fault("a first block of zeros, in a folder", .incomplete(says: "begins with 512 zeros")) {
      trial in
      try trial.input("l.csv", Rows.soundBytes)
      let bytes = Array((Rows.header + Rows.rows(11...33)).utf8)
      try trial.input("data", [UInt8](repeating: 0, count: 512) + bytes.dropFirst(512))
    },
    Fault("an empty file that is named as a ledger", .incomplete(says: "the file is empty")) {
      trial in
      try trial.input("l.csv", Rows.soundBytes)
      try trial.input("state.ledger", [])
    },
    Fault("one byte of a gzip file, in a folder", .incomplete(says: "l.csv.gz")) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      try trial.input("l.csv.gz", [0x1F])
    },
    Fault("a file of zeros that is named as a ledger", .incomplete(says: "nothing but zeros")) {
      trial in
      try trial.input("l.csv", Rows.soundBytes)
      try trial.input("state.ledger", [UInt8](repeating: 0, count: 900))
    },
    Fault("a tar archive behind another", .incomplete(says: "more behind its end")) { trial in
      let other = try trial.input("../other.csv", Array((Rows.header + Rows.rows(11...13)).utf8))
      try trial.input("../l.csv", Rows.soundBytes)
      _ = try Trial.run([
        "sh", "-c",
        "cd '\(trial.root)' && tar cf - l.csv > in/l.tar && tar cf - other.csv >> in/l.tar",
      ])
      _ = other
    },
    Fault("a header like an export's, in a folder", .incomplete(says: "not recognised")) {
      trial in
      try trial.input("l.csv", Rows.soundBytes)
      try trial.input("c.csv", "LoginTime,Colour\n1,2\n".utf8)
    },
    Fault("a symbolic link to an export, which is read", .complete()) { trial in
      try trial.input("a/l.csv", Rows.soundBytes)
      try link(trial, "link.csv", to: "a/l.csv")
      trial.arguments = [trial.path("link.csv")]
    },
    Fault("a link and its target in one folder: read once", .complete()) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      try link(trial, "link.csv", to: "l.csv")
    },
    Fault("a link to nowhere, in a folder", .incomplete(says: "No such file or directory")) {
      trial in
      try trial.input("l.csv", Rows.soundBytes)
      try link(trial, "link.csv", to: "nowhere")
    },
    Fault("a link to itself, in a folder", .incomplete(says: "Too many levels of symbolic links")) {
      trial in
      try trial.input("l.csv", Rows.soundBytes)
      try link(trial, "link.csv", to: "link.csv")
    },
    Fault("a link to the folder around it: read once", .complete()) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      try link(trial, "loop", to: ".")
    },
    Fault("the same file under two names: read once", .complete()) { trial in
      let path = try trial.input("l.csv", Rows.soundBytes)
      try FileManager.default.linkItem(atPath: path, toPath: trial.path("m.csv"))
    },
    Fault("a file that is named twice: read once", .complete()) { trial in
      let path = try trial.input("l.csv", Rows.soundBytes)
      trial.arguments = [path, path]
    },
    Fault("a FIFO in a folder, which is ignored", .complete()) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      fifo(trial.path("f"))
    },
    Fault("a FIFO that is named, which is read", .complete()) { trial in
      try trial.input("a/l.csv", Rows.soundBytes)
      fifo(trial.path("f"))
      trial.arguments = [trial.path("f")]
      trial.prefix = [
        "sh", "-c", "cat '\(trial.path("a/l.csv"))' > '\(trial.path("f"))' & exec \"$@\"", "sh",
      ]
    },
    Fault("a FIFO that nobody writes to, and SIGTERM after two seconds", Answer(exit: 143)) {
      trial in
      fifo(trial.path("f"))
      trial.arguments = [try trial.input("l.csv", Rows.soundBytes), trial.path("f")]
      trial.prefix = ["timeout", "--preserve-status", "--kill-after=30", "2"]
    },
    Fault("a socket in a folder, which is ignored", .complete()) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      try socket(trial)
    },
    Fault("a socket that is named", .nothing(says: "No such device or address")) { trial in
      try socket(trial)
      trial.arguments = [trial.path("s")]
    },
    Fault("a device without end", .nothing(says: "nothing but zeros")) { trial in
      trial.arguments = ["/dev/zero"]
    },
    Fault("a device without bytes", .nothing(says: "the file is empty")) { trial in
      trial.arguments = ["/dev/null"]
    },
    Fault("a file that cannot be read: an error of input", .nothing(says: "Input/output error")) {
      trial in
      trial.arguments = ["/proc/self/mem"]
    },
    Fault("standard input that is closed", .nothing(says: "Bad file descriptor")) { trial in
      trial.arguments = ["-"]
      trial.prefix = ["sh", "-c", "exec \"$@\" <&-", "sh"]
    },
    Fault("standard input that is a folder", .nothing(says: "Is a directory")) { trial in
      trial.arguments = ["-"]
      trial.prefix = ["sh", "-c", "exec \"$@\" <'\(trial.root)'", "sh"]
    },
    Fault(
      "a file that this user may not read", .incomplete(says: "Permission denied"),
      need: .permissions
    ) { trial in
      try trial.input("a.csv", Rows.soundBytes)
      let path = try trial.input("b.csv", Rows.soundBytes)
      unsafe chmod(path, 0)
      trial.prefix = geteuid() == 0 ? ["setpriv"] + Need.withoutPrivilege : []
    },
    Fault(
      "a folder that this user may not list", .incomplete(says: "the folder cannot be read"),
      need: .permissions
    ) { trial in
      try trial.input("a.csv", Rows.soundBytes)
      try trial.input("b/b.csv", Rows.soundBytes)
      unsafe chmod(trial.path("b"), 0)
      trial.prefix = geteuid() == 0 ? ["setpriv"] + Need.withoutPrivilege : []
    },
    Fault(
      "a folder whose files this user may not reach", .incomplete(says: "Permission denied"),
      need: .permissions
    ) { trial in
      try trial.input("a.csv", Rows.soundBytes)
      try trial.input("b/b.csv", Rows.soundBytes)
      unsafe chmod(trial.path("b"), 0o600)
      trial.prefix = geteuid() == 0 ? ["setpriv"] + Need.withoutPrivilege : []
    },
    Fault(
      "a configuration that this user may not read", .refused(says: "may not be read"),
      need: .permissions
    ) { trial in
      let config = try trial.input("postern.yaml", "{}\n".utf8)
      unsafe chmod(config, 0)
      trial.arguments = [try trial.input("a.csv", Rows.soundBytes), "--config", config]
      trial.prefix = geteuid() == 0 ? ["setpriv"] + Need.withoutPrivilege : []
    },
    Fault("hidden files and results of earlier runs, which are ignored", .complete()) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      try trial.input(".l.csv", Rows.soundBytes)
      try trial.input("old.jsonl", "{\"schema\":\"postern.run/2\"}\n".utf8)
    },
    Fault("a name with control characters and quotes", .complete()) { trial in
      try trial.input("l\u{1B}[2J'\n.csv", Rows.soundBytes)
    },
    Fault("six folders in one another", .complete()) { trial in
      try trial.input("a/b/c/d/e/f/l.csv", Rows.soundBytes)
    },
  ]
}
