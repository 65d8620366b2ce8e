/// One file of a tar archive.
package struct TarEntry: Sendable {
  /// The archive, as it was named.
  package let path: String
  /// The entry's own path in the archive.
  package let name: String
  /// Where its data begins in the archive, inflated.
  let offset: UInt64
  /// How many bytes the data has.
  let byteCount: UInt64
}

/// Finds the files of tar archives, plain or in gzip.
///
/// Formats: ustar and pax (POSIX.1-2017, pax), GNU tar's long names and large sizes.
package enum TarArchive {
  private static let blockByteCount = 512

  /// Whether a file that begins so is a tar archive: by the mark at byte 257, or else by a checksum that
  /// fits, since the oldest archives have no mark.
  package static func isTar(firstBytes: some Collection<UInt8>) -> Bool {
    let block = Array(firstBytes.prefix(blockByteCount))
    guard block.count == blockByteCount, block[0] != 0 else { return false }
    return block[257..<262].elementsEqual("ustar".utf8) || hasFittingChecksum(block)
  }

  /// The files of an archive in their order, and why the list ends early where it does.
  ///
  /// - Complexity: O(*n*) in the bytes of the archive, inflated.
  package static func read(
    path: String, limits: InflateLimits
  ) throws(DecompressionError) -> (entries: [TarEntry], damage: DecompressionError?) {
    let stream = try unsafe ByteStream.open(path: path, limits: limits)
    var entries: [TarEntry] = []
    do throws(DecompressionError) {
      try readEntries(of: stream, path: path, into: &entries)
    } catch {
      return (entries, error)
    }
    return (entries, nil)
  }

  private static func readEntries(
    of stream: ByteStream, path: String, into entries: inout [TarEntry]
  ) throws(DecompressionError) {
    let place = FailurePlace(path: path)
    func damaged(_ detail: String) -> DecompressionError {
      place.failure(.damagedArchive, at: stream.compressedOffset, detail)
    }
    var offset: UInt64 = 0
    func skip(_ count: UInt64) throws(DecompressionError) {
      guard try stream.skip(count) == count else {
        throw damaged("is a tar archive that ends inside a file; fetch it again")
      }
      offset += count
    }
    var longName: String?
    var paxSize: UInt64?
    while true {
      let block = try stream.read(count: blockByteCount)
      if block.isEmpty {
        if entries.isEmpty { throw damaged("is a tar archive that holds no files") }
        return
      }
      offset += UInt64(block.count)
      if block.allSatisfy({ $0 == 0 }) {
        // Zeros end an archive; a file behind them would be passed over.
        while true {
          let rest = try stream.read(count: 1 << 16)
          if rest.isEmpty { return }
          if rest.contains(where: { $0 != 0 }) {
            throw damaged("is a tar archive with more behind its end; fetch it again")
          }
        }
      }
      guard block.count == blockByteCount, hasFittingChecksum(block),
        let size = number(block[124..<136])
      else { throw damaged("is a tar archive that is damaged; fetch it again") }
      let byteCount = paxSize ?? size
      guard byteCount < 1 << 62 else {
        throw damaged("is a tar archive that is damaged; fetch it again")
      }
      let padded =
        (byteCount + UInt64(blockByteCount) - 1) / UInt64(blockByteCount) * UInt64(blockByteCount)
      switch block[156] {
      case UInt8(ascii: "L"), UInt8(ascii: "x"), UInt8(ascii: "g"):
        // Names and sizes that stand before the header which they are of.
        guard size <= 1 << 20 else {
          throw damaged("is a tar archive that is damaged; fetch it again")
        }
        let data = try stream.read(count: Int(size))
        guard data.count == Int(size) else {
          throw damaged("is a tar archive that ends inside a file; fetch it again")
        }
        offset += size
        try skip(padded - size)
        if block[156] == UInt8(ascii: "L") {
          longName = text(data[...])
        } else if block[156] == UInt8(ascii: "x") {
          let records = paxRecords(data)
          longName = records["path"] ?? longName
          paxSize = records["size"].flatMap { UInt64($0) }
        }
        continue
      case UInt8(ascii: "0"), 0, UInt8(ascii: "7"):
        let prefix = text(block[345..<500])
        let isMarked = block[257..<263].elementsEqual("ustar\0".utf8)
        let short = text(block[0..<100])
        let name = longName ?? (isMarked && !prefix.isEmpty ? prefix + "/" + short : short)
        // A name that ends so is a folder in the oldest archives.
        if !name.hasSuffix("/") {
          entries.append(TarEntry(path: path, name: name, offset: offset, byteCount: byteCount))
        }
      default: break
      }
      longName = nil
      paxSize = nil
      try skip(padded)
    }
  }

  private static func hasFittingChecksum(_ block: [UInt8]) -> Bool {
    guard let stated = number(block[148..<156]) else { return false }
    var sum: UInt64 = 0
    for (index, byte) in block.enumerated() {
      sum += (148..<156).contains(index) ? 0x20 : UInt64(byte)
    }
    return sum == stated
  }

  /// A number in octal digits, or in base 256 where its first bit is set.
  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64? {
    if let first = bytes.first, first & 0x80 != 0 {
      return bytes.dropFirst().reduce(UInt64(first & 0x7F)) { $0 << 8 | UInt64($1) }
    }
    let digits = bytes.drop { $0 == 0x20 }.prefix { $0 &- 0x30 < 8 }
    guard !digits.isEmpty else { return nil }
    return digits.reduce(0) { $0 << 3 | UInt64($1 - 0x30) }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Records of the form `LENGTH KEY=VALUE`, each with a line end.
  private static func paxRecords(_ data: [UInt8]) -> [String: String] {
    var result: [String: String] = [:]
    var rest = data[...]
    while let blank = rest.firstIndex(of: 0x20),
      let length = Int(String(decoding: rest[..<blank], as: UTF8.self)),
      length > blank - rest.startIndex + 1, length <= rest.count
    {
      let record = rest[(blank + 1)..<(rest.startIndex + length)]
      if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
        result[String(decoding: record[..<equals], as: UTF8.self)] =
          String(decoding: record[(equals + 1)...].dropLast(), as: UTF8.self)
      }
      rest = rest.dropFirst(length)
    }
    return result
  }
}

extension ByteStream {
  /// Opens an entry of a tar archive: what stands before it is read and passed over.
  ///
  /// - Complexity: O(*n*) in the bytes before the entry.
  package static func open(
    entry: TarEntry, limits: InflateLimits
  ) throws(DecompressionError) -> ByteStream {
    let stream = try unsafe open(path: entry.path, limits: limits)
    let place = FailurePlace(path: entry.path, entry: entry.name)
    guard try stream.skip(entry.offset) == entry.offset else {
      throw place.failure(
        .truncated, at: stream.compressedOffset, "is not where the archive said; fetch it again")
    }
    stream.narrow(to: entry.byteCount, place)
    let inside = Compression.detect(firstBytes: stream.lookAhead(4))
    if inside != .plain {
      throw place.failure(
        .nestedArchive, at: stream.compressedOffset,
        "is itself a \(inside.rawValue) file; extract it and give it by itself")
    }
    return stream
  }

  /// Reads bytes and drops them.
  ///
  /// - Returns: How many there were.
  func skip(_ count: UInt64) throws(DecompressionError) -> UInt64 {
    var left = count
    while left > 0 {
      let bytes = try read(count: Int(min(left, 1 << 18)))
      if bytes.isEmpty { break }
      left -= UInt64(bytes.count)
    }
    return count - left
  }
}
