package import Platform
package import Results

/// How a verb ended that reads exports and writes what somebody asked of them.
package struct ReadingOutcome: Sendable {
  /// The accounting of all login rows.
  package var rows = RowAccounting()
  /// What the user should know.
  package var messages: [String] = []
  /// What each input was, for those who want to know.
  package var details: [String] = []
  /// Why the run is incomplete; empty when it is not.
  package var incompleteReasons: [String] = []
  package var exit = ExitCode.complete

  /// What reading the files gave.
  ///
  /// - Parameter further: Reasons why the run is incomplete beside those of the files.
  init(_ accounting: RunAccounting, incomplete further: [String] = []) {
    rows = accounting.rows
    messages = accounting.messages + [accounting.leftOutLogins].compactMap(\.self)
    details = accounting.details
    incompleteReasons = accounting.incompleteReasons + further
  }

  /// Decides the exit code by what is known, and what else the verb knows.
  mutating func decide(_ accounting: RunAccounting, isOverThreshold: Bool = false) {
    exit = .deciding([
      .internalFault: !rows.isBalanced || !accounting.rows.isBalanced,
      .nothingAnalysed: accounting.lacksLogins, .incomplete: !incompleteReasons.isEmpty,
      .overThreshold: isOverThreshold,
    ])
  }
}
