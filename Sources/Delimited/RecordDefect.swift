/// What is wrong with a record.
///
/// A record has the first defect that a reader meets going through its bytes. Where one byte brings
/// several, quoting comes before the field limit and that before the record limit.
/// ``cutByEnd`` outranks all, because the rest of such a record is not known.
public enum RecordDefect: UInt8, Hashable, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// A quote inside an unquoted field, or a byte after a closing quote.
  ///
  /// The quote, or the field from that byte on, is taken literally; the record ends with its line.
  case brokenQuoting
  /// The stream ended inside quotes.
  case unterminatedQuote
  /// A field has more than ``RecordLimits/fieldBytes``. The record is delivered without fields.
  case fieldTooLong
  /// More than ``RecordLimits/columns`` fields. The record is delivered without fields.
  case tooManyColumns
  /// More than ``RecordLimits/recordBytes``. The record is delivered without fields.
  case recordTooLong
  /// The source failed before the end of the record was seen.
  case cutByEnd
}
