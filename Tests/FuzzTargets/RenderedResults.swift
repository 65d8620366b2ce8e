import Reports
import Results

/// Saved results in every form, and their findings.
struct RenderedResults {
  let run: RunRecord
  let end: EndRecord
  private(set) var findings: [FindingRecord] = []
  private var texts: [OutputFormat: [UInt8]] = [:]

  /// Reads results and renders them.
  ///
  /// - Throws: `ResultsError` when they cannot be used.
  init(_ source: any ResultsSource) throws {
    let reader = try ResultsReader(source, name: "fuzzed")
    let subject = ReportSubject(reader.run)
    let outputs = OutputFormat.allCases.map {
      ($0, $0.form(subject, usesColor: true, replacing: ""))
    }
    let opened = outputs.map { format, output in
      let opening = output.opening()
      output.note(opening.text)
      return (format: format, output: output, lane: output.makeLane(), bytes: opening.text.array)
    }
    struct Part: @unchecked Sendable { var findings: [FindingRecord] = [] }
    // One worker reads, so what it renders is in order.
    nonisolated(unsafe) let lanes = opened.map(\.lane)
    let result = try reader.read(detail: .all, threads: 1) {
      Part()
    } _: { part, _, group in
      if group.subject != .gone { part.findings += group.findings }
      for lane in unsafe lanes { lane.render(&group) }
    }
    run = reader.run
    end = result.end
    findings = result.parts.flatMap(\.findings)
    for entry in opened {
      let rendered = entry.lane.take()
      entry.output.note(rendered.text)
      entry.lane.finish()
      texts[entry.format] =
        entry.bytes + rendered.text.array + rendered.later.flatMap { $0.text.array }
        + entry.output.closing(result.end).text.array
    }
  }

  /// The results in a form.
  func text(_ format: OutputFormat) -> [UInt8] { texts[format] ?? [] }
}
