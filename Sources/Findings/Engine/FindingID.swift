import Crypto
import Platform

// Before you change this file:
//
// - Ids stand in baselines of earlier runs: what goes into one, and how, must stay as it is.
// - The bytes of the digest are read where they lie, within the closure that lends them.

extension RuleEngine {
  /// `pf1:` and half a SHA-256 over the parts, each with its length before it (docs/results.md).
  package static func id(
    organization: String, rule: RuleDescription, account: String, discriminator: String
  ) -> String {
    let version = String(rule.version)
    let count =
      20 + organization.utf8.count + rule.id.utf8.count + version.utf8.count + account.utf8.count
      + discriminator.utf8.count
    let message = [UInt8](capacity: count) { message in
      append(organization, to: &message)
      append(rule.id, to: &message)
      append(version, to: &message)
      append(account, to: &message)
      append(discriminator, to: &message)
    }
    let digest = SHA256.hash(data: message)
    return unsafe digest.withUnsafeBytes { bytes in
      unsafe String(unsafeUninitializedCapacity: 36) { text in
        unsafe text[0] = UInt8(ascii: "p")
        unsafe text[1] = UInt8(ascii: "f")
        unsafe text[2] = UInt8(ascii: "1")
        unsafe text[3] = UInt8(ascii: ":")
        for position in 0..<16 {
          let byte = unsafe bytes[position]
          unsafe text[4 + 2 * position] = Hexadecimal.digit(byte >> 4)
          unsafe text[5 + 2 * position] = Hexadecimal.digit(byte & 15)
        }
        return 36
      }
    }
  }

  /// Adds a part behind its length, which is four bytes, the highest first.
  private static func append(_ part: String, to message: inout OutputSpan<UInt8>) {
    let bytes = part.utf8.span
    let length = UInt32(bytes.count)
    message.append(UInt8(truncatingIfNeeded: length >> 24))
    message.append(UInt8(truncatingIfNeeded: length >> 16))
    message.append(UInt8(truncatingIfNeeded: length >> 8))
    message.append(UInt8(truncatingIfNeeded: length))
    for position in bytes.indices { message.append(bytes[position]) }
  }
}
