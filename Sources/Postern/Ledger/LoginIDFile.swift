import Accounts
import Configuration
import Platform
import SalesforceExports

/// Login Ids as a file, so that parts of a history which are folded apart can settle which of them
/// counts a row that two have.
///
/// Lines of text, in the order of bytes:
///
/// ```
/// columns TAB count TAB names      used columns of the richest login file
/// 13 characters TAB pairs          Ids that share their first 13 characters: the last two of each
/// = digits                         an Id of another form, its UTF-8 in hexadecimal
/// ```
enum LoginIDFile {
  private static let tab = UInt8(ascii: "\t")

  /// Writes the ids of a set.
  ///
  /// - Throws: ``OutputError``.
  /// - Complexity: O(*n* log *n*).
  static func write(
    _ ids: LoginIDSet, columns: LoginColumnSet?, to path: String
  ) throws(OutputError) {
    let file = try OutputFile(path: path)
    if let columns {
      try file.writeLine(Array("columns\t\(columns.count)\t\(columns.text)".utf8))
    }
    let endings = (0..<UInt32(1 << 12)).map {
      SalesforceID(high: 0, low: $0).characters.suffix(2)
    }
    let contents = ids.contents()
    for page in contents.pages {
      var line = Array(SalesforceID(high: page.high, low: page.page << 12).characters.prefix(13))
      line.append(tab)
      for code in page.codes { line += endings[Int(code)] }
      try file.writeLine(line)
    }
    for text in contents.verbatim.keys.sorted() {
      try file.writeLine(Array("=\(Hexadecimal.text(text.string.utf8))".utf8))
    }
    try file.finish()
  }

  /// Reads what ``write(_:columns:to:)`` wrote, with or without the columns.
  ///
  /// - Throws: ``UsageError`` for a file that cannot be read, and for anything else in it.
  /// - Complexity: O(*n*).
  static func read(_ path: String) throws(UsageError) -> LoginIDSet {
    let bytes: [UInt8]
    do throws(FileContents.Failure) {
      bytes = try FileContents.read(path, byteBound: 1 << 36)
    } catch {
      throw UsageError("--known-ids \(path): \(error.detail)")
    }
    let ids = LoginIDSet()
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if line.isEmpty && line.endIndex == bytes.endIndex { continue }
      if number == 1, line.starts(with: "columns\t".utf8) { continue }
      guard add(line, to: ids) else {
        throw UsageError("--known-ids \(path): line \(number) is not as --ids writes it")
      }
    }
    return ids
  }

  /// Adds what a line holds; tells whether it has a line's form.
  private static func add(_ line: ArraySlice<UInt8>, to ids: LoginIDSet) -> Bool {
    if line.first == UInt8(ascii: "=") {
      guard let text = text(hexadecimal: line.dropFirst()) else { return false }
      _ = ids.insert(verbatim: text)
      return true
    }
    let pairs = line.dropFirst(14)
    guard line.count >= 16, line[line.startIndex + 13] == tab, pairs.count.isMultiple(of: 2) else {
      return false
    }
    var found: [SalesforceID] = []
    found.reserveCapacity(pairs.count / 2)
    let shared = line.prefix(13)
    for start in stride(from: pairs.startIndex, to: pairs.endIndex, by: 2) {
      let text = shared + pairs[start..<(start + 2)]
      guard let id = SalesforceID(String(decoding: text, as: UTF8.self)) else { return false }
      found.append(id)
    }
    ids.insert(count: found.count) {
      found[$0]
    } markCopy: { _ in
    }
    return true
  }

  private static func text(hexadecimal digits: ArraySlice<UInt8>) -> String? {
    guard !digits.isEmpty, let bytes = Hexadecimal.bytes(digits) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
