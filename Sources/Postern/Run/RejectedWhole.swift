import Accounts
import Delimited
import Platform
import SalesforceExports

/// Says why rows of a file are rejected: which column, which value, how many.
struct RejectedWhole {
  /// One text for each reason, the most frequent first.
  let texts: [String]

  /// Looks at the first rejected row of each reason; of a file whose rows a ledger has, their numbers are all
  /// that is known.
  init(_ file: RunFile) {
    let counts = file.rejectCounts.sorted {
      ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
    }
    texts = counts.map { reason, count in
      var text = "\(count.counted("row")) \(reason.rawValue)"
      if file.known == nil, let input = file.input, let row = file.rejects.firsts[reason] {
        text += ", the first in line \(row.line)"
        if let (name, value) = Self.cause(reason, row, input) {
          text += " where \(name) is \(value.isEmpty ? "blank" : "“\(value.prefix(60))”")"
        } else if reason == .fieldCount {
          text +=
            " with \(Self.fields(row, input).count.counted("field")) of \(input.header.original.count)"
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
      names = idColumns(input.kind)
    case .foreignEvent: names = ["eventtype"]
    default: return nil
    }
    let fields = fields(row, input)
    let columns = names.compactMap { header.position($0) }.filter { $0 < fields.count }
    // Of several columns the first that holds no id; one that is blank, where all others hold some.
    let culprit =
      reason != .invalidID
      ? nil
      : columns.first {
        let isLogin =
          input.kind.holdsLogins || ColumnNames.fold(header.original[$0]) == "loginhistoryid"
        return SalesforceID.reading(fields[$0], ofLogin: isLogin) == .unreadable
      } ?? columns.first { SalesforceID.reading(fields[$0]) == .none }
    return (culprit ?? columns.first).map { (header.original[$0], fields[$0].trimmed) }
  }

  /// Columns of ids without which rows of a kind are rejected.
  private static func idColumns(_ kind: FileKind) -> [String] {
    switch kind {
    case .loginHistory, .eventLogLogin: ["id", "loginid"]
    case .verificationHistory, .loginEvent, .eventLogLogout: ["loginhistoryid", "userid"]
    case .permissionSetAssignment, .permissionSetLicenseAssign:
      [
        "assigneeid", "assignee.id", "permissionsetid", "permissionset.id", "permissionsetgroupid",
        "permissionsetgroup.id",
      ]
    case .permissionSetGroupComponent: ["permissionsetgroupid", "permissionsetid"]
    case .twoFactorMethodsInfo, .userLogin: ["userid"]
    default: ["id", "userid", "profileid"]
    }
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
