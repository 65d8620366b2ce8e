import Results

/// `-o text`: the summary that a person reads in a minute.
final class TextForm: ReportForm {
  private let subject: ReportSubject
  private let usesColor: Bool

  init(_ subject: ReportSubject, usesColor: Bool) {
    self.subject = subject
    self.usesColor = usesColor
  }

  var detail: RecordDetail { .none }

  func makePart() -> Summary { Summary() }

  func render(_ group: inout ResultsGroup, _ part: inout Summary, into text: inout ByteText) {
    part.add(group)
  }

  func close(_ parts: [Summary], _ end: EndRecord, into text: inout ByteText) {
    text.append(
      TextReport(run: subject.run, end: end, Summary(parts), usesColor: usesColor).text)
  }
}
