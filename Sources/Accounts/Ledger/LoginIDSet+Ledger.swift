import SalesforceExports

extension LoginIDSet {
  /// Writes the ids: the same bytes for equal sets.
  ///
  /// Ids that share their first 13 characters are a page: a bitmap of 512 bytes, or a list where
  /// that is shorter.
  ///
  /// - Complexity: O(*n* log *n*).
  package func write(to writer: inout LedgerWriter) {
    let (pages, verbatim) = contents()
    writer.put(pages.count)
    var high: UInt64 = 0
    var page: UInt32 = 0
    for entry in pages {
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
      writer.spill()
    }
    writer.put(verbatim.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  /// Reads what ``write(to:)`` wrote.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  package convenience init(from reader: inout LedgerReader) throws(LedgerError) {
    self.init()
    var high: UInt64 = 0
    var page: Int64 = 0
    var ids: [SalesforceID] = []
    for _ in 0..<(try reader.count()) {
      high ^= try reader.unsigned()
      page &+= try reader.signed()
      guard page >= 0, page < 1 << 20 else { throw .damaged }
      let base = UInt32(page) << 12
      ids.removeAll(keepingCapacity: true)
      if try reader.flag() {
        var last = 0
        for _ in 0..<(try reader.number(below: 257)) {
          last += try reader.number()
          guard last < 1 << 12 else { throw .damaged }
          ids.append(SalesforceID(high: high, low: base | UInt32(last)))
        }
      } else {
        for word in 0..<64 {
          var bits = try reader.word()
          while bits != 0 {
            ids.append(
              SalesforceID(high: high, low: base | UInt32(word * 64 + bits.trailingZeroBitCount)))
            bits &= bits - 1
          }
        }
      }
      insert(count: ids.count) {
        ids[$0]
      } markCopy: { _ in
      }
    }
    for text in try reader.texts() { _ = insert(verbatim: text) }
  }

  /// The ids of this set that another has not.
  ///
  /// - Complexity: O(*n* log *n*).
  package func subtracting(_ other: LoginIDSet) -> LoginIDSet {
    let (pages, verbatim) = contents()
    let result = LoginIDSet()
    for page in pages {
      insert(page, except: other, into: result)
    }
    for text in verbatim where !other.contains(verbatim: text) {
      _ = result.insert(verbatim: text)
    }
    return result
  }

  private func insert(_ page: PageContents, except other: LoginIDSet, into result: LoginIDSet) {
    result.insert(count: page.codes.count) {
      let id = SalesforceID(high: page.high, low: page.page << 12 | UInt32(page.codes[$0]))
      return other.contains(id) ? .none : id
    } markCopy: { _ in
    }
  }

  /// Adds all ids of another set.
  ///
  /// - Returns: How many ids are in both.
  /// - Complexity: O(*n* log *n*) in the ids of the other set.
  package func formUnion(_ other: LoginIDSet) -> Int {
    let (pages, verbatim) = other.contents()
    var common = 0
    for page in pages {
      insert(count: page.codes.count) {
        SalesforceID(high: page.high, low: page.page << 12 | UInt32(page.codes[$0]))
      } markCopy: { _ in
        common += 1
      }
    }
    for text in verbatim where !insert(verbatim: text) { common += 1 }
    return common
  }
}
