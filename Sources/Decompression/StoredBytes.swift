/// The bytes of a file as stored, read in order through a buffer and shown to an observer.
@safe
final class StoredBytes {
  typealias Observer = (UnsafeRawBufferPointer) -> Void

  /// Room before the buffer, for bytes that an inflater took and gives back.
  private static let headroomByteCount = 16
  /// Room after the buffer: inflaters load whole words, and near the end none should lie outside.
  private static let tailroomByteCount = 16

  let file: OpenFile
  private let observer: Observer?
  private let storage: UnsafeMutableRawBufferPointer
  /// How many bytes one read asks for.
  private let readByteCount: Int
  /// The bytes at hand: `storage[start ..< end]`.
  private var start = StoredBytes.headroomByteCount
  private var end = StoredBytes.headroomByteCount
  /// The place in the file that `end` stands for.
  private var endOffset: UInt64
  /// How many more bytes may be read from the file; `nil` for all there are.
  private var unreadByteCount: UInt64?
  private var hasEnded = false

  /// Whether the file ended before the bytes it should have.
  private(set) var isCut = false
  /// Whether a read failed, so that nobody has seen all bytes.
  private(set) var hasReadError = false

  /// Reads from where the file stands.
  ///
  /// - Parameters:
  ///   - file: The file, standing at `offset`.
  ///   - offset: Where that is.
  ///   - byteCount: How many bytes to read; `nil` for all there are.
  ///   - readByteCount: How many bytes one read asks for.
  ///   - observer: Sees every byte once, in order.
  init(
    file: OpenFile, offset: UInt64 = 0, byteCount: UInt64? = nil, readByteCount: Int,
    observer: Observer? = nil
  ) {
    self.file = file
    unsafe self.observer = unsafe observer
    endOffset = offset
    unreadByteCount = byteCount
    self.readByteCount = readByteCount
    unsafe storage = .allocate(
      byteCount: Self.headroomByteCount + readByteCount + Self.tailroomByteCount, alignment: 64)
  }

  deinit {
    unsafe storage.deallocate()
  }

  /// The place in the file of the next byte.
  var offset: UInt64 { endOffset - UInt64(end - start) }

  /// The bytes at hand, valid until the next call that reads.
  var available: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: storage[start..<end])
  }

  /// Where the buffer ends, before the tail room.
  private var capacityEnd: Int { Self.headroomByteCount + readByteCount }

  /// Whether no bytes are at hand.
  var isEmpty: Bool { start == end }

  /// Reads more when none are at hand.
  ///
  /// - Returns: Whether bytes are at hand now; `false` at the end.
  func refill() throws(DecompressionError) -> Bool {
    if start < end { return true }
    start = Self.headroomByteCount
    end = start
    return try readMore()
  }

  /// The next bytes without taking them: as many as asked for, fewer only at the end.
  func peek(_ count: Int) throws(DecompressionError) -> [UInt8] {
    // Without room left, a read would give nothing, just as at the end.
    if start + count > capacityEnd { moveToFront() }
    while end - start < count, try readMore() {}
    return unsafe Array(available.prefix(count))
  }

  /// Takes bytes that are at hand.
  func consume(_ count: Int) {
    precondition(count <= end - start, "bytes are taken only once they are at hand")
    start += count
  }

  /// Puts back the last bytes taken.
  func putBack(_ bytes: [UInt8]) {
    precondition(bytes.count <= start, "more bytes than were taken")
    start -= bytes.count
    for (index, byte) in bytes.enumerated() { unsafe storage[start + index] = byte }
  }

  /// Takes the next byte; `nil` at the end.
  func nextByte() throws(DecompressionError) -> UInt8? {
    guard try refill() else { return nil }
    let byte = unsafe storage[start]
    start += 1
    return byte
  }

  /// Takes the next bytes, straight into a large buffer.
  ///
  /// - Returns: How many; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DecompressionError) -> Int {
    if start == end && buffer.count >= readByteCount {
      return try unsafe readDirectly(into: buffer)
    }
    guard try refill() else { return 0 }
    let count = min(buffer.count, end - start)
    unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: available.prefix(count)))
    start += count
    return count
  }

  private func moveToFront() {
    let atHand = unsafe Array(available)
    start = Self.headroomByteCount
    end = start + atHand.count
    for (index, byte) in atHand.enumerated() { unsafe storage[start + index] = byte }
  }

  // MARK: The file

  private func readMore() throws(DecompressionError) -> Bool {
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: storage[end..<capacityEnd])
    let count = try unsafe readDirectly(into: room)
    end += count
    return count > 0
  }

  private func readDirectly(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(DecompressionError) -> Int {
    precondition(buffer.count > 0, "a read without room would pass for the end")
    if hasEnded || unreadByteCount == 0 { return 0 }
    let allowed = min(UInt64(buffer.count), unreadByteCount ?? .max)
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(allowed)))
    let count: Int
    do throws(DecompressionError) {
      count = try unsafe file.read(into: room, at: endOffset)
    } catch {
      hasReadError = true
      throw error
    }
    if count == 0 {
      // A terminal or a pipe may have more after its end; what was seen as the end stays the end.
      hasEnded = true
      isCut = unreadByteCount != nil
      return 0
    }
    endOffset += UInt64(count)
    if let unread = unreadByteCount { unreadByteCount = unread - UInt64(count) }
    if let observer = unsafe observer {
      unsafe observer(UnsafeRawBufferPointer(rebasing: room.prefix(count)))
    }
    return count
  }
}
