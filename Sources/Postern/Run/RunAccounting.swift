import Accounts
import Configuration
import Platform
import Reports
import Results
import SalesforceExports

/// What became of the files and rows of a run, and what that says about it.
struct RunAccounting: Sendable {
  /// The files.
  let inputs: InputRecords
  /// All login rows.
  let rows: RowAccounting
  /// How many rows each login Id has whose rows contradict each other.
  let contradictions: [SalesforceID: Int]
  /// Inputs that could not be read, or not to their end.
  let problems: [String]
  /// Why the run is incomplete; empty when it is not.
  let incompleteReasons: [String]
  /// What the user should know beside the results.
  let messages: [String]
  /// Files of logins that are not used, since those of another kind give the logins, which a scan lists in its
  /// reports; `nil` where there are none.
  let leftOutLogins: String?
  /// What each input was.
  let details: [String]
  /// Why no ledger may be written, whatever comes of the judgement; `nil` when one may.
  private let ledgerObstacle: String?

  /// Accounts for what was read.
  init(_ plan: RunPlan, _ tables: RunTables, _ logins: RunLogins) {
    let inputs = InputRecords(plan.files, tables.outcomes + logins.outcomes)
    self.inputs = inputs
    contradictions = logins.seen?.contradictions ?? [:]
    var rows = plan.ledgers.rows
    rows.add(inputs.repeatedRows)
    rows.add(logins.rows)
    rows.analysed -= logins.forgottenRowCount
    rows.filtered += logins.forgottenRowCount
    self.rows = rows
    problems =
      plan.problems.map { "\($0.name): \($0.detail)" }
      + inputs.unmended.compactMap { record in
        record.problem.map { $0.hasPrefix(record.name) ? $0 : "\(record.name): \($0)" }
      }
      + Self.emptySnapshots(inputs)
      + inputs.unmended.flatMap { record in
        record.unreadable.texts.map { "\(record.name): \($0)" }
      }
    let rejects = Self.rejectReasons(inputs, plan.options.rejectLimit)
    let commonRows = plan.ledgers.commonRows + logins.commonIDCount
    incompleteReasons =
      problems + plan.options.required.reasons(inputs.records) + logins.lostCase.reasons
      + rejects + (rejects.isEmpty ? [] : inputs.rejectCauses)
      + Self.rowReasons(rows, commonRows: commonRows)
    messages =
      Self.messages(inputs, tables)
      + UnmatchedEntries(
        plan.options.configuration, tables.snapshots,
        [logins.ledger, logins.outside].compactMap(\.self)
      ).texts.map {
        "configuration: \($0) is no account of these exports"
      } + IndicatorObstacles(logins.ledger, inputs).texts(plan.options.configuration.indicators)
      + Self.strays(logins)
    leftOutLogins = plan.leftOutLogins.first.map { first in
      let more = plan.leftOutLogins.count - 1
      return "\(first.name)" + (more > 0 ? " and \(more) more" : "") + ": not used: \(first.reason)"
    }
    details =
      inputs.records.map { record in
        "\(record.name): \(record.kind?.rawValue ?? "unknown"), \(record.read.counted("row"))"
          + (record.rejected > 0 ? ", \(record.rejected) rejected" : "")
      } + plan.ignored.map { "\($0.name): ignored, \($0.reason)" }
    ledgerObstacle =
      plan.ledgers.hasRefused
      ? "one of the ledgers could not be read, and its rows would be missing"
      : commonRows > 0 ? "rows that count twice would do so for good" : nil
  }

  /// Whether no login row could be read.
  var lacksLogins: Bool { rows.read == rows.rejected }

  /// Whether every row that was read met one end, and every row that was analysed is an attempt of
  /// some account.
  ///
  /// The two sums are made apart: rows are counted as they are read, attempts from the ledger.
  ///
  /// - Parameter attempts: Those of all accounts.
  func isBalanced(_ attempts: Int) -> Bool { rows.isBalanced && rows.analysed == attempts }

  /// Why no ledger may be written; `nil` when one may.
  ///
  /// - Parameter attempts: Those of all accounts.
  func ledgerObstacle(_ attempts: Int) -> String? {
    ledgerObstacle ?? (isBalanced(attempts) ? nil : "rows are not accounted for")
  }

  /// Snapshots of which every org has rows, and that hold none.
  private static func emptySnapshots(_ inputs: InputRecords) -> [String] {
    let kinds: [FileKind] = [.user, .profile, .permissionSet, .permissionSetAssignment]
    return kinds.flatMap { kind -> [String] in
      let records = inputs.unmended.filter { $0.kind == kind }
      guard records.allSatisfy({ $0.read == 0 && $0.problem == nil }) else { return [] }
      return records.map {
        "\($0.name): has a header and no rows, though every org has some; export it again"
      }
    }
  }

  private static func rejectReasons(_ inputs: InputRecords, _ limit: RejectLimit) -> [String] {
    if limit.isShare {
      return inputs.unmended.filter { !limit.tolerates(rejected: $0.rejected, of: $0.read) }.map {
        "\($0.name): \($0.rejected) of \($0.read.counted("row")) rejected, over --max-rejects"
      }
    }
    let rejected = inputs.unmended.reduce(0) { $0 + $1.rejected }
    return limit.tolerates(rejected: rejected, of: 0)
      ? [] : ["\(rejected.counted("row")) rejected, over --max-rejects"]
  }

  private static func rowReasons(_ rows: RowAccounting, commonRows: Int) -> [String] {
    var reasons: [String] = []
    if commonRows > 0 {
      reasons.append(
        "\(commonRows) login \(commonRows.takes("row or request is", "rows or requests are")) in two of the "
          + "ledgers and \(commonRows.takes("counts", "count")) twice: make one of "
          + "them again from its exports with the other as an input (scan OTHER EXPORTS… --ledger NEW)"
      )
    }
    if rows.read == 0 {
      reasons.append("no login rows: none of the inputs gave any")
    } else if rows.read == rows.rejected {
      reasons.append("no login rows could be read: all are rejected")
    } else if rows.analysed == 0 {
      reasons.append("no login rows in the window")
    }
    return reasons
  }

  /// That login rows are missing which verifications name: verdicts are then doubts, and these rows settle them.
  private static func strays(_ logins: RunLogins) -> [String] {
    let spans = [logins.ledger, logins.outside].compactMap { $0?.loggedSpan }
    guard let verifications = logins.verifications,
      let first = spans.map(\.lowerBound).min(), let last = spans.map(\.upperBound).max()
    else { return [] }
    let count = verifications.strayCount(within: first...last)
    if count == 0 { return [] }
    return [
      "\(count.counted("verification")) that may be MFA \(count.takes("names", "name")) logins that the exports do "
        + "not have: give the login rows of every status, and of all users"
    ]
  }

  private static func messages(_ inputs: InputRecords, _ tables: RunTables) -> [String] {
    var messages: [String] = []
    for record in inputs.records where record.repeatedHeaders > 0 {
      messages.append(
        "\(record.name): the header row occurs \(record.repeatedHeaders.counted("more time")); concatenated "
          + "exports are read as one")
    }
    for record in inputs.records {
      messages.append(contentsOf: record.notes.map { "\(record.name): \($0)" })
    }
    let counted = tables.requests.countedSources
    let uncounted = tables.events.kinds.filter { $0.holdsRequests }.subtracting(counted)
    if !counted.isEmpty, !uncounted.isEmpty {
      func names(_ kinds: Set<FileKind>) -> String {
        kinds.compactMap(\.eventType).sorted().joined(separator: ", ")
      }
      messages.append(
        "API requests are counted from \(names(counted)) alone, so that none counts twice; "
          + "rows of \(names(uncounted)) stand under by_source")
    }
    for record in inputs.records where record.ambiguousTimes > 0 {
      messages.append(
        "\(record.name): \(record.ambiguousTimes.counted("local time")) "
          + "\(record.ambiguousTimes.takes("occurs", "occur")) twice; taken as the earlier")
    }
    return messages
  }
}
