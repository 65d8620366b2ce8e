import Accounts
import Platform
import Reports
import Results
import Synchronization

/// Writes results in all forms that were asked for, as workers render them.
///
/// Workers hand in texts by unit, and the texts are put in the order of units. Whoever hands in the
/// unit that is next writes it, and those behind it that wait; all others go on. A worker that is
/// too far ahead waits, so memory stays bounded. An output that fails does not keep the others from
/// being written.
// Unchecked: all members are used under the monitor's lock, but for the outputs, which belong to the
// thread for which `isWriting` was set, and to whoever joined the workers after that.
final class ResultsWriter: @unchecked Sendable {
  /// Units that may wait for the one that is next.
  private static let waitingLimit = 64
  /// Bytes of a later stretch that wait in memory.
  private static let stretchMemory = 1 << 20

  private struct Output {
    let form: any FormOutput
    /// `nil` once it failed.
    var file: OutputFile?
    /// What stands behind the texts of all units, a spool a stretch.
    var later: [TemporarySpool] = []
  }

  private let temporary: TemporaryFolder
  private let monitor = Monitor()
  private var outputs: [Output] = []
  private var outputFailure: OutputError?
  private var waiting: [Int: [RenderedText]] = [:]
  private var next = 0
  private var isWriting = false
  private var failure: (any Error)?

  /// Opens all outputs, and writes what stands before all groups.
  ///
  /// - Parameter marksTables: Whether tables begin with a byte order mark.
  /// - Throws: ``OutputError`` when whoever read standard output has gone; another output that cannot
  ///   be written is an error of ``close(_:)``.
  init(
    _ targets: [OutputTarget<OutputFormat>], _ subject: ReportSubject, usesColor: Bool,
    marksTables: Bool
  ) throws(OutputError) {
    temporary = TemporaryFolder(besides: targets.map(\.path))
    for target in targets {
      let form = target.format.form(
        subject, usesColor: usesColor && target.path == nil, replacing: target.replacedText)
      var file: OutputFile?
      do throws(OutputError) {
        file = try OutputFile(
          path: target.path, isPublic: target.format.isPublic,
          packs: target.path?.lowercased().hasSuffix(".gz") ?? false)
        if marksTables, target.format.isTable { try file?.writeByteOrderMark() }
      } catch {
        try fail(error)
      }
      outputs.append(Output(form: form, file: file))
    }
    try put(outputs.map { $0.form.opening() })
  }

  /// Members of records that some output shows of every group.
  var detail: RecordDetail { outputs.reduce([]) { $0.union($1.form.detail) } }

  /// The lanes of a worker.
  func makeLanes() -> FormLanes { FormLanes(outputs.map { $0.form.makeLane() }) }

  /// Hands in what a worker rendered of a unit; units are numbered from 0 without gaps.
  ///
  /// - Throws: What writing failed with, when nothing can be written any more; ``Cancelled``.
  func add(_ lanes: FormLanes, unit: Int) throws {
    let texts = lanes.take()
    var isWriter = false
    try monitor.withLock {
      while unit >= next + Self.waitingLimit, failure == nil {
        if Interruption.isRequested.load(ordering: .relaxed) { throw Cancelled() }
        monitor.wait()
      }
      if let failure { throw failure }
      waiting[unit] = texts
      isWriter = !isWriting && waiting[next] != nil
      if isWriter { isWriting = true }
    }
    while isWriter, let texts = nextTexts() {
      do {
        try put(texts)
      } catch {
        monitor.withLock {
          failure = failure ?? error
          isWriting = false
          monitor.wakeAll()
        }
        throw error
      }
      monitor.withLock {
        next += 1
        monitor.wakeAll()
      }
    }
  }

  /// The texts of the unit that is next; `nil` when they are not there yet, and nobody writes then.
  private func nextTexts() -> [RenderedText]? {
    monitor.withLock {
      if failure == nil, let texts = waiting.removeValue(forKey: next) { return texts }
      isWriting = false
      monitor.wakeAll()
      return nil
    }
  }

  private func put(_ texts: [RenderedText]) throws(OutputError) {
    for (position, text) in texts.enumerated() {
      if text.text.count > 0 {
        outputs[position].form.note(text.text)
        try write(text, position)
      }
      try keep(text.later, position)
    }
  }

  /// Keeps what stands behind the texts of all units.
  private func keep(_ stretches: [RenderedText], _ position: Int) throws(OutputError) {
    guard outputs[position].file != nil else { return }
    while outputs[position].later.count < stretches.count {
      outputs[position].later.append(
        TemporarySpool(in: temporary, memoryBound: Self.stretchMemory))
    }
    for (spool, text) in zip(outputs[position].later, stretches) where text.text.count > 0 {
      do { try spool.add(text.text.array) } catch { return try drop(position, error) }
    }
  }

  /// Writes what was kept.
  private func writeLater(_ position: Int) throws(OutputError) {
    guard let file = outputs[position].file else { return }
    do {
      for spool in outputs[position].later { try spool.forEachPiece { try file.write($0) } }
    } catch { try drop(position, error) }
  }

  /// Gives an output up.
  private func drop(_ position: Int, _ error: any Error) throws(OutputError) {
    outputs[position].file = nil
    try fail(error as? OutputError ?? OutputError(path: "temporary file", detail: "\(error)"))
  }

  private func write(_ text: RenderedText, _ position: Int) throws(OutputError) {
    guard let file = outputs[position].file else { return }
    do throws(OutputError) { try file.write(text.text) } catch {
      outputs[position].file = nil
      try fail(error)
    }
  }

  private func fail(_ error: OutputError) throws(OutputError) {
    outputFailure = outputFailure ?? error
    // Whoever read standard output has seen enough, and wants no files either.
    if error.isClosedPipe { throw error }
  }

  /// Writes what stands behind all groups, and makes all outputs visible.
  ///
  /// - Throws: ``OutputError`` for the first output that could not be written, after all others.
  func close(_ end: EndRecord) throws(OutputError) {
    for position in outputs.indices {
      try writeLater(position)
      try write(outputs[position].form.closing(end), position)
    }
    for output in outputs {
      guard let file = output.file else { continue }
      do throws(OutputError) { try file.finish() } catch { outputFailure = outputFailure ?? error }
    }
    if let outputFailure { throw outputFailure }
  }
}
