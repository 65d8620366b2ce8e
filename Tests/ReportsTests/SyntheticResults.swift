import Foundation
import Reports
import Testing

/// Results of any size and with any texts, made from the records of the samples.
struct SyntheticResults {
  /// Accounts, each with a finding that fails and one that cannot be told.
  var accounts = 3
  /// Text that stands wherever an export's text can stand; `nil` leaves the samples' own.
  var foreignText: String?
  /// Why the run is incomplete.
  var incompleteReasons: [String] = []
  /// Suppression of the findings that fail.
  var suppression: JSONValue = .null
  /// Rules that could not run.
  var notRun: [String] = []

  private typealias Members = [String: JSONValue]

  func document() throws -> ResultsDocument { try SampleResults.document(try lines()) }

  func lines() throws -> [String] {
    let samples = try SampleResults.lines()
    let account = try Self.sample(samples, "\"class\":\"integration\"", schema: "account")
    let fail = try Self.sample(samples, "\"PST-MFA-003\"", schema: "finding")
    let unknown = try Self.sample(samples, "\"PST-MFA-004\"", schema: "finding")
    // The records of one account are made once; all others differ in a few places.
    let keyMark = Self.key(0)
    let idMarks = [Self.findingID(0, "0"), Self.findingID(0, "1")]
    let accountParts = text(self.account(account, keyMark, idMarks), "account")
    let findingParts = zip([fail, unknown], idMarks).map {
      text(finding($0, keyMark, $1), "finding")
    }
    var accountLines: [String] = []
    var findingLines: [(id: String, line: String)] = []
    for number in 0..<accounts {
      func placed(_ line: String) -> String {
        var line = line.replacingOccurrences(of: keyMark, with: Self.key(number))
        line = line.replacingOccurrences(of: "user.0@", with: "user.\(number)@")
        for (mark, kind) in zip(idMarks, ["0", "1"]) {
          line = line.replacingOccurrences(of: mark, with: Self.findingID(number, kind))
        }
        return line
      }
      accountLines.append(placed(accountParts))
      for (line, kind) in zip(findingParts, ["0", "1"]) {
        findingLines.append((Self.findingID(number, kind), placed(line)))
      }
    }
    return [text(try run(samples[0]), "run")] + accountLines
      + findingLines.sorted { $0.id < $1.id }.map(\.line)
      + [end()]
  }

  // MARK: Records

  private func run(_ line: String) throws -> Members {
    var run = try Self.members(line)
    if let foreignText, case .array(let inputs) = run["inputs"] {
      run["inputs"] = .array(
        inputs.map { input in
          guard case .object(var members) = input else { return input }
          members["name"] = .string(foreignText)
          members["problem"] = .string(foreignText)
          members["columns_missing"] = .array([.string(foreignText)])
          return .object(members)
        })
      run["arguments"] = .array([.string(foreignText)])
      run["ignored"] = .array([
        .object(["name": .string(foreignText), "reason": .string(foreignText)])
      ])
    }
    if case .array(let rules) = run["rules"] {
      run["rules"] = .array(
        rules.map { rule in
          guard case .object(var members) = rule, case .string(let id) = members["id"],
            notRun.contains(id)
          else { return rule }
          members["state"] = .string("not_run")
          members["missing"] = .array([.string("User")])
          return .object(members)
        })
    }
    return run
  }

  private func account(_ template: Members, _ key: String, _ ids: [String]) -> Members {
    var record = template
    record["findings"] = .array(ids.map(JSONValue.string))
    if accounts > 100, case .object(var activity) = record["activity"],
      case .array(let days) = activity["daily"]
    {
      // Days are most of a record and nothing of a page.
      activity["daily"] = .array(Array(days.prefix(2)))
      record["activity"] = .object(activity)
    }
    guard case .object(var account) = record["account"] else { return record }
    account["id"] = .string(key)
    account["key"] = .string(key)
    account["username"] = .string("integration.user.0@example.com")
    if let foreignText {
      for name in ["username", "name", "license", "profile", "user_type"] {
        account[name] = .string(foreignText)
      }
      account["class_reasons"] = .array([.string(foreignText)])
      account["privileges"] = .array([
        .object(["name": .string(foreignText), "via": .string(foreignText)])
      ])
      record["values"] = foreign(record["values"], foreignText)
      record["api_traffic"] = foreignCounts(record["api_traffic"], foreignText)
      record["api_requests"] = foreignRequests(foreignText)
    }
    record["account"] = .object(account)
    return record
  }

  /// The first use of each kind gets the text.
  private func foreign(_ values: JSONValue?, _ text: String) -> JSONValue {
    guard case .object(var members) = values else { return .null }
    for name in ["address", "application", "api_version"] {
      guard case .array(var uses) = members[name], case .object(var use) = uses.first else {
        continue
      }
      use["value"] = .string(text)
      uses[0] = .object(use)
      members[name] = .array(uses)
    }
    return .object(members)
  }

  private func foreignCounts(_ traffic: JSONValue?, _ text: String) -> JSONValue {
    guard case .object(var members) = traffic else { return .null }
    for name in ["by_application", "by_api_type", "by_api_version"] {
      members[name] = .object([text: .int(5)])
    }
    return .object(members)
  }

  private func foreignRequests(_ text: String) -> JSONValue {
    var members: Members = [
      "total": .int(5), "daily": .array([]),
      "counts_against_limit": .object(["yes": .int(5), "no": .int(0), "unknown": .int(0)]),
    ]
    for name in ["by_family", "by_version", "by_application", "by_status", "by_source"] {
      members[name] = .object([text: .int(5)])
    }
    return .object(members)
  }

  private func finding(_ template: Members, _ key: String, _ id: String) -> Members {
    var record = template
    record["finding_id"] = .string(id)
    var account: Members = [
      "class": .string("integration"), "id": .string(key), "key": .string(key),
      "username": .string("integration.user.0@example.com"),
    ]
    if accounts > 100, case .array(let rows) = record["evidence"] {
      record["evidence"] = .array(Array(rows.prefix(4)))
    }
    if id.hasSuffix("0") { record["suppression"] = suppression }
    if let foreignText {
      account["username"] = .string(foreignText)
      for name in ["discriminator", "remediation", "replay"] { record[name] = .string(foreignText) }
      for name in ["severity_reasons", "references", "attack", "data_quality"] {
        record[name] = .array([.string(foreignText), .string("second")])
      }
      if case .array(let rows) = record["evidence"] {
        record["evidence"] = .array(
          rows.map { row in
            guard case .object(var members) = row else { return row }
            for name in [
              "application", "basis", "file", "label", "login_type", "source_ip", "status",
            ] { members[name] = .string(foreignText) }
            return .object(members)
          })
      }
    }
    record["account"] = .object(account)
    return record
  }

  private func end() -> String {
    let suppressed = suppression == .null ? 0 : accounts
    return text(
      [
        "accounts": .int(accounts), "complete": .bool(incompleteReasons.isEmpty),
        "exit": .int(incompleteReasons.isEmpty ? 0 : 2),
        "findings": .object([
          "total": .int(2 * accounts), "suppressed": .int(suppressed),
          "by_severity": .object([
            "critical": .int(0), "high": .int(0), "medium": .int(accounts), "low": .int(0),
            "info": .int(accounts),
          ]),
          "by_status": .object([
            "fail": .int(accounts), "info": .int(0), "unknown": .int(accounts),
          ]),
        ]),
        "findings_over_threshold": .int(0),
        "incomplete_reasons": .array(incompleteReasons.map(JSONValue.string)),
        "rows": .object([
          "analysed": .int(1), "duplicate": .int(0), "filtered": .int(0), "read": .int(1),
          "rejected": .int(0),
        ]),
      ], "end")
  }

  // MARK: Texts

  private static func key(_ number: Int) -> String {
    let digits = String(number)
    return "005Hn" + String(repeating: "0", count: 10 - digits.count) + digits + "AAA"
  }

  private static func findingID(_ number: Int, _ kind: String) -> String {
    let digits = String(number, radix: 16)
    return "pf1:" + String(repeating: "0", count: 31 - digits.count) + digits + kind
  }

  private func text(_ members: Members, _ schema: String) -> String {
    var members = members
    members["schema"] = nil
    return String(
      decoding: JSONValue.object(members).line(schema: "postern.\(schema)/1"), as: UTF8.self)
  }

  private static func members(_ line: String) throws -> Members {
    try JSONReader.object(Array(line.utf8))
  }

  /// The first record of the samples that holds a text.
  private static func sample(
    _ lines: [String], _ text: String, schema: String
  ) throws -> Members {
    let line = try #require(
      lines.first { $0.hasPrefix("{\"schema\":\"postern.\(schema)/1\"") && $0.contains(text) })
    return try members(line)
  }
}
