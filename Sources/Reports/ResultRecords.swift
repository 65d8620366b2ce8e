package import Accounts
package import Findings
import SalesforceExports

/// Builds the records of `-o jsonl` (PRODUCT.md, JSON Lines results).
package struct ResultRecords: Sendable {
  private let inputs: [InputRecord]
  private let command: ReplayCommand

  /// Makes a builder.
  ///
  /// - Parameters:
  ///   - inputs: The run's files by number, for names in evidence.
  ///   - command: For the commands that replay evidence.
  package init(inputs: [InputRecord], command: ReplayCommand) {
    self.inputs = inputs
    self.command = command
  }

  // MARK: Run

  /// The line of `postern.run/1`.
  package func line(_ run: RunRecord) -> [UInt8] {
    JSONValue.object([
      "catalogue_sha256": .string(run.catalogueDigest),
      "config_sha256": JSONValue(run.configurationDigest),
      "decompressor": .string(run.decompressor),
      "elapsed_seconds": .number(run.elapsedSeconds),
      "evaluation_time": .string(run.evaluationTime.text),
      "gaps": .array(run.gaps.map(Self.gap)),
      "ignored": .array(
        run.ignored.map { .object(["name": .string($0.name), "reason": .string($0.reason)]) }),
      "inputs": .array(run.inputs.map(Self.input)),
      "rules": .array(
        run.rules.map { rule in
          .object([
            "id": .string(rule.id), "missing": .array(rule.missing.map(JSONValue.string)),
            "state": .string(rule.state), "version": .int(rule.version),
          ])
        }),
      "snapshots": .array(
        run.snapshots.map { snapshot in
          .object([
            "date": JSONValue(snapshot.date?.text),
            "files": .array(snapshot.files.map(JSONValue.string)),
            "kind": .string(snapshot.kind.rawValue), "rows": .int(snapshot.rows),
          ])
        }),
      "calendars": .object(run.calendars.mapValues { .string($0.text) }),
      "arguments": .array(run.arguments.map(JSONValue.string)),
      "options": .array(run.options.map(JSONValue.string)),
      "verification_holes": .array(run.verificationHoles.map(Self.gap)),
      "suppressions": .array(run.suppressions.map(Self.suppression)),
      "threads": .int(run.threads),
      "thresholds": .object(run.thresholds.mapValues(JSONValue.number)),
      "tool": .object(["name": .string("postern"), "version": .string(run.version)]),
      "window": .object([
        "first": JSONValue(run.first?.text), "last": JSONValue(run.last?.text),
        "since": JSONValue(run.since?.text), "until": JSONValue(run.until?.text),
      ]),
    ]).line(schema: "postern.run/1")
  }

  private static func suppression(_ suppression: SuppressionRecord) -> JSONValue {
    .object([
      "rule": .string(suppression.rule), "account": .string(suppression.account),
      "owner": .string(suppression.owner), "reason": .string(suppression.reason),
      "expires": .string(suppression.expires.text), "state": .string(suppression.state.rawValue),
      "findings": .int(suppression.findings),
    ])
  }

  private static func gap(_ gap: ActivityGaps.Gap) -> JSONValue {
    .object(["from": .string(gap.from.text), "until": .string(gap.until.text)])
  }

  private static func input(_ input: InputRecord) -> JSONValue {
    .object([
      "ambiguous_local_times": .int(input.ambiguousTimes),
      "bytes": .int(input.byteCount),
      "columns_ignored": .array(input.columnsIgnored.map(JSONValue.string)),
      "columns_missing": .array(input.columnsMissing.map(JSONValue.string)),
      "compression": .string(input.compression),
      "date": JSONValue(input.date?.text),
      "filtered": .int(input.filtered),
      "first": JSONValue(input.first?.text),
      "kind": JSONValue(input.kind?.rawValue),
      "last": JSONValue(input.last?.text),
      "name": .string(input.name),
      "problem": JSONValue(input.problem),
      "read": .int(input.read),
      "rejected": .int(input.rejected),
      "repeated_headers": .int(input.repeatedHeaders),
      "sha256": JSONValue(input.sha256.isEmpty ? nil : input.sha256),
    ])
  }

  // MARK: Account

  /// The line of `postern.account/1`.
  package func line(_ facts: AccountFacts, findings: [Finding]) -> [UInt8] {
    var record: [String: JSONValue] = [
      "account": Self.account(facts),
      "first_login": JSONValue(facts.firstLogin?.text),
      "last_login": JSONValue(facts.lastLogin?.text),
      "logins": Self.logins(facts),
      "api_traffic": Self.traffic(facts),
      "sources": .object([
        "distinct_ips": .int(facts.addresses.count),
        "by_country": Self.counts(facts.counts(by: \.country)),
      ]),
      "by_status": Self.counts(facts.counts(by: \.status)),
      "activity": Self.activity(facts),
      "values": Self.values(facts),
      "findings": .array(findings.map { .string($0.id) }),
    ]
    if !facts.changes.isEmpty { record["changes"] = .array(facts.changes.map(Self.change)) }
    if let requests = facts.requests { record["api_requests"] = Self.requests(requests) }
    return JSONValue.object(record).line(schema: "postern.account/1")
  }

  private static func change(_ change: SnapshotChange) -> JSONValue {
    func grants(_ grants: [PermissionGrant]) -> JSONValue {
      .array(grants.map { .string("\($0.permission.rawValue) via \($0.via)") })
    }
    var object: [String: JSONValue] = [
      "from": JSONValue(change.from.map { CivilDate(day: $0.day).text }),
      "to": .string(CivilDate(day: change.to.day).text), "gained": grants(change.gained),
      "lost": grants(change.lost),
    ]
    if let profile = change.profile {
      object["profile"] = .array([.string(profile.before), .string(profile.after)])
    }
    if let isActive = change.isActive {
      object["active"] = .array([.bool(isActive.before), .bool(isActive.after)])
    }
    return .object(object)
  }

  private static func account(_ facts: AccountFacts) -> JSONValue {
    .object([
      "id": .string(facts.id?.text18 ?? ""), "key": .string(facts.key.text),
      "username": .string(facts.username), "name": .string(facts.user?.name ?? ""),
      "active": facts.user?.isActive.map(JSONValue.bool) ?? .null,
      "user_type": .string(facts.user?.userType ?? ""), "license": .string(facts.license),
      "profile": .string(facts.profile), "in_snapshot": .bool(facts.user != nil),
      "class": .string(facts.accountClass.rawValue),
      "class_confidence": .string(facts.classification.confidence.rawValue),
      "class_reasons": .array(facts.classification.reasons.map(JSONValue.string)),
      "privileges": .array(
        (facts.permissions?.grants ?? []).map { grant in
          .object([
            "name": .string(grant.permission.rawValue), "via": .string(grant.via),
          ])
        }),
    ])
  }

  private static func outcomes(_ counts: OutcomeCounts) -> [String: JSONValue] {
    [
      "attempted": .int(counts.attempted), "succeeded": .int(counts.succeeded),
      "failed": .int(counts.failed), "pending": .int(counts.pending),
    ]
  }

  private static func logins(_ facts: AccountFacts) -> JSONValue {
    var human = outcomes(facts.human)
    human["mfa_proven"] = .int(facts.verdictStates[.proven] ?? 0)
    human["mfa_absent"] = .int(facts.verdictStates[.absent] ?? 0)
    human["mfa_unknown"] = .int(facts.verdictStates[.unknown] ?? 0)
    human["by_basis"] = counts(
      Dictionary(uniqueKeysWithValues: facts.verdicts.map { ($0.key.rawValue, $0.value) }))
    human["maintenance"] = .object(
      Dictionary(
        uniqueKeysWithValues: MaintenanceLabel.allCases.map {
          ($0.rawValue, JSONValue.int(facts.maintenance.counts[$0] ?? 0))
        }))
    var api = outcomes(facts.api)
    api["subtype_unknown"] = .int(facts.openSubTypes)
    let total = facts.total
    return .object([
      "total": .int(total.attempted), "succeeded": .int(total.succeeded),
      "failed": .int(total.failed), "pending": .int(total.pending), "human": .object(human),
      "api": .object(api), "unclassified": .object(outcomes(facts.unclassified)),
    ])
  }

  private static func traffic(_ facts: AccountFacts) -> JSONValue {
    func api(_ value: KeyPath<LoginShape, String>) -> JSONValue {
      counts(facts.counts(by: value) { $0.door == .api })
    }
    func peak(_ peak: Peak) -> JSONValue {
      .object(["start": JSONValue(peak.start?.text), "logins": .int(peak.logins)])
    }
    return .object([
      "peak_hour": peak(facts.peakHour), "peak_minute": peak(facts.peakMinute),
      "by_login_type": api(\.type), "by_api_type": api(\.apiType),
      "by_api_version": api(\.apiVersion), "by_application": api(\.application),
      "by_tls": api(\.tls),
    ])
  }

  private static func requests(_ requests: APIRequestFacts) -> JSONValue {
    let shares = requests.counts { $0.limitShare.rawValue }
    return .object([
      "total": .int(requests.total),
      "by_family": counts(requests.counts(by: \.family)),
      "by_version": counts(requests.counts(by: \.version)),
      "by_application": counts(requests.counts(by: \.application)),
      "by_status": counts(requests.counts(by: \.status)),
      "counts_against_limit": .object(
        Dictionary(
          uniqueKeysWithValues: APIRequestShape.LimitShare.allCases.map {
            ($0.rawValue, JSONValue.int(shares[$0.rawValue] ?? 0))
          })),
      "by_source": counts(
        Dictionary(
          uniqueKeysWithValues: requests.bySource.map { ($0.key.eventType ?? "", $0.value) })),
      "daily": .array(
        requests.days.map { day, use in
          .object(["date": .string(CivilDate(day: day).text), "requests": .int(use.count)])
        }),
    ])
  }

  private static func activity(_ facts: AccountFacts) -> JSONValue {
    let spread = facts.activity
    return .object([
      "daily": .array(
        spread.days.map { day, activity in
          .object([
            "date": .string(CivilDate(day: day).text),
            "human_proven": .int(activity.humanProven), "human_absent": .int(activity.humanAbsent),
            "human_unknown": .int(activity.humanUnknown), "api": .int(activity.api),
            "failed": .int(activity.failed),
          ])
        }),
      "hour_of_week": .array(spread.hoursOfWeek.map(JSONValue.int)),
    ])
  }

  private static func values(_ facts: AccountFacts) -> JSONValue {
    let limit = 50
    var others: [String: JSONValue] = [:]
    func list(_ name: String, _ uses: [ValueUse]) -> JSONValue {
      others[name] = .int(uses.dropFirst(limit).reduce(0) { $0 + $1.count })
      return .array(
        uses.prefix(limit).map { use in
          .object([
            "value": .string(use.value), "first": .string(use.first.text),
            "last": .string(use.last.text), "count": .int(use.count),
          ])
        })
    }
    var values = [
      "address": list("address", facts.addresses.map(\.use)),
      "application": list("application", facts.uses(of: \.application)),
      "api_version": list("api_version", facts.uses(of: \.apiVersion)),
    ]
    values["others"] = .object(others)
    return .object(values)
  }

  private static func counts(_ counts: [String: Int]) -> JSONValue {
    .object(counts.mapValues(JSONValue.int))
  }

  // MARK: Finding

  /// The line of `postern.finding/1`.
  package func line(_ finding: Finding) -> [UInt8] {
    record(finding).json.line(schema: FindingRecord.schema)
  }

  /// A finding as results hold it.
  ///
  /// - Parameter includingEvidence: Whether its rows are wanted; they are most of its size.
  package func record(_ finding: Finding, includingEvidence: Bool = true) -> FindingRecord {
    FindingRecord(
      id: finding.id, ruleID: finding.rule.id, ruleVersion: finding.rule.version,
      ruleTitle: finding.rule.title, status: finding.status, severity: finding.severity,
      severityReasons: finding.severityReasons, confidence: finding.confidence,
      account: finding.account.map { account in
        var id = ""
        if case .id(let value) = account.key { id = value.text18 }
        return FindingAccountRecord(
          id: id, key: account.key.text, username: account.username,
          accountClass: account.accountClass)
      },
      discriminator: finding.discriminator, firstSeen: finding.firstSeen,
      lastSeen: finding.lastSeen, counts: finding.counts, conditions: finding.conditions,
      evidence: includingEvidence ? finding.evidence.map(evidence) : [],
      evidenceTotal: finding.evidenceTotal, remediation: finding.remediation,
      references: finding.rule.references, attack: finding.rule.attack,
      suppression: finding.suppression, expiredSuppression: finding.expiredSuppression,
      dataQuality: finding.dataQuality,
      replay: includingEvidence ? replay(finding) : "")
  }

  private func evidence(_ evidence: EvidenceRow) -> EvidenceRecord {
    EvidenceRecord(
      recordID: evidence.row.id.isNone ? "" : evidence.row.id.text18,
      file: inputs[Int(evidence.row.file)].name, line: Int(evidence.row.line),
      time: evidence.row.time, sourceIP: evidence.address, loginType: evidence.shape.type,
      application: evidence.shape.application, status: evidence.shape.status,
      mfa: evidence.verdict?.state, basis: evidence.verdict?.basis.rawValue,
      grade: evidence.verdict.flatMap { $0.grade.name.isEmpty ? nil : $0.grade.name },
      label: evidence.label)
  }

  /// The command that shows the rows of the evidence with their verdicts; empty without rows, and
  /// where standard input gave some, since it cannot be read again.
  package func replay(_ finding: Finding) -> String {
    guard !finding.evidence.isEmpty else { return "" }
    var conditions: [String] = []
    var seen: Set<String> = []
    for evidence in finding.evidence {
      let row = evidence.row
      let words =
        row.id.isNone
        ? ["--at", "\(inputs[Int(row.file)].name):\(row.line)"] : ["--id", row.id.text18]
      if seen.insert(words[1]).inserted { conditions.append(contentsOf: words) }
    }
    return command.events(conditions)
  }

  // MARK: End

  /// The line of `postern.end/1`.
  package func line(_ end: EndRecord) -> [UInt8] {
    JSONValue.object([
      "accounts": .int(end.accounts),
      "complete": .bool(end.isComplete),
      "exit": .int(Int(end.exit)),
      "findings": .object([
        "total": .int(end.bySeverity.values.reduce(0, +)),
        "suppressed": .int(end.suppressed),
        "by_severity": .object(
          Dictionary(
            uniqueKeysWithValues: Severity.allCases.map {
              ($0.name, JSONValue.int(end.bySeverity[$0] ?? 0))
            })),
        "by_status": .object(
          Dictionary(
            uniqueKeysWithValues: FindingStatus.allCases.map {
              ($0.rawValue, JSONValue.int(end.byStatus[$0] ?? 0))
            })),
      ]),
      "findings_over_threshold": .int(end.overThreshold),
      "incomplete_reasons": .array(end.incompleteReasons.map(JSONValue.string)),
      "records_sha256": JSONValue(end.recordsDigest),
      "rows": .object([
        "read": .int(end.rows.read), "analysed": .int(end.rows.analysed),
        "duplicate": .int(end.rows.duplicate), "filtered": .int(end.rows.filtered),
        "rejected": .int(end.rows.rejected),
      ]),
    ]).line(schema: "postern.end/1")
  }
}
