/// Writes logins in some shape's rows, one after the other into a block.
protocol LoginWriter {
  /// The dialect of the rows.
  var dialect: Dialect { get }
  /// The header row.
  var header: [UInt8] { get }
  /// One row's fields, as material for faults.
  var plainFields: [String] { get }
  /// Where a row has its times.
  var timeColumns: [Int] { get }
  /// Where a row names the account.
  var accountColumns: [Int] { get }
  /// Adds one row, with `browser` as it stands in place of the browser's field, if given.
  func append(_ row: LoginRow, browser: [UInt8]?, to block: ByteBlock)
}

/// Texts of one column, written once as fields and copied from then on.
struct EncodedColumn {
  private let pieces: [Piece]
  private let pool: ByteBlock

  /// The column of some texts.
  init(_ texts: some Sequence<String>, dialect: Dialect, pool: ByteBlock) {
    self.init(verbatim: texts.map { dialect.field($0) }, pool: pool)
  }

  /// The column of some bytes, taken as they are.
  init(verbatim fields: [[UInt8]], pool: ByteBlock) {
    self.pool = pool
    pieces = fields.map { pool.append(contentsOf: $0) }
  }

  /// Adds the field number `index`, or the last one for `Int.max`.
  @inline(__always)
  func append(_ index: Int, to block: ByteBlock) {
    block.append(pieces[index == .max ? pieces.count - 1 : index], of: pool)
  }
}
