import Platform
import SalesforceExports
import Synchronization

/// The texts of shapes as numbers in the order of their bytes, column by column.
///
/// A history may have a hundred thousand shapes, where browsers tell their whole version, but they share few
/// texts: each is compared once and not whenever two shapes are.
struct ShapeColumns: Sendable {
  /// One column.
  struct Column: Sendable {
    /// Numbers of the texts by code of the shape; 0 for none, and larger for a text that comes later.
    let numbers: [UInt32]
    /// The texts by their numbers; the first one is empty.
    let texts: [String]

    fileprivate init(_ shapes: [LoginShape], _ text: (LoginShape) -> String) {
      var places: [ExactText: UInt32] = ["": 0]
      var found = [""]
      var last = (text: "", place: UInt32(0))
      var placesOfShapes: [UInt32] = []
      placesOfShapes.reserveCapacity(shapes.count)
      for shape in shapes {
        let text = text(shape)
        // Shapes that were seen one after the other often have a text in common.
        if !last.text.hasBytes(of: text) {
          if let known = places[text] {
            last = (text, known)
          } else {
            last = (text, UInt32(found.count))
            places[text] = last.place
            found.append(text)
          }
        }
        placesOfShapes.append(last.place)
      }
      let order = found.indices.sorted { found[$0].precedes(found[$1]) }
      var numbers = [UInt32](repeating: 0, count: found.count)
      for (number, place) in order.enumerated() { numbers[place] = UInt32(number) }
      self.numbers = placesOfShapes.map { numbers[Int($0)] }
      texts = order.map { found[$0] }
    }
  }

  /// Columns that are asked for; the first ones in the order in which shapes are compared.
  private enum Name: Int, CaseIterable {
    case type, subType, status, application, browser, country

    func text(of shape: LoginShape) -> String {
      switch self {
      case .type: shape.type
      case .subType: shape.subType
      case .status: shape.status
      case .application: shape.application
      case .browser: shape.browser
      case .country: shape.country
      }
    }
  }

  let type: Column
  let subType: Column
  let status: Column
  let application: Column
  let browser: Column
  let country: Column

  /// Looks at all shapes.
  ///
  /// - Parameters:
  ///   - shapes: By their codes.
  ///   - threads: How many workers there are, of which each takes a column at a time.
  /// - Complexity: O(*n*) in the shapes, and O(*t* log *t*) in the distinct texts of each column.
  init(_ shapes: [LoginShape], threads: Int) {
    let next = Atomic<Int>(0)
    let found = Locked<[Name: Column]>([:])
    WorkerThreads.run(max(1, min(threads, Name.allCases.count))) { _ in
      while let name = Name(rawValue: next.add(1, ordering: .relaxed).oldValue) {
        let column = Column(shapes) { name.text(of: $0) }
        found.withLock { $0[name] = column }
      }
    }
    let columns = found.withLock { $0 }
    func column(_ name: Name) -> Column {
      columns[name] ?? Column(shapes) { name.text(of: $0) }
    }
    type = column(.type)
    subType = column(.subType)
    status = column(.status)
    application = column(.application)
    browser = column(.browser)
    country = column(.country)
  }

  /// Place of each shape in the order of shapes.
  ///
  /// - Parameter shapes: The same as before.
  /// - Complexity: O(*n* log *n*) comparisons of words; of texts only between shapes that have what is compared
  ///   first in common.
  func ranks(of shapes: [LoginShape]) -> [Int] {
    var entries = shapes.indices.map { (key: UInt64(0), code: $0) }
    var bitsLeft = UInt64.bitWidth
    for column in [type, subType, status, application, browser] {
      let width = UInt64.bitWidth - UInt64(column.texts.count - 1).leadingZeroBitCount
      // What finds no room is compared as text.
      guard width <= bitsLeft else { break }
      bitsLeft -= width
      for code in entries.indices { entries[code].key |= UInt64(column.numbers[code]) << bitsLeft }
    }
    entries.sort { $0.key != $1.key ? $0.key < $1.key : shapes[$0.code] < shapes[$1.code] }
    var ranks = [Int](repeating: 0, count: shapes.count)
    for (rank, entry) in entries.enumerated() { ranks[entry.code] = rank }
    return ranks
  }
}
