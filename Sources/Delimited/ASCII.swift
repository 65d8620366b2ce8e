/// The bytes that a delimited file is built with.
public enum ASCII {
  /// The quotation mark.
  @inlinable @inline(__always) public static var quote: UInt8 { 0x22 }
  /// LF.
  @inlinable @inline(__always) public static var lineFeed: UInt8 { 0x0A }
  /// CR.
  @inlinable @inline(__always) public static var carriageReturn: UInt8 { 0x0D }
  /// The comma.
  @inlinable @inline(__always) public static var comma: UInt8 { 0x2C }
  /// The semicolon.
  @inlinable @inline(__always) public static var semicolon: UInt8 { 0x3B }
  /// TAB.
  @inlinable @inline(__always) public static var tab: UInt8 { 0x09 }
  /// The vertical bar.
  @inlinable @inline(__always) public static var verticalBar: UInt8 { 0x7C }
  /// The caret.
  @inlinable @inline(__always) public static var caret: UInt8 { 0x5E }
  /// The grave accent.
  @inlinable @inline(__always) public static var backquote: UInt8 { 0x60 }
}
