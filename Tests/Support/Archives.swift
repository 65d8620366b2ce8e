import CZlib

/// Gzip members and zip archives, sound unless told otherwise.
package enum Archives {
  /// Raw deflate data; level 0 gives stored blocks.
  package static func deflated(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
    var stream = unsafe z_stream()
    precondition(unsafe postern_deflate_init(&stream, level, -MAX_WBITS) == Z_OK)
    var output = [UInt8](repeating: 0, count: Int(unsafe deflateBound(&stream, UInt(bytes.count))))
    var input = bytes
    let count = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        precondition(unsafe deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return Int(unsafe stream.total_out)
      }
    }
    unsafe deflateEnd(&stream)
    return Array(output.prefix(count))
  }

  /// All that zlib inflates from the beginning of raw deflate data.
  package static func inflated(_ bytes: some Collection<UInt8>, atMost capacity: Int) -> [UInt8] {
    var stream = unsafe z_stream()
    precondition(unsafe postern_inflate_init(&stream, -MAX_WBITS) == Z_OK)
    var output = [UInt8](repeating: 0, count: capacity)
    var input = Array(bytes)
    let count = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        unsafe inflate(&stream, Z_SYNC_FLUSH)
        return Int(unsafe stream.total_out)
      }
    }
    unsafe inflateEnd(&stream)
    return Array(output.prefix(count))
  }

  /// The CRC-32 of gzip and zip.
  package static func crc(_ bytes: [UInt8]) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      UInt32(truncatingIfNeeded: unsafe crc32_z(0, bytes.baseAddress, bytes.count))
    }
  }

  /// A number as a ledger holds it: 7 bits a byte, the lowest first (docs/ledger-format.md).
  package static func varint(_ value: UInt64) -> [UInt8] {
    var (value, bytes) = (value, [UInt8]())
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    return bytes + [UInt8(value)]
  }

  /// The bytes of an integer, the lowest first.
  package static func little<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    (0..<Integer.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// A gzip member; `flags` adds the fields of RFC 1952: 2 a checksum of the header, 4 extra, 8 a
  /// name, 16 a comment.
  package static func gzip(_ bytes: [UInt8], flags: UInt8 = 0) -> [UInt8] {
    var member: [UInt8] = [0x1F, 0x8B, 8, flags, 1, 2, 3, 4, 0, 3]
    if flags & 4 != 0 { member += little(UInt16(3)) + [7, 7, 7] }
    if flags & 8 != 0 { member += Array("../../etc/passwd".utf8) + [0] }
    if flags & 16 != 0 { member += Array("a comment".utf8) + [0] }
    if flags & 2 != 0 { member += little(UInt16(truncatingIfNeeded: crc(member))) }
    return member + deflated(bytes) + little(crc(bytes))
      + little(UInt32(truncatingIfNeeded: bytes.count))
  }

  /// One entry of an archive.
  package struct Entry {
    package var name = "l.csv"
    package var bytes: [UInt8] = []
    package var method: UInt16 = 8
    package var flags: UInt16 = 0
    /// Whether the sizes stand behind the data.
    package var hasDescriptor = false
    /// Whether the sizes stand in an extra field of 64 bits.
    package var isZip64 = false
    /// What the local header says of the checksum, if it lies.
    package var localCRC: UInt32?
    /// What both headers say of the size, if they lie.
    package var statedSize: Int?
    /// Where the directory says that the entry is, if it lies.
    package var statedOffset: Int?
    package var isUnnamedInLocalHeader = false

    /// Makes an entry, sound unless told otherwise.
    package init(
      name: String = "l.csv", bytes: [UInt8] = [], method: UInt16 = 8, flags: UInt16 = 0,
      hasDescriptor: Bool = false, isZip64: Bool = false, localCRC: UInt32? = nil,
      statedSize: Int? = nil, statedOffset: Int? = nil, isUnnamedInLocalHeader: Bool = false
    ) {
      self.name = name
      self.bytes = bytes
      self.method = method
      self.flags = flags
      self.hasDescriptor = hasDescriptor
      self.isZip64 = isZip64
      self.localCRC = localCRC
      self.statedSize = statedSize
      self.statedOffset = statedOffset
      self.isUnnamedInLocalHeader = isUnnamedInLocalHeader
    }
  }

  /// An archive.
  package static func zip(
    _ entries: [Entry], before: [UInt8] = [], comment: String = "", isZip64: Bool = false,
    statedCount: Int? = nil, statedDisk: UInt16 = 0
  ) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let data = entry.method == 8 ? deflated(entry.bytes) : entry.bytes
      let size = entry.statedSize ?? entry.bytes.count
      let sum = crc(entry.bytes)
      let flags = entry.flags | (entry.hasDescriptor ? 8 : 0)
      let name = Array(entry.name.utf8)
      let place = entry.statedOffset ?? archive.count
      func sizes(_ isThere: Bool) -> [UInt8] {
        if entry.isZip64 { return little(UInt32.max) + little(UInt32.max) }
        return isThere
          ? little(UInt32(data.count)) + little(UInt32(truncatingIfNeeded: size))
          : [UInt8](repeating: 0, count: 8)
      }
      let extra =
        entry.isZip64
        ? little(UInt16(1)) + little(UInt16(16)) + little(UInt64(size))
          + little(UInt64(data.count)) : []
      let localName = entry.isUnnamedInLocalHeader ? Array("x.csv".utf8) : name
      archive += little(UInt32(0x0403_4B50)) + [20, 0] + little(flags) + little(entry.method)
      archive += [0, 0, 0, 0]
      archive += little(entry.hasDescriptor ? 0 : entry.localCRC ?? sum)
      archive += sizes(!entry.hasDescriptor)
      archive += little(UInt16(localName.count)) + little(UInt16(extra.count)) + localName + extra
      archive += data
      if entry.hasDescriptor {
        archive += little(UInt32(0x0807_4B50)) + little(sum) + little(UInt32(data.count))
        archive += little(UInt32(size))
      }
      directory += little(UInt32(0x0201_4B50)) + [20, 0, 20, 0] + little(flags)
      directory += little(entry.method) + [0, 0, 0, 0] + little(sum) + sizes(true)
      directory += little(UInt16(name.count)) + little(UInt16(extra.count))
      directory += [UInt8](repeating: 0, count: 10) + little(UInt32(place)) + name + extra
    }
    let count = statedCount ?? entries.count
    var end: [UInt8] = []
    if isZip64 {
      end += little(UInt32(0x0606_4B50)) + little(UInt64(44)) + [45, 0, 45, 0]
      end += [UInt8](repeating: 0, count: 8) + little(UInt64(count)) + little(UInt64(count))
      end += little(UInt64(directory.count)) + little(UInt64(archive.count))
      end += little(UInt32(0x0706_4B50)) + little(UInt32(0))
      end += little(UInt64(archive.count + directory.count)) + little(UInt32(1))
    }
    let short = isZip64 ? UInt16.max : UInt16(truncatingIfNeeded: count)
    end += little(UInt32(0x0605_4B50)) + little(statedDisk) + little(statedDisk)
    end += little(short) + little(short) + little(UInt32(directory.count))
    end += little(isZip64 ? UInt32.max : UInt32(archive.count))
    end += little(UInt16(comment.utf8.count)) + Array(comment.utf8)
    return before + archive + directory + end
  }

  /// A copy with one bit changed.
  package static func flipping(_ bytes: [UInt8], byte: Int, bit: Int = 0) -> [UInt8] {
    var bytes = bytes
    bytes[byte] ^= 1 << bit
    return bytes
  }
}
