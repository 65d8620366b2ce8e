import Findings
import Results

/// A form whose lines stand by severity, the most severe first, and those of one severity in the order
/// of results.
///
/// Groups come in the order of results, so nothing is sorted: the lines of a severity are a stretch of
/// the output, rendered apart from the others. The first goes out at once, the others wait in
/// temporary files.
protocol SeverityForm: Sendable {
  /// Members of records that the form shows.
  var detail: RecordDetail { get }
  /// Writes what stands before all groups.
  func open(into text: inout ByteText)
  /// Writes what a group has of one severity.
  func render(_ group: ResultsGroup, _ severity: Severity, into text: inout ByteText)
}

/// Runs a form by severity.
final class SeverityFormRun<Form: SeverityForm>: FormOutput {
  private let form: Form

  init(_ form: Form) { self.form = form }

  var detail: RecordDetail { form.detail }

  func opening() -> RenderedText {
    let rendered = RenderedText()
    form.open(into: &rendered.text)
    return rendered
  }

  func note(_ text: borrowing ByteText) {}

  func closing(_ end: EndRecord) -> RenderedText { RenderedText() }

  func makeLane() -> any FormLane { Lane(form) }

  private final class Lane: FormLane {
    private let form: Form
    /// The most severe first.
    private let severities = Array(Severity.allCases.reversed())
    private var current: RenderedText
    private var spare: RenderedText?

    init(_ form: Form) {
      self.form = form
      current = RenderedText(stretches: Severity.allCases.count)
    }

    func detail(of group: ResultsGroup) -> GroupDetail {
      GroupDetail(form.detail, findingsWithRows: form.detail.contains(.evidence) ? nil : [])
    }

    func render(_ group: inout ResultsGroup) {
      for (stretch, severity) in severities.enumerated()
      where group.findings.indices.contains(where: { group.findings[$0].severity == severity }) {
        let text = stretch == 0 ? current : current.later[stretch - 1]
        form.render(group, severity, into: &text.text)
      }
    }

    func take() -> RenderedText {
      defer {
        current = spare ?? RenderedText(stretches: severities.count)
        spare = nil
      }
      return current
    }

    func reuse(_ text: RenderedText) {
      text.removeAll()
      spare = text
    }

    func finish() {}
  }
}
