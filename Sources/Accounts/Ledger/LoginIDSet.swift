package import Platform
package import SalesforceExports

/// A row of a batch, of which the Id tells whether it is a copy.
protocol IdentifiedRow {
  /// Id of the login.
  var id: SalesforceID { get }
  /// A hash of what the row says; 0 where that is not known.
  var content: UInt64 { get }
  /// How the row counts.
  var disposition: RowDisposition { get set }
}

/// The logins seen so far, exactly, to tell copies of one row in overlapping exports.
///
/// Beside each Id 14 bits of what its row says are kept, its print, to tell rows that contradict each other
/// from copies. They must be the same in every run, because ledgers keep them.
///
/// Ids of one org count up, so most of them share their first 13 characters with many others: such
/// a group is a page of one bit per last two characters. Others stand one by one. Both together
/// stay within 4 bytes a row where Ids are dense, and 16 where they are sparse.
package final class LoginIDSet: Sendable {
  private let state = Locked(State())

  /// Makes an empty set.
  package init() {}

  /// Adds a batch of ids, and tells which were there already.
  ///
  /// - Parameters:
  ///   - count: Number of ids.
  ///   - id: Gives each id by its position; ``SalesforceID/none`` is passed over.
  ///   - content: Gives a hash of what the row says; 0 where that is not known.
  ///   - markCopy: Is told the position of each id that was in the set or earlier in the batch.
  /// - Complexity: O(1) amortised per id; one lock per batch.
  @inline(__always)
  package func insert(
    count: Int, id: (Int) -> SalesforceID, content: (Int) -> UInt64 = { _ in 0 },
    markCopy: (Int) -> Void
  ) {
    state.withLock { state in
      for position in 0..<count {
        let id = id(position)
        if !id.isNone, !state.insert(id, content(position)) { markCopy(position) }
      }
    }
  }

  /// Adds the ids of rows that are counted so far, and makes copies of those whose ids were there already.
  ///
  /// - Complexity: O(1) amortised per row; one lock per batch.
  func insert<Row: IdentifiedRow>(_ rows: UnsafeMutableBufferPointer<Row>) {
    state.withLock { unsafe $0.insert(rows) }
  }

  /// Adds an id that has not the form of a Salesforce id.
  ///
  /// - Returns: Whether it was new, or its row contradicts those before.
  package func insert(verbatim id: String, content: UInt64 = 0) -> Bool {
    state.withLock { state in
      let print = State.print(of: content)
      guard let known = state.verbatim[id] else {
        state.verbatim[id] = print
        return true
      }
      return state.isVariant(SalesforceID(ofAnotherForm: id), known, print)
    }
  }

  /// Adds the ids of a page, with their prints.
  ///
  /// - Returns: How many were there already; these stay as they are.
  func insert(_ page: PageContents) -> Int {
    state.withLock { state in
      var known = 0
      for (position, code) in page.codes.enumerated() {
        let id = SalesforceID(high: page.high, low: page.page << 12 | UInt32(code))
        if state.put(id, page.prints.isEmpty ? 0 : page.prints[position]) >= 0 { known += 1 }
      }
      return known
    }
  }

  /// Adds an id of another form with its print.
  ///
  /// - Returns: Whether it was new.
  func insert(verbatim id: String, print: UInt16) -> Bool {
    state.withLock { state in
      if state.verbatim[id] != nil { return false }
      state.verbatim[id] = print
      return true
    }
  }

  /// Adds prints of rows that contradict others with their Id.
  func insert(variants: [SalesforceID: Set<UInt16>]) {
    state.withLock { $0.variants.merge(variants) { $0.union($1) } }
  }

  /// How many rows each Id has whose rows contradict each other, copies aside.
  package var contradictions: [SalesforceID: Int] {
    state.withLock { $0.variants.mapValues { $0.count + 1 } }
  }

  /// Whether an id was added.
  package func contains(_ id: SalesforceID) -> Bool {
    state.withLock { $0.contains(id) }
  }

  /// Positions of those of some ids that were not added, ascending.
  ///
  /// - Parameters:
  ///   - count: Number of ids.
  ///   - id: Gives each by its position; neighbours that share a page cost least.
  /// - Complexity: O(*n*); one lock for all.
  func missing(count: Int, id: (Int) -> SalesforceID) -> [Int] {
    state.withLock { state in
      var result: [Int] = []
      var last: (page: Page, bitmap: IDBitmap?)?
      for position in 0..<count {
        let id = id(position)
        let page = Page(high: id.high, low: id.low >> 12)
        if last?.page != page { last = (page, state.bitmap(of: id)) }
        if last?.bitmap?.holds(id) != true, state.single(id) == nil { result.append(position) }
      }
      return result
    }
  }

  /// Whether an id that has not the form of a Salesforce id was added.
  package func contains(verbatim id: String) -> Bool {
    state.withLock { $0.verbatim[id] != nil }
  }

  /// All ids of one page: those that share all but their last two characters.
  package struct PageContents: Sendable {
    /// Their upper half.
    package let high: UInt64
    /// The shared part of the lower half.
    package let page: UInt32
    /// The last two characters, ascending.
    package let codes: [UInt16]
    /// The print of each, 0 where it is not known; empty where none is.
    let prints: [UInt16]
  }

  /// Everything that was added.
  package struct Contents: Sendable {
    /// Ids in ascending order.
    package let pages: [PageContents]
    /// Ids of another form, with their prints.
    package let verbatim: [ExactText: UInt16]
    /// Of Ids whose rows contradict each other all prints but the one beside the Id, which is the lowest.
    let variants: [SalesforceID: Set<UInt16>]
  }

  /// Everything that was added, the same in any order of rows.
  ///
  /// - Complexity: O(*n* log *n*).
  package func contents() -> Contents {
    state.withLock { state in
      state.settleVariants()
      return Contents(
        pages: state.contents(), verbatim: state.verbatim, variants: state.variants)
    }
  }

  private struct Page: Hashable, Comparable {
    let high: UInt64
    let low: UInt32

    static func < (left: Page, right: Page) -> Bool {
      left.high != right.high ? left.high < right.high : left.low < right.low
    }
  }

  private struct State {
    /// Ids of another form, with their prints.
    var verbatim: [ExactText: UInt16] = [:]
    /// Prints of rows that contradict the one whose print is beside the Id.
    var variants: [SalesforceID: Set<UInt16>] = [:]
    /// Number of the bitmap of each page.
    var pages: [Page: Int] = [:]
    /// The bitmaps, with what the first row of each id says.
    let bitmaps = IDBitmaps()
    var lastPage = Page(high: .max, low: .max)
    /// The bitmap of ``lastPage``; `nil` when it has none.
    var lastBitmap: IDBitmap?
    /// A bit per hash of the pages that have had single ids: a page whose bit is not set has none.
    var singlePages = [UInt64](repeating: 0, count: 1 << 10)
    /// How many ids of ``lastPage`` came one after the other.
    var runLength = 0
    // Single ids by open addressing; all ones mark a free place. Prints lie in the bits that ids leave
    // free, 4 and 2, and in a byte.
    var highs = [UInt64](repeating: .max, count: 1 << 16)
    var lows = [UInt32](repeating: 0, count: 1 << 16)
    var printBytes = [UInt8](repeating: 0, count: 1 << 16)
    var singleCount = 0
    var countAtNextPromotion = 0

    /// The print of what a row says; 0 where that is not known.
    @inline(__always)
    static func print(of content: UInt64) -> UInt16 {
      content == 0 ? 0 : max(1, UInt16(truncatingIfNeeded: content >> 50))
    }

    /// Adds the ids of rows that are counted so far, and makes copies of those that are known.
    mutating func insert<Row: IdentifiedRow>(_ rows: UnsafeMutableBufferPointer<Row>) {
      guard let start = rows.baseAddress else { return }
      for position in 0..<rows.count {
        let row = unsafe start + position
        let id = unsafe row.pointee.id
        guard unsafe row.pointee.disposition == .counted, !id.isNone else { continue }
        if unsafe !insert(id, row.pointee.content) { unsafe row.pointee.disposition = .copy }
      }
    }

    /// Whether an id is new, or its row contradicts those before it.
    @inline(__always)
    mutating func insert(_ id: SalesforceID, _ content: UInt64) -> Bool {
      let print = Self.print(of: content)
      let known = put(id, print)
      return known < 0 || isVariant(id, UInt16(truncatingIfNeeded: known), print)
    }

    /// Adds an id with its print; an id that was added before keeps its own.
    ///
    /// - Returns: The print that the id had; negative when it is new.
    @inline(__always)
    mutating func put(_ id: SalesforceID, _ print: UInt16) -> Int32 {
      if id.high == lastPage.high, id.low >> 12 == lastPage.low, let lastBitmap {
        return lastBitmap.insert(id, print)
      }
      return putElsewhere(id, print)
    }

    @inline(never)
    private mutating func putElsewhere(_ id: SalesforceID, _ print: UInt16) -> Int32 {
      let page = Page(high: id.high, low: id.low >> 12)
      if page != lastPage {
        // Ids that count up fill page after page; the next one is opened at once.
        let isNext =
          lastBitmap != nil && page.high == lastPage.high && page.low == lastPage.low &+ 1
        lastPage = page
        lastBitmap = pages[page].map { bitmaps[$0] }
        runLength = 0
        if lastBitmap == nil, isNext { open(page) }
      }
      if lastBitmap == nil {
        runLength += 1
        guard runLength >= 43 else { return insertSingle(id, print) }
        open(page)
      }
      return lastBitmap?.insert(id, print) ?? -1
    }

    /// Whether a row whose Id is known says something that no row with it said.
    @inline(__always)
    mutating func isVariant(_ id: SalesforceID, _ known: UInt16, _ print: UInt16) -> Bool {
      known != print && known != 0 && print != 0 && addVariant(print, of: id)
    }

    private mutating func addVariant(_ print: UInt16, of id: SalesforceID) -> Bool {
      variants[id, default: []].insert(print).inserted
    }

    /// Puts the lowest of all prints beside each Id whose rows contradict each other: which came first
    /// depends on who read which file.
    mutating func settleVariants() {
      if variants.isEmpty { return }
      var texts: [SalesforceID: ExactText] = [:]
      for text in verbatim.keys { texts[SalesforceID(ofAnotherForm: text.string)] = text }
      for (id, others) in variants {
        let text = texts[id]
        guard let known = text.flatMap({ verbatim[$0] }) ?? print(of: id),
          let least = others.min(), least < known
        else { continue }
        variants[id]?.remove(least)
        variants[id]?.insert(known)
        if let text { verbatim[text] = least } else { setPrint(least, of: id) }
      }
    }

    /// The print of an id; `nil` when it was not added.
    private func print(of id: SalesforceID) -> UInt16? {
      if let bitmap = bitmap(of: id), bitmap.holds(id) { return bitmap.print(of: id) }
      return single(id).map { print(at: $0) }
    }

    private mutating func setPrint(_ print: UInt16, of id: SalesforceID) {
      if let bitmap = bitmap(of: id), bitmap.holds(id) {
        bitmap.setPrint(print, of: id)
      } else if let place = single(id) {
        putSingle(id, print, at: place)
      }
    }

    /// The bitmap of an id's page; `nil` when it has none.
    func bitmap(of id: SalesforceID) -> IDBitmap? {
      pages[Page(high: id.high, low: id.low >> 12)].map { bitmaps[$0] }
    }

    /// Makes a page for a group whose ids come one after the other, as they do in order of time.
    ///
    /// Its ids seen so far are looked up one by one; they stay where they are, and are not asked
    /// again.
    private mutating func open(_ page: Page) {
      let bitmap = addBitmap(of: page)
      lastBitmap = bitmap
      let (word, bit) = Self.singlePage(page)
      guard singlePages[word] & bit != 0 else { return }
      for rest in 0..<UInt32(1 << 12) {
        let id = SalesforceID(high: page.high, low: page.low << 12 | rest)
        if let place = single(id) { _ = bitmap.insert(id, print(at: place)) }
      }
    }

    private mutating func addBitmap(of page: Page) -> IDBitmap {
      pages[page] = bitmaps.count
      return bitmaps.add()
    }

    func contains(_ id: SalesforceID) -> Bool {
      bitmap(of: id)?.holds(id) ?? false || single(id) != nil
    }

    func contents() -> [PageContents] {
      var singleCodes: [Page: [(code: UInt16, print: UInt16)]] = [:]
      for (id, print) in singles() {
        singleCodes[Page(high: id.high, low: id.low >> 12), default: []]
          .append((UInt16(id.low & 0xFFF), print))
      }
      var pagePrints = [UInt16](repeating: 0, count: 1 << 12)
      return Set(singleCodes.keys).union(pages.keys).sorted().map { page in
        var words = [UInt64](repeating: 0, count: 64)
        for (code, print) in singleCodes[page] ?? [] {
          words[Int(code) / 64] |= 1 << UInt64(code % 64)
          pagePrints[Int(code)] = print
        }
        // An id that was added before its page was opened stands in both.
        if let bitmap = pages[page].map({ bitmaps[$0] }) {
          for word in 0..<64 {
            let own = bitmap.word(word)
            words[word] |= own
            var rest = own
            while rest != 0 {
              let code = word * 64 + rest.trailingZeroBitCount
              pagePrints[code] = bitmap.print(at: code)
              rest &= rest - 1
            }
          }
        }
        var codes: [UInt16] = []
        codes.reserveCapacity(words.reduce(0) { $0 + $1.nonzeroBitCount })
        for word in words.indices {
          var rest = words[word]
          while rest != 0 {
            codes.append(UInt16(word * 64 + rest.trailingZeroBitCount))
            rest &= rest - 1
          }
        }
        let prints = codes.map { pagePrints[Int($0)] }
        return PageContents(
          high: page.high, page: page.low, codes: codes,
          prints: prints.allSatisfy { $0 == 0 } ? [] : prints)
      }
    }

    private static func singlePage(_ page: Page) -> (word: Int, bit: UInt64) {
      let mixed = (page.high ^ UInt64(page.low) << 40) &* 0x9E37_79B9_7F4A_7C15
      return (Int(mixed >> 54), 1 << (mixed >> 48 & 63))
    }

    private static let highMask: UInt64 = 1 << 60 - 1
    private static let lowMask: UInt32 = 1 << 30 - 1

    private func isSingle(_ place: Int, _ id: SalesforceID) -> Bool {
      highs[place] & Self.highMask == id.high && lows[place] & Self.lowMask == id.low
    }

    private func print(at place: Int) -> UInt16 {
      UInt16(highs[place] >> 60) << 10 | UInt16(lows[place] >> 30) << 8 | UInt16(printBytes[place])
    }

    private mutating func putSingle(_ id: SalesforceID, _ print: UInt16, at place: Int) {
      highs[place] = id.high | UInt64(print >> 10) << 60
      lows[place] = id.low | UInt32(print >> 8 & 3) << 30
      printBytes[place] = UInt8(truncatingIfNeeded: print)
    }

    /// The place of a single id; `nil` when it is none.
    func single(_ id: SalesforceID) -> Int? {
      var place = Self.place(of: id, in: highs.count)
      while highs[place] != .max {
        if isSingle(place, id) { return place }
        place += 1
        if place == highs.count { place = 0 }
      }
      return nil
    }

    /// The print that a single id had; negative when it is new.
    private mutating func insertSingle(_ id: SalesforceID, _ print: UInt16) -> Int32 {
      var place = Self.place(of: id, in: highs.count)
      while highs[place] != .max {
        if isSingle(place, id) { return Int32(self.print(at: place)) }
        place += 1
        if place == highs.count { place = 0 }
      }
      putSingle(id, print, at: place)
      singleCount += 1
      let (word, bit) = Self.singlePage(Page(high: id.high, low: id.low >> 12))
      singlePages[word] |= bit
      if singleCount * 10 > highs.count * 9 { makeRoom() }
      return -1
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
      // A tenth more each time keeps the table more than four fifths full.
      let capacity = isCrowded ? highs.count + highs.count / 10 : highs.count
      highs = [UInt64](repeating: .max, count: capacity)
      lows = [UInt32](repeating: 0, count: capacity)
      printBytes = [UInt8](repeating: 0, count: capacity)
      singleCount = kept.count
      for (id, print) in kept {
        var place = Self.place(of: id, in: capacity)
        while highs[place] != .max {
          place += 1
          if place == capacity { place = 0 }
        }
        putSingle(id, print, at: place)
      }
      lastPage = Page(high: .max, low: .max)
      lastBitmap = nil
    }

    private func singles() -> [(id: SalesforceID, print: UInt16)] {
      var result: [(id: SalesforceID, print: UInt16)] = []
      result.reserveCapacity(singleCount)
      for place in highs.indices where highs[place] != .max {
        let id = SalesforceID(
          high: highs[place] & Self.highMask, low: lows[place] & Self.lowMask)
        result.append((id, print(at: place)))
      }
      return result
    }

    private mutating func promoted(
      _ ids: [(id: SalesforceID, print: UInt16)]
    ) -> [(id: SalesforceID, print: UInt16)] {
      let sorted = ids.sorted { $0.id < $1.id }
      var kept: [(id: SalesforceID, print: UInt16)] = []
      var start = 0
      while start < sorted.count {
        let page = Page(high: sorted[start].id.high, low: sorted[start].id.low >> 12)
        var end = start
        while end < sorted.count, sorted[end].id.high == page.high,
          sorted[end].id.low >> 12 == page.low
        {
          end += 1
        }
        // 43 ids one by one take as much as a page of 512 bytes.
        if pages[page] != nil {
          // Its bits were set when the page was made.
        } else if end - start >= 43 {
          let bitmap = addBitmap(of: page)
          for (id, print) in sorted[start..<end] { _ = bitmap.insert(id, print) }
        } else {
          kept.append(contentsOf: sorted[start..<end])
        }
        start = end
      }
      return kept
    }

    /// What hashes begin with.
    private static let key = HashKey.process

    private static func place(of id: SalesforceID, in capacity: Int) -> Int {
      let first = (id.high ^ key).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      let second = (first.high ^ first.low ^ UInt64(id.low)).multipliedFullWidth(
        by: 0xA076_1D64_78BD_642F)
      return Int(
        UInt64(capacity).multipliedFullWidth(
          by: (second.high ^ second.low) &* 0x9E37_79B9_7F4A_7C15
        ).high)
    }
  }
}

/// Which of a page's 4,096 ids were added, and two bytes for each of them.
///
/// Trivial, so that an id costs no counting of references and no check for overlap. Valid as long as the
/// ``IDBitmaps`` that it is one of.
// Unchecked: it belongs to the state of one set, under the set's lock.
@safe
private struct IDBitmap: @unchecked Sendable {
  private let words: UnsafeMutablePointer<UInt64>

  private static let wordCount = 64
  private static let printCount = 4_096

  /// Makes one without ids.
  init() {
    let wordCount = Self.wordCount + Self.printCount / 4
    unsafe words = .allocate(capacity: wordCount)
    unsafe words.initialize(repeating: 0, count: wordCount)
  }

  /// Gives the memory back.
  func free() { unsafe words.deallocate() }

  @inline(__always)
  private var prints: UnsafeMutablePointer<UInt16> {
    unsafe UnsafeMutableRawPointer(words + Self.wordCount).assumingMemoryBound(to: UInt16.self)
  }

  @inline(__always)
  private static func bit(_ id: SalesforceID) -> Int { Int(id.low & 0xFFF) }

  /// Adds an id; one that was added before keeps its print.
  ///
  /// - Returns: The print that the id had; negative when it is new.
  @inline(__always)
  func insert(_ id: SalesforceID, _ print: UInt16) -> Int32 {
    let bit = Self.bit(id)
    let mask: UInt64 = 1 &<< UInt64(bit)
    let word = unsafe words[bit >> 6]
    if word & mask != 0 { return unsafe Int32(prints[bit]) }
    unsafe words[bit >> 6] = word | mask
    unsafe prints[bit] = print
    return -1
  }

  /// Whether an id was added.
  func holds(_ id: SalesforceID) -> Bool {
    unsafe words[Self.bit(id) >> 6] >> UInt64(Self.bit(id) & 63) & 1 == 1
  }

  /// The print of an id that was added.
  func print(of id: SalesforceID) -> UInt16 { print(at: Self.bit(id)) }

  /// The print at a position of the page, below 4,096.
  func print(at position: Int) -> UInt16 { unsafe prints[position & (Self.printCount - 1)] }

  /// Gives an id that was added another print.
  func setPrint(_ print: UInt16, of id: SalesforceID) { unsafe prints[Self.bit(id)] = print }

  /// A bit for each of 64 ids.
  func word(_ number: Int) -> UInt64 { unsafe words[number & (Self.wordCount - 1)] }
}

/// The bitmaps of a set, which are never moved, so that the memory is what they take.
// Unchecked: it belongs to the state of one set, under the set's lock.
private final class IDBitmaps: @unchecked Sendable {
  private var bitmaps: [IDBitmap] = []

  var count: Int { bitmaps.count }

  subscript(number: Int) -> IDBitmap { bitmaps[number] }

  /// Adds one without ids.
  func add() -> IDBitmap {
    let bitmap = IDBitmap()
    bitmaps.append(bitmap)
    return bitmap
  }

  deinit {
    for bitmap in bitmaps { bitmap.free() }
  }
}
