import Decompression
import Delimited
import Foundation
import SalesforceExports

/// Generated exports that all benchmarks read, made once per run of the benchmarks.
struct Exports: @unchecked Sendable {
  // Unchecked: the bytes are written once, before anybody reads them, and live as long as the process.

  /// Rows of the login history.
  let rowCount: Int
  /// The folder with all exports.
  let folder: String
  /// The login history, plain, with readable bytes before and behind it.
  let base: UnsafePointer<UInt8>
  /// Bytes of the login history.
  let byteCount: Int
  /// The header row of the login history.
  let headerBytes: [UInt8]
  /// Columns of the login history.
  let columns: LoginColumns

  /// The path of the login history.
  var loginPath: String { folder + "/LoginHistory.csv.gz" }
  /// The path of the verification history.
  var verificationPath: String { folder + "/VerificationHistory.csv.gz" }

  /// Paths of the snapshots of users and permissions.
  var snapshotPaths: [String] {
    let others = ["LoginHistory", "VerificationHistory", "truth"]
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { name in !others.contains { name.hasPrefix($0) } }.sorted()
      .map { folder + "/" + $0 }
  }

  /// When a scan of them would be made.
  let evaluationTime = Instant(milliseconds: 1_788_220_800_000)

  /// The exports of this run.
  static let shared = Exports()

  /// Bytes around the rows that kernels may read.
  private static let paddingByteCount = 64

  private init() {
    let environment = ProcessInfo.processInfo.environment
    rowCount = environment["POSTERN_ROWS"].flatMap(Int.init) ?? 200_000
    folder = Self.generate(rows: rowCount, program: environment["POSTERN_SYNTH"])
    let plain = Self.inflate(folder + "/LoginHistory.csv.gz")
    let room = UnsafeMutablePointer<UInt8>.allocate(
      capacity: plain.count + 2 * Self.paddingByteCount)
    room.initialize(repeating: 0, count: plain.count + 2 * Self.paddingByteCount)
    (room + Self.paddingByteCount).update(from: plain, count: plain.count)
    base = UnsafePointer(room + Self.paddingByteCount)
    byteCount = plain.count
    headerBytes = Array(plain.prefix { $0 != UInt8(ascii: "\n") })
    let names = String(decoding: headerBytes, as: UTF8.self).split(separator: ",")
      .map { $0.trimmingCharacters(in: ["\""]) }
    columns = LoginColumns(kind: .loginHistory, header: ColumnNames(names))
  }

  /// Inflates a file whole.
  static func inflate(_ path: String) -> [UInt8] {
    var all: [UInt8] = []
    do throws(DecompressionError) {
      let stream = try ByteStream.open(path: path, limits: InflateLimits())
      let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 << 20, alignment: 16)
      defer { block.deallocate() }
      while true {
        let count = try stream.read(into: block)
        if count == 0 { break }
        all.append(contentsOf: block[..<count])
      }
    } catch {
      fatalError("\(path): \(error)")
    }
    return all
  }

  private static func generate(rows: Int, program: String?) -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let path = program ?? root.appending(path: ".build/release/postern-synth").path
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "postern-stages-\(ProcessInfo.processInfo.processIdentifier)").path
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = [
      folder, "--seed", "1", "--rows", "\(rows)", "--users", "\(max(40, rows / 250))",
      "--days", "180", "--compression", "gzip", "--level", "1", "--quiet",
    ]
    do {
      try process.run()
    } catch {
      fatalError(
        "\(path) cannot be run; build it with swift build -c release --product postern-synth")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { fatalError("postern-synth failed") }
    // Benchmarks end the process without unwinding.
    temporaryFolder = folder
    atexit {
      if let folder = temporaryFolder { try? FileManager.default.removeItem(atPath: folder) }
    }
    return folder
  }
}

/// What is removed when the process ends; written once, before anything is measured.
nonisolated(unsafe) private var temporaryFolder: String?
