/// Why the bytes of a file cannot be had, or not all of them.
package struct DecompressionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Kind of a failure.
  package enum Code: String, Hashable, Sendable {
    /// The file cannot be opened or read.
    case unreadable
    /// The file ends inside a gzip member or an entry.
    case truncated
    /// The compressed data or a header means nothing.
    case corrupt
    /// What was inflated is not what was compressed, by its checksum or its size.
    case checksumMismatch
    /// Other bytes come after the last gzip member or the data of an entry.
    case trailingGarbage
    /// The data inflates to more than the limits allow.
    case overLimit
    /// An entry is encrypted.
    case encrypted
    /// An entry of a zip archive is itself a zip archive or a gzip file.
    case nestedArchive
    /// The data is compressed or archived in a way that is not read here.
    case unsupportedMethod
    /// A zip archive holds no files.
    case emptyArchive
    /// A zip archive comes through a pipe, where its directory cannot be reached.
    case zipOnPipe
    /// A zip archive has no usable directory.
    case damagedArchive
  }

  /// What is wrong, to match on.
  package let code: Code
  /// The file, as it was named.
  package let path: String
  /// The entry of the zip archive; `nil` when the failure is the file's.
  package let entry: String?
  /// How many bytes of the file, as stored, lie before the failure.
  package let compressedOffset: UInt64
  /// What was found and what to do about it, as half a sentence.
  package let detail: String

  /// The detail, with the place where a read failed.
  package var placedDetail: String {
    code == .unreadable && compressedOffset > 0
      ? "\(detail) (at compressed byte \(compressedOffset))" : detail
  }

  /// `path: detail (at compressed byte N)`; `path!entry: detail …` for an entry.
  package var description: String {
    let place = entry.map { "\(path)!\($0)" } ?? path
    return "\(place): \(detail) (at compressed byte \(compressedOffset))"
  }
}

/// The file or entry that failures are reported of.
struct FailurePlace: Sendable {
  let path: String
  let entry: String?

  init(path: String, entry: String? = nil) {
    self.path = path
    self.entry = entry
  }

  func failure(
    _ code: DecompressionError.Code, at offset: UInt64, _ detail: String
  ) -> DecompressionError {
    DecompressionError(
      code: code, path: path, entry: entry, compressedOffset: offset, detail: detail)
  }
}
