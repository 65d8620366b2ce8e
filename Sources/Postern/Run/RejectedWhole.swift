import Accounts
import Delimited
import SalesforceExports

/// Says why rows of a file are rejected: which column, which value, how many.
struct RejectedWhole {
  /// One text for each reason, the most frequent first.
  let texts: [String]

  /// Looks at the first rejected row of each reason.
  init(_ file: RunFile) {
    guard let input = file.input else {
      texts = []
      return
    }
    let counts = file.rejects.counts.sorted {
      ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
    }
    texts = counts.map { reason, count in
      var text = "\(count) rows \(reason.rawValue)"
      if let row = file.rejects.firsts[reason] {
        text += ", the first in line \(row.line)"
        if let (name, value) = Self.cause(reason, row, input) {
          text += " where \(name) is \(value.isEmpty ? "blank" : "“\(value.prefix(60))”")"
        } else if reason == .fieldCount {
          text += " with \(Self.fields(row, input).count) fields of \(input.header.original.count)"
        }
      }
      return text
    }
  }

  /// The column on which a row failed, and its value.
  private static func cause(
    _ reason: RejectReason, _ row: RowReject, _ input: ProbedInput
  ) -> (name: String, value: String)? {
    let names: [String]
    let header = input.header
    switch reason {
    case .invalidTime, .missingTimeZone, .missingDateOrder, .contradictsTimeZone:
      names = [
        "logintime", "verificationtime", "time", "eventdate", "timestampderived", "timestamp",
      ]
    case .invalidUser: names = ["userid", "useridderived", "username"]
    case .invalidID:
      names =
        input.kind.holdsLogins
        ? ["id", "loginid"] : ["id", "loginhistoryid", "assigneeid", "userid"]
    case .foreignEvent: names = ["eventtype"]
    default: return nil
    }
    let fields = fields(row, input)
    for name in names {
      guard let position = header.position(name), position < fields.count else { continue }
      return (header.original[position], fields[position].trimmed)
    }
    return nil
  }

  private static func fields(_ row: RowReject, _ input: ProbedInput) -> [String] {
    var reader = RecordReader(dialect: input.dialect)
    var rest = row.raw[...]
    let block = unsafe reader.next { buffer in
      let count = min(buffer.count, rest.count)
      unsafe buffer.copyBytes(from: rest.prefix(count))
      rest = rest.dropFirst(count)
      return count
    }
    guard let block, block.recordCount > 0 else { return [] }
    let record = block[0]
    return (0..<record.fieldCount).map { record[$0].string }
  }
}
