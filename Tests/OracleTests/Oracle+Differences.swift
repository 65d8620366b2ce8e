/// How the program's records differ from the oracle's.
extension Oracle {
  func differences(from records: [String: [Comparison.Object]]) -> [String] {
    figureDifferences(records["postern.account/1"] ?? [])
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
          || path.hasPrefix("logins.human.maintenance")
      }
    }
    for account in accounts.values.sorted(by: { $0.key < $1.key })
    where !seen.contains(account.key) && !account.logins.isEmpty {
      lines.append("\(account.key): missing")
    }
    return lines
  }
}
