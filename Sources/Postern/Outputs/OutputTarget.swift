import Configuration
import Foundation
import Platform

/// One `-o FORMAT[:PATH]` of a verb with forms of its own.
package struct OutputTarget<Format>: Sendable, Equatable
where Format: RawRepresentable & CaseIterable & Sendable & Equatable, Format.RawValue == String {
  /// The form.
  package let format: Format
  /// Where to write; `nil` is standard output.
  package let path: String?

  /// Makes a target.
  package init(format: Format, path: String?) {
    self.format = format
    self.path = path
  }

  /// Reads `FORMAT` or `FORMAT:PATH`; `-` is standard output.
  ///
  /// - Throws: ``UsageError`` for a format that the verb does not write.
  package init(_ text: String) throws(UsageError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let format = Format(rawValue: String(parts[0])) else {
      let names = Format.allCases.map(\.rawValue)
      let nearest = NameSuggestion.nearest(to: String(parts[0]), among: names)
      throw UsageError(
        "output format \(parts[0]) is not one of " + names.joined(separator: ", ")
          + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }
    let path = parts.count == 2 ? String(parts[1]) : "-"
    guard !path.isEmpty else { throw UsageError("-o \(text): a path is missing after the colon") }
    self.init(format: format, path: path == "-" ? nil : path)
  }

  /// The text of the file that is replaced; empty where there is none, or none that is small.
  var replacedText: String {
    guard let path, let status = FileStatus(path: path), status.kind == .regular,
      status.byteCount < 1 << 20,
      let bytes = try? FileContents.read(path)
    else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads all values of the option.
  ///
  /// - Throws: ``UsageError``, also when more than one would write to standard output.
  package static func all(_ texts: [String]) throws(UsageError) -> [Self] {
    var targets: [Self] = []
    for text in texts { targets.append(try Self(text)) }
    if targets.filter({ $0.path == nil }).count > 1 {
      throw UsageError("only one -o can write to standard output")
    }
    return targets
  }
}
