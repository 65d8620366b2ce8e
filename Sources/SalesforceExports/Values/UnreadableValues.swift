import Platform

/// Values of a file's columns that have no form in which they could be read: they are not available
/// to rules, and are told.
public struct UnreadableValues: Sendable, Hashable {
  /// One column of the file.
  public struct Column: Sendable, Hashable {
    /// How many of its values cannot be read.
    public var count = 0
    /// Some of these values, shortened: the first by their bytes, so that no order of rows matters.
    public private(set) var samples: [String] = []

    /// Makes one of what is known of it.
    ///
    /// - Parameters:
    ///   - count: How many values cannot be read.
    ///   - samples: Some of them.
    public init(count: Int = 0, samples: [String] = []) {
      for sample in samples { add(sample, count: 0) }
      self.count = count
    }

    /// The samples for a person, in quotation marks; `blank` for nothing.
    public var text: String {
      samples.map { $0.isEmpty ? "blank" : "“\($0)”" }.joined(separator: ", ")
    }

    private static let sampleLimit = 3
    private static let sampleLength = 40

    fileprivate mutating func add(_ value: String, count more: Int) {
      count += more
      let sample = String(value.unicodeScalars.prefix(Self.sampleLength))
      guard !samples.contains(sample) else { return }
      samples.append(sample)
      samples.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      if samples.count > Self.sampleLimit { samples.removeLast() }
    }

    fileprivate mutating func add(_ other: Column) {
      count += other.count
      for sample in other.samples { add(sample, count: 0) }
    }
  }

  /// Columns by their names as they stand in the header.
  public private(set) var columns: [String: Column] = [:]

  /// Has some columns, or none.
  public init(columns: [String: Column] = [:]) { self.columns = columns }

  /// Whether all values could be read.
  public var isEmpty: Bool { columns.isEmpty }

  /// What is wrong, one text a column: how many values of which column, and some of them.
  public var texts: [String] {
    columns.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { name, column in
      "\(column.count.counted("value")) of \(name) cannot be read "
        + "(\(column.text)) and \(column.count.takes("is", "are")) not available"
    }
  }

  /// Notes a value.
  public mutating func add(_ value: String, column: String) {
    columns[column, default: Column()].add(value, count: 1)
  }

  /// Unites the values of two parts of a file.
  public mutating func formUnion(_ other: UnreadableValues) {
    for (name, column) in other.columns { columns[name, default: Column()].add(column) }
  }
}
