import Accounts
import Configuration
import Findings
import Platform
import Results
import SalesforceExports

extension Judgement {
  /// Joins the logins of a run with its tables.
  convenience init(_ plan: RunPlan, _ tables: RunTables, _ logins: RunLogins) {
    let options = plan.options
    var past: OrgPast?
    if let outside = logins.outside {
      // Who an account is, and what the verification export covers, rest on all rows that were read.
      let whole = AccountLedger()
      whole.merge(logins.ledger, threads: options.threads)
      whole.merge(outside, threads: options.threads)
      past = OrgPast(
        Judgement(
          ledger: whole, snapshots: tables.snapshots, verifications: logins.verifications,
          statements: options.statements, evaluationTime: options.now,
          exports: ExportTraits(plan, tables, logins), threads: options.threads),
        threads: options.threads)
    }
    self.init(
      ledger: logins.ledger, snapshots: tables.snapshots, verifications: logins.verifications,
      events: logins.events, statements: options.statements, evaluationTime: options.now,
      exports: ExportTraits(plan, tables, logins), past: past,
      isVerifiedByOwnAlone: logins.isVerifiedByOwnAlone, threads: options.threads)
  }
}

extension ExportTraits {
  /// The last part of a path.
  private static func fileName(_ path: String) -> Substring {
    path.split(separator: "/").last ?? ""
  }

  /// What is known of the files of a run.
  fileprivate init(_ plan: RunPlan, _ tables: RunTables, _ logins: RunLogins) {
    self.init()
    for (number, file) in plan.files.enumerated() where !file.hasIDs {
      filesWithoutIDs.insert(UInt32(number))
    }
    let known = plan.files.map(\.record).filter { $0.kind == .verificationHistory }
    let read = tables.outcomes.filter {
      plan.files[$0.number].record.kind == .verificationHistory
    }
    let counts = known.map(\.read) + read.map(\.readCount)
    isVerificationCut =
      counts.contains(where: TruncatedExport.limits.contains) || tables.areVerificationsCut
      // Of one that lacks columns nothing was used.
      || known.contains { $0.problem != nil && $0.columnsMissing.isEmpty }
      // What a file is that cannot be opened, its name alone may tell.
      || plan.problems.contains { FoldedText(Self.fileName($0.name)).text.contains("verification") }
    hasRejectedVerifications =
      known.contains { $0.rejected > 0 } || read.contains { $0.rejectedCount > 0 }
    hasLostCase = logins.lostCase.hidesProofs
    if let share = plan.options.thresholds[Catalogue.coverageShare.name] { coverageShare = share }
  }
}

extension RunAccounting {
  /// Files of logins of which too many could not be classed, or do not tell whether they succeeded, as
  /// reasons why a run is incomplete.
  ///
  /// - Parameters:
  ///   - judgement: The joined run.
  ///   - options: Have the largest share of rows without a class.
  ///   - counted: How many rows of all files have no class, or do not tell whether they succeeded, whichever
  ///     are more; `nil` where nobody counted them.
  func unclassedReasons(
    _ judgement: Judgement, _ options: ScanOptions, counted: Int? = nil
  ) -> [String] {
    let limit = options.thresholds[Catalogue.unclassifiedShare.name] ?? 100
    func exceeds(_ count: Int, of rows: Int) -> Bool { Double(count) * 100 > limit * Double(rows) }
    // Which rows are of which file matters only where all of them are too many for one file.
    let fewest = inputs.records.lazy.filter { $0.kind?.holdsLogins == true }
      .map { $0.read - $0.filtered - $0.rejected }.min()
    let areFew = if let counted, let fewest { !exceeds(counted, of: fewest) } else { false }
    let rows = areFew ? Judgement.OpenRows() : judgement.openRows(threads: options.threads)
    let (counts, openCounts) = (rows.unclassed, rows.withoutOutcome)
    let open = inputs.records.enumerated().compactMap { number, record -> String? in
      let rows = record.read - record.filtered - record.rejected
      guard let count = openCounts[UInt32(number)], exceeds(count, of: rows) else { return nil }
      return "\(record.name): \(count) of \(rows.counted("login")) "
        + count.takes("does not tell whether it succeeded", "do not tell whether they succeeded")
        + ", since "
        + "Status is blank or in no table: export it by a query, or with the user's language set to English"
    }
    let unclassed = inputs.records.enumerated().compactMap { number, record -> String? in
      guard let kind = record.kind, kind.holdsLogins else { return nil }
      let how =
        kind == .eventLogLogin
        ? "export the event log Login of a release that has LOGIN_TYPE, or LoginHistory"
        : "export LoginHistory with LoginType and LoginSubType"
      let rows = record.read - record.filtered - record.rejected
      guard rows > 0 else { return nil }
      if record.columnsMissing.contains("LoginType"), kind != .eventLogLogin {
        return "\(record.name): its logins could not be classed, since the column LoginType is "
          + "missing: people's logins cannot be told from programs'; \(how)"
      }
      let count = counts[UInt32(number)] ?? 0
      guard exceeds(count, of: rows) else { return nil }
      return
        "\(record.name): \(count) of \(rows.counted("login")) could not be classed, since LoginType is "
        + "blank or in no table: people's logins cannot be told from programs'; \(how)"
    }
    return open + unclassed
  }
}
