import Accounts
import Reports
import Results
import SalesforceExports

/// What becomes of rows that are shown, which are sorted or counted.
///
/// Each worker has its own.
protocol RowSink: AnyObject, Sendable {
  /// Takes a row.
  func add(_ row: PickedLogin)
}

/// The rows that the workers of a pipeline pick out as they fold.
final class PickedRows {
  /// What is picked by one worker; each is used by that worker alone.
  private final class Worker {
    let sink: any RowSink
    let notesValues: Bool
    var values = ShownValues()

    init(_ sink: any RowSink, notesValues: Bool) {
      self.sink = sink
      self.notesValues = notesValues
    }

    func take(_ login: PickedLogin) {
      sink.add(login)
      if notesValues { values.note(login) }
    }
  }

  private let selection: EventSelection
  private let workers: [Worker]
  /// One for each worker; `nil` where nothing is to be picked.
  let pickers: [RowPicker]?

  /// Prepares the workers.
  ///
  /// - Parameter sink: Gives what a worker hands its rows to.
  init(
    _ selection: EventSelection, _ ledger: AccountLedger, _ snapshots: Snapshots, threads: Int,
    notesValues: Bool, into sink: (Int) -> any RowSink
  ) {
    self.selection = selection
    guard selection.needsPickers else {
      workers = []
      pickers = nil
      return
    }
    let workers = (0..<threads).map { Worker(sink($0), notesValues: notesValues) }
    self.workers = workers
    pickers = workers.map { worker in
      RowPicker(selection.filter, ledger: ledger, userID: snapshots.userID(named:)) {
        worker.take($0)
      }
    }
  }

  /// Moves rows outside the window to those that are filtered.
  func subtractRowsOutside(_ rows: inout RowAccounting) {
    for picker in pickers ?? [] {
      rows.analysed -= picker.outside.analysed
      rows.duplicate -= picker.outside.duplicate
      rows.filtered += picker.outside.analysed + picker.outside.duplicate
    }
  }

  /// Values of the rows that were picked.
  var values: ShownValues {
    workers.reduce(into: ShownValues()) { $0.formUnion($1.values) }
  }

  /// Which of the Ids that were asked for exist.
  var foundIDs: Set<SalesforceID> {
    (pickers ?? []).reduce(into: []) { $0.formUnion($1.foundIDs) }
  }

  /// Ids of rows at places that were asked for.
  var idsAtPlaces: Set<SalesforceID> {
    (pickers ?? []).reduce(into: []) { $0.formUnion($1.idsAtPlaces) }
  }

  /// Places that were asked for and at which no row begins, in their order.
  var missingPlaces: [RowPlace] {
    let found = (pickers ?? []).reduce(into: Set<RowPlace>()) { $0.formUnion($1.foundPlaces) }
    return selection.filter.places.subtracting(found).sorted()
  }
}
