import Configuration
import Decompression
import Delimited

/// What reading the files of a run may cost.
struct ReadingLimits: Sendable {
  let inflate: InflateLimits
  let records: RecordLimits

  /// The program's own limits with those of a configuration over them.
  init(_ stated: Configuration.Limits) {
    var inflate = InflateLimits()
    if let ratio = stated.expansionRatio { inflate.expansionRatio = ratio }
    if let bytes = stated.expandedBytes { inflate.expandedBytes = bytes }
    self.inflate = inflate
    var records = RecordLimits()
    if let bytes = stated.fieldBytes {
      records.fieldBytes = bytes
      records.recordBytes = max(records.recordBytes, bytes)
    }
    if let columns = stated.columns { records.columns = columns }
    self.records = records
  }

  /// Reads a file within these limits.
  func reader(_ input: ProbedInput) -> ExportReader {
    ExportReader(input: input, limits: inflate, recordLimits: records)
  }
}
