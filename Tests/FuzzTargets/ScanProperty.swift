import Configuration
import Postern
import Reports
import Results
import SalesforceExports

/// A scan of any files ends with results or a refusal, accounts for every row, and gives the same
/// bytes for any number of workers and any size of blocks; its results can be read back.
enum ScanProperty {
  /// A file of the scan.
  struct File {
    var name: String
    var bytes: [UInt8]
  }

  /// Begins a file: its name follows up to the end of the line.
  private static let separator: UInt8 = 0x1C
  private static let fileBound = 16

  static func check(_ input: inout FuzzInput) throws {
    let settings = ScanSettings(&input)
    let bundle = input.rest()
    var files: [File] = []
    for part in bundle.split(separator: separator).prefix(fileBound) {
      let name = part.prefix { $0 != UInt8(ascii: "\n") }
      files.append(
        File(name: safeName(name, files.count), bytes: Array(part.dropFirst(name.count + 1))))
    }
    try ScanRuns.check(files.map(packed), settings)
  }

  /// A name that stays in its folder: letters, digits, dot, hyphen and underline.
  private static func safeName(_ name: some Collection<UInt8>, _ number: Int) -> String {
    let kept = name.prefix(60).filter { byte in
      switch byte {
      case 0x2D, 0x2E, 0x5F, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: false
      }
    }
    // A number in front keeps names apart.
    return "\(number)-" + String(decoding: kept, as: UTF8.self)
  }

  /// Packs what a name calls packed, so that the fuzzer need not guess checksums.
  private static func packed(_ file: File) -> File {
    guard file.name.hasSuffix(".gz"), !file.bytes.starts(with: [0x1F, 0x8B]) else { return file }
    return File(name: file.name, bytes: storedGzip(file.bytes))
  }

  /// A gzip member whose data is stored as it is.
  private static func storedGzip(_ bytes: [UInt8]) -> [UInt8] {
    func little(_ value: UInt32, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
    var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    var rest = bytes[...]
    repeat {
      let block = rest.prefix(Int(UInt16.max))
      rest = rest.dropFirst(block.count)
      file += [rest.isEmpty ? 1 : 0] + little(UInt32(block.count), 2)
      file += little(~UInt32(block.count), 2) + block
    } while !rest.isEmpty
    return file + little(crc32(of: bytes), 4) + little(UInt32(bytes.count), 4)
  }
}

/// The rows of one export beside sound ones.
enum ExportProperty {
  static func check(_ input: inout FuzzInput) throws {
    let kind = input.choice()
    let settings = ScanSettings(&input)
    let (name, header) = ExportHeaders.all[kind % ExportHeaders.all.count]
    let rows = input.rest()
    var files = [ScanProperty.File(name: name, bytes: Array((header + "\n").utf8) + rows)]
    for (companion, text) in ExportHeaders.companions where companion != name {
      files.append(ScanProperty.File(name: companion, bytes: Array(text.utf8)))
    }
    try ScanRuns.check(files, settings)
  }
}

/// How a scan is run: what the first bytes of an input choose.
struct ScanSettings {
  let workers: Int
  let blockByteCount: Int
  let showsEverything: Bool
  let readsLocalTimes: Bool
  let hasWindow: Bool
  let dropsDuplicates: Bool
  let order: DateOrder?

  init(_ input: inout FuzzInput) {
    let choices = input.choice()
    workers = 1 + choices & 3
    showsEverything = choices & 4 != 0
    readsLocalTimes = choices & 8 == 0
    hasWindow = choices & 16 != 0
    dropsDuplicates = choices & 32 == 0
    order = [nil, .mdy, .dmy, .ymd][choices >> 6]
    blockByteCount = 64 + 4 * input.choice()
  }
}

/// Runs a scan twice and holds one run beside the other.
enum ScanRuns {
  private struct Folders: @unchecked Sendable {
    // Unchecked: targets run one after the other; a test that replays them is serialized.
    let inputs = ScratchFolder()
    let outputs = ScratchFolder()
  }

  private static let folders = Folders()
  private static let zone = try? TimeZoneTable.zone(named: "Europe/Berlin")

  /// What a run left.
  private struct Outcome: Equatable {
    var refusal: String?
    var results: [UInt8] = []
    var rejects: [UInt8] = []
    var exit: Int32 = 0
    var duplicateCount = 0
  }

  /// Checks a scan of some files.
  ///
  /// - Returns: Whether it gave rows.
  @discardableResult
  static func check(_ files: [ScanProperty.File], _ settings: ScanSettings) throws -> Bool {
    var configuration: String?
    for file in files {
      if file.name.hasSuffix("config.yaml") {
        configuration = folders.outputs.write("config.yaml", file.bytes)
      } else {
        folders.inputs.write(file.name, file.bytes)
      }
    }
    defer { for file in files { folders.inputs.remove(file.name) } }
    var options = ScanOptions()
    options.inputs = [folders.inputs.path]
    options.now = Instant(milliseconds: 1_788_220_800_000)
    options.timeZone = settings.readsLocalTimes ? zone : nil
    options.dateOrder = settings.order
    options.dropsDuplicates = settings.dropsDuplicates
    if settings.hasWindow {
      options.since = Instant(milliseconds: 1_772_323_200_000)
      options.until = Instant(milliseconds: 1_775_001_600_000)
    }
    options.version = "0"
    options.rejectsPath = folders.outputs.path + "/rejects.jsonl"
    options.outputs = [OutputTarget(format: .jsonl, path: folders.outputs.path + "/results.jsonl")]
    if let configuration {
      do throws(ConfigurationError) {
        options.configuration = try ConfigurationFile.load(configuration)
      } catch {
        // The target of configurations looks at refusals; here one would only end the run.
      }
    }
    let first = try run(options)
    options.threads = settings.workers
    options.loginBlockByteCount = settings.blockByteCount
    let second = try run(options)
    do throws(FuzzFailure) {
      try compare(first, second)
    } catch {
      // Copies are taken as equal (docs/judgement.md). Of two that contradict each other either may count
      // when several workers read, so then all rows are counted, and must be told alike.
      guard options.dropsDuplicates, first.duplicateCount > 0 else { throw error }
      options.dropsDuplicates = false
      let other = try run(options)
      options.threads = 1
      options.loginBlockByteCount = ScanOptions().loginBlockByteCount
      try compare(try run(options), other)
    }
    guard first.refusal == nil else { return false }
    try FuzzFailure.unless(
      [0, 1, 2, 66].contains(first.exit), "a scan of files ends with \(first.exit)")
    let results = try RenderedResults(Whole(bytes: first.results))
    // Of files that a ledger remembers, the rejected rows were written when they were read.
    let rejected = results.run.inputs.filter { $0.ledger == nil }.reduce(0) { $0 + $1.rejected }
    let written = first.rejects.count { $0 == UInt8(ascii: "\n") }
    try FuzzFailure.unless(written == rejected, "\(written) rejected rows written of \(rejected)")
    if settings.showsEverything {
      try FuzzFailure.unless(
        results.text(.jsonl) == first.results, "results do not give their own bytes back")
    }
    return results.end.rows.analysed > 0
  }

  private static func run(_ options: ScanOptions) throws -> Outcome {
    var outcome = Outcome()
    do {
      let ended = try Scan(options).run()
      outcome.exit = Int32(ended.end.exit)
      outcome.duplicateCount = ended.end.rows.duplicate
      try FuzzFailure.unless(
        ended.end.rows.isBalanced, "rows are not accounted for: \(ended.end.rows)")
      outcome.results = folders.outputs.read("results.jsonl")
      outcome.rejects = folders.outputs.read("rejects.jsonl")
    } catch let error as UsageError {
      outcome.refusal = error.description
    }
    folders.outputs.remove("results.jsonl")
    folders.outputs.remove("rejects.jsonl")
    return outcome
  }

  private static func compare(_ first: Outcome, _ second: Outcome) throws(FuzzFailure) {
    try FuzzFailure.unless(
      first.refusal == second.refusal,
      "refused: \(first.refusal ?? "no"); by other workers: \(second.refusal ?? "no")")
    try FuzzFailure.unless(first.exit == second.exit, "exits \(first.exit) and \(second.exit)")
    try FuzzFailure.unless(first.rejects == second.rejects, "other workers reject other rows")
    let one = withoutTime(first.results)
    let other = withoutTime(second.results)
    guard one != other else { return }
    let place = zip(one, other).enumerated().first { $1.0 != $1.1 }?.offset ?? one.count
    func shown(_ bytes: [UInt8]) -> String {
      String(decoding: bytes.prefix(place + 300).dropFirst(max(0, place - 300)), as: UTF8.self)
    }
    throw FuzzFailure(
      "other workers give other results, from byte \(place):\n\(shown(one))\n---\n\(shown(other))")
  }

  /// Results without what two runs do not share: how long they took, and the number of workers.
  private static func withoutTime(_ results: [UInt8]) -> [UInt8] {
    // The digest covers the other two. `firstRange(of:)`, which is generic, took half of an execution.
    var rest = results[...]
    var kept: [UInt8] = []
    kept.reserveCapacity(results.count)
    // In the order of the end record, which is that of the alphabet.
    for member in ["\"elapsed_seconds\":", "\"records_sha256\":", "\"threads\":"] {
      guard let start = place(of: Array(member.utf8), in: rest) else { continue }
      kept += rest[..<start]
      rest = rest[start...].drop { $0 != 0x2C && $0 != 0x7D }
    }
    return kept + rest
  }

  /// Where the first occurrence of a text begins.
  private static func place(of text: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    bytes.indices.first { bytes[$0] == text[0] && bytes[$0...].starts(with: text) }
  }

  private struct Whole: ResultsSource {
    let bytes: [UInt8]

    func bytes(at byteOffset: Int, count: Int) -> [UInt8] {
      Array(bytes.dropFirst(byteOffset).prefix(count))
    }
  }
}
