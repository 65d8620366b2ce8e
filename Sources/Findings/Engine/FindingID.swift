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
    var message: [UInt8] = []
    message.reserveCapacity(
      64 + organization.utf8.count + account.utf8.count + discriminator.utf8.count)
    func append(_ part: String) {
      let length = UInt32(part.utf8.count)
      message.append(UInt8(truncatingIfNeeded: length >> 24))
      message.append(UInt8(truncatingIfNeeded: length >> 16))
      message.append(UInt8(truncatingIfNeeded: length >> 8))
      message.append(UInt8(truncatingIfNeeded: length))
      message.append(contentsOf: part.utf8)
    }
    append(organization)
    append(rule.id)
    append(String(rule.version))
    append(account)
    append(discriminator)
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
}
