import Accounts
import Findings
import Platform

/// Reads saved results back, by all workers, and refuses what is not whole, not of this schema, or
/// not as it was written.
///
/// Checked are each line's place in the order run, accounts by key each followed by its findings,
/// findings about the org, gone findings, end; that an account names the findings behind it; what
/// the end record counts; and its digest over all lines. Members that nobody asks for are passed
/// over.
package struct ResultsReader: Sendable {
  /// The file as the user named it.
  package let name: String
  /// What the run was.
  package let run: RunRecord
  private let source: any ResultsSource
  private let runLine: [UInt8]

  /// Reads the run record.
  ///
  /// - Parameters:
  ///   - source: The bytes.
  ///   - name: The file as the user named it, for errors.
  /// - Throws: ``ResultsError``.
  package init(_ source: any ResultsSource, name: String) throws {
    self.name = name
    self.source = source
    var bytes: [UInt8] = []
    while !bytes.contains(UInt8(ascii: "\n")) {
      let more = try source.bytes(at: bytes.count, count: 1 << 16)
      guard !more.isEmpty, bytes.count < 1 << 28 else {
        throw Self.unknown(bytes, name: name)
      }
      bytes += more
    }
    let end = ResultsBlock.lineEnd(bytes, from: 0)
    guard LineKind(bytes, at: 0) == .run else {
      throw Self.unknown(Array(bytes[..<end]), name: name)
    }
    var run = RunRecord()
    var reader = LineReader(bytes, 0..<end)
    do throws(LineDefect) {
      try reader.line(schema: RunRecord.schema) { run.code(&$0) }
    } catch {
      throw ResultsError(
        name: name, line: 1, detail: "byte \(error.byteOffset + 1): \(error.detail)")
    }
    self.run = run
    runLine = Array(bytes[...end])
  }

  private static func unknown(_ line: [UInt8], name: String) -> ResultsError {
    if line.isEmpty {
      return ResultsError(name: name, line: 1, detail: "is missing: the file is empty")
    }
    if LineKind(line, at: 0) == .run {
      return ResultsError(name: name, line: 1, detail: "the file was cut in its first line")
    }
    let start = Array("{\"schema\":\"postern.".utf8)
    if line.starts(with: start), let close = line.dropFirst(11).firstIndex(of: UInt8(ascii: "\"")),
      close < 64
    {
      let schema = String(decoding: line[11..<close], as: UTF8.self).filter(\.isASCII)
      return ResultsError(
        name: name, line: 1,
        detail: "schema \(schema): a file of results begins with \(RunRecord.schema); use the "
          + "release that wrote the file")
    }
    let shown = String(
      String(decoding: line.prefix(40), as: UTF8.self).unicodeScalars.map { scalar in
        (0x20..<0x7F).contains(scalar.value) ? Character(scalar) : "?"
      })
    return ResultsError(
      name: name, line: 1, detail: "no results of -o jsonl: the file begins with \(shown)")
  }

  // MARK: Blocks

  /// Gives all blocks to workers, each to one of them.
  ///
  /// - Parameters:
  ///   - makePart: Makes the part of a worker.
  ///   - body: Receives blocks, each worker's in ascending order.
  /// - Returns: The parts of the workers, in no order.
  /// - Throws: ``ResultsError``; what `body` throws first.
  package func forEachBlock<Part: Sendable>(
    threads: Int, into makePart: @Sendable () throws -> Part,
    _ body: @Sendable (inout Part, ResultsBlock) throws -> Void
  ) throws -> [Part] {
    let blocks = ResultsBlocks(source, name: name, runLine: runLine)
    let parts = Locked<[Part]>([])
    let failure = Locked<(any Error)?>(nil)
    WorkerThreads.run(max(1, threads)) { _ in
      do {
        var part = try makePart()
        while failure.withLock({ $0 == nil }), let block = try blocks.next() {
          try body(&part, block)
        }
        parts.withLock { [part] in $0.append(part) }
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return parts.withLock { $0 }
  }

  /// Gives all records to workers, group by group.
  ///
  /// - Parameters:
  ///   - detail: Members that are wanted of every group.
  ///   - makePart: Makes the part of a worker.
  ///   - more: Says which members are wanted of a group of which those of all groups were read.
  ///   - body: Receives groups with the number of their block and their byte offset; each worker's
  ///     blocks ascend, and so do the groups of a block.
  ///   - blockEnd: Is told when all groups of a block were given.
  /// - Returns: The end record, and the parts of the workers in no order.
  /// - Throws: ``ResultsError``; what the closures throw first.
  /// - Complexity: O(*n*) in the bytes; holds a block a worker.
  package func read<Part: Sendable>(
    detail: RecordDetail, threads: Int, into makePart: @Sendable () throws -> Part,
    more: @Sendable (Part, ResultsGroup) -> GroupDetail = { _, _ in GroupDetail([]) },
    _ body: @Sendable (inout Part, borrowing ResultsBlock, inout ResultsGroup) throws -> Void,
    blockEnd: @Sendable (inout Part, Int) throws -> Void = { _, _ in }
  ) throws -> (end: EndRecord, parts: [Part]) {
    let order = Locked(SectionOrder())
    let parts = try forEachBlock(threads: threads, into: makePart) { part, block in
      var section = BlockSection(block, detail: detail, name: name)
      do {
        try section.forEachGroup(more: { more(part, $0) }) { group in
          try body(&part, block, &group)
        }
      } catch let defect as BlockDefect {
        throw error(defect, in: block)
      }
      try blockEnd(&part, block.number)
      if let detail = order.withLock({ [summary = section.summary] in $0.add(summary, block.number)
      }) {
        throw ResultsError(name: name, line: nil, detail: detail)
      }
    }
    let whole = order.withLock { $0.whole }
    guard let end = whole.end else {
      throw ResultsError(name: name, line: nil, detail: "has no end record: the file was cut")
    }
    if let difference = whole.difference(from: end) {
      throw ResultsError(name: name, line: nil, detail: difference)
    }
    return (end, parts)
  }

  /// The defect with the number of its line, for which all lines before it are counted.
  private func error(_ defect: BlockDefect, in block: borrowing ResultsBlock) -> ResultsError {
    let line = source.line(at: block.byteOffset + defect.lineOffset)
    return ResultsError(name: name, line: line, detail: defect.detail)
  }
}
