import Accounts

/// Looks at accounts as they are judged, knowing which of their rows a query shows.
///
/// Each worker uses it with a number of its own: those that fold have the lower ones, those that judge the
/// higher ones.
protocol RowObserver: AnyObject, Sendable {
  /// What a worker hands its rows to, which hands them on.
  func sink(_ number: Int, before sink: any RowSink) -> any RowSink
  /// Begins when all rows are folded, with what is asked for.
  ///
  /// - Throws: ``Cancelled``.
  func begin(
    _ judgement: Judgement, _ inputs: InputRecords, _ selection: EventSelection) throws
  /// Takes an account, with those of its rows that the ledger logs and that are shown.
  func add(_ facts: AccountFacts, place: Int, rows: [PickedLogin], worker number: Int)
}
