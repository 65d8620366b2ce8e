import CZlib
import Crypto

/// What tests ask of an input of ``FuzzTarget/ledger``.
public enum ForgedLedger {
  /// Whether a scan takes it.
  ///
  /// - Throws: ``FuzzFailure`` where something does not hold, and what the system says.
  public static func isTaken(_ bytes: [UInt8]) throws -> Bool {
    var input = FuzzInput(bytes)
    return try LedgerProperty.isTaken(&input)
  }
}

/// The content of a ledger file, behind checksums that fit it: a scan refuses it with a reason, or
/// accounts for its rows and says the same for any number of workers.
enum LedgerProperty {
  static func check(_ input: inout FuzzInput) throws {
    _ = try isTaken(&input)
  }

  static func isTaken(_ input: inout FuzzInput) throws -> Bool {
    let settings = ScanSettings(&input)
    let ledger = ScanProperty.File(name: "state.ledger", bytes: sealed(input.rest()))
    return try ScanRuns.check([ledger], settings)
  }

  /// The file that holds a content (docs/ledger-format.md), in one block.
  private static func sealed(_ content: [UInt8]) -> [UInt8] {
    func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
      (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    var file: [UInt8] = [0x89, 0x50, 0x53, 0x54, 0x4C, 0x0D, 0x0A, 0x1A] + little(UInt16(4))
    if !content.isEmpty {
      let stored = stored(content)
      file += [1] + little(UInt32(stored.count)) + little(UInt32(content.count))
      file += little(crc32(of: stored)) + stored
    }
    file += [0] + little(UInt64(content.count))
    return file + Array(SHA256.hash(data: file))
  }

  /// A zlib stream of stored blocks.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(count))
    let status = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe result.withUnsafeMutableBufferPointer { room in
        unsafe compress2(room.baseAddress, &count, bytes.baseAddress, UInt(bytes.count), 0)
      }
    }
    precondition(status == Z_OK, "zlib is out of memory")
    return Array(result.prefix(Int(count)))
  }
}
