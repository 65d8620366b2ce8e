/// The library that inflates.
package enum InflateBackEnd: String, Sendable {
  case zlib
  case isal = "isa-l"

  /// The one this program was built with: ISA-L with the package trait `ISAL`, else zlib.
  package static var inUse: InflateBackEnd {
    #if ISAL
    .isal
    #else
    .zlib
    #endif
  }
}
