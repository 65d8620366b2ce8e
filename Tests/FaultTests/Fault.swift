import Foundation
import TestSupport
import Testing

/// Something that can be wrong with what a scan is given, and the one answer that it gets.
///
/// `docs/reliability.md` shows the table of all faults; a test holds it to this one.
struct Fault: Sendable, CustomTestStringConvertible {
  /// What is wrong, for people.
  let name: String
  let answer: Answer
  /// What the machine must offer so that the fault can be made.
  var need = Need.nothing
  /// Makes the fault: writes files, and says how the program is started.
  let make: @Sendable (Trial) throws -> Void
  /// Looks at what has no place in the answer.
  var check: (@Sendable (Trial, Observation) throws -> Void)?

  var testDescription: String { name }

  init(
    _ name: String, _ answer: Answer, need: Need = .nothing,
    check: (@Sendable (Trial, Observation) throws -> Void)? = nil,
    make: @escaping @Sendable (Trial) throws -> Void
  ) {
    self.name = name
    self.answer = answer
    self.need = need
    self.check = check
    self.make = make
  }

  /// A fault in the bytes of one file, which is named to the scan.
  static func bytes(
    _ name: String, _ answer: Answer, file: String = "l.csv",
    _ bytes: @escaping @Sendable () throws -> [UInt8]
  ) -> Fault {
    Fault(name, answer) { trial in
      trial.arguments = [try trial.input(file, try bytes())]
    }
  }

  /// A fault in the text of one file.
  static func text(
    _ name: String, _ answer: Answer, _ text: @escaping @Sendable () -> String
  ) -> Fault {
    .bytes(name, answer) { Array(text().utf8) }
  }

  /// One row, behind ``Rows/sound``.
  static func row(_ name: String, _ answer: Answer, _ row: Rows.Login) -> Fault {
    .text(name, answer) { Rows.sound + Rows.row(9, row) }
  }
}

/// How a scan answers.
struct Answer: Sendable {
  /// Exit code.
  let exit: Int32
  /// `read = analysed + duplicate + filtered + rejected`; `nil` where no results are written, or
  /// where the number of rows depends on where the fault lies.
  var rows: [Int]?
  /// Why rows are rejected.
  var reason: String?
  /// Part of what is said about it: in the reasons of incompleteness, or on standard error.
  var says: String?

  /// Complete: all rows count.
  static func complete(_ rows: Int = 8, duplicate: Int = 0, says: String? = nil) -> Answer {
    Answer(exit: 0, rows: [rows + duplicate, rows, duplicate, 0, 0], says: says)
  }

  /// Complete but for rejected rows, which are listed.
  static func rejects(
    _ reason: String, count rejected: Int = 1, analysed: Int = 8, duplicate: Int = 0
  ) -> Answer {
    Answer(
      exit: 2, rows: [analysed + duplicate + rejected, analysed, duplicate, 0, rejected],
      reason: reason, says: rejected == 1 ? "1 row rejected" : "\(rejected) rows rejected")
  }

  /// Something could not be read; the rest counts.
  static func incomplete(_ analysed: Int? = 8, rejected: Int = 0, says: String) -> Answer {
    Answer(
      exit: 2, rows: analysed.map { [$0 + rejected, $0, 0, 0, rejected] }, says: says)
  }

  /// Nothing could be read.
  static func nothing(rejected: Int = 0, says: String) -> Answer {
    Answer(exit: 66, rows: [rejected, 0, 0, 0, rejected], says: says)
  }

  /// Refused before anything is read.
  static func refused(says: String) -> Answer { Answer(exit: 64, says: says) }

  /// An output could not be written.
  static func unwritten(says: String) -> Answer { Answer(exit: 74, says: says) }
}

/// What a machine may lack.
enum Need: Sendable {
  case nothing
  /// A user whom permissions stop: not root, or `setpriv`, which takes root's privilege away.
  case permissions
  /// A mount of its own (`unshare`), for a file system that is soon full.
  case mount
  /// `prlimit`.
  case limits
  /// A bound on addresses or on the size of files that the program can keep: sanitizers reserve
  /// terabytes for their notes, and have files of their own.
  case addresses
  /// A C compiler, for a library that makes reads fail.
  case compiler
  /// A program that was built to read zstd, with the trait `ZSTD`.
  case zstandard
  /// A program that was built without the trait `ZSTD`.
  case noZstandard

  /// Whether this machine offers it.
  var isMet: Bool {
    switch self {
    case .nothing: true
    case .permissions: geteuid() != 0 || Self.works(["setpriv"] + Self.withoutPrivilege + ["true"])
    case .mount: Self.works(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"])
    case .compiler: ReadError.library != nil
    case .zstandard: Self.readsZstandard
    case .noZstandard: !Self.readsZstandard
    case .limits: Self.works(["prlimit", "--nofile=64", "true"])
    case .addresses:
      ProcessInfo.processInfo.environment["POSTERN_SANITIZER"] == nil && Need.limits.isMet
    }
  }

  /// Whether the program that the tests run is linked with libzstd, whatever they are built with.
  private static let readsZstandard: Bool = {
    let path = URL(filePath: Program.path("postern"))
    let program = try? Data(contentsOf: path, options: .alwaysMapped)
    return program?.range(of: Data("ZSTD_createDStream".utf8)) != nil
  }()

  /// Options of `setpriv` that let permissions count for root too.
  static let withoutPrivilege = ["--bounding-set=-dac_override,-dac_read_search"]

  private static func works(_ command: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
