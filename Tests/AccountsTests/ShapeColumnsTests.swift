import SalesforceExports
import TestSupport
import Testing

@testable import Accounts

/// Texts of shapes as numbers, and the order of shapes that they give.
struct ShapeColumnsTests {
  /// Shapes with texts of few or of many values, of which some differ in one column alone.
  private static func shapes(_ random: inout SeededGenerator, count: Int) -> [LoginShape] {
    let variety = [2, 7, 40_000][random.below(3)]
    func text(_ random: inout SeededGenerator, _ start: String) -> String {
      switch random.below(4) {
      case 0: ""
      case 1: start
      // Of different length, in capitals, and beyond ASCII: bytes decide.
      case 2: start + String(repeating: "ä", count: random.below(3)) + "Z"
      default: "\(start) \(random.below(variety))"
      }
    }
    var shapes: Set<LoginShape> = [LoginShape()]
    while shapes.count < count {
      var shape = shapes.randomElement(using: &random) ?? LoginShape()
      for _ in 0...random.below(3) {
        switch random.below(8) {
        case 0: shape.type = text(&random, "Application")
        case 1: shape.subType = text(&random, "OAuth")
        case 2: shape.status = text(&random, "Success")
        case 3: shape.application = text(&random, "Browser")
        case 4: shape.browser = text(&random, "Chrome")
        case 5: shape.country = text(&random, "DE")
        case 6: shape.tls = text(&random, "TLS 1.2")
        default: shape.userType = text(&random, "Standard")
        }
      }
      shapes.insert(shape)
    }
    return shapes.shuffled(using: &random)
  }

  @Test(arguments: SeededGenerator.seeds)
  func ranksAreThoseOfComparedShapes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let shapes = Self.shapes(&random, count: 1 + random.below(300))
    let sorted = shapes.sorted()
    for threads in [1, 3] {
      let ranks = ShapeColumns(shapes, threads: threads).ranks(of: shapes)
      #expect(ranks.map { sorted[$0] } == shapes, "seed \(seed)")
    }
  }

  @Test func whatFindsNoRoomInAWordIsComparedAsText() {
    var random = SeededGenerator(seed: 7)
    // Fourteen bits for each of five columns are more than a word has.
    var shapes: [LoginShape] = []
    for number in 0..<9_000 {
      var shape = LoginShape()
      shape.type = "Type \(number)"
      shape.subType = "Flow \(number)"
      shape.status = "Failed: \(number)"
      shape.application = "App \(number)"
      shape.browser = "Browser \(number)"
      shapes.append(shape)
      // Another one that differs in the last of them alone.
      shape.browser = "Browser \(number) beta"
      if number.isMultiple(of: 100) { shapes.append(shape) }
    }
    shapes.shuffle(using: &random)
    let sorted = shapes.sorted()
    let ranks = ShapeColumns(shapes, threads: 2).ranks(of: shapes)
    #expect(ranks.map { sorted[$0] } == shapes)
  }

  @Test(arguments: SeededGenerator.seeds)
  func numbersStandForTextsInTheOrderOfTheirBytes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let shapes = Self.shapes(&random, count: 50)
    let column = ShapeColumns(shapes, threads: 2).browser
    #expect(column.texts.first == "")
    #expect(column.numbers.map { column.texts[Int($0)] } == shapes.map(\.browser), "seed \(seed)")
    #expect(
      zip(column.texts, column.texts.dropFirst()).allSatisfy {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      })
  }
}
