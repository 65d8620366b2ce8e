import SalesforceExports

/// One login row that the judgement must see again.
package struct LoggedLogin: Hashable, Sendable {
  /// Number of the account in its ledger.
  package var account: UInt32
  /// Code of the row's shape in its ledger.
  package var shape: UInt32
  /// The row.
  package var row: RowReference
  /// How the row counts.
  package var standing: Standing

  /// How a logged row counts.
  package enum Standing: UInt8, Sendable {
    /// It is analysed.
    case counted
    /// A copy of a row counted elsewhere; it can give the row an earlier place.
    case copy
    /// It lies outside the window, and serves the rows at the window's edge.
    case neighbour
  }
}

/// Logged rows, packed to about 16 bytes each, in buckets by account.
///
/// Whatever needs to be seen row by row (human logins and failed ones) is a small part of a
/// history. A bucket is read back as a whole, so the memory that the judgement takes is one bucket
/// at a time.
package struct LoginLog: Sendable {
  /// Number of buckets; accounts are spread by their number.
  package static let bucketCount = 64

  fileprivate struct Bucket: Sendable {
    var bytes: [UInt8] = []
    var count = 0
    var last = LoggedLogin(
      account: 0, shape: 0,
      row: RowReference(
        time: Instant(milliseconds: 0), id: SalesforceID(high: 0, low: 0), address: 0, file: 0,
        line: 0),
      standing: .counted)
  }

  private var buckets = [Bucket](repeating: Bucket(), count: bucketCount)

  /// Makes an empty log.
  package init() {}

  /// Number of rows.
  package var count: Int { buckets.reduce(0) { $0 + $1.count } }

  /// Size in bytes.
  package var byteCount: Int { buckets.reduce(0) { $0 + $1.bytes.count } }

  /// Adds a row.
  package mutating func append(_ login: LoggedLogin) {
    let bucket = Int(login.account) % Self.bucketCount
    buckets[bucket].append(login)
  }

  /// The rows of one bucket: those of all accounts whose number leaves `bucket` as remainder.
  package func logins(inBucket bucket: Int) -> [LoggedLogin] { buckets[bucket].decoded() }
}

extension LoginLog.Bucket {
  /// Differences to the row before: most are small, since rows come in order of time.
  fileprivate mutating func append(_ login: LoggedLogin) {
    let sameFile = login.row.file == last.row.file
    let sameHigh = login.row.id.high == last.row.id.high
    let hasID = !login.row.id.isNone
    bytes.append(
      login.standing.rawValue | (sameFile ? 4 : 0) | (sameHigh ? 8 : 0) | (hasID ? 16 : 0))
    put(UInt64(login.account) / UInt64(LoginLog.bucketCount))
    put(UInt64(login.shape))
    put(UInt64(login.row.address))
    putSigned(login.row.time.milliseconds &- last.row.time.milliseconds)
    if !sameFile { put(UInt64(login.row.file)) }
    putSigned(Int64(bitPattern: login.row.line &- last.row.line))
    if hasID {
      if !sameHigh { putSigned(Int64(bitPattern: login.row.id.high &- last.row.id.high)) }
      putSigned(Int64(login.row.id.low) - Int64(last.row.id.low))
    }
    let id = hasID ? login.row.id : last.row.id
    last = login
    last.row.id = id
    count += 1
  }

  private mutating func putSigned(_ value: Int64) {
    put(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  private mutating func put(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }

  fileprivate func decoded() -> [LoggedLogin] {
    var result: [LoggedLogin] = []
    result.reserveCapacity(count)
    var position = 0
    func take() -> UInt64 {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        let byte = bytes[position]
        position += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
    }
    func takeSigned() -> Int64 {
      let value = take()
      return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
    var time: Int64 = 0
    var id = SalesforceID(high: 0, low: 0)
    var file: UInt32 = 0
    var line: UInt64 = 0
    for _ in 0..<count {
      let flags = bytes[position]
      position += 1
      let account = UInt32(take()) * UInt32(LoginLog.bucketCount)
      let shape = UInt32(take())
      let address = UInt32(take())
      time &+= takeSigned()
      if flags & 4 == 0 { file = UInt32(take()) }
      line &+= UInt64(bitPattern: takeSigned())
      if flags & 16 != 0 {
        var high = id.high
        if flags & 8 == 0 { high &+= UInt64(bitPattern: takeSigned()) }
        id = SalesforceID(high: high, low: UInt32(Int64(id.low) + takeSigned()))
      }
      let row = RowReference(
        time: Instant(milliseconds: time), id: flags & 16 != 0 ? id : .none, address: address,
        file: file, line: line)
      result.append(
        LoggedLogin(
          account: account, shape: shape, row: row,
          standing: LoggedLogin.Standing(rawValue: flags & 3) ?? .counted))
    }
    return result
  }
}

extension LoginLog {
  /// The rows of one bucket with the number of their account made whole.
  func rows(inBucket bucket: Int) -> [LoggedLogin] {
    logins(inBucket: bucket).map { login in
      var login = login
      login.account += UInt32(bucket)
      return login
    }
  }
}
