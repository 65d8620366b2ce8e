import SalesforceExports

/// What one worker folds with: the rows that wait for the ledger, and what its folds of several files
/// share.
@safe
package final class FoldWorker {
  /// What all workers of a run fold into.
  let ledger: AccountLedger
  /// Receives the rows outside the window, which tell who an account is; `nil` where none are taken.
  let outside: FoldWorker?
  /// Codes of addresses.
  let addresses = RawAddressTable()
  private var dictionaries: [String: ShapeDictionary] = [:]
  private var shapeReaders: [FileKind: ShapeReader] = [:]
  /// Rows that wait.
  let logins: FoldedLogins
  /// Picks rows out that somebody asks for; `nil` where nobody does.
  let picker: RowPicker?
  private let partitions: PartitionFold

  /// What is noted of rows beside the ledger.
  struct Notes {
    var hours = ActiveHours()
    var applicationDays = ApplicationDays()
    /// Up to two distinct logins that a verification names; two are as good as many.
    var joinedLogins: Set<SalesforceID> = []
    /// Whether more of them are looked for.
    var needsJoinedLogins = true
    /// Whether some verification that names a login may be of another user.
    var namesOthers = false
  }

  /// In memory of its own, since each access to a class's property is checked for overlap at run time.
  let notes: UnsafeMutablePointer<Notes>

  /// Bytes of rows that wait, for all workers, and rows of a partition with few workers.
  private static let waitingByteCount = 16 << 20
  private static let largestCapacity = 1_024

  /// Makes a worker that has folded nothing.
  ///
  /// - Parameters:
  ///   - ledger: Receives the rows; all workers of a run have one.
  ///   - outside: Receives the rows outside the window.
  ///   - workerCount: How many they are.
  ///   - picker: Picks rows out that somebody asks for.
  package init(
    _ ledger: AccountLedger, outside: AccountLedger? = nil, workerCount: Int = 1,
    picker: RowPicker? = nil
  ) {
    self.ledger = ledger
    self.picker = picker
    self.outside = outside.map { FoldWorker($0, workerCount: workerCount) }
    let rowByteCount = MemoryLayout<FoldedLogin>.stride * AccountLedger.partitionCount
    let capacity = max(
      16, min(Self.largestCapacity, Self.waitingByteCount / (workerCount * rowByteCount)))
    logins = FoldedLogins(capacity: capacity)
    partitions = PartitionFold(ledger, capacity: capacity)
    unsafe notes = .allocate(capacity: 1)
    unsafe notes.initialize(to: Notes())
  }

  deinit {
    logins.free()
    partitions.free()
    unsafe notes.deinitialize(count: 1)
    unsafe notes.deallocate()
  }

  /// The dictionary of files whose columns lie like these.
  func dictionary(of columns: LoginColumns) -> ShapeDictionary {
    let layout = "\(columns.kind) \(columns.shape)"
    if let known = dictionaries[layout] { return known }
    // The URI counts even where the file has login types: it decides on rows whose type is blank.
    let made = ShapeDictionary(columns: columns.shape.filter { $0 >= 0 })
    dictionaries[layout] = made
    return made
  }

  /// What decodes the shapes of a kind of file.
  func shapeReader(of kind: FileKind) -> ShapeReader {
    if let known = shapeReaders[kind] { return known }
    let made = ShapeReader(kind: kind)
    shapeReaders[kind] = made
    return made
  }

  /// Notes that a verification names this login.
  func noteJoined(_ login: SalesforceID) {
    unsafe notes.pointee.joinedLogins.insert(login)
    unsafe notes.pointee.needsJoinedLogins = notes.pointee.joinedLogins.count < 2
  }

  /// Enters the rows of a partition that wait.
  func enter(_ partition: Int) {
    let rows = unsafe logins.take(partition)
    ledger.partition(partition).withLock { unsafe partitions.enter(rows, partition) }
  }

  /// Enters everything that still waits; to be called before the ledger is read.
  package func finish() {
    outside?.finish()
    for partition in 0..<AccountLedger.partitionCount { enter(partition) }
    unsafe ledger.note(
      notes.pointee.hours, notes.pointee.applicationDays,
      joinedLogins: notes.pointee.joinedLogins, namesOthers: notes.pointee.namesOthers)
    unsafe notes.pointee = Notes()
  }
}
