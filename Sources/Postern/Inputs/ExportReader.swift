import Crypto
import Decompression
import Delimited
import Foundation
import Platform

/// What a file turned out to be when it was read to its end.
struct ReadOutcome {
  /// Bytes as stored.
  var byteCount = 0
  /// SHA-256 of the file as stored, in hex; empty for an entry of an archive.
  var sha256 = ""
  /// Why reading ended early; `nil` when it did not.
  var problem: String?
  /// What was done to its records so that they fit the header.
  var arrangement = RecordArrangement()
}

/// Reads one file whole, block by block.
struct ExportReader {
  let input: ProbedInput
  let limits: InflateLimits
  let recordLimits: RecordLimits
  /// Bytes of a block; few, so that they are still near when they are folded.
  var blockByteCount = 1 << 18
  /// Whether a digest of the file is made; not where it is read once more.
  var makesDigest = true

  /// Gives the file's blocks to `body` with the index of the first record behind the header.
  ///
  /// What precedes a defect of the compressed file is given; the outcome names the defect.
  ///
  /// - Throws: What `body` throws.
  func read(_ body: (RecordBlock, _ first: Int, _ compressedBytes: UInt64) throws -> Void) throws
    -> ReadOutcome
  {
    let digest = input.digest ?? (makesDigest ? Digest() : nil)
    var outcome = ReadOutcome()
    let stream: ByteStream
    do throws(DecompressionError) {
      stream = try open(digest)
    } catch {
      outcome.problem = error.description
      return outcome
    }
    let preamble = input.preamble
    var reader = RecordReader(
      dialect: input.dialect, limits: recordLimits, blockByteCount: blockByteCount,
      byteOffset: UInt64(preamble.byteCount), line: UInt64(1 + preamble.lineCount))
    var prefix = input.prefix[...]
    var isFirst = true
    var unskipped = preamble.byteCount
    let arranger = RecordArranger(input)
    while let block = unsafe reader.next(from: { buffer throws(DecompressionError) in
      while unskipped > 0 {
        if prefix.isEmpty {
          // What stands before the header is a few bytes, far fewer than the buffer holds.
          let count = try unsafe stream.read(
            into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(unskipped)))
          if count == 0 { return 0 }
          unskipped -= count
        } else {
          let count = min(unskipped, prefix.count)
          prefix = prefix.dropFirst(count)
          unskipped -= count
        }
      }
      if !prefix.isEmpty {
        let count = min(prefix.count, buffer.count)
        unsafe buffer.copyBytes(from: prefix.prefix(count))
        prefix = prefix.dropFirst(count)
        return count
      }
      return try unsafe stream.read(into: buffer)
    }) {
      let offset = stream.compressedOffset
      try arranger.forEachPart(of: block, from: isFirst ? 1 : 0) { try body($0, $1, offset) }
      isFirst = false
    }
    var problem: String?
    if let failure = reader.failure as? DecompressionError {
      problem = failure.description
      // The rest is read for its digest alone; a second failure adds nothing.
      try? stream.drain()
    }
    outcome = self.outcome(
      digest: stream.hasReadError ? nil : digest, storedByteCount: stream.compressedOffset,
      problem: problem, arranger.arrangement)
    return outcome
  }

  /// What a file turned out to be that was read to its end, or to where it could be read.
  ///
  /// - Parameter digest: Has seen the whole file; `nil` where a read failed.
  func outcome(
    digest: Digest?, storedByteCount: UInt64, problem: String?, _ arrangement: RecordArrangement
  ) -> ReadOutcome {
    var outcome = ReadOutcome()
    outcome.arrangement = arrangement
    outcome.problem = problem ?? arrangement.wholeProblem
    outcome.byteCount = input.stamp?.byteCount ?? Int(storedByteCount)
    if input.candidate.entry == nil { outcome.sha256 = digest?.hex ?? "" }
    if let stamp = input.stamp, stamp.isRegular, FileStamp(path: input.candidate.path) != stamp {
      outcome.problem = outcome.problem ?? "\(input.candidate.path): changed while it was read"
    }
    return outcome
  }

  /// Opens the file; `digest` sees its stored bytes.
  func open(_ digest: Digest?) throws(DecompressionError) -> ByteStream {
    if let stream = input.stream { return stream }
    let stream = try openStored(digest)
    stream.decoder = input.encoding.decoder
    return stream
  }

  private func openStored(_ digest: Digest?) throws(DecompressionError) -> ByteStream {
    if let entry = input.candidate.entry {
      return try entry.open(limits: limits)
    }
    guard let digest else {
      return unsafe try ByteStream.open(path: input.candidate.path, limits: limits)
    }
    return unsafe try ByteStream.open(path: input.candidate.path, limits: limits) { bytes in
      unsafe digest.add(bytes)
    }
  }
}

/// A SHA-256 that a stream feeds.
final class Digest {
  private var hash = SHA256()

  func add(_ bytes: UnsafeRawBufferPointer) { unsafe hash.update(bufferPointer: bytes) }

  var hex: String { Hexadecimal.text(hash.finalize()) }
}

/// The digest of files that are not read as one stream.
package enum FileDigest {
  /// SHA-256 of a file as stored, in hex; empty when it cannot be read.
  package static func sha256(path: String) -> String {
    guard let handle = FileHandle(forReadingAtPath: path) else { return "" }
    defer { try? handle.close() }
    var hash = SHA256()
    do {
      while let data = try handle.read(upToCount: 1 << 20), !data.isEmpty {
        hash.update(data: data)
      }
    } catch {
      return ""
    }
    return Hexadecimal.text(hash.finalize())
  }
}
