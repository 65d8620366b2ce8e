import Crypto
import Platform

/// Cuts saved results into blocks, and checks that all of them are what was written.
///
/// One thread at a time reads the next block and hashes it; what the lines say is for whoever asked.
final class ResultsBlocks: Sendable {
  /// Bytes that are read in one go.
  private static let chunkByteCount = 2 << 20
  /// The most bytes of one account with its findings, evidence that is not capped included.
  private static let groupByteCount = 1 << 30
  /// Bytes that suffice to know what a line is.
  private static let startByteCount = 128

  private struct State {
    var byteOffset: Int
    var carry: [UInt8] = []
    var number = 0
    var digest: SHA256
    var hasEnded = false
  }

  private let source: any ResultsSource
  private let name: String
  private let state: Locked<State>

  /// - Parameters:
  ///   - byteOffset: Where the line behind the run record begins.
  ///   - runLine: The run record with its line feed: the digest covers it.
  init(_ source: any ResultsSource, name: String, runLine: [UInt8]) {
    self.source = source
    self.name = name
    var digest = SHA256()
    digest.update(data: runLine)
    state = Locked(State(byteOffset: runLine.count, digest: digest))
  }

  /// The next block; `nil` at the end.
  ///
  /// The last block ends with the end record.
  ///
  /// - Throws: ``ResultsError`` for a cut file, and for one whose digest is another.
  func next() throws -> ResultsBlock? {
    try state.withLock { state in
      guard !state.hasEnded else { return nil }
      while true {
        let chunk = try source.bytes(
          at: state.byteOffset + state.carry.count, count: Self.chunkByteCount)
        if chunk.isEmpty { return try last(&state) }
        // What was looked at before needs no second look, but for a line that had only begun.
        let known = max(0, state.carry.count - Self.startByteCount)
        state.carry += chunk
        guard state.carry.count <= Self.groupByteCount else {
          throw ResultsError(
            name: name, line: nil,
            detail: "an account and its findings take more than \(Self.groupByteCount >> 20) MiB")
        }
        if let cut = Self.cut(state.carry, from: known) {
          let rest = Array(state.carry[cut...])
          state.carry.removeSubrange(cut...)
          state.digest.update(data: state.carry)
          return block(&state, rest: rest)
        }
      }
    }
  }

  private func block(_ state: inout State, rest: [UInt8]) -> ResultsBlock {
    let block = ResultsBlock(
      number: state.number, bytes: state.carry, byteOffset: state.byteOffset)
    state.number += 1
    state.byteOffset += state.carry.count
    state.carry = rest
    return block
  }

  /// Everything that is left: the end record is its last line.
  private func last(_ state: inout State) throws -> ResultsBlock {
    state.hasEnded = true
    let bytes = state.carry
    guard bytes.last == UInt8(ascii: "\n") else { throw cut(state) }
    let start = (bytes.dropLast().lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    guard LineKind(bytes, at: start) == .end else { throw cut(state) }
    state.digest.update(data: bytes[..<start])
    var end = EndRecord()
    var reader = LineReader(bytes, start..<bytes.count - 1)
    do throws(LineDefect) {
      try reader.line(schema: EndRecord.schema) { end.code(&$0) }
    } catch {
      throw ResultsError(name: name, line: nil, detail: "the end record: \(error.detail)")
    }
    let digests = Self.digests(
      state.digest, of: bytes[start...], leavingOut: end.recordsDigest)
    guard digests.contains(end.recordsDigest) else {
      throw ResultsError(
        name: name, line: nil,
        detail: "SHA-256 mismatch (records_sha256): the file was edited after it was written")
    }
    return block(&state, rest: [])
  }

  /// What the digest may be: of all lines, its own digits left out.
  ///
  /// Files of before have one of the lines before the end record.
  private static func digests(
    _ before: SHA256, of line: ArraySlice<UInt8>, leavingOut digest: String
  ) -> [String] {
    var whole = before
    let key = Array("\"records_sha256\":\"".utf8)
    guard let place = line.firstRange(of: key + Array(digest.utf8)) else { return [] }
    whole.update(data: Array(line[..<(place.lowerBound + key.count)]))
    whole.update(data: Array(line[place.upperBound...]))
    return [Hexadecimal.text(whole.finalize()), Hexadecimal.text(before.finalize())]
  }

  private func cut(_ state: State) -> ResultsError {
    ResultsError(
      name: name, line: source.line(at: state.byteOffset + state.carry.count),
      detail: "no end record: the file was cut here, or is still being written")
  }

  /// Where the last line begins at which a block may end: any but a finding that belongs to the
  /// account before it.
  ///
  /// - Returns: `nil` when there is none behind the first line.
  private static func cut(_ bytes: [UInt8], from start: Int) -> Int? {
    var end = bytes.count
    while let feed = bytes[start..<end].lastIndex(of: UInt8(ascii: "\n")) {
      if let kind = LineKind(bytes, at: feed + 1), kind != .accountFinding { return feed + 1 }
      end = feed
    }
    return nil
  }
}
