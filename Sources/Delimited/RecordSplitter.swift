import CByteScan

/// Cuts a stream into blocks of whole records by the parity of quotes, without looking at fields.
///
/// The parity of the quotes before a byte tells whether it lies inside quotes, as long as no quote
/// stands where none may; ``check(_:from:to:)`` tells whether that holds, and a block for which it
/// does not must be read by ``RecordReader``, together with all that follows it.
public struct RecordSplitter: Sendable {
  private let kernel: byte_scan_kernel
  private let delimiter: UInt8

  /// Makes a splitter.
  public init(dialect: Dialect, kernel: ByteScanKernel = .best) {
    precondition(kernel.isSupported, "this machine cannot run the kernel \(kernel)")
    self.kernel = kernel.cKernel
    delimiter = dialect.delimiter
  }

  /// The position behind the last line end outside quotes.
  ///
  /// A CR that is the last byte is no line end yet, because an LF may follow.
  ///
  /// - Parameters:
  ///   - base: What positions count from.
  ///   - start: Where a record begins.
  ///   - end: Where the bytes at hand end.
  /// - Returns: `nil` when no record ends in the bytes.
  /// - Complexity: O(`end - start`), at the speed of memory.
  public func cut(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int? {
    var isInside = unsafe byte_scan_odd_quotes(kernel, base + start, end - start)
    var position = end
    while position > start {
      let byte = unsafe base[position - 1]
      if byte == ASCII.quote {
        isInside.toggle()
      } else if !isInside {
        if byte == ASCII.lineFeed { return position }
        if byte == ASCII.carriageReturn, position < end { return position }
      }
      position -= 1
    }
    return nil
  }

  /// What a look at the quotes of a block tells.
  public struct Check: Sendable {
    /// Whether all quotes stand where they may.
    public let isSound: Bool
    /// How many lines end in the block.
    public let lineCount: Int
    /// Where the first record begins whose first field could be the name of a column.
    public let wordedRecord: Int?
  }

  /// Whether all quotes of a block stand where they may, how many lines end in it, and where it could
  /// have another header.
  ///
  /// - Parameters:
  ///   - base: What positions count from.
  ///   - start: Where a record begins.
  ///   - end: Behind the end of a record.
  ///   - looksAtStart: Whether the record at `start` may be such a header.
  /// - Complexity: O(`end - start`), in about half the time of indexing.
  public func check(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, looksAtStart: Bool = true
  ) -> Check {
    let result = unsafe byte_check(kernel, base, start, end, delimiter, looksAtStart)
    return Check(
      isSound: result.is_sound, lineCount: result.line_end_count,
      // SIZE_MAX, of which Swift makes −1.
      wordedRecord: result.first_worded_record < 0 ? nil : result.first_worded_record)
  }
}
