import Platform
import SalesforceExports

extension LoginIDSet {
  /// Writes the ids: the same bytes for equal sets.
  ///
  /// Ids that share their first 13 characters are a page: a bitmap of 512 bytes, or a list where
  /// that is shorter; behind it the print of each id, where one is known. Of rows that contradict each
  /// other the prints stand at the end.
  ///
  /// - Complexity: O(*n* log *n*).
  package func write(to writer: inout LedgerWriter) {
    let contents = contents()
    writer.put(contents.pages.count)
    var high: UInt64 = 0
    var page: UInt32 = 0
    for entry in contents.pages {
      writer.put(entry.high ^ high)
      writer.putSigned(Int64(entry.page) - Int64(page))
      (high, page) = (entry.high, entry.page)
      let codes = entry.codes
      let isList = codes.count <= 256
      writer.put(isList)
      if isList {
        writer.put(codes.count)
        var last = 0
        for code in codes {
          writer.put(Int(code) - last)
          last = Int(code)
        }
      } else {
        var words = [UInt64](repeating: 0, count: 64)
        for code in codes { words[Int(code) / 64] |= 1 << UInt64(code % 64) }
        writer.put(words: words[...])
      }
      writer.put(!entry.prints.isEmpty)
      for print in entry.prints { writer.put(half: print) }
      writer.spill()
    }
    writer.put(contents.verbatim.count)
    for (text, print) in contents.verbatim.sorted(by: { $0.key < $1.key }) {
      writer.put(text.string)
      writer.put(half: print)
    }
    writer.put(contents.variants.count)
    for (id, prints) in contents.variants.sorted(by: { $0.key < $1.key }) {
      writer.put(id)
      writer.put(prints.count)
      for print in prints.sorted() { writer.put(half: print) }
    }
  }

  /// Reads what ``write(to:)`` wrote.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  package convenience init(from reader: inout LedgerReader) throws(LedgerError) {
    self.init()
    var high: UInt64 = 0
    var page: Int64 = 0
    for _ in 0..<(try reader.count()) {
      high ^= try reader.unsigned()
      page &+= try reader.signed()
      // An id has 30 bits in its lower half.
      guard high < 1 << 60, page >= 0, page < 1 << 18 else { throw .damaged }
      var codes: [UInt16] = []
      if try reader.flag() {
        var last = 0
        for _ in 0..<(try reader.number(below: 257)) {
          last += try reader.number(below: 1 << 12)
          guard last < 1 << 12 else { throw .damaged }
          codes.append(UInt16(last))
        }
      } else {
        for word in 0..<64 {
          var bits = try reader.word()
          while bits != 0 {
            codes.append(UInt16(word * 64 + bits.trailingZeroBitCount))
            bits &= bits - 1
          }
        }
      }
      var prints: [UInt16] = []
      if try reader.flag() { for _ in codes { prints.append(try Self.print(&reader)) } }
      _ = insert(PageContents(high: high, page: UInt32(page), codes: codes, prints: prints))
    }
    for _ in 0..<(try reader.count()) {
      let text = try reader.text()
      _ = insert(verbatim: text, print: try Self.print(&reader))
    }
    var variants: [SalesforceID: Set<UInt16>] = [:]
    for _ in 0..<(try reader.count()) {
      let id = try reader.id()
      for _ in 0..<(try reader.count()) {
        variants[id, default: []].insert(try Self.print(&reader))
      }
    }
    insert(variants: variants)
  }

  private static func print(_ reader: inout LedgerReader) throws(LedgerError) -> UInt16 {
    let print = try reader.half()
    guard print < 1 << 14 else { throw .damaged }
    return print
  }

  /// The ids of this set that another has not.
  ///
  /// - Complexity: O(*n* log *n*).
  package func subtracting(_ other: LoginIDSet) -> LoginIDSet {
    let contents = contents()
    let result = LoginIDSet()
    for page in contents.pages {
      let own = page.codes.indices.filter {
        !other.contains(
          SalesforceID(high: page.high, low: page.page << 12 | UInt32(page.codes[$0])))
      }
      _ = result.insert(
        PageContents(
          high: page.high, page: page.page, codes: own.map { page.codes[$0] },
          prints: page.prints.isEmpty ? [] : own.map { page.prints[$0] }))
    }
    for (text, print) in contents.verbatim where !other.contains(verbatim: text.string) {
      _ = result.insert(verbatim: text.string, print: print)
    }
    result.insert(variants: contents.variants)
    return result
  }

  /// Adds all ids of another set.
  ///
  /// - Parameter keepsPrints: Whether rows that come can be compared with those of the other set.
  /// - Returns: How many ids are in both.
  /// - Complexity: O(*n* log *n*) in the ids of the other set.
  package func formUnion(_ other: LoginIDSet, keepsPrints: Bool = true) -> Int {
    let contents = other.contents()
    var common = 0
    for page in contents.pages {
      common += insert(
        keepsPrints
          ? page
          : PageContents(high: page.high, page: page.page, codes: page.codes, prints: []))
    }
    for (text, print) in contents.verbatim
    where !insert(verbatim: text.string, print: keepsPrints ? print : 0) {
      common += 1
    }
    insert(variants: contents.variants)
    return common
  }
}
