package import Results

extension ResultsComparison {
  /// Writes `postern.diff/2` of each finding, and `postern.diff_end/2`.
  ///
  /// - Parameter exit: The exit code of the comparison.
  package func writeLines(exit: Int, into text: inout ByteText) {
    for finding in findings {
      var record = ComparedFindingRecord(finding)
      LineWriter.line(&record, into: &text)
    }
    var end = ComparisonEndRecord(self, exit: exit)
    LineWriter.line(&end, into: &text)
  }
}
