import Results

/// `-o brief`: at most 40 lines of Markdown that read well as plain text, for mail and chat.
final class BriefForm: ReportForm {
  private let subject: ReportSubject

  init(_ subject: ReportSubject) { self.subject = subject }

  var detail: RecordDetail { .none }

  func makePart() -> Summary { Summary() }

  func render(_ group: inout ResultsGroup, _ part: inout Summary, into text: inout ByteText) {
    part.add(group)
  }

  func close(_ parts: [Summary], _ end: EndRecord, into text: inout ByteText) {
    for line in Brief(subject.run, end, Summary(parts)).lines {
      text.append(line)
      text.append("\n")
    }
  }
}
