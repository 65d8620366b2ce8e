import SalesforceExports

/// The columns of a login file that are used; richer ones come first.
struct LoginColumnSet: Comparable {
  let count: Int
  /// Their names, folded and in order.
  let text: String

  init(_ input: ProbedInput) {
    let columns = LoginColumns(kind: input.kind, header: input.header)
    let used = columns.used.filter { $0 >= 0 }.map { ColumnNames.fold(input.header.original[$0]) }
    count = used.count
    text = used.sorted().joined(separator: ",")
  }

  static func < (left: Self, right: Self) -> Bool {
    left.count != right.count ? left.count > right.count : left.text < right.text
  }
}
