import Foundation
import TestSupport

/// One export as a table of texts.
struct Export {
  var header: [String]
  var rows: [[String]]

  /// Reads a file that quotes fields only where they need it.
  init(_ text: String) {
    var records: [[String]] = []
    var fields: [String] = []
    var field = ""
    var isInside = false
    for character in text {
      switch character {
      case "\"": isInside.toggle()
      case "," where !isInside:
        fields.append(field)
        field = ""
      case "\n" where !isInside, "\r\n" where !isInside:
        records.append(fields + [field])
        fields = []
        field = ""
      default: field.append(character)
      }
    }
    header = records.first ?? []
    rows = Array(records.dropFirst())
  }

  func column(_ name: String) -> Int? { header.firstIndex(of: name) }

  /// The table with the values of some columns changed.
  func changing(_ names: [String], _ body: (String) -> String) -> Export {
    var result = self
    for name in names {
      guard let column = column(name) else { continue }
      for row in rows.indices { result.rows[row][column] = body(rows[row][column]) }
    }
    return result
  }

  /// The table with its columns in another order.
  func reordered(_ order: [Int]) -> Export {
    var result = self
    result.header = order.map { header[$0] }
    result.rows = rows.map { row in order.map { row[$0] } }
    return result
  }

  /// The file: fields in quotes where they need them, or all.
  func text(delimiter: String = ",", quotesAll: Bool = false, lineEnd: String = "\n") -> String {
    func line(_ fields: [String]) -> String {
      fields.map { field in
        let needsQuotes = quotesAll || field.contains(delimiter) || field.contains("\"")
        return needsQuotes
          ? "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : field
      }.joined(separator: delimiter) + lineEnd
    }
    return ([header] + rows).map(line).joined()
  }
}

/// The exports of one org.
struct Org {
  var exports: [String: Export] = [:]

  /// Columns that hold nothing in some row, by file.
  static let booleans: [String: [String]] = [
    "User.csv": ["IsActive"], "PermissionSetAssignment.csv": ["IsActive", "IsRevoked"],
    "PermissionSet.csv": ["IsOwnedByProfile"],
  ]

  init() throws {
    let folder = try TestFolder()
    try Programs.synthesise(folder.path)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where name.hasSuffix(".csv") {
      exports[name] = Export(try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8))
    }
  }

  func changing(_ name: String, _ body: (Export) -> Export) -> Org {
    var result = self
    if let export = exports[name] { result.exports[name] = body(export) }
    return result
  }

  /// Values of boolean columns in all snapshots, written otherwise.
  func changingBooleans(_ body: (Bool) -> String) -> Org {
    var result = self
    for (name, export) in exports where name != "LoginHistory.csv" {
      let columns = export.header.filter {
        $0.hasPrefix("Permissions") || $0.hasPrefix("Is") || $0.hasPrefix("Has")
      }
      result.exports[name] = export.changing(columns) { body($0 == "true") }
    }
    return result
  }

  /// Writes all files but those that `shape` writes itself.
  func write(to folder: TestFolder, _ form: (String, Export) -> [UInt8]? = { _, _ in nil }) throws {
    for (name, export) in exports {
      try folder.write(name, form(name, export) ?? Array(export.text().utf8))
    }
  }
}
