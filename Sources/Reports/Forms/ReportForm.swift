package import Results

/// What every form knows before the first account comes.
///
/// One object for a run: all lanes of all forms refer to it.
package final class ReportSubject: Sendable {
  /// What the run was.
  package let run: RunRecord

  /// Makes a subject.
  package init(_ run: RunRecord) { self.run = run }

  /// Whether findings say how they stand to an earlier run.
  package var isCompared: Bool { run.baselineTime != nil }
}

/// A form of results.
///
/// A scan and `report` give it the same groups of records: workers render them side by side, and
/// what they write is put in the order of groups. A form that sums up writes nothing until all
/// groups were there.
package protocol ReportForm: Sendable {
  /// What a worker gathers beside what it writes.
  associatedtype Part: Sendable

  /// Members of records that the form shows of every group.
  var detail: RecordDetail { get }
  /// Members that the form shows of a group of which it knows those of ``detail``.
  ///
  /// Most accounts are a line of a table, and few are shown whole; only of these are the members
  /// made, or read, that cost most.
  func detail(of group: ResultsGroup) -> RecordDetail
  /// The findings of such a group whose rows the form shows, by position; `nil` for all.
  func findingsWithRows(of group: ResultsGroup) -> Set<Int>?
  /// Writes what stands before all groups.
  func open(into text: inout ByteText)
  /// Makes the part of a worker.
  func makePart() -> Part
  /// Writes or gathers a group.
  func render(_ group: inout ResultsGroup, _ part: inout Part, into text: inout ByteText)
  /// Takes note of bytes that were put in order, all groups' and those of ``open(into:)``.
  func note(_ text: borrowing ByteText)
  /// Writes what stands behind all groups.
  ///
  /// - Parameter parts: Those of all workers, in no order.
  func close(_ parts: [Part], _ end: EndRecord, into text: inout ByteText)
}

extension ReportForm {
  package func detail(of group: ResultsGroup) -> RecordDetail { detail }
  package func findingsWithRows(of group: ResultsGroup) -> Set<Int>? { nil }
  package func open(into text: inout ByteText) {}
  package func note(_ text: borrowing ByteText) {}
}

extension ReportForm where Part == Void {
  package func makePart() {}
}
