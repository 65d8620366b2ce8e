import Foundation
import TestSupport
import Testing

/// Exports for one rule, scanned by the built program.
enum RuleScan {
  typealias Login = Exports.Login
  typealias User = (id: String, name: String, profile: String, permissions: Set<String>)

  /// An integration account, a person and an admin, each as the first account of a run.
  static let robot: User = (Exports.one, "Connector", "Robots", ["ApiUserOnly"])
  static let person: User = (Exports.one, "Ada", "Standard User", [])
  static let administrator: User = (
    Exports.one, "Root", "System Administrator", ["ModifyAllData"]
  )
  /// Verifications that cover August and prove their join by a second user.
  static let covered = Exports.verifications([
    Exports.verification(login: 900, user: Exports.two)
  ])
  /// The login that the join is proven by.
  static let other = Login(id: Exports.loginID(900), user: Exports.two)

  static func run(
    _ logins: [Login], users: String? = nil, verifications: String? = nil, config: String? = nil,
    files: [String: String] = [:], arguments: [String] = []
  ) throws -> Results {
    let folder = try TestFolder()
    if !logins.isEmpty { try folder.write("l.csv", Exports.logins(logins)) }
    if let users { try folder.write("u.csv", users) }
    if let verifications { try folder.write("v.csv", verifications) }
    for (name, text) in files { try folder.write(name, text) }
    var all = [folder.path] + arguments
    let settings = try TestFolder()
    if let config { all += ["--config", try settings.write("c.yaml", config)] }
    return try Program.scan(all)
  }

  /// A time in August 2026; later days run on into September and so forth.
  static func time(day: Int, _ clock: String = "10:00:00") -> String {
    let date = Date(timeIntervalSince1970: 1_785_542_400 + Double(day - 1) * 86_400)
    let parts = Calendar(identifier: .gregorian).dateComponents(
      in: TimeZone(secondsFromGMT: 0) ?? .current, from: date)
    return String(
      format: "%04d-%02d-%02dT%@.000Z", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0, clock)
  }

  /// An API login of the first account.
  static func api(
    _ time: String, _ change: (inout Login) -> Void = { _ in }
  ) -> Login {
    var login = Login(time: time, type: "Other Apex API", application: "ETL", browser: "Unknown")
    change(&login)
    return login
  }
}

extension Results {
  /// Findings of a rule about one account, or about the org.
  func findings(_ rule: String, of account: String?) -> [Object] {
    findings(rule).filter { finding in
      let reference = finding["account"] as? Object
      return account == nil ? reference == nil : reference?["id"] as? String == account
    }
  }

  /// `severity status confidence` of each finding of a rule about the first account.
  func judged(_ rule: String, of account: String? = Exports.one) -> [String] {
    findings(rule, of: account).map { finding in
      ["severity", "status", "confidence"].map { finding[$0] as? String ?? "" }
        .joined(separator: " ")
    }
  }

  /// A figure of the first finding of a rule.
  func count(_ rule: String, _ name: String, of account: String? = Exports.one) -> Int? {
    (findings(rule, of: account).first?["counts"] as? [String: Int])?[name]
  }

  /// The discriminators of a rule's findings, sorted.
  func discriminators(_ rule: String) -> [String] {
    findings(rule).compactMap { $0["discriminator"] as? String }.sorted()
  }

  func evidence(_ rule: String, of account: String? = Exports.one) -> [Object] {
    findings(rule, of: account).first?["evidence"] as? [Object] ?? []
  }

  /// `state` of a rule in the end record.
  func state(_ rule: String) -> String? {
    (end["rules"] as? [Object])?.first { $0["id"] as? String == "PST-" + rule }?["state"]
      as? String
  }

  /// All words of a finding's conditions and remarks, for what a text must name.
  func words(_ rule: String, of account: String? = Exports.one) -> String {
    let finding = findings(rule, of: account).first ?? [:]
    let conditions = finding["conditions"] as? [Object] ?? []
    let texts = conditions.flatMap { condition in
      ["name", "value", "source", "would_change"].compactMap { condition[$0] as? String }
    }
    return (texts + (finding["data_quality"] as? [String] ?? [])).joined(separator: "\n")
  }
}
