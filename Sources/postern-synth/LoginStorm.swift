/// One program that logs in more often within the hour than the platform allows.
struct LoginStorm {
  /// Attempts, refused ones included.
  static let attempts = 4_100
  /// Attempts that the platform lets through in an hour.
  static let limit = 3_600
  /// Runs below this number of rows have no storm.
  static let leastRows = 50_000

  private let template: LoginRow
  private let start: EpochSeconds
  private var done = 0

  /// The storm of a run; nil where the run is too small for one.
  init?(options: SynthOptions, organization: Organization) {
    guard options.rows >= Self.leastRows,
      let index = organization.accounts.firstIndex(where: { $0.persona.isIntegration })
    else { return nil }
    let middle = options.firstSecond + options.days * 43_200
    start = middle - middle % 3_600
    template = LoginRow(
      time: start, account: index, type: .remoteAccess, subType: .clientCredentials,
      address: organization.accounts[index].address,
      application: organization.accounts[index].application, browser: Vocabulary.firstProgram)
  }

  /// When the next attempt comes.
  var nextTime: EpochSeconds { start + done * 3_000 / Self.attempts }

  /// Whether the last attempt has been made.
  var isOver: Bool { done >= Self.attempts }

  /// The next attempt.
  mutating func next() -> LoginRow {
    var row = template
    row.time = nextTime
    if done >= Self.limit { row.status = .rateExceeded }
    done += 1
    return row
  }
}
