import Configuration
import Decompression
import Delimited
import Platform
import SalesforceExports

/// Finds out what local times of the inputs need before anything is analysed.
///
/// Setup downloads write times in the reader's locale. Month and day are never guessed: a first
/// pass looks for a row that decides their order for the run.
struct LocalTimeCheck {
  private struct Stop: Error {}

  /// Rows without a zone after which a file is taken for one of local times.
  ///
  /// A damaged row among others is rejected and stops no run.
  private static let localRowBound = 16

  private(set) var order: DateOrder?
  /// Units of numbers in columns of times that hold nothing else, by name of the input.
  private(set) var epochUnits: [ExactText: EpochUnit] = [:]

  /// Checks all inputs.
  ///
  /// - Throws: ``UsageError`` that names the option which is missing.
  init(
    _ inputs: [ProbedInput], options: ScanOptions,
    known: [(order: DateOrder, name: String)] = [], readers: (ProbedInput) -> ExportReader
  ) throws {
    order = options.dateOrder
    var decided = known
    var undecided: String?
    for input in inputs {
      guard let column = Self.timeColumn(input), !Self.beginsWithInstant(input, column) else {
        continue
      }
      var isSlashed = false
      var localRowCount = 0
      var hasInstant = false
      /// Notes a row without a zone; tells whether to look on.
      func noteLocalRow() throws -> Bool {
        localRowCount += 1
        if localRowCount == Self.localRowBound { throw Self.missingZone(input) }
        return true
      }
      var found: DateOrder?
      let isUniversal = input.header.namesUniversalTime
      var unit: EpochUnit?
      var hasOtherForms = false
      var forms = LocalTimeForms()
      func look(_ text: String) throws -> Bool {
        // Of a column of numbers all are looked at: it counts as one where it holds nothing else.
        if let number = EpochUnit(text), !hasInstant, localRowCount == 0, !isSlashed {
          if unit == nil { unit = number } else if unit != number { hasOtherForms = true }
          return !hasOtherForms
        }
        if unit != nil {
          hasOtherForms = true
          return false
        }
        if case .instant = TimestampReader(timeZone: nil, dateOrder: nil).read(text, &forms) {
          hasInstant = true
          return false
        }
        guard TimestampReader.needsOrder(text, forms) else {
          let probe = TimestampReader(timeZone: nil, dateOrder: options.dateOrder ?? .ymd)
          if case .needsTimeZone = probe.read(text, &forms), options.timeZone == nil, !isUniversal {
            return try noteLocalRow()
          }
          // A form that decides itself; one look is enough, unless the text is no time at all.
          return probe.read(text, &forms) == .invalid
        }
        if options.timeZone == nil, !isUniversal,
          TimestampReader(
            timeZone: nil, dateOrder: TimestampReader.decidedOrder(text, forms) ?? .mdy
          ).read(text, &forms) == .needsTimeZone
        {
          return try noteLocalRow()
        }
        isSlashed = true
        if options.dateOrder != nil { return false }
        if input.candidate.path == "-" {
          throw UsageError(
            "standard input has dates such as \(text.quotedForMessage): state --date-order mdy "
              + "or dmy")
        }
        found = TimestampReader.decidedOrder(text, forms)
        return found == nil
      }
      do {
        try Self.forEachTime(input, column, readers(input), look)
        if localRowCount > 0, !hasInstant { throw Self.missingZone(input) }
      } catch let error as UsageError {
        // What damage made of the times asks nobody for an option; the file is reported when it is read.
        guard try Self.isDamaged(input, readers(input)) else { throw error }
        continue
      }
      if let unit, !hasOtherForms { epochUnits[input.candidate.name] = unit }
      if let found { decided.append((found, input.candidate.name)) }
      if isSlashed, found == nil, options.dateOrder == nil {
        undecided = undecided ?? input.candidate.name
      }
    }
    guard options.dateOrder == nil else { return }
    if let first = decided.first, let other = decided.first(where: { $0.order != first.order }) {
      throw UsageError(
        "\(first.name) has dates with the \(Self.name(first.order)) first, and \(other.name) with "
          + "the \(Self.name(other.order)) first: scan them apart, each with --date-order")
    }
    if let first = decided.first {
      order = first.order
    } else if let undecided {
      throw UsageError(
        "\(undecided): every date fits both month/day and day/month: state --date-order mdy or dmy")
    }
  }

  private static func name(_ order: DateOrder) -> String { order == .mdy ? "month" : "day" }

  private static func missingZone(_ input: ProbedInput) -> UsageError {
    var message =
      "\(input.candidate.name): times are local and name no offset: state --time-zone, such as "
      + "Europe/Berlin or UTC"
    if input.kind.holdsLogins,
      let zone = LoginColumns(kind: input.kind, header: input.header).headerTimeZone
    {
      message += " (the header says \(zone.quotedForMessage))"
    }
    return UsageError(message)
  }

  /// Whether the time of the first row is an instant, which is all that a look at the file would tell.
  private static func beginsWithInstant(_ input: ProbedInput, _ column: Int) -> Bool {
    guard column < input.firstRow.count else { return false }
    let text = input.firstRow[column].withoutGuard
    if MissingValue.isMissing(text) || EpochUnit(text) != nil { return false }
    if case .instant = TimestampReader(timeZone: nil, dateOrder: nil).read(text) { return true }
    return false
  }

  private static func timeColumn(_ input: ProbedInput) -> Int? {
    switch input.kind {
    case .loginHistory, .eventLogLogin:
      let column = LoginColumns(kind: input.kind, header: input.header).time
      return column >= 0 ? column : nil
    case .verificationHistory: return input.header.position("verificationtime", "time")
    case .loginEvent, .loginAsEvent: return input.header.position("eventdate")
    default: return nil
    }
  }

  /// Whether a file that was packed is not what its check sum says; of one that comes once nobody knows.
  private static func isDamaged(_ input: ProbedInput, _ reader: ExportReader) throws -> Bool {
    guard input.stream == nil, input.compression != .plain || input.candidate.entry != nil else {
      return false
    }
    return try reader.read { _, _, _ in }.problem != nil
  }

  /// Gives the time fields of a file until `body` says that it has seen enough.
  private static func forEachTime(
    _ input: ProbedInput, _ column: Int, _ reader: ExportReader,
    _ body: (String) throws -> Bool
  ) throws {
    func look(_ block: RecordBlock, _ first: Int) throws {
      for index in first..<block.recordCount {
        let record = block[index]
        guard record.defect == .none, record.fieldCount > column else { continue }
        let text = record[column].string.withoutGuard
        if MissingValue.isMissing(text) { continue }
        if try !body(text) { throw Stop() }
      }
    }
    do {
      if input.stream != nil {
        // Of an input that comes once, only what the probe kept can be looked at.
        var records = RecordReader(dialect: input.dialect)
        var rest = input.prefix[...]
        var first = 1
        while let block = unsafe records.next(from: { buffer in
          let count = min(buffer.count, rest.count)
          unsafe buffer.copyBytes(from: rest.prefix(count))
          rest = rest.dropFirst(count)
          return count
        }) {
          try look(block, first)
          first = 0
        }
      } else {
        _ = try reader.read { block, first, _ in try look(block, first) }
      }
    } catch is Stop {}
  }
}
