/// What a fuzzer throws bytes at: each target makes an input out of any bytes, has it read, and says
/// what must hold of the outcome whatever the bytes were.
///
/// The fuzzer of `Tests/Fuzz` and the tests that replay seeds and past failures run the same code.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// A gzip file, beside zlib's own reading of it.
  case gzip
  /// A zip archive.
  case zip
  /// Delimited text: the fast reader beside the reference reader, at every border of blocks.
  case records
  /// The rows of one export, whose kind the first byte chooses, scanned beside sound exports.
  case exports
  /// A configuration in YAML.
  case configuration
  /// Saved results, read back, compared and shown in every form.
  case results
  /// The content of a ledger, behind checksums that fit it.
  case ledger
  /// A whole scan: several files, plain or packed, and a configuration.
  case scan

  /// Runs the target on bytes that may be anything.
  ///
  /// - Throws: ``FuzzFailure`` when something does not hold that must; what cannot be thrown, such as
  ///   a trap or a bad access, ends the process.
  public func run(_ bytes: [UInt8]) throws(FuzzFailure) {
    var input = FuzzInput(bytes)
    do {
      switch self {
      case .gzip: try GzipProperty.check(&input)
      case .zip: try ZipProperty.check(&input)
      case .records: try RecordProperty.check(&input)
      case .exports: try ExportProperty.check(&input)
      case .configuration: try ConfigurationProperty.check(&input)
      case .results: try ResultsProperty.check(&input)
      case .ledger: try LedgerProperty.check(&input)
      case .scan: try ScanProperty.check(&input)
      }
    } catch let failure as FuzzFailure {
      throw failure
    } catch {
      throw FuzzFailure("an error that nothing announces: \(error)")
    }
  }
}

/// Something does not hold that must hold for any bytes.
public struct FuzzFailure: Error, CustomStringConvertible {
  /// What does not hold.
  public let description: String

  init(_ description: String) { self.description = description }

  /// Requires that something holds.
  static func unless(
    _ holds: Bool, _ description: @autoclosure () -> String
  ) throws(FuzzFailure) {
    if !holds { throw FuzzFailure(description()) }
  }
}

/// The bytes of one execution: a few that choose how to run, and the rest that is read.
struct FuzzInput {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  /// The next byte that chooses something; 0 when there is none.
  mutating func choice() -> Int { Int(bytes.popFirst() ?? 0) }

  /// All that is left.
  mutating func rest() -> [UInt8] {
    defer { bytes = [] }
    return Array(bytes)
  }
}
