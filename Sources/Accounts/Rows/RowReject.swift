/// Why a row was set aside.
package enum RejectReason: String, Sendable, CaseIterable {
  /// A quote inside an unquoted field, or text behind a closing quote.
  case brokenQuoting = "broken_quoting"
  /// The file ended inside quotes.
  case unterminatedQuote = "unterminated_quote"
  /// A field is larger than `limits.field_bytes`.
  case fieldTooLong = "field_too_long"
  /// More fields than `limits.columns`.
  case tooManyColumns = "too_many_columns"
  /// A record is larger than can be read.
  case recordTooLong = "record_too_long"
  /// The input ended before the record did.
  case cutByEnd = "cut_by_end"
  /// The row has fewer or more fields than the header.
  case fieldCount = "field_count"
  /// The time cannot be read, or does not exist.
  case invalidTime = "invalid_time"
  /// A local time, and no zone was stated.
  case missingTimeZone = "missing_time_zone"
  /// A date whose month and day could be exchanged, and no order was stated.
  case missingDateOrder = "missing_date_order"
  /// A local time with the name of a zone that is not the one stated.
  case contradictsTimeZone = "contradicts_time_zone"
  /// Neither a user's id nor a username.
  case invalidUser = "invalid_user"
  /// A row of a snapshot without the Id that it is about, or an Id that is none.
  case invalidID = "invalid_id"
  /// A row of an event log whose `EVENT_TYPE` is not that of the file's other rows.
  case foreignEvent = "foreign_event"
}

/// One row that was set aside, with its place and its text.
package struct RowReject: Sendable {
  /// Number of the file among the run's inputs.
  package let file: UInt32
  /// Line in which the row begins, 1-based.
  package let line: UInt64
  /// Place of the row's first byte in the file, inflated, 0-based.
  package let byteOffset: UInt64
  /// Why.
  package let reason: RejectReason
  /// The bytes of the row; of a row over a limit its first ones.
  package let raw: [UInt8]

  /// Makes a reject.
  package init(
    file: UInt32, line: UInt64, byteOffset: UInt64, reason: RejectReason, raw: [UInt8]
  ) {
    self.file = file
    self.line = line
    self.byteOffset = byteOffset
    self.reason = reason
    self.raw = raw
  }
}
