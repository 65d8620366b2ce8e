/// The bytes that a delimited file is built with.
package enum ASCII {
  package static let quote: UInt8 = 0x22
  package static let lineFeed: UInt8 = 0x0A
  package static let carriageReturn: UInt8 = 0x0D
  package static let comma: UInt8 = 0x2C
  package static let semicolon: UInt8 = 0x3B
  package static let tab: UInt8 = 0x09
  package static let verticalBar: UInt8 = 0x7C
  package static let caret: UInt8 = 0x5E
  package static let backquote: UInt8 = 0x60
}
