import Platform
package import SalesforceExports

/// The logins seen so far, exactly, to tell copies of one row in overlapping exports.
///
/// Ids of one org count up, so most of them share their first 13 characters with many others: such
/// a group is a page of one bit per last two characters. Others stand one by one. Both together
/// stay within the 4 and 16 bytes a row of PRODUCT.md.
package final class LoginIDSet: Sendable {
  private let state = Locked(State())

  /// Makes an empty set.
  package init() {}

  /// Adds a batch of ids, and tells which were there already.
  ///
  /// - Parameters:
  ///   - count: Number of ids.
  ///   - id: Gives each id by its position; ``SalesforceID/none`` is passed over.
  ///   - markCopy: Is told the position of each id that was in the set or earlier in the batch.
  /// - Complexity: O(1) amortised per id; one lock per batch.
  @inline(__always)
  package func insert(
    count: Int, id: (Int) -> SalesforceID, markCopy: (Int) -> Void
  ) {
    state.withLock { state in
      for position in 0..<count {
        let id = id(position)
        if !id.isNone, !state.insert(id) { markCopy(position) }
      }
    }
  }

  /// Adds an id that has not the form of a Salesforce id.
  ///
  /// - Returns: Whether it was new.
  package func insert(verbatim id: String) -> Bool {
    state.withLock { $0.verbatim.insert(id).inserted }
  }

  /// Whether an id was added.
  package func contains(_ id: SalesforceID) -> Bool {
    state.withLock { $0.contains(id) }
  }

  /// Whether an id that has not the form of a Salesforce id was added.
  package func contains(verbatim id: String) -> Bool {
    state.withLock { $0.verbatim.contains(id) }
  }

  /// All ids of one page: those that share all but their last two characters.
  package struct PageContents: Sendable {
    /// Their upper half.
    package let high: UInt64
    /// The shared part of the lower half.
    package let page: UInt32
    /// The last two characters, ascending.
    package let codes: [UInt16]
  }

  /// Everything that was added, ascending.
  ///
  /// - Complexity: O(*n* log *n*).
  package func contents() -> (pages: [PageContents], verbatim: Set<String>) {
    state.withLock { ($0.contents(), $0.verbatim) }
  }

  private struct Page: Hashable, Comparable {
    let high: UInt64
    let low: UInt32

    static func < (left: Page, right: Page) -> Bool {
      left.high != right.high ? left.high < right.high : left.low < right.low
    }
  }

  private struct State {
    var verbatim: Set<String> = []
    /// Number of the bitmap of each page.
    var pages: [Page: Int] = [:]
    /// Bitmaps of 64 words each.
    var bits: [UInt64] = []
    var lastPage = Page(high: .max, low: .max)
    var lastBitmap = -1
    /// A bit per hash of the pages that have had single ids: a page whose bit is not set has none.
    var singlePages = [UInt64](repeating: 0, count: 1 << 10)
    /// How many ids of ``lastPage`` came one after the other.
    var runLength = 0
    /// Single ids by open addressing; `none` marks a free place.
    var highs = [UInt64](repeating: .max, count: 1 << 16)
    var lows = [UInt32](repeating: 0, count: 1 << 16)
    var singleCount = 0
    var countAtNextPromotion = 0

    mutating func insert(_ id: SalesforceID) -> Bool {
      let page = Page(high: id.high, low: id.low >> 12)
      if page != lastPage {
        // Ids that count up fill page after page; the next one is opened at once.
        let isNext =
          lastBitmap >= 0 && page.high == lastPage.high && page.low == lastPage.low &+ 1
        lastPage = page
        lastBitmap = pages[page] ?? -1
        runLength = 0
        if lastBitmap < 0, isNext { open(page) }
      }
      if lastBitmap >= 0 { return setBit(id, bitmap: lastBitmap) }
      runLength += 1
      if runLength >= 43 {
        open(page)
        return setBit(id, bitmap: lastBitmap)
      }
      return insertSingle(id)
    }

    /// Makes a page for a group whose ids come one after the other, as they do in order of time.
    ///
    /// Its ids seen so far are looked up one by one; they stay where they are, and are not asked
    /// again.
    private mutating func open(_ page: Page) {
      let bitmap = bits.count / 64
      bits.append(contentsOf: repeatElement(0, count: 64))
      pages[page] = bitmap
      lastBitmap = bitmap
      let (word, bit) = Self.singlePage(page)
      guard singlePages[word] & bit != 0 else { return }
      for rest in 0..<UInt32(1 << 12) {
        let id = SalesforceID(high: page.high, low: page.low << 12 | rest)
        if holdsSingle(id) { _ = setBit(id, bitmap: bitmap) }
      }
    }

    func contains(_ id: SalesforceID) -> Bool {
      if let bitmap = pages[Page(high: id.high, low: id.low >> 12)] {
        let bit = Int(id.low & 0xFFF)
        if bits[bitmap * 64 + bit / 64] & 1 << UInt64(bit % 64) != 0 { return true }
      }
      return holdsSingle(id)
    }

    func contents() -> [PageContents] {
      var singleCodes: [Page: [UInt16]] = [:]
      for id in singles() {
        singleCodes[Page(high: id.high, low: id.low >> 12), default: []]
          .append(UInt16(id.low & 0xFFF))
      }
      return Set(singleCodes.keys).union(pages.keys).sorted().map { page in
        var words = [UInt64](repeating: 0, count: 64)
        if let bitmap = pages[page] { words = Array(bits[(bitmap * 64)..<(bitmap * 64 + 64)]) }
        // An id that was added before its page was opened stands in both.
        for code in singleCodes[page] ?? [] { words[Int(code) / 64] |= 1 << UInt64(code % 64) }
        var codes: [UInt16] = []
        codes.reserveCapacity(words.reduce(0) { $0 + $1.nonzeroBitCount })
        for word in words.indices {
          var rest = words[word]
          while rest != 0 {
            codes.append(UInt16(word * 64 + rest.trailingZeroBitCount))
            rest &= rest - 1
          }
        }
        return PageContents(high: page.high, page: page.low, codes: codes)
      }
    }

    private static func singlePage(_ page: Page) -> (word: Int, bit: UInt64) {
      let mixed = (page.high ^ UInt64(page.low) << 40) &* 0x9E37_79B9_7F4A_7C15
      return (Int(mixed >> 54), 1 << (mixed >> 48 & 63))
    }

    private func holdsSingle(_ id: SalesforceID) -> Bool {
      var place = Self.place(of: id, in: highs.count)
      while highs[place] != .max {
        if highs[place] == id.high, lows[place] == id.low { return true }
        place += 1
        if place == highs.count { place = 0 }
      }
      return false
    }

    private mutating func setBit(_ id: SalesforceID, bitmap: Int) -> Bool {
      let bit = Int(id.low & 0xFFF)
      let word = bitmap * 64 + bit / 64
      let mask: UInt64 = 1 << UInt64(bit % 64)
      let isNew = bits[word] & mask == 0
      bits[word] |= mask
      return isNew
    }

    private mutating func insertSingle(_ id: SalesforceID) -> Bool {
      var place = Self.place(of: id, in: highs.count)
      while highs[place] != .max {
        if highs[place] == id.high, lows[place] == id.low { return false }
        place += 1
        if place == highs.count { place = 0 }
      }
      highs[place] = id.high
      lows[place] = id.low
      singleCount += 1
      let (word, bit) = Self.singlePage(Page(high: id.high, low: id.low >> 12))
      singlePages[word] |= bit
      if singleCount * 10 > highs.count * 9 { makeRoom() }
      return true
    }

    /// Turns crowded groups into pages; grows when that frees too little.
    private mutating func makeRoom() {
      var kept = singles()
      if singleCount >= countAtNextPromotion {
        kept = promoted(kept)
        let freed = singleCount - kept.count
        countAtNextPromotion = freed * 2 >= singleCount ? 0 : singleCount * 2
      }
      let isCrowded = kept.count * 10 > highs.count * 8
      // An eighth more each time keeps the table at least four fifths full.
      let capacity = isCrowded ? highs.count + highs.count / 8 : highs.count
      highs = [UInt64](repeating: .max, count: capacity)
      lows = [UInt32](repeating: 0, count: capacity)
      singleCount = kept.count
      for id in kept {
        var place = Self.place(of: id, in: capacity)
        while highs[place] != .max {
          place += 1
          if place == capacity { place = 0 }
        }
        highs[place] = id.high
        lows[place] = id.low
      }
      lastPage = Page(high: .max, low: .max)
      lastBitmap = -1
    }

    private func singles() -> [SalesforceID] {
      var result: [SalesforceID] = []
      result.reserveCapacity(singleCount)
      for place in highs.indices where highs[place] != .max {
        result.append(SalesforceID(high: highs[place], low: lows[place]))
      }
      return result
    }

    private mutating func promoted(_ ids: [SalesforceID]) -> [SalesforceID] {
      let sorted = ids.sorted { $0.high != $1.high ? $0.high < $1.high : $0.low < $1.low }
      var kept: [SalesforceID] = []
      var start = 0
      while start < sorted.count {
        let page = Page(high: sorted[start].high, low: sorted[start].low >> 12)
        var end = start
        while end < sorted.count, sorted[end].high == page.high, sorted[end].low >> 12 == page.low {
          end += 1
        }
        // 43 ids one by one take as much as a page of 512 bytes.
        if pages[page] != nil {
          // Its bits were set when the page was made.
        } else if end - start >= 43 {
          let bitmap = bits.count / 64
          bits.append(contentsOf: repeatElement(0, count: 64))
          pages[page] = bitmap
          for id in sorted[start..<end] { _ = setBit(id, bitmap: bitmap) }
        } else {
          kept.append(contentsOf: sorted[start..<end])
        }
        start = end
      }
      return kept
    }

    private static func place(of id: SalesforceID, in capacity: Int) -> Int {
      let mixed =
        (id.high ^ (UInt64(id.low) &* 0xD6E8_FEB8_6659_FD93)) &* 0x9E37_79B9_7F4A_7C15
      let folded = mixed ^ (mixed >> 32)
      return Int(UInt64(capacity).multipliedFullWidth(by: folded &* 0x9E37_79B9_7F4A_7C15).high)
    }
  }
}
