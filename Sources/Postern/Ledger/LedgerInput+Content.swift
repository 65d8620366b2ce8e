import Accounts
import Crypto
import Decompression

extension LedgerInput {
  /// Reads it whole; nothing of a file that is not sound is used.
  ///
  /// - Parameter threads: How many workers read it.
  /// - Throws: ``InputProblem``.
  func content(_ limits: InflateLimits, threads: Int) throws(InputProblem) -> (
    content: LedgerContent, sha256: String
  ) {
    func problem(_ detail: String) -> InputProblem {
      InputProblem(name: candidate.name, detail: detail)
    }
    let digest = digest ?? Digest()
    let stream: ByteStream
    do throws(DecompressionError) {
      if let open = self.stream {
        stream = open
      } else if let entry = candidate.entry {
        stream = try entry.open(limits: limits)
      } else {
        stream = unsafe try ByteStream.open(path: candidate.path, limits: limits) {
          unsafe digest.add($0)
        }
      }
    } catch {
      throw problem(error.placedDetail)
    }
    let file = LedgerFileReader(prefix: prefix, limits: limits, threads: threads) {
      () throws(DecompressionError) -> [UInt8] in
      try Self.bytes(of: stream)
    }
    var reader =
      file.isSectioned ? LedgerReader(sections: file) : LedgerReader { file.next() }
    let content: LedgerContent
    do throws(LedgerError) {
      content = try LedgerContent(from: &reader)
    } catch {
      // What is behind may tell more: a checksum that is wrong, or that the file was cut.
      _ = file.drain()
      throw problem(
        file.problem ?? "is a damaged ledger: its parts do not fit each other")
    }
    guard file.drain() else { throw problem(file.problem ?? "is a damaged ledger") }
    return (content, digest.hex)
  }

  private static func bytes(of stream: ByteStream) throws(DecompressionError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let result = unsafe bytes.withUnsafeMutableBytes { room -> Result<Int, DecompressionError> in
      do throws(DecompressionError) {
        return .success(try unsafe stream.read(into: room))
      } catch {
        return .failure(error)
      }
    }
    return Array(bytes.prefix(try result.get()))
  }
}
