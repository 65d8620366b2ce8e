import Foundation
import TestSupport

extension ShapeTable {
  private static let login = "LoginHistory.csv"

  /// Two halves of the logins as one file.
  private static func halves(
    _ export: Export, _ second: (Export) -> String
  ) -> [UInt8] {
    var (one, other) = (export, export)
    one.rows = Array(export.rows.prefix(export.rows.count / 2))
    other.rows = Array(export.rows.dropFirst(export.rows.count / 2))
    return Array((one.text() + second(other)).utf8)
  }

  static let headers: [Shape] = [
    Shape("a second header of other case", .right, file: login) {
      halves($0) { other in
        var other = other
        other.header = other.header.map { $0.uppercased() }
        return other.text()
      }
    },
    Shape("a second header in another order", .right, file: login) {
      halves($0) { $0.reordered(Array($0.header.indices.reversed())).text() }
    },
    Shape("a second header in quotes and another order", .right, file: login) {
      halves($0) {
        $0.reordered(Array($0.header.indices.dropFirst(3)) + [2, 1, 0]).text(quotesAll: true)
      }
    },
    Shape("a second header with one column more", .right, file: login) {
      halves($0) { other in
        var other = other
        other.header.insert("LoginKeyNote", at: 4)
        other.rows = other.rows.map { row in
          var row = row
          row.insert("x", at: 4)
          return row
        }
        return other.text()
      }
    },
    Shape("users appended to logins", .said("begins rows of User"), file: login) { export in
      Array(
        (export.text() + "Id,Username,Name,IsActive\n005Hn0000000001IAA,a@example.com,A,true\n")
          .utf8)
    },
    Shape("rows that lack blank cells at their end", .right, file: login) { export in
      // Columns that are blank in every row go to the end, and are left out of most rows.
      let empty = export.header.indices.filter { column in
        export.rows.allSatisfy { $0[column].isEmpty }
      }
      let order = export.header.indices.filter { !empty.contains($0) } + empty
      let moved = export.reordered(order)
      let lines = moved.text().split(separator: "\n")
      return Array(
        lines.enumerated().map { index, line in
          var line = line
          if index > 2 { while line.hasSuffix(",") { line = line.dropLast() } }
          return line + "\r\n"
        }.joined().utf8)
    },
    Shape("a delimiter at the end of each row", .right, file: login) { export in
      let lines = export.text().split(separator: "\n")
      return Array((lines[0] + "\n" + lines.dropFirst().map { $0 + ",\n" }.joined()).utf8)
    },
    Shape("a delimiter at the end of each line", .right, file: login) { export in
      Array(export.text().split(separator: "\n").map { $0 + ",\n" }.joined().utf8)
    },
    Shape("a line with the delimiter before the header", .right, file: login) {
      Array(("sep=;\r\n" + $0.text(delimiter: ";", lineEnd: "\r\n")).utf8)
    },
    Shape("a mark and a line with the delimiter", .right, file: login) {
      Array(("\u{FEFF}sep=\t\n" + $0.text(delimiter: "\t")).utf8)
    },
    Shape("blanks around the fields of events", .right, file: "LoginEvent.csv") {
      Array($0.text(delimiter: " , ").utf8)
    },
    Shape("users with a header and no rows", .said("no rows"), file: "User.csv") {
      Array(($0.header.joined(separator: ",") + "\n").utf8)
    },
    Shape("grants with a header and no rows", .said("no rows"), file: "PermissionSetAssignment.csv")
    { Array(($0.header.joined(separator: ",") + "\n").utf8) },
    Shape(
      "lines in quotes as a whole", .said("VerificationHistory.csv"),
      file: "VerificationHistory.csv"
    ) { export in Array(export.text().split(separator: "\n").map { "\"\($0)\"\n" }.joined().utf8) },
    Shape("no result", .said("VerificationHistory.csv"), file: "VerificationHistory.csv") { _ in
      Array("Your query returned no results.\n".utf8)
    },
    Shape("a refused token", .said("User.csv"), file: "User.csv") { _ in
      Array("Bad_OAuth_Token".utf8)
    },
    Shape("a part without header", .said("no header"), file: login) { export in
      Array(export.text().split(separator: "\n").dropFirst().map { $0 + "\n" }.joined().utf8)
    },
  ]

  // MARK: Encodings and containers

  private static func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
    ("\u{FEFF}" + text).utf16.flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return bigEndian ? [high, low] : [low, high]
    }
  }

  static let encodings: [Shape] = [
    Shape("UTF-16 from Windows", .right, file: login) { utf16($0.text(), bigEndian: false) },
    Shape("UTF-16, the high byte first", .right, file: login) { utf16($0.text(), bigEndian: true) },
    Shape("UTF-16 with tabs", .right, file: "User.csv") {
      utf16($0.text(delimiter: "\t", lineEnd: "\r\n"), bigEndian: false)
    },
    Shape("Latin-1", .right, file: login) { export in
      var export = export
      if let column = export.column("LoginUrl") {
        for row in export.rows.indices { export.rows[row][column] = "caf\u{E9}.my.salesforce.com" }
      }
      return export.text().unicodeScalars.map { UInt8($0.value & 0xFF) }
    },
  ]

  /// A tar archive of one file, as `tar --format=ustar` makes it.
  static func tar(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive: [UInt8] = []
    for file in files {
      var block = [UInt8](repeating: 0, count: 512)
      func put(_ text: String, _ place: Int) {
        block.replaceSubrange(place..<(place + text.utf8.count), with: text.utf8)
      }
      put(file.name, 0)
      put("0000644\0", 100)
      put("0000000\0", 108)
      put("0000000\0", 116)
      let size = String(file.bytes.count, radix: 8)
      put(String(repeating: "0", count: 11 - size.count) + size + "\0", 124)
      put("00000000000\0", 136)
      put("        ", 148)
      put("0", 156)
      put("ustar\u{0}00", 257)
      let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
      put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", 148)
      archive += block + file.bytes
      archive += [UInt8](repeating: 0, count: (512 - file.bytes.count % 512) % 512)
    }
    return archive + [UInt8](repeating: 0, count: 1_024)
  }

  static let containers: [Shape] = [
    Shape(wholeTar: "all exports in one tar archive"),
    Shape(beside: "night2.tar", .said("night2.tar")) { org in
      // Cut inside its second file.
      let bytes = Array(org.exports["User.csv"]?.text().utf8 ?? "".utf8)
      return Array(tar([("a.txt", [1, 2, 3]), ("b.csv", bytes)]).prefix(1_600))
    },
    Shape(beside: "night2.csv.zz", .said("zlib")) { _ in [0x78, 0x9C, 0x4B, 0x4C, 0x4A, 0x06, 0x00]
    },
    Shape(beside: "night2.csv.zst", .said("night2.csv.zst")) { _ in
      [0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x00]
    },
    Shape(beside: "night2.csv.xz", .said("xz")) { _ in [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4] },
    Shape(beside: "night2.csv.bz2", .said("bzip2")) { _ in Array("BZh91AY&SY".utf8) + [0, 1, 2] },
    Shape(beside: "night2.parquet", .said("Parquet")) { _ in Array("PAR1".utf8) + [0x15, 0, 0] },
    Shape(beside: "night2.xls", .said("Excel")) { _ in
      [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]
    },
  ]

  // MARK: Labels and silence

  static let labels: [Shape] =
    [
      ("of a database", { @Sendable (name: String) in snake(name) }),
      ("of Log Analytics", { @Sendable (name: String) in snake(name) + "_s" }),
      ("in capitals", { @Sendable (name: String) in name.uppercased() }),
      (
        "as labels",
        { @Sendable (name: String) in snake(name).replacingOccurrences(of: "_", with: " ") }
      ),
    ].map { name, form in
      Shape("column names \(name)", .right) { org in
        var result = org
        for (file, export) in org.exports {
          var export = export
          export.header = export.header.map(form)
          result.exports[file] = export
        }
        return result
      }
    } + [
      Shape("a zone in the header", .right) { org in
        org.changing(login) { export in
          var export = export.changing(["LoginTime"]) {
            $0.prefix(19).replacingOccurrences(of: "T", with: " ")
          }
          export.header = export.header.map { $0 == "LoginTime" ? "LoginTime [UTC]" : $0 }
          return export
        }
      },
      Shape("names of Identity Verification History", .right) { org in
        org.changing("VerificationHistory.csv") { export in
          let labels = [
            "VerificationTime": "Time", "Policy": "Triggered By", "Activity": "User Activity",
            "VerificationMethod": "Method", "LoginHistoryId": "Login History ID",
            "UserId": "User ID", "SourceIp": "Source IP",
          ]
          var export = export
          export.header = export.header.map { labels[$0] ?? $0 }
          return export
        }
      },
    ]

  private static func snake(_ name: String) -> String {
    var result = ""
    for character in name {
      if character == "." {
        result.append("_")
      } else {
        if character.isUppercase, let last = result.last, last != "_", !last.isUppercase {
          result.append("_")
        }
        result.append(character)
      }
    }
    return result.lowercased()
  }

  static let foreign: [Shape] = [
    Shape(beside: "2026-03-20_LoginHistory.csv", .said("empty")) { _ in [] },
    Shape(beside: "2026-03-20_Login.csv", .said("INVALID_SESSION_ID")) { _ in
      Array(
        "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]".utf8)
    },
    Shape(beside: "2026-03-21_Login.csv", .said("web page")) { _ in
      Array("<!DOCTYPE html><html><head><title>Login | Salesforce</title></head></html>".utf8)
    },
    Shape(beside: "VerificationHistory.json", .said("JSON")) { _ in
      Array(
        ("{\"records\":[{\"Id\":\"0c4Hn0000000001IAA\",\"VerificationTime\":\"2026-03-01T00:00:00Z\","
          + "\"UserId\":\"005Hn00000007qoIAA\",\"Status\":\"Succeeded\"}]}").utf8)
    },
    Shape(beside: "notes.txt", .right) { _ in Array("remember the milk\n".utf8) },
    Shape(beside: "Account.csv", .right) { _ in
      Array("Id,Name,OwnerId\n001Hn0000000001IAA,Acme,005Hn00000007qoIAA\n".utf8)
    },
    Shape(beside: "LoginHistory-copy.csv", .right) {
      Array($0.exports[login]?.text().utf8 ?? "".utf8)
    },
  ]
}

extension Shape {
  /// All files in one archive.
  fileprivate init(wholeTar name: String) {
    self.init(
      name: name, rule: .right,
      write: { org, folder in
        try folder.write(
          "exports.tar",
          ShapeTable.tar(
            org.exports.sorted { $0.key < $1.key }.map {
              ("night/" + $0.key, Array($0.value.text().utf8))
            }))
      })
  }
}
