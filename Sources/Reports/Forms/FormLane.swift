import Platform
package import Results

/// A text that a lane filled and that waits for its turn.
///
/// An object, since texts cannot be copied and wait in lists.
// Unchecked: a lane fills it, then hands it on to whoever writes it, one thread at a time.
package final class RenderedText: @unchecked Sendable {
  /// The bytes.
  package var text: ByteText
  /// Of a form in several stretches, the bytes of those behind the first: a stretch stands in the
  /// output behind all of the stretch before it.
  package var later: [RenderedText] = []

  /// Makes an empty text.
  package init() { text = ByteText() }

  /// Makes an empty text of several stretches, of which the later ones are short.
  init(stretches: Int) {
    text = ByteText()
    later = (1..<stretches).map { _ in RenderedText(capacity: 1 << 10) }
  }

  private init(capacity: Int) { text = ByteText(capacity: capacity) }

  /// Forgets the bytes and keeps their memory.
  func removeAll() {
    text.removeAll()
    for stretch in later { stretch.removeAll() }
  }
}

/// What one worker renders in one form.
package protocol FormLane: AnyObject {
  /// What the form shows of a group of which it knows the members of all groups.
  func detail(of group: ResultsGroup) -> GroupDetail
  /// Renders a group behind those before it.
  func render(_ group: inout ResultsGroup)
  /// Takes what was rendered since the last call.
  func take() -> RenderedText
  /// Gives a text back whose bytes were written, to be filled again.
  func reuse(_ text: RenderedText)
  /// Hands what was gathered to the form; nothing is rendered behind it.
  func finish()
}

/// A form with what its lanes gathered.
package protocol FormOutput: Sendable {
  /// Members of records that the form shows of every group.
  var detail: RecordDetail { get }
  /// Makes the lane of a worker.
  func makeLane() -> any FormLane
  /// What stands before all groups.
  func opening() -> RenderedText
  /// Takes note of bytes that were put in order.
  func note(_ text: borrowing ByteText)
  /// What stands behind all groups, when all lanes have finished.
  func closing(_ end: EndRecord) -> RenderedText
}

/// Runs a form without its type.
package final class FormRun<Form: ReportForm>: FormOutput {
  private let form: Form
  private let parts = Locked<[Form.Part]>([])

  /// Runs a form.
  package init(_ form: Form) { self.form = form }

  package var detail: RecordDetail { form.detail }

  package func opening() -> RenderedText {
    let rendered = RenderedText()
    form.open(into: &rendered.text)
    return rendered
  }

  package func note(_ text: borrowing ByteText) { form.note(text) }

  package func closing(_ end: EndRecord) -> RenderedText {
    let rendered = RenderedText()
    form.close(parts.withLock { $0 }, end, into: &rendered.text)
    return rendered
  }

  package func makeLane() -> any FormLane { Lane(self) }

  private final class Lane: FormLane {
    private let run: FormRun
    private var part: Form.Part
    private var current = RenderedText()
    private var spare: RenderedText?

    init(_ run: FormRun) {
      self.run = run
      part = run.form.makePart()
    }

    func detail(of group: ResultsGroup) -> GroupDetail {
      let members = run.form.detail(of: group)
      return GroupDetail(
        members,
        findingsWithRows: members.contains(.evidence) ? run.form.findingsWithRows(of: group) : [])
    }

    func render(_ group: inout ResultsGroup) {
      run.form.render(&group, &part, into: &current.text)
    }

    func take() -> RenderedText {
      defer {
        current = spare ?? RenderedText()
        spare = nil
      }
      return current
    }

    func reuse(_ text: RenderedText) {
      text.removeAll()
      spare = text
    }

    func finish() {
      let part = part
      run.parts.withLock { $0.append(part) }
    }
  }
}
