import Accounts
import Findings
import Results
import SalesforceExports

extension PivotReport {
  /// The whole as a line of `postern.pivot/1`, with its end.
  package var jsonLine: [UInt8] {
    var members: [String: JSONValue] = [
      "field": .string(field.rawValue), "value": .string(value), "hours_around": .int(hours),
      "looked_through": .int(all), "rows": .int(rows), "succeeded": .int(succeeded),
      "first": JSONValue(first?.text), "last": JSONValue(last?.text),
      "accounts": .array(accounts.map(Self.json)),
      "neighbours": .array(neighbours.map(Self.json)), "findings": .array(findings.map(Self.json)),
      "command": .string(command), "complete": .bool(incompleteReasons.isEmpty),
      "incomplete_reasons": .array(incompleteReasons.map { .string($0) }),
    ]
    var lists: [String: JSONValue] = [:]
    for (listed, uses) in values { lists[listed.rawValue] = .array(uses.map(Self.json)) }
    members["values"] = .object(lists)
    var reasons: [String: JSONValue] = [:]
    for (listed, reason) in untold { reasons[listed.rawValue] = .string(reason) }
    members["values_not_told"] = .object(reasons)
    return JSONValue.object(members).line(schema: "postern.pivot/1") + [UInt8(ascii: "\n")]
  }

  private static func json(_ account: LoginAccount) -> JSONValue {
    .object([
      "class": .string(account.accountClass.rawValue), "id": .string(account.id),
      "key": .string(account.key.text), "username": .string(account.username),
    ])
  }

  private static func json(_ counts: OutcomeCounts) -> [String: JSONValue] {
    [
      "succeeded": .int(counts.succeeded), "failed": .int(counts.failed),
      "pending": .int(counts.pending),
    ]
  }

  private static func json(_ flag: Bool?) -> JSONValue { flag.map { .bool($0) } ?? .null }

  private static func json(_ use: AccountUse) -> JSONValue {
    var human = json(use.human)
    for state in VerdictState.allCases {
      human["mfa_" + state.rawValue] = .int(use.verdicts[state] ?? 0)
    }
    let around = use.around
    return .object([
      "account": json(use.account), "privileged": json(use.isPrivileged),
      "privileges": .array(use.privileges.map { .string($0) }), "active": json(use.isActive),
      "rows": .int(use.rows), "human": .object(human), "api": .object(json(use.api)),
      "unclassified": .object(json(use.unclassified)), "first": .string(use.first.text),
      "last": .string(use.last.text),
      "around": .object([
        "human_succeeded": .int(around.humanSucceeded), "human_failed": .int(around.humanFailed),
        "api_succeeded": around.apiSucceeded.map { .int($0) } ?? .null,
        "api_failed": .int(around.apiFailed), "unclassified": .int(around.unclassified),
        "by_application": .counts(NamedCounts(around.applications)),
        "by_country": .counts(NamedCounts(around.countries)),
        "by_address": .counts(NamedCounts(around.addresses)),
      ]),
    ])
  }

  private static func json(_ shared: SharedAddress) -> JSONValue {
    .object([
      "address": .string(shared.address), "rows": .int(shared.rows),
      "accounts": .array(
        shared.others.map { other in
          .object([
            "account": json(other.account), "human_succeeded": .int(other.humanSucceeded),
            "human_failed": .int(other.humanFailed),
            "api_succeeded": other.apiSucceeded.map { .int($0) } ?? .null,
            "api_succeeded_ever": .int(other.apiSucceededEver),
            "api_failed": .int(other.apiFailed), "unclassified": .int(other.unclassified),
          ])
        }),
    ])
  }

  private static func json(_ use: ValueUse) -> JSONValue {
    .object([
      "value": .string(use.value), "rows": .int(use.rows), "accounts": .int(use.accounts),
      "first": .string(use.first.text), "last": .string(use.last.text),
    ])
  }

  private static func json(_ finding: RestingFinding) -> JSONValue {
    .object([
      "finding_id": .string(finding.id), "rule": .string(finding.rule),
      "title": .string(finding.title), "status": .string(finding.status.rawValue),
      "severity": .string(finding.severity.name), "suppressed": .bool(finding.isSuppressed),
      "account": finding.account.map(json) ?? .null, "rows": .int(finding.rows),
      "evidence_total": .int(finding.total),
    ])
  }
}
