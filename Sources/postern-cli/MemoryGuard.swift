import COutOfMemory
import Foundation
import Platform
import Synchronization

/// Ends the program with a message before it takes more memory than it may.
///
/// Memory is taken everywhere, in tables that double, so no place in the code could ask before it
/// takes some. A thread looks at what the process uses instead, the more often the nearer a limit is:
/// memory is filled at no more than a few bytes a nanosecond. Where no limit is known there is no
/// thread.
enum MemoryGuard {
  /// A limit that somebody set.
  struct Limit: Sendable {
    /// What it is, for people.
    let name: String
    let byteCount: Int
    /// Whether addresses count, used or not, and not memory.
    let isOfAddresses: Bool
  }

  private static let limits = Locked<[Limit]>([])
  private static let isWatching = Atomic(false)
  private static let ending = Locked<(@Sendable (String) -> Never)?>(nil)

  /// Memory that is kept free below a limit, since between two looks some more is taken.
  private static let reserve = 8 << 20

  /// Addresses that any run needs beyond those of the program itself: with fewer it would fail before
  /// the first look.
  private static let leastAddresses = 16 << 20

  /// Heeds the limits that the system has set: of addresses (`ulimit -v`) and of the control group.
  ///
  /// - Parameter end: Ends the program.
  static func start(end: @escaping @Sendable (String) -> Never) {
    ending.withLock { $0 = end }
    // What is done with makes room for what comes: an eighth of the peak of a large scan.
    out_of_memory_put_off(largeByteCount)
    var found: [Limit] = []
    var limit = rlimit()
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      let byteCount = Int(exactly: limit.rlim_cur)
    {
      found.append(
        Limit(name: "the limit of addresses (ulimit -v)", byteCount: byteCount, isOfAddresses: true)
      )
    }
    if let byteCount = controlGroupLimit {
      found.append(
        Limit(name: "the limit of the control group", byteCount: byteCount, isOfAddresses: false))
    }
    for limit in found { add(limit) }
    sayWhenNothingIsLeft(found)
  }

  /// Memory of at least so many bytes goes back to the system when it is freed.
  ///
  /// More than the texts of a block of records take, which come and go all the time: memory that is asked for anew
  /// is cleared page by page.
  private static let largeByteCount: Int32 = 16 << 20

  /// Lets an allocation that the system refuses, between two looks, end the program with the same words.
  private static func sayWhenNothingIsLeft(_ limits: [Limit]) {
    guard let limit = limits.first(where: { $0.isOfAddresses }) else { return }
    unsafe out_of_memory_say(
      "postern: out of memory: \(limit.name) is \(limit.byteCount >> 20) MiB, and more is needed; "
        + "\(advice)\n",
      ExitCode.outOfMemory.rawValue, UInt64(limit.byteCount))
  }

  private static let advice =
    "nothing was written. Give more, or read less at a time: fewer files, or a shorter history"

  /// Heeds a limit that the user states.
  static func hold(_ byteCount: Int, name: String) {
    add(Limit(name: name, byteCount: byteCount, isOfAddresses: false))
  }

  private static func add(_ limit: Limit) {
    limits.withLock { $0.append(limit) }
    let needed = limit.isOfAddresses ? leastAddresses : 0
    if let text = exceeded(limit, usage(), needed: needed) { ending.withLock { $0 }?(text) }
    guard !isWatching.exchange(true, ordering: .relaxed) else { return }
    Thread.detachNewThread {
      while true {
        let nearest = look()
        // 4 bytes a nanosecond is faster than memory is filled.
        usleep(UInt32(min(max(nearest / 4_000, 500), 50_000)))
      }
    }
  }

  /// Compares what is used with all limits.
  ///
  /// - Returns: The least number of bytes that is left.
  private static func look() -> Int {
    let used = usage()
    var nearest = Int.max
    for limit in limits.withLock({ $0 }) {
      if let text = exceeded(limit, used) { ending.withLock { $0 }?(text) }
      nearest = min(nearest, left(limit, used))
    }
    return nearest
  }

  private static func left(_ limit: Limit, _ used: (addresses: Int, memory: Int)) -> Int {
    limit.byteCount - (limit.isOfAddresses ? used.addresses : used.memory)
      - min(reserve, limit.byteCount / 8)
  }

  private static func exceeded(
    _ limit: Limit, _ used: (addresses: Int, memory: Int), needed: Int = 0
  ) -> String? {
    guard left(limit, used) <= needed else { return nil }
    let amount = (limit.isOfAddresses ? used.addresses : used.memory) >> 20
    return "out of memory: \(amount) MiB are used, and \(limit.name) is "
      + "\(limit.byteCount >> 20) MiB; \(advice)"
  }

  /// What the process uses.
  private static func usage() -> (addresses: Int, memory: Int) {
    let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return (0, 0) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 128)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, 128) }
    let pages = bytes.prefix(max(0, count)).split(separator: UInt8(ascii: " ")).prefix(2)
      .compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    guard pages.count == 2 else { return (0, 0) }
    let pageByteCount = Int(getpagesize())
    return (pages[0] * pageByteCount, pages[1] * pageByteCount)
  }

  /// The least limit of memory of the control group that the process is in, and of those around it:
  /// `memory.max` of version 2, `memory.limit_in_bytes` of version 1.
  private static var controlGroupLimit: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8) else {
      return nil
    }
    var least: Int?
    // A line is a number, the controllers (none for version 2), and a path.
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let (root, file): (String, String)
      if fields[1].isEmpty {
        (root, file) = ("/sys/fs/cgroup", "memory.max")
      } else if fields[1].split(separator: ",").contains("memory") {
        (root, file) = ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
      } else {
        continue
      }
      var parts = fields[2].split(separator: "/").map(String.init)
      while true {
        let path = ([root] + parts + [file]).joined(separator: "/")
        // Version 1 states the largest number of pages where there is no limit.
        if let text = try? String(contentsOfFile: path, encoding: .utf8),
          let byteCount = text.split(separator: "\n").first.flatMap({ Int($0) }),
          byteCount < 1 << 60
        {
          least = min(least ?? .max, byteCount)
        }
        if parts.popLast() == nil { break }
      }
    }
    return least
  }
}
