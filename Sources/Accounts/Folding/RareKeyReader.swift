import Delimited
import Platform
import SalesforceExports

/// Reads the keys of a login row that have not the form that Salesforce gives them: times of other forms,
/// users that are named, Ids that lost their case or are none.
///
/// The fold asks for them where its own readers, which know the common form alone, say nothing. One reader
/// belongs to one fold.
@safe
final class RareKeyReader {
  private let columns: LoginColumns
  private let times: TimestampReader
  private var timeForms = LocalTimeForms()
  private let ledger: AccountLedger
  private let contestedNames: [ExactText: [(date: Instant?, user: SalesforceID)]]
  private var usernameCodes = RawValueTable()
  private var usernames: [LedgerUser] = []
  /// Users of the names that different users had at different times; else `nil`.
  private var holders: [[(date: Instant?, user: SalesforceID)]?] = []
  private var pieces = RawPieces()

  /// Makes a reader of one file.
  ///
  /// - Parameters:
  ///   - columns: Where the file's columns are.
  ///   - times: Reads the time column.
  ///   - contestedNames: Usernames that different users had at different times, with the user of each
  ///     dated snapshot.
  ///   - ledger: Numbers usernames.
  init(
    columns: LoginColumns, times: TimestampReader,
    contestedNames: [ExactText: [(date: Instant?, user: SalesforceID)]], ledger: AccountLedger
  ) {
    self.columns = columns
    self.times = times
    self.contestedNames = contestedNames
    self.ledger = ledger
  }

  /// Why a time cannot be read.
  struct TimeProblem: Error {
    let reason: RejectReason
  }

  /// The time of a row, of its second column of times where the first holds nothing.
  ///
  /// - Parameter counts: Counts a time that the change of clocks makes ambiguous.
  @inline(never)
  func time(_ record: Record, _ counts: inout LoginFold.Counts) -> Result<Instant, TimeProblem> {
    var field = record[columns.time]
    let unquoted = field.withoutQuotes
    if columns.timeAlternative >= 0, unquoted.isEmpty || unquoted.isMissing {
      field = record[columns.timeAlternative]
    }
    switch times.read(field.insideGuard ?? field.withoutQuotes, &timeForms) {
    case .instant(let instant, let ambiguous):
      if ambiguous { counts.ambiguousTimes += 1 }
      return .success(instant)
    case .invalid: return .failure(TimeProblem(reason: .invalidTime))
    case .needsTimeZone: return .failure(TimeProblem(reason: .missingTimeZone))
    case .needsDateOrder: return .failure(TimeProblem(reason: .missingDateOrder))
    case .contradictsTimeZone: return .failure(TimeProblem(reason: .contradictsTimeZone))
    }
  }

  /// The user of a row without an id of the common form in its first column of users; `nil` for none that
  /// can be read.
  ///
  /// An id that cannot be read is nobody's: the name beside it may be another's.
  ///
  /// - Parameters:
  ///   - record: The row.
  ///   - block: Where it lies.
  ///   - time: When it was, which decides between users that had one name.
  ///   - counts: Counts an id whose case was restored.
  @inline(never)
  func user(
    _ record: Record, _ block: RecordBlock, _ time: Instant, _ counts: inout LoginFold.Counts
  ) -> LedgerUser? {
    switch userID(record) {
    case .id(let id): return LedgerUser(id)
    case .restored(let id):
      counts.restoredIDs += 1
      return LedgerUser(id)
    case .unreadable: return nil
    case .none: break
    }
    guard columns.username >= 0 else { return nil }
    let field = record[columns.username]
    let start = unsafe field.start - block.base
    pieces.ranges = [start..<(start + field.count)]
    let position = unsafe usernameCodes.code(of: pieces, at: block.base) {
      guard let name = username(record)?.asciiLowercased else { return .max }
      holders.append(contestedNames[name])
      usernames.append(ledger.user(named: name))
      return UInt32(usernames.count - 1)
    }
    if position == .max { return nil }
    if let users = holders[Int(position)] {
      // The newest snapshot not after the login, or else the oldest that has the name.
      let holder =
        users.last { ($0.date ?? Instant(milliseconds: .min)) <= time } ?? users[0]
      return LedgerUser(holder.user)
    }
    return usernames[Int(position)]
  }

  /// What stands for an Id that the common form does not fit: the Id restored, ``SalesforceID/none`` for
  /// nothing, or what stands for a text of another form; `nil` for an Id that contradicts itself, or has
  /// lost its case.
  ///
  /// - Parameter counts: Counts an Id whose case was restored.
  @inline(never)
  func id(_ record: Record, _ counts: inout LoginFold.Counts) -> SalesforceID? {
    if let inside = record[columns.id].insideGuard, let id = SalesforceID.parse(inside),
      !id.isLoginWithoutCase
    {
      return id
    }
    let field = record[columns.id].string
    switch SalesforceID.reading(field, ofLogin: true) {
    case .id(let id): return id
    case .restored(let id):
      counts.restoredIDs += 1
      return id
    case .none: return SalesforceID.none
    case .unreadable:
      let text = field.withoutGuard
      return SalesforceID.hasForm(text) ? nil : SalesforceID(ofAnotherForm: text)
    }
  }

  /// Whether a row that is not taken says whose it is.
  func hasUser(_ record: Record) -> Bool {
    let reading = userID(record)
    return reading.id != nil || (reading == .none && username(record) != nil)
  }

  /// Whether a row that is not taken has an Id that does not contradict itself.
  func hasReadableID(_ record: Record) -> Bool {
    guard columns.id >= 0 else { return true }
    let field = record[columns.id].withoutQuotes
    if let id = SalesforceID.parse(field), !id.isLoginWithoutCase { return true }
    let text = record[columns.id].string.withoutGuard
    return SalesforceID.reading(text, ofLogin: true) != .unreadable || !SalesforceID.hasForm(text)
  }

  /// What the columns of ids say of the user: the first that holds an id.
  private func userID(_ record: Record) -> SalesforceID.Reading {
    var result = SalesforceID.Reading.none
    for column in [columns.user, columns.userAlternative] where column >= 0 {
      let field = record[column]
      if let id = SalesforceID.parse(field.insideGuard ?? field.withoutQuotes) { return .id(id) }
      let reading = SalesforceID.reading(record[column].string)
      if reading.id != nil { return reading }
      if reading == .unreadable { result = .unreadable }
    }
    return result
  }

  /// The name that was used; `nil` for none.
  private func username(_ record: Record) -> String? {
    guard columns.username >= 0 else { return nil }
    let name = record[columns.username].string.withoutGuard
    return MissingValue.isMissing(name) ? nil : name
  }
}
