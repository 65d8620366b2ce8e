// Before you change this file:
//
// - Reads past the ends. The head of a field is loaded as eight bytes from its start, however short it is: a
//   block has 64 readable bytes behind it.

/// How many bytes a text has, and the first seven of them, in one word.
///
/// Texts with different heads are different; those of up to seven bytes are the same where their heads are, so most
/// fields are compared without a text.
@safe
public struct TextHead: Equatable, Sendable {
  /// The bytes, the first one lowest; on top their number, 255 standing for more too.
  private let word: UInt64
  private static let byteCount = 7

  private init(bytes: UInt64, count: Int) {
    let kept = count < Self.byteCount ? ~(UInt64.max << UInt64(8 * count)) : UInt64.max >> 8
    word = bytes & kept | UInt64(min(count, 255)) << 56
  }

  /// The head of a text.
  public init(_ text: String) {
    let all = text.utf8.span
    var bytes: UInt64 = 0
    for position in 0..<min(all.count, Self.byteCount) {
      bytes |= UInt64(all[position]) << UInt64(8 * position)
    }
    self.init(bytes: bytes, count: all.count)
  }

  /// The head of a field of a block, without quotes.
  @inline(__always)
  public init(_ field: FieldBytes) {
    self.init(
      bytes: unsafe UnsafeRawPointer(field.start).loadUnaligned(as: UInt64.self),
      count: field.count)
  }

  /// Whether it holds all bytes of its text.
  public var isWhole: Bool { word >> 56 <= UInt64(Self.byteCount) }
}
