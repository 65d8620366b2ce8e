/// How the program's records differ from the oracle's.
extension Oracle {
  /// Rules that name a file, by its path; the oracle knows its name.
  private static let namingFiles: Set<String> = ["DATA-003", "DATA-006"]

  func differences(from records: [String: [Comparison.Object]]) -> [String] {
    let end = records["postern.end/2"]?.first ?? [:]
    let rules = (end["rules"] as? [Comparison.Object] ?? []).map { rule in
      (rule["id"] as? String ?? "").replacing("PST-", with: "")
    }
    return figureDifferences(records["postern.account/2"] ?? [])
      + findingDifferences(
        records["postern.finding/2"] ?? [], rules: Set(rules))
  }

  /// Which of the oracle's rules fire that the program has, and which it lacks.
  func states(of records: [String: [Comparison.Object]]) -> (compared: [String], absent: [String]) {
    let end = records["postern.end/2"]?.first ?? [:]
    let known = Set(
      (end["rules"] as? [Comparison.Object] ?? []).compactMap { rule in
        (rule["id"] as? String)?.replacing("PST-", with: "")
      })
    let fired = Set(findings.map(\.rule))
    return (fired.intersection(known).sorted(), fired.subtracting(known).sorted())
  }

  /// Differences between the verdicts of single logins.
  func verdictDifferences(from events: [Comparison.Object]) -> [String] {
    func line(_ key: String, _ time: String, _ state: String, _ basis: String, _ grade: String?)
      -> String
    {
      let proof = state == "proven" ? " by \(grade ?? "an untold method")" : ""
      return "\(key) at \(time): \(state), \(basis)\(proof)"
    }
    let printed = events.compactMap { event -> String? in
      guard let state = event["mfa"] as? String else { return nil }
      let account = event["account"] as? Comparison.Object
      return line(
        account?["key"] as? String ?? "", event["time"] as? String ?? "", state,
        event["basis"] as? String ?? "", event["grade"] as? String)
    }.sorted()
    let mine = logins.compactMap { login -> String? in
      guard let verdict = login.verdict else { return nil }
      return line(
        login.account, Moment.text(login.time), verdict.state.rawValue, verdict.basis,
        verdict.grade)
    }.sorted()
    return printed.difference(from: mine).sorted { "\($0)" < "\($1)" }.map { change in
      switch change {
      case .insert(_, let text, _): "program: \(text)"
      case .remove(_, let text, _): "oracle: \(text)"
      }
    }
  }

  private func figureDifferences(_ records: [Comparison.Object]) -> [String] {
    var lines: [String] = []
    var seen: Set<String> = []
    for record in records {
      let printed = Comparison.figures(record)
      let key = printed["account.key"] ?? ""
      seen.insert(key)
      guard let account = accounts[key] else {
        lines.append("\(key): an account that the oracle doesn't know")
        continue
      }
      let mine = figures(of: account)
      lines += Comparison.differences(key, oracle: mine, program: printed) { path in
        // Confidence is stated for integration accounts alone.
        path == "account.class_confidence" && account.confidence == nil
          || path.hasPrefix("changes.")
      }
    }
    for account in accounts.values.sorted(by: { $0.key < $1.key })
    where !seen.contains(account.key)
      && (!account.logins.isEmpty || requests.contains { $0.account == account.key })
    {
      lines.append("\(account.key): missing")
    }
    return lines
  }

  private func findingDifferences(
    _ records: [Comparison.Object], rules: Set<String>
  ) -> [String] {
    var printed: [String: [String: String]] = [:]
    var lines: [String] = []
    for record in records {
      let rule = (record["rule"] as? Comparison.Object)?["id"] as? String ?? ""
      let account = (record["account"] as? Comparison.Object)?["key"] as? String ?? ""
      // `name=value&name=value`, or nothing.
      let discriminator = record["discriminator"] as? String ?? ""
      // A single value stands alone, so that an empty one looks like none.
      let values = discriminator.replacing(/(^|&)[a-z_]+=/) { $0.output.1 == "&" ? "\u{1}" : "" }
        .split(separator: "\u{1}", omittingEmptySubsequences: false).map(String.init)
      let isNamed = Self.namingFiles.contains(rule.replacing("PST-", with: ""))
      let finding = OracleFinding(
        rule: rule.replacing("PST-", with: ""), account: account,
        discriminator: values.map { isNamed ? String($0.split(separator: "/").last ?? "") : $0 },
        severity: "")
      guard rules.contains(finding.rule) else { continue }
      var facts: [String: String] = [:]
      for name in ["status", "severity", "confidence", "first_seen", "last_seen", "evidence_total"]
      {
        facts[name] = record[name].map { "\($0)" }
      }
      for (name, count) in record["counts"] as? [String: Int] ?? [:] {
        facts["counts." + name] = "\(count)"
      }
      if printed.updateValue(facts, forKey: finding.name) != nil {
        lines.append("\(finding.name): printed twice")
      }
    }
    for finding in findings where rules.contains(finding.rule) {
      guard let facts = printed.removeValue(forKey: finding.name) else {
        lines.append("\(finding.name): oracle finds it, program doesn't")
        continue
      }
      lines += Comparison.differences(finding.name, oracle: finding.facts, program: facts) { name in
        finding.facts[name] == nil && !(finding.hasAllCounts && name.hasPrefix("counts."))
          || name == "severity" && finding.otherSeverity != nil
            && finding.otherSeverity == facts[name]
      }
    }
    return lines + printed.keys.sorted().map { "\($0): program finds it, oracle doesn't" }
  }
}
