package import Accounts
package import Findings
package import SalesforceExports

/// Builds the records of `-o jsonl` (PRODUCT.md, JSON Lines results).
package struct ResultRecords: Sendable {
  private let inputs: [InputRecord]
  private let command: ReplayCommand
  /// Earlier findings, and the evaluation time of this run.
  private let baseline: ResultsBaseline?
  private let detected: Instant

  /// Makes a builder.
  ///
  /// - Parameters:
  ///   - inputs: The run's files by number, for names in evidence.
  ///   - command: For the commands that replay evidence.
  ///   - baseline: Earlier findings, to say of each one how it stands to them.
  ///   - detected: Evaluation time of the run.
  package init(
    inputs: [InputRecord], command: ReplayCommand, baseline: ResultsBaseline? = nil,
    detected: Instant = Instant(milliseconds: 0)
  ) {
    self.inputs = inputs
    self.command = command
    self.baseline = baseline
    self.detected = detected
  }

  // MARK: Run

  /// The line of `postern.run/1`.
  package func line(_ run: RunRecord) -> [UInt8] {
    var record: [String: JSONValue] = [
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
            "state": .string(rule.state.rawValue), "version": .int(rule.version),
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
    ]
    if !run.ledgers.isEmpty { record["ledgers"] = .array(run.ledgers.map(Self.ledger)) }
    if let time = run.forgottenBefore { record["forgotten_before"] = .string(time.text) }
    return JSONValue.object(record).line(schema: "postern.run/1")
  }

  private static func ledger(_ ledger: LedgerRecord) -> JSONValue {
    .object([
      "bytes": .int(ledger.byteCount), "name": .string(ledger.name),
      "forgotten_before": JSONValue(ledger.forgottenBefore?.text),
      "rows": .object([
        "analysed": .int(ledger.rows.analysed), "duplicate": .int(ledger.rows.duplicate),
        "filtered": .int(ledger.rows.filtered), "read": .int(ledger.rows.read),
        "rejected": .int(ledger.rows.rejected),
      ]),
      "sha256": .string(ledger.sha256), "version": .string(ledger.version),
    ])
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
    var record: [String: JSONValue] = [
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
    ]
    if let ledger = input.ledger { record["ledger"] = .string(ledger) }
    return .object(record)
  }

  // MARK: Account

  /// The line of `postern.account/1`.
  package func line(_ facts: AccountFacts, findings: [Finding]) -> [UInt8] {
    var text = JSONText(schema: "postern.account/1")
    text.key("account")
    Self.write(accountOf: facts, to: &text)
    text.key("activity")
    Self.write(facts.activity, to: &text)
    if let requests = facts.requests {
      text.key("api_requests")
      text.value(Self.requests(requests))
    }
    text.key("api_traffic")
    Self.write(trafficOf: facts, to: &text)
    text.key("by_status")
    text.counts(facts.counts(by: \.status))
    if !facts.changes.isEmpty {
      text.key("changes")
      text.array(facts.changes) { $0.value(Self.change($1)) }
    }
    text.key("findings")
    text.array(findings) { $0.string($1.id) }
    text.instant("first_login", facts.firstLogin)
    text.instant("last_login", facts.lastLogin)
    text.key("logins")
    Self.write(loginsOf: facts, to: &text)
    text.key("sources")
    text.object { text in
      text.key("by_country")
      text.counts(facts.counts(by: \.country))
      text.int("distinct_ips", facts.addresses.count)
    }
    text.key("values")
    Self.write(valuesOf: facts, to: &text)
    return text.line()
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

  private static func write(accountOf facts: AccountFacts, to text: inout JSONText) {
    text.object { text in
      text.bool("active", facts.user?.isActive)
      text.string("class", facts.accountClass.rawValue)
      text.string("class_confidence", facts.classification.confidence.rawValue)
      text.key("class_reasons")
      text.array(facts.classification.reasons)
      text.string("id", facts.id?.text18 ?? "")
      text.bool("in_snapshot", facts.user != nil)
      text.string("key", facts.key.text)
      text.string("license", facts.license)
      text.string("name", facts.user?.name ?? "")
      text.key("privileges")
      text.array(facts.permissions?.grants ?? []) { text, grant in
        text.object { text in
          text.string("name", grant.permission.rawValue)
          text.string("via", grant.via)
        }
      }
      text.string("profile", facts.profile)
      text.string("user_type", facts.user?.userType ?? "")
      text.string("username", facts.username)
    }
  }

  private static func write(loginsOf facts: AccountFacts, to text: inout JSONText) {
    text.object { text in
      text.key("api")
      text.object { text in
        text.int("attempted", facts.api.attempted)
        text.int("failed", facts.api.failed)
        text.int("pending", facts.api.pending)
        text.int("subtype_unknown", facts.openSubTypes)
        text.int("succeeded", facts.api.succeeded)
      }
      let total = facts.total
      text.int("failed", total.failed)
      text.key("human")
      text.object { text in
        text.int("attempted", facts.human.attempted)
        text.key("by_basis")
        text.counts(
          Dictionary(uniqueKeysWithValues: facts.verdicts.map { ($0.key.rawValue, $0.value) }))
        text.int("failed", facts.human.failed)
        text.key("maintenance")
        text.counts(
          Dictionary(
            uniqueKeysWithValues: MaintenanceLabel.allCases.map {
              ($0.rawValue, facts.maintenance.counts[$0] ?? 0)
            }))
        text.int("mfa_absent", facts.verdictStates[.absent] ?? 0)
        text.int("mfa_proven", facts.verdictStates[.proven] ?? 0)
        text.int("mfa_unknown", facts.verdictStates[.unknown] ?? 0)
        text.int("pending", facts.human.pending)
        text.int("succeeded", facts.human.succeeded)
      }
      text.int("pending", total.pending)
      text.int("succeeded", total.succeeded)
      text.int("total", total.attempted)
      text.key("unclassified")
      text.object { text in
        text.int("attempted", facts.unclassified.attempted)
        text.int("failed", facts.unclassified.failed)
        text.int("pending", facts.unclassified.pending)
        text.int("succeeded", facts.unclassified.succeeded)
      }
    }
  }

  private static func write(trafficOf facts: AccountFacts, to text: inout JSONText) {
    func counts(_ value: KeyPath<LoginShape, String>, _ text: inout JSONText) {
      text.counts(facts.counts(by: value) { $0.door == .api })
    }
    func peak(_ peak: Peak, _ text: inout JSONText) {
      text.object { text in
        text.int("logins", peak.logins)
        text.instant("start", peak.start)
      }
    }
    text.object { text in
      text.key("by_api_type")
      counts(\.apiType, &text)
      text.key("by_api_version")
      counts(\.apiVersion, &text)
      text.key("by_application")
      counts(\.application, &text)
      text.key("by_login_type")
      counts(\.type, &text)
      text.key("by_tls")
      counts(\.tls, &text)
      text.key("peak_hour")
      peak(facts.peakHour, &text)
      text.key("peak_minute")
      peak(facts.peakMinute, &text)
    }
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

  private static func write(_ activity: AccountActivity, to text: inout JSONText) {
    text.object { text in
      text.key("daily")
      text.array(activity.days) { text, entry in
        text.object { text in
          text.int("api", entry.activity.api)
          text.key("date")
          text.date(day: entry.day)
          text.int("failed", entry.activity.failed)
          text.int("human_absent", entry.activity.humanAbsent)
          text.int("human_proven", entry.activity.humanProven)
          text.int("human_unknown", entry.activity.humanUnknown)
        }
      }
      text.key("hour_of_week")
      text.array(activity.hoursOfWeek) { $0.int($1) }
    }
  }

  private static func write(valuesOf facts: AccountFacts, to text: inout JSONText) {
    let limit = 50
    let lists = [
      ("address", facts.addresses.map(\.use)),
      ("api_version", facts.uses(of: \.apiVersion)),
      ("application", facts.uses(of: \.application)),
    ]
    text.object { text in
      for (name, uses) in lists {
        text.key(name)
        text.array(uses.prefix(limit)) { text, use in
          text.object { text in
            text.int("count", use.count)
            text.instant("first", use.first)
            text.instant("last", use.last)
            text.string("value", use.value)
          }
        }
      }
      text.key("others")
      text.object { text in
        for (name, uses) in lists {
          text.key(name)
          text.int(uses.dropFirst(limit).reduce(0) { $0 + $1.count })
        }
      }
    }
  }

  private static func counts(_ counts: [String: Int]) -> JSONValue {
    .object(counts.mapValues(JSONValue.int))
  }

  // MARK: Finding

  /// The line of `postern.finding/1`.
  package func line(_ finding: Finding) -> [UInt8] {
    record(finding).line
  }

  /// A finding as results hold it.
  ///
  /// - Parameter includingEvidence: Whether its rows are wanted; they are most of its size.
  package func record(_ finding: Finding, includingEvidence: Bool = true) -> FindingRecord {
    var record = FindingRecord(
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
    record.lifecycle = baseline?.lifecycle(record, at: detected)
    return record
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
    var record: [String: JSONValue] = [
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
    ]
    if let count = end.newOverThreshold { record["new_findings_over_threshold"] = .int(count) }
    if let gone = end.gone {
      record["gone_findings"] = .object([
        "not_evaluated": .int(gone[.notEvaluated] ?? 0), "resolved": .int(gone[.resolved] ?? 0),
      ])
    }
    return JSONValue.object(record).line(schema: "postern.end/1")
  }
}
