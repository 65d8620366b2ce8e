/// What one call of an inflater did.
struct InflateStep {
  /// Where an inflater stands.
  enum Outcome {
    /// It wants more input or more room.
    case running
    /// The deflate stream is over.
    case finished
    /// The input is not deflate data.
    case corrupt
  }

  let consumedByteCount: Int
  let producedByteCount: Int
  let outcome: Outcome
}

#if ISAL
/// The inflater this program was built with.
typealias Inflater = ISALInflater
#else
/// The inflater this program was built with.
typealias Inflater = ZlibInflater
#endif
