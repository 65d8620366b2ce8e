package import Accounts
import SalesforceExports

/// Attempts of an account by door and outcome, and its verdicts.
package struct LoginCountsRecord: Sendable, Equatable {
  package var human = OutcomeCounts()
  package var api = OutcomeCounts()
  package var unclassified = OutcomeCounts()
  /// Successful human logins by verdict, and by what the verdict rests on.
  package var proven = 0
  package var absent = 0
  package var unknown = 0
  package var byBasis = NamedCounts()
  /// The last successful human login; `nil` where there is none, or none is remembered.
  package var lastHuman: LastHumanRecord?
  /// UI logins of an integration account by label of maintenance.
  package var maintenance = NamedCounts()
  /// API logins whose sub-type is not told.
  package var apiSubTypeUnknown = 0

  /// All attempts.
  package var total: OutcomeCounts {
    var sum = human
    sum.add(api)
    sum.add(unclassified)
    return sum
  }

  /// Successful human logins with a verdict.
  package func verdicts(_ state: VerdictState) -> Int {
    switch state {
    case .proven: proven
    case .absent: absent
    case .unknown: unknown
    }
  }

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.object("api") { coder in
      var attempted = api.attempted
      coder.count("attempted", &attempted)
      coder.count("failed", &api.failed)
      coder.count("pending", &api.pending)
      coder.count("subtype_unknown", &apiSubTypeUnknown)
      coder.count("succeeded", &api.succeeded)
      if attempted != api.attempted { coder.fail("attempted", Self.sum) }
    }
    var told = total
    coder.count("failed", &told.failed)
    coder.object("human") { coder in
      var attempted = human.attempted
      coder.count("attempted", &attempted)
      coder.counts("by_basis", &byBasis)
      coder.count("failed", &human.failed)
      coder.object("last", &lastHuman, blank: LastHumanRecord()) { $1.code(&$0) }
      coder.counts("maintenance", &maintenance)
      coder.count("mfa_absent", &absent)
      coder.count("mfa_proven", &proven)
      coder.count("mfa_unknown", &unknown)
      coder.count("pending", &human.pending)
      coder.count("succeeded", &human.succeeded)
      if attempted != human.attempted { coder.fail("attempted", Self.sum) }
      if proven + absent + unknown != human.succeeded {
        coder.fail("succeeded", "is not the sum of the verdicts")
      }
    }
    coder.count("pending", &told.pending)
    coder.count("succeeded", &told.succeeded)
    var attempted = total.attempted
    coder.count("total", &attempted)
    coder.object("unclassified") { coder in
      var attempted = unclassified.attempted
      coder.count("attempted", &attempted)
      coder.count("failed", &unclassified.failed)
      coder.count("pending", &unclassified.pending)
      coder.count("succeeded", &unclassified.succeeded)
      if attempted != unclassified.attempted { coder.fail("attempted", Self.sum) }
    }
    if told != total || attempted != total.attempted {
      coder.fail("total", "is not the sum of its parts")
    }
  }

  private static let sum = "is not the sum of succeeded, failed and pending"
}
