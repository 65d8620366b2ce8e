import Accounts
import Findings
import Reports
import Results
import SalesforceExports
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
  var suppression: AppliedSuppression?
  /// Rules that could not run.
  var notRun: [String] = []

  func records() throws -> RecordedResults {
    var results = try SampleResults.records()
    let account = try #require(
      results.accounts.first {
        $0.accountClass == .integration && !$0.values.addresses.uses.isEmpty
      })
    let fail = try #require(results.findings.first { $0.ruleID == "PST-MFA-003" })
    let unknown = try #require(results.findings.first { $0.ruleID == "PST-MFA-004" })
    let template = self.account(account)
    let findings = [finding(fail), finding(unknown)]
    results.groups = (0..<accounts).map { number in
      group(number, template, findings)
    }
    results.run = run(results.run)
    results.end = end(results.end)
    return results
  }

  /// The records of an account; all accounts differ in their names alone.
  private func group(
    _ number: Int, _ template: AccountRecord, _ templates: [FindingRecord]
  ) -> ResultsGroup {
    var account = template
    let digits = String(number)
    account.id = "005Hn" + String(repeating: "0", count: 10 - digits.count) + digits + "AAA"
    account.key = foreignText.map { "username:\(number)\($0)" } ?? account.id
    if foreignText == nil { account.username = "integration.user.\(number)@example.com" }
    let findings = templates.enumerated().map { kind, template -> FindingRecord in
      var finding = template
      let digits = String(number * 2 + kind, radix: 16)
      finding.id = "pf1:" + String(repeating: "0", count: 32 - digits.count) + digits
      finding.account?.id = account.id
      finding.account?.key = account.key
      finding.account?.username = account.username
      if kind == 0 { finding.suppression = suppression }
      return finding
    }
    account.findings = findings.map(\.id)
    return ResultsGroup(account, findings)
  }

  // MARK: Templates

  private func run(_ sample: RunRecord) -> RunRecord {
    guard let foreignText else { return sample }
    var run = sample
    for position in run.inputs.indices {
      run.inputs[position].name = foreignText
      run.inputs[position].problem = foreignText
      run.inputs[position].columnsMissing = [foreignText]
    }
    run.arguments = [foreignText]
    run.ignored = [IgnoredRecord(name: foreignText, reason: foreignText)]
    return run
  }

  private func account(_ sample: AccountRecord) -> AccountRecord {
    var account = sample
    if accounts > 100 {
      // Days are most of a record and nothing of a page.
      account.activity.days = Array(account.activity.days.prefix(2))
      for column in [
        \ActivityRecord.api, \.failed, \.humanAbsent, \.humanProven, \.humanUnknown,
      ] {
        account.activity[keyPath: column] = Array(account.activity[keyPath: column].prefix(2))
      }
    }
    guard let text = foreignText else { return account }
    account.username = text
    account.name = text
    account.license = text
    account.profile = text
    account.userType = text
    account.classReasons = [text]
    account.privileges = [PrivilegeRecord(name: text, via: text)]
    for column in [\ValuesRecord.addresses, \.applications, \.apiVersions] {
      guard var use = account.values[keyPath: column].uses.first else { continue }
      use.value = text
      use.country = text
      account.values[keyPath: column].uses[0] = use
    }
    let counts = NamedCounts([text: 5])
    account.traffic.byApplication = counts
    account.traffic.byAPIType = counts
    account.traffic.byAPIVersion = counts
    var requests = RequestsRecord()
    requests.total = 5
    requests.countsAgainstLimit = NamedCounts(["yes": 5, "no": 0, "unknown": 0])
    requests.byFamily = counts
    requests.byVersion = counts
    requests.byApplication = counts
    requests.byStatus = counts
    requests.bySource = counts
    account.requests = requests
    return account
  }

  private func finding(_ sample: FindingRecord) -> FindingRecord {
    var finding = sample
    finding.account?.accountClass = .integration
    if accounts > 100 { finding.evidence = Array(finding.evidence.prefix(4)) }
    guard let text = foreignText else { return finding }
    finding.discriminator = text
    finding.remediation = text
    finding.replay = text
    finding.severityReasons = [text, "second"]
    finding.references = [text, "second"]
    finding.attack = [text, "second"]
    finding.dataQuality = [text, "second"]
    for position in finding.evidence.indices {
      for member in [
        \EvidenceRecord.application, \.browser, \.country, \.file, \.label, \.loginSubType,
        \.loginType, \.platform, \.sourceIP, \.status,
      ] { finding.evidence[position][keyPath: member] = text }
      finding.evidence[position].basis = text
    }
    return finding
  }

  private func end(_ sample: EndRecord) -> EndRecord {
    var end = EndRecord()
    end.rules = sample.rules.map { rule in
      notRun.contains(rule.id)
        ? RuleState(id: rule.id, version: rule.version, state: .notRun, missing: ["User"]) : rule
    }
    end.accounts = accounts
    end.exit = incompleteReasons.isEmpty ? 0 : 2
    end.incompleteReasons = incompleteReasons
    end.bySeverity = [.medium: accounts, .info: accounts]
    end.byStatus = [.fail: accounts, .unknown: accounts]
    end.suppressed = suppression == nil ? 0 : accounts
    end.rows.analysed = 1
    end.rows.read = 1
    return end
  }
}
