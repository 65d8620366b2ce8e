import Foundation
import TestSupport
import Testing

/// What people hand in has been through other programs: it is read right, or the run says that it could
/// not be, and never gives another answer as if nothing were.
@Suite struct ShapeTests {
  private struct Reference {
    let org: Org
    let answer: Answer

    init() throws {
      org = try Org()
      let folder = try TestFolder()
      try org.write(to: folder)
      answer = try Programs.scan(folder.path, [])
    }
  }

  private static let reference = Result { try Reference() }

  @Test func theOrgUndisturbedIsReadWhole() throws {
    let reference = try Self.reference.get()
    #expect(reference.answer.exit == 0, "\(reference.answer.text)")
    #expect(reference.answer.statements.count > 40)
  }

  /// A word for nothing says no more than a blank: a method called `null` is none.
  @Test(arguments: ["VerificationMethod", "Policy", "Activity", "Status"])
  func aWordForNothingIsABlankInVerifications(_ column: String) throws {
    let org = try Self.reference.get().org
    let answers = try ["", "null", "N/A", "\\N"].map { word in
      let folder = try TestFolder()
      try org.changing("VerificationHistory.csv") { $0.changing([column]) { _ in word } }
        .write(to: folder)
      return try Programs.scan(folder.path, [])
    }
    for answer in answers {
      #expect(answer.exit == answers[0].exit && answer.statements == answers[0].statements)
    }
  }

  @Test(arguments: ShapeTable.all)
  func aShapeIsReadRightOrSaid(_ shape: Shape) throws {
    let reference = try Self.reference.get()
    let folder = try TestFolder()
    try shape.write(reference.org, folder)
    let answer = try Programs.scan(folder.path, shape.options)
    switch shape.rule {
    case .right:
      #expect(answer.exit == 0, "\(answer.text)")
      let (lost, more) = (
        reference.answer.statements.subtracting(answer.statements),
        answer.statements.subtracting(reference.answer.statements)
      )
      #expect(
        lost.isEmpty && more.isEmpty,
        "lost \(lost.sorted().prefix(3)), more \(more.sorted().prefix(3))")
    case .said(let text):
      #expect([2, 64, 66].contains(answer.exit))
      #expect(answer.text.contains(text), "\(answer.text)")
      #expect(answer.text.contains(folder.path) || answer.exit == 64)
    }
    // Nobody is accused for what happened to a file.
    #expect(answer.absentCount <= reference.answer.absentCount)
    // The answer of no shape hangs on the number of threads.
    for threads in ["1", "3", "8"] {
      let other = try Programs.scan(folder.path, shape.options + ["--threads", threads])
      #expect(other.exit == answer.exit && other.statements == answer.statements)
    }
  }
}
