import Foundation
import TestSupport
import Testing

extension Program {
  static let samples = repository + "/samples"
  static let schemas = repository + "/docs/schemas"

  /// Scans and reads the results back.
  static func scan(_ arguments: [String], input: Data? = nil) throws -> Results {
    let outcome = try run(
      "postern", ["scan"] + arguments + ["--now", "2026-09-01", "-o", "jsonl"], input: input)
    return try Results(outcome)
  }
}

/// Results of a scan, as JSON objects by schema.
struct Results {
  typealias Object = [String: Any]

  let code: Int32
  let errors: String
  let lines: [String]
  let records: [Object]

  init(_ outcome: Program.Outcome) throws {
    code = outcome.code
    errors = outcome.errors
    lines = outcome.text.split(separator: "\n").map(String.init)
    records = try lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? Object)
    }
  }

  func of(_ schema: String) -> [Object] {
    records.filter { ($0["schema"] as? String)?.hasPrefix("postern.\(schema)/") ?? false }
  }

  /// Days by their dates, of columns that count them from a first one.
  static func days(_ columns: Any?) -> [(date: String, counts: [String: Int])] {
    guard let columns = columns as? Object, let from = columns["from"] as? String,
      let days = columns["day"] as? [Int],
      let first = try? Date(from + "T00:00:00Z", strategy: .iso8601)
    else { return [] }
    return days.indices.map { position in
      let date = first.addingTimeInterval(Double(days[position]) * 86_400)
      var counts: [String: Int] = [:]
      for (name, column) in columns where name != "day" {
        counts[name] = (column as? [Int])?[position]
      }
      return (String(date.formatted(.iso8601).prefix(10)), counts)
    }
  }

  var run: Object { of("run").first ?? [:] }
  var end: Object { of("end").first ?? [:] }
  var rows: [String: Int] { end["rows"] as? [String: Int] ?? [:] }
  var accounts: [Object] { of("account") }

  func human(_ index: Int = 0) -> Object {
    guard index < accounts.count, let logins = accounts[index]["logins"] as? Object else {
      return [:]
    }
    return logins["human"] as? Object ?? [:]
  }

  func bases(_ index: Int = 0) -> [String: Int] {
    human(index)["by_basis"] as? [String: Int] ?? [:]
  }

  func findings(_ rule: String) -> [Object] {
    of("finding").filter { ($0["rule"] as? Object)?["id"] as? String == "PST-" + rule }
  }

  /// Everything that must not depend on how the data was stored: no run record, no places.
  var comparable: [String] {
    records.compactMap { record -> String? in
      var record = record
      let schema = record["schema"] as? String
      guard schema == "postern.account/2" || schema == "postern.finding/2" else { return nil }
      let rule = (record["rule"] as? Object)?["id"] as? String ?? ""
      if ["PST-DATA-003", "PST-DATA-005", "PST-DATA-006"].contains(rule) { return nil }
      record["replay"] = nil
      record["evidence"] = (record["evidence"] as? [Object])?.map { row in
        row.filter { $0.key != "file" && $0.key != "line" }
      }
      guard let data = try? JSONSerialization.data(withJSONObject: record, options: .sortedKeys)
      else { return nil }
      return String(decoding: data, as: UTF8.self)
    }
  }
}
