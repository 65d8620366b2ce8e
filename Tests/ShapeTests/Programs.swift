import Foundation
import TestSupport
import Testing

/// What a scan answers, reduced to what must be the same for one org in every dress.
struct Answer {
  let exit: Int32
  /// Accounts with classes, verdicts and counts; findings but those about files.
  let statements: Set<String>
  /// All that was said to a person.
  let text: String
  /// Logins that are said to have had no MFA.
  let absentCount: Int
}

/// The built programs.
enum Programs {
  /// Writes the exports of a synthetic org.
  static func synthesise(_ folder: String) throws {
    let ended = try Program.run(
      "postern-synth",
      [
        folder, "--seed", "17", "--rows", "600", "--users", "40", "--days", "12", "--dialect",
        "rest", "--events", "login-event,logout", "--quiet",
      ])
    try #require(ended.code == 0, "\(ended.errors)")
  }

  static func scan(_ input: String, _ options: [String]) throws -> Answer {
    let ended = try Program.run(
      "postern", ["scan", input, "--now", "2026-06-01", "-o", "jsonl"] + options)
    var statements: Set<String> = []
    var absentCount = 0
    for line in String(decoding: ended.output, as: UTF8.self).split(separator: "\n") {
      guard
        let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let schema = record["schema"] as? String
      else { continue }
      if schema.hasPrefix("postern.account/") {
        statements.insert(account(record))
        absentCount += self.absentCount(record)
      }
      if schema.hasPrefix("postern.finding/"), let text = finding(record) {
        statements.insert(text)
      }
    }
    return Answer(
      exit: ended.code, statements: statements, text: ended.errors, absentCount: absentCount)
  }

  private static func absentCount(_ record: [String: Any]) -> Int {
    let logins = record["logins"] as? [String: Any]
    return (logins?["human"] as? [String: Any])?["mfa_absent"] as? Int ?? 0
  }

  private static func account(_ record: [String: Any]) -> String {
    let account = record["account"] as? [String: Any] ?? [:]
    let logins = record["logins"] as? [String: Any] ?? [:]
    let human = logins["human"] as? [String: Any] ?? [:]
    let api = logins["api"] as? [String: Any] ?? [:]
    let values: [Any?] = [
      account["username"], account["class"], account["class_confidence"],
      (record["first_login"] as? String)?.prefix(19), (record["last_login"] as? String)?.prefix(19),
      logins["total"], logins["failed"], api["attempted"], human["succeeded"],
      human["mfa_proven"], human["mfa_absent"], human["mfa_unknown"],
    ]
    return "account " + values.map { "\($0 ?? "")" }.joined(separator: " | ")
  }

  private static func finding(_ record: [String: Any]) -> String? {
    let rule = (record["rule"] as? [String: Any])?["id"] as? String ?? ""
    // What is told of files differs where files do.
    guard !rule.hasPrefix("PST-DATA") else { return nil }
    let account = (record["account"] as? [String: Any])?["username"]
    let values: [Any?] = [
      rule, record["severity"], record["status"], account, record["evidence_total"],
    ]
    return "finding " + values.map { "\($0 ?? "")" }.joined(separator: " | ")
  }
}
