package import SalesforceExports

extension LoginFold {
  /// How many rows met which end; of one file.
  package struct Counts: Sendable, Equatable {
    /// All rows behind the header.
    package var read = 0
    /// Rows that entered the ledger.
    package var analysed = 0
    /// Copies of rows that entered the ledger.
    package var duplicate = 0
    /// Rows outside the window.
    package var filtered = 0
    /// Rows that cannot be judged.
    package var rejected = 0
    /// Header lines repeated inside the file, as concatenated exports have them.
    package var repeatedHeaders = 0
    /// Rows whose local time occurs twice, taken as the earlier.
    package var ambiguousTimes = 0
    /// Ids whose case was lost and that are restored.
    package var restoredIDs = 0
    /// Earliest time of a readable row.
    package var first: Instant?
    /// Latest time of a readable row.
    package var last: Instant?

    /// Counts nothing.
    package init() {}

    /// Lets the stretch of time reach to a row.
    @inline(__always)
    mutating func note(_ time: Instant) {
      if let known = first, let end = last {
        if time < known { first = time }
        if time > end { last = time }
      } else {
        first = time
        last = time
      }
    }

    /// The counts of two parts of a file together.
    package static func + (left: Counts, right: Counts) -> Counts {
      var sum = left
      sum.read += right.read
      sum.analysed += right.analysed
      sum.duplicate += right.duplicate
      sum.filtered += right.filtered
      sum.rejected += right.rejected
      sum.repeatedHeaders += right.repeatedHeaders
      sum.ambiguousTimes += right.ambiguousTimes
      sum.restoredIDs += right.restoredIDs
      sum.first = [left.first, right.first].compactMap(\.self).min()
      sum.last = [left.last, right.last].compactMap(\.self).max()
      return sum
    }
  }
}
