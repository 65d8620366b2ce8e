import CByteScan

/// The instruction set with which delimiters, quotes and line ends are found.
///
/// All give the same records; only the speed differs.
public enum ByteScanKernel: UInt32, Hashable, Sendable, CaseIterable {
  /// Plain 64-bit arithmetic, on every machine.
  case portable = 0
  /// SSE2, on every x86-64.
  case sse2 = 1
  /// AVX2 with carry-less multiply.
  case avx2 = 2
  /// AVX-512 with byte compress (VBMI2).
  case avx512 = 3

  /// The fastest kernel of this machine.
  public static let best = allCases.last { $0.isSupported } ?? .portable

  /// Tells whether this machine can run the kernel.
  public var isSupported: Bool { byte_scan_supports(cKernel) }

  var cKernel: byte_scan_kernel { byte_scan_kernel(rawValue: rawValue) }
}
