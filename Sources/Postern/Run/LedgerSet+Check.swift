import Configuration
import Reports
import SalesforceExports

extension LedgerSet {
  /// Refuses what cannot be brought together.
  ///
  /// - Throws: ``UsageError``.
  func check(_ options: ScanOptions) throws(UsageError) {
    guard !isEmpty else { return }
    if !options.dropsDuplicates {
      throw UsageError(
        "--no-duplicate-check: a ledger keeps the Ids that it has seen; leave it out")
    }
    if options.knownIDsPath != nil {
      throw UsageError(
        "--known-ids is for exports alone: a ledger's rows are counted and stay so; leave "
          + "\(entries[0].name) out")
    }
    for entry in entries {
      let content = entry.content
      guard content.since == options.since, content.until == options.until else {
        let window = ReplayCommand.window(since: content.since, until: content.until)
        throw UsageError(
          "\(entry.name): its rows are those of "
            + (window.isEmpty ? "no window" : window.joined(separator: " "))
            + ", and cannot be given another: state the same --since and --until, or make the "
            + "ledger again")
      }
      let kind: FileKind? =
        switch options.loginSource {
        case .loginHistory?: .loginHistory
        case .eventLog?: .eventLogLogin
        case nil: nil
        }
      if let kind, let own = content.loginKind, own != kind, content.leftOutLogins {
        throw UsageError(
          "\(entry.name): was made from files of both kinds of logins and holds the \(own.rawValue) "
            + "rows alone; make it again with --logins \(options.loginSource?.rawValue ?? "")")
      }
    }
  }
}
