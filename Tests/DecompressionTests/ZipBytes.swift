import Decompression
import TestSupport

/// One entry of an archive to be built; the defaults are sound.
struct ZipPart {
  var name: String
  var bytes: [UInt8]
  var method: UInt16 = 8
  var flags: UInt16 = 0
  var crc: UInt32?
  var isZip64 = false
  /// Bytes put after the deflate data, counted as part of it.
  var surplus: [UInt8] = []
  var statedByteCount: Int?
  /// How the sizes stand behind the data; `nil` where they stand before it.
  var descriptor: Descriptor?

  /// The form of what stands behind the data.
  enum Descriptor: CaseIterable {
    case short, signed, long, signedLong
  }

  /// The flags with the one that says so.
  var allFlags: UInt16 { flags | (descriptor == nil ? 0 : 8) }

  /// What stands behind the data.
  var trailer: [UInt8] {
    guard let descriptor else { return [] }
    let isLong = descriptor == .long || descriptor == .signedLong
    let (stored, size) = (data.count, statedByteCount ?? bytes.count)
    return
      (descriptor == .signed || descriptor == .signedLong
      ? Archives.little(UInt32(0x0807_4B50)) : [])
      + Archives.little(crc ?? Archives.crc(bytes))
      + (isLong
        ? Archives.little(UInt64(stored)) + Archives.little(UInt64(size))
        : Archives.little(UInt32(stored)) + Archives.little(UInt32(size)))
  }

  var data: [UInt8] { (method == 8 ? Archives.deflated(bytes) : bytes) + surplus }
}

/// Builds an archive.
func zipArchive(
  _ parts: [ZipPart], preceding: [UInt8] = [], isZip64: Bool = false, comment: String = ""
) -> [UInt8] {
  var archive: [UInt8] = []
  var directory: [UInt8] = []
  for part in parts {
    let data = part.data
    let name = Array(part.name.utf8)
    let size = part.statedByteCount ?? part.bytes.count
    let crc = part.crc ?? Archives.crc(part.bytes)
    let common =
      Archives.little(part.allFlags) + Archives.little(part.method) + [0, 0, 0, 0]
      + Archives.little(crc)
      + (part.isZip64
        ? Archives.little(UInt32.max) + Archives.little(UInt32.max)
        : Archives.little(UInt32(data.count)) + Archives.little(UInt32(size)))
    let sizes = Archives.little(UInt64(size)) + Archives.little(UInt64(data.count))
    let localExtra =
      part.isZip64 ? Archives.little(UInt16(1)) + Archives.little(UInt16(16)) + sizes : []
    let extra =
      part.isZip64
      ? [9, 0, 2, 0, 5, 5] + Archives.little(UInt16(1)) + Archives.little(UInt16(24)) + sizes
        + Archives.little(UInt64(archive.count)) : []
    directory += Archives.little(UInt32(0x0201_4B50)) + [20, 0, 20, 0] + common
    directory += Archives.little(UInt16(name.count)) + Archives.little(UInt16(extra.count))
    directory += [UInt8](repeating: 0, count: 10)
    directory += Archives.little(part.isZip64 ? UInt32.max : UInt32(archive.count)) + name + extra
    archive += Archives.little(UInt32(0x0403_4B50)) + [20, 0]
    // What stands behind the data need not stand before it.
    archive +=
      part.descriptor == nil ? common : common.prefix(8) + [UInt8](repeating: 0, count: 12)
    archive +=
      Archives.little(UInt16(name.count)) + Archives.little(UInt16(localExtra.count)) + name
      + localExtra
    archive += data + part.trailer
  }
  let start = archive.count
  let whole = preceding + archive + directory
  var end: [UInt8] = []
  if isZip64 {
    end += Archives.little(UInt32(0x0606_4B50)) + Archives.little(UInt64(44)) + [45, 0, 45, 0]
    end += [UInt8](repeating: 0, count: 8)
    end += Archives.little(UInt64(parts.count)) + Archives.little(UInt64(parts.count))
    end += Archives.little(UInt64(directory.count)) + Archives.little(UInt64(start))
    end += Archives.little(UInt32(0x0706_4B50)) + Archives.little(UInt32(0))
    end += Archives.little(UInt64(start + directory.count)) + Archives.little(UInt32(1))
  }
  let count = isZip64 ? UInt16.max : UInt16(parts.count)
  end +=
    Archives.little(UInt32(0x0605_4B50)) + [0, 0, 0, 0] + Archives.little(count)
    + Archives.little(count)
  end +=
    Archives.little(UInt32(directory.count)) + Archives.little(isZip64 ? UInt32.max : UInt32(start))
  end += Archives.little(UInt16(comment.utf8.count)) + Array(comment.utf8)
  return whole + end
}

/// Reads every entry of an archive, or says why its directory cannot be read.
func zipReading(
  _ archive: [UInt8], isDamaged: Bool = false, limits: InflateLimits = InflateLimits(),
  seed: UInt64? = nil
) throws(DecompressionError) -> [(name: String, reading: Reading)] {
  let file = TemporaryFile(archive)
  let entries =
    try isDamaged
    ? ZipDirectory.readDamaged(path: file.path, limits: limits) : ZipDirectory.read(path: file.path)
  return entries.map { entry in
    var reading = Reading()
    do throws(DecompressionError) {
      let stream = try ByteStream.open(entry: entry, limits: limits)
      reading.read(stream, seed: seed)
    } catch {
      reading.failure = error
    }
    return (entry.name, reading)
  }
}

/// The code that reading an archive's directory fails with.
func directoryFailure(_ archive: [UInt8], isDamaged: Bool = false) -> DecompressionError.Code? {
  do throws(DecompressionError) {
    _ = try zipReading(archive, isDamaged: isDamaged)
    return nil
  } catch {
    return error.code
  }
}
