import Foundation

/// The forms by kind.
enum ShapeTable {
  static let all: [Shape] =
    missing + booleans + times + ids + headers + encodings + containers + labels + foreign

  private static let login = "LoginHistory.csv"
  private static let users = "User.csv"
  private static let formColumns = [
    "ContactId", "ExpirationDate", "PermissionSetGroupId", "ProfileId", "AuthMethodReference",
    "AuthContextClassRef", "LoginSubType", "CountryIso", "LoginHistoryId",
  ]

  /// Words for nothing, in all columns that can't have them as values.
  static let missing: [Shape] =
    [
      "null", "NULL", "Null", "None", "\\N", "nan", "NaN", "NaT", "<NA>", "(null)", "#N/A", " ",
      "\u{A0}",
    ].map { word in
      Shape("\(word) for nothing", .right) { org in
        var result = org
        for (name, export) in org.exports {
          result.exports[name] = export.changing(formColumns) { $0.isEmpty ? word : $0 }
        }
        return result
      }
    } + [
      Shape("null for a status", .said("do not tell whether they succeeded")) { org in
        org.changing(login) { $0.changing(["Status"]) { $0 == "Success" ? "null" : $0 } }
      },
      Shape("a status in another language", .said("do not tell whether they succeeded")) { org in
        org.changing(login) { $0.changing(["Status"]) { $0 == "Success" ? "Erfolg" : $0 } }
      },
      Shape("zeros for no Id", .right) { org in
        org.changing(users) {
          $0.changing(["ContactId"]) { $0.isEmpty ? "000000000000000AAA" : $0 }
        }
        .changing("PermissionSetAssignment.csv") {
          $0.changing(["PermissionSetGroupId"]) { $0.isEmpty ? "000000000000000" : $0 }
        }
      },
    ]

  static let booleans: [Shape] =
    [
      ("TRUE", "FALSE"), ("True", "False"), ("t", "f"), ("1", "0"), ("1.0", "0.0"), ("Y", "N"),
      ("yes", "no"), ("x", ""), ("WAHR", "FALSCH"), ("VRAI", "FAUX"), ("VERDADERO", "FALSO"),
      ("VERO", "FALSO"), ("VERDADEIRO", "FALSO"), ("WAAR", "ONWAAR"), ("Checked", "Not Checked"),
      ("ИСТИНА", "ЛОЖЬ"), ("Ja", "Nein"), ("-1", "0"), ("✓", "✗"),
    ].map { yes, no in
      Shape("booleans as \(yes) and \(no)", .right) { $0.changingBooleans { $0 ? yes : no } }
    } + [
      Shape("booleans of no pair", .said("cannot be read")) {
        $0.changingBooleans { $0 ? "affirmative" : "negative" }
      },
      Shape("one value of another pair", .said("IsActive")) { org in
        org.changing(users) { export in
          var result = export
          if let column = export.column("IsActive") { result.rows[3][column] = "maybe" }
          return result
        }
      },
    ]

  // MARK: Times

  /// The login times in another form; of the form `2026-03-01T00:28:45.000+0000` before.
  private static func times(
    _ name: String, _ rule: Shape.Rule = .right, options: [String] = [],
    _ form: @escaping @Sendable (_ date: [Substring], _ clock: [Substring]) -> String
  ) -> Shape {
    Shape("times as \(name)", rule, options: options) { org in
      org.changing(login) { export in
        export.changing(["LoginTime"]) { text in
          let parts = text.split(separator: "T")
          return form(parts[0].split(separator: "-"), parts[1].prefix(8).split(separator: ":"))
        }
      }
    }
  }

  private static func joined(_ parts: [Substring], _ separator: String) -> String {
    parts.joined(separator: separator)
  }

  /// A twelve-hour clock with words before or behind it.
  private static func twelve(_ clock: [Substring], _ words: (String, String), before: Bool = false)
    -> String
  {
    let hour = Int(clock[0]) ?? 0
    let word = hour < 12 ? words.0 : words.1
    let time = "\(hour % 12 == 0 ? 12 : hour % 12):\(clock[1]):\(clock[2])"
    return before ? "\(word)\(time)" : "\(time)\u{202F}\(word)"
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  static let times: [Shape] =
    [
      "+00", "+0000", "+00:00", " +00", " +0000", " +00:00", "Z", " Z", " UTC", " GMT", ".5Z",
      ".000+00",
      ".000000 UTC", ".123456789Z",
    ].map { zone in
      times("a date and a time with \(zone) behind") {
        "\(joined($0, "-")) \(joined($1, ":"))\(zone)"
      }
    } + [
      times("a date with T and +00") { "\(joined($0, "-"))T\(joined($1, ":")).000+00" },
      times("a time with the zone stated", options: ["--time-zone", "UTC"]) {
        "\(joined($0, "-")) \(joined($1, ":"))"
      },
      times("a time without zone", .said("--time-zone")) {
        "\(joined($0, "-")) \(joined($1, ":"))"
      },
      times("the event log's compact form") { joined($0, "") + joined($1, "") + ".0" },
      times("RFC 1123 without its day") {
        "\($0[2]) \(months[(Int($0[1]) ?? 1) - 1]) \($0[0]) \(joined($1, ":")) GMT"
      },
      times("a Finnish time", options: ["--time-zone", "UTC"]) {
        "\(Int($0[2]) ?? 0).\(Int($0[1]) ?? 0).\($0[0]) klo \(joined($1, "."))"
      },
      times("a Japanese date", options: ["--time-zone", "UTC"]) {
        "\($0[0])年\(Int($0[1]) ?? 0)月\(Int($0[2]) ?? 0)日 \(joined($1, ":"))"
      },
      times("a month before the day", options: ["--time-zone", "UTC", "--date-order", "mdy"]) {
        "\($0[1])/\($0[2])/\($0[0]), " + twelve($1, ("AM", "PM"))
      },
      times("a Canadian time", options: ["--time-zone", "UTC"]) {
        "\(joined($0, "-")), " + twelve($1, ("a.m.", "p.m."))
      },
      times("a Spanish time", options: ["--time-zone", "UTC", "--date-order", "dmy"]) {
        "\($0[2])/\($0[1])/\($0[0]) " + twelve($1, ("a.\u{A0}m.", "p.\u{A0}m."))
      },
      times("a Korean time", options: ["--time-zone", "UTC"]) {
        "\($0[0]). \(Int($0[1]) ?? 0). \(Int($0[2]) ?? 0). "
          + twelve($1, ("오전 ", "오후 "), before: true)
      },
      times("a Chinese time", options: ["--time-zone", "UTC"]) {
        "\(joined($0, "/")) " + twelve($1, ("上午", "下午"), before: true)
      },
      times("a word that is no day period", .said("rejected"), options: ["--time-zone", "UTC"]) {
        "\(joined($0, "-")) \(joined($1, ":")) xyz"
      },
      times("a zone that contradicts", .said("rejected"), options: ["--time-zone", "UTC"]) {
        "\(joined($0, "-")) \(joined($1, ":")) PST"
      },
      times("a date alone", .said("rejected"), options: ["--time-zone", "UTC"]) { date, _ in
        joined(date, "-")
      },
      epoch("seconds", 1, .right), epoch("milliseconds", 1_000, .right),
      epoch("microseconds", 1_000_000, .right),
      Shape("numbers among times", .said("rejected")) { org in
        org.changing(login) { export in
          var result = export
          if let column = export.column("LoginTime") { result.rows[5][column] = "1772325000" }
          return result
        }
      },
      Shape("dates of snapshots in the Data Export Service's form", .right) { org in
        org.changing(users) {
          $0.changing(["CreatedDate", "LastPasswordChangeDate"]) {
            String($0.prefix(19)).replacingOccurrences(of: "T", with: " ")
          }
        }
      },
      Shape("dates of snapshots that cannot be read", .said("CreatedDate")) { org in
        org.changing(users) { $0.changing(["CreatedDate"]) { _ in "last spring" } }
      },
      times("a year of another calendar", .said("rejected"), options: ["--time-zone", "UTC"]) {
        "\((Int($0[0]) ?? 0) + 543)-\($0[1])-\($0[2]) \(joined($1, ":"))"
      },
      Shape("an expiry that stands for nothing", .said("ExpirationDate")) { org in
        org.changing("PermissionSetAssignment.csv") {
          $0.changing(["ExpirationDate"]) { $0.isEmpty ? "1900-01-01T00:00:00.000Z" : $0 }
        }
      },
      Shape("an expiry that stands for never", .right) { org in
        org.changing("PermissionSetAssignment.csv") {
          $0.changing(["ExpirationDate"]) { $0.isEmpty ? "9999-12-31T23:59:59.000Z" : $0 }
        }
      },
      Shape("an expiry that cannot be read", .said("ExpirationDate")) { org in
        org.changing("PermissionSetAssignment.csv") {
          $0.changing(["ExpirationDate"]) { _ in "soon" }
        }
      },
    ]

  private static func epoch(_ name: String, _ factor: Int, _ rule: Shape.Rule) -> Shape {
    Shape("times as \(name) since 1970", rule) { org in
      org.changing(login) { export in
        export.changing(["LoginTime"]) { text in
          let format = ISO8601DateFormatter()
          let date =
            format.date(from: String(text.prefix(19)) + "Z") ?? Date(timeIntervalSince1970: 0)
          return String(Int(date.timeIntervalSince1970) * factor)
        }
      }
    }
  }

  // MARK: Ids

  private static let idColumns = [
    "Id", "UserId", "LoginHistoryId", "ProfileId", "AssigneeId", "PermissionSetId",
    "PermissionSetGroupId", "ContactId",
  ]

  /// Ids of 15 characters in small letters, which cannot be restored.
  private static func lostCase(
    _ file: String, _ column: String, _ rule: Shape.Rule = .said("lost the case")
  ) -> Shape {
    Shape("\(column) of 15 small letters in \(file)", rule) { org in
      org.changing(file) { $0.changing([column]) { $0.prefix(15).lowercased() } }
    }
  }

  static let ids: [Shape] =
    [
      ("in small letters", { @Sendable (text: String) in text.lowercased() }),
      ("in capitals", { @Sendable (text: String) in text.uppercased() }),
      ("with a guard", { @Sendable (text: String) in text.isEmpty ? text : "=\"\(text)\"" }),
      ("with blanks around", { @Sendable (text: String) in "  \(text) " }),
      ("of 15 characters", { @Sendable (text: String) in String(text.prefix(15)) }),
    ].map { name, form in
      Shape("Ids \(name)", .right) { org in
        var result = org
        for (file, export) in org.exports {
          result.exports[file] = export.changing(idColumns, form)
        }
        return result
      }
    } + [
      lostCase("LoginHistory.csv", "Id", .said("invalid_id")),
      lostCase("LoginHistory.csv", "UserId"),
      lostCase("VerificationHistory.csv", "LoginHistoryId", .said("invalid_id")),
      lostCase("VerificationHistory.csv", "UserId"),
      lostCase("LoginEvent.csv", "LoginHistoryId"),
      lostCase("User.csv", "Id"),
      lostCase("PermissionSet.csv", "Id"),
      lostCase("PermissionSetAssignment.csv", "AssigneeId"),
      lostCase("PermissionSetAssignment.csv", "PermissionSetId"),
      lostCase("TwoFactorMethodsInfo.csv", "UserId"),
      Shape("login Ids of 15 characters in capitals", .said("invalid_id")) { org in
        org.changing("VerificationHistory.csv") {
          $0.changing(["LoginHistoryId"]) { $0.prefix(15).uppercased() }
        }
      },
      Shape("all Ids of 15 characters in small letters", .said("invalid_id")) { org in
        var result = org
        for (file, export) in org.exports {
          result.exports[file] = export.changing(idColumns) { $0.prefix(15).lowercased() }
        }
        return result
      },
      Shape("frozen users of 15 characters in small letters", .said("UserLogin.csv")) { org in
        let users = org.exports[users]?.rows.map { $0[0].prefix(15).lowercased() } ?? []
        var result = org
        result.exports["UserLogin.csv"] = Export(
          (["Id,UserId,IsFrozen"] + users.map { "0YwHn0000000001,\($0),false" }).joined(
            separator: "\n"))
        return result
      },
      Shape("a user whose check characters contradict", .said("rejected")) { org in
        org.changing(login) { export in
          var result = export
          if let column = export.column("UserId") {
            result.rows[2][column] = result.rows[2][column].prefix(15) + "ZZZ"
          }
          return result
        }
      },
    ]
}
