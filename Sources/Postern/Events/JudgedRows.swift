import Accounts
import Platform
import Reports
import SalesforceExports

/// Picks the rows that are shown out of judged accounts; each worker has its own.
struct JudgedRows: Sendable {
  /// An account whose rows may be shown.
  struct Account: Sendable {
    let user: LedgerUser
    let account: LoginAccount
  }

  /// A verdict that some row has.
  private struct KnownVerdict: Sendable {
    let verdict: Verdict
    let number: UInt16
    let isShown: Bool
  }

  private let selection: EventSelection
  private let ledger: AccountLedger
  private let sink: any RowSink
  private let numbers: VerdictNumbers
  private let notesValues: Bool
  private let showsOthers: Bool
  private var shapes = ValueAnswers()
  private var addresses = ValueAnswers()
  private var verdicts: [KnownVerdict] = []

  private(set) var accounts: [Account] = []
  /// Number of the worker.
  var number = 0
  /// Whether rows of the account that was added last are kept.
  var keepsRows = false
  private(set) var rows: [PickedLogin] = []
  /// What a search for a finding keeps.
  var search: FindingSearch.Part?
  /// Accounts with logins of which the exports do not say what is asked of them.
  private(set) var untold = UntoldAccounts()
  private(set) var values = ShownValues()

  /// Makes an empty part.
  ///
  /// - Parameters:
  ///   - sink: Receives the rows.
  ///   - numbers: Numbers the verdicts of all workers.
  ///   - notesValues: Whether values of the rows are noted.
  init(
    _ selection: EventSelection, _ ledger: AccountLedger, into sink: any RowSink,
    numbers: VerdictNumbers, notesValues: Bool
  ) {
    self.selection = selection
    self.ledger = ledger
    self.sink = sink
    self.numbers = numbers
    self.notesValues = notesValues
    showsOthers = selection.matches(nil as Verdict?)
  }

  /// Adds the rows of an account that are shown.
  mutating func add(_ facts: AccountFacts) {
    if keepsRows {
      rows.removeAll(keepingCapacity: true)
      guard selection.matches(facts.key) else { return }
    }
    untold.note(facts)
    guard selection.matches(facts) else { return }
    let user = ledger.user(of: facts.key)
    accounts.append(
      Account(
        user: user,
        account: LoginAccount(
          key: facts.key, username: facts.username, accountClass: facts.accountClass)))
    for login in facts.logins {
      // Most rows have no verdict, and most questions are for verdicts.
      guard login.verdict != nil || showsOthers, selection.filter.contains(login.row.time),
        wants(login)
      else { continue }
      var row = PickedLogin(row: login.row, shape: login.shape, user: user)
      if let verdict = login.verdict {
        let known = known(verdict)
        guard known.isShown else { continue }
        row.mark = known.number
      }
      guard selection.isNamed(row) else { continue }
      sink.add(row)
      if keepsRows { rows.append(row) }
      if notesValues { values.note(row) }
    }
  }

  private mutating func wants(_ login: JudgedLogin) -> Bool {
    let isShape = shapes.answer(for: login.shape) { selection.matches(ledger.shapes[Int($0)]) }
    if isShape == selection.filter.eitherSuffices { return isShape }
    return addresses.answer(for: login.row.address) {
      selection.matches(address: ledger.addresses[Int($0)])
    }
  }

  /// There are few verdicts, and comparing them costs less than hashing them.
  private mutating func known(_ verdict: Verdict) -> KnownVerdict {
    if let known = verdicts.first(where: { $0.verdict == verdict }) { return known }
    let known = KnownVerdict(
      verdict: verdict, number: numbers.number(of: verdict), isShown: selection.matches(verdict))
    verdicts.append(known)
    return known
  }
}

/// Numbers for the distinct verdicts of a run, counted from 1.
final class VerdictNumbers: Sendable {
  private let verdicts = Locked<[Verdict]>([])

  /// The number of a verdict; it gets one on first sight.
  func number(of verdict: Verdict) -> UInt16 {
    verdicts.withLock { verdicts in
      if let position = verdicts.firstIndex(of: verdict) { return UInt16(position + 1) }
      verdicts.append(verdict)
      return UInt16(verdicts.count)
    }
  }

  /// All verdicts by number.
  var all: [Verdict] { verdicts.withLock { $0 } }
}
