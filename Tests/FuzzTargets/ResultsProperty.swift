import Crypto
import Findings
import Postern
import Reports

/// Results that are taken can be shown in every form, give their own bytes back and do not differ
/// from themselves; and it does not matter in which portions they are read.
enum ResultsProperty {
  /// Between the earlier and the later results, where there are two.
  private static let separator: UInt8 = 0x1C

  static func check(_ input: inout FuzzInput) throws {
    let choices = input.choice()
    let portion = 1 + input.choice()
    let bytes = input.rest()
    let parts = bytes.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
    let texts = parts.map { choices & 1 == 1 ? repaired(Array($0)) : Array($0) }
    let documents = try texts.map { try read($0, portion: portion) }
    for (text, document) in zip(texts, documents) {
      if let document { try checkDocument(document, text) }
    }
    if documents.count == 2, let old = documents[0], let new = documents[1] {
      try checkComparison(try ResultsComparison(old: old, new: new, failOn: .high))
      try show(ResultsRenderer(try new.compared(to: try ResultsBaseline(old))))
    }
  }

  private static func read(_ text: [UInt8], portion: Int) throws -> ResultsDocument? {
    let whole = outcome { try ResultsReader.read(Portions(text, .max), name: "fuzzed") }
    let portions = outcome { try ResultsReader.read(Portions(text, portion), name: "fuzzed") }
    switch (whole, portions) {
    case (.success(let document), .success): return document
    case (.failure(let one), .failure(let other)):
      guard let one = one as? ResultsError, let other = other as? ResultsError else {
        throw FuzzFailure("results refused by another error: \(one), \(other)")
      }
      try FuzzFailure.unless(one == other, "refused as \(one), in portions as \(other)")
      return nil
    default: throw FuzzFailure("taken or refused, depending on the portions")
    }
  }

  private static func outcome(
    _ read: () throws -> ResultsDocument
  ) -> Result<ResultsDocument, any Error> {
    Result(catching: read)
  }

  private static func checkDocument(_ document: ResultsDocument, _ text: [UInt8]) throws {
    var copy: [UInt8] = []
    try document.forEachPiece { copy += $0 }
    try FuzzFailure.unless(copy == text, "results do not give their own bytes back")
    try show(ResultsRenderer(document))
    try document.forEachFinding { finding in
      _ = FindingExplanation(finding, run: document.run, usesColor: true).text
    }
    let comparison = try ResultsComparison(old: document, new: document, failOn: .info)
    try checkComparison(comparison)
    try FuzzFailure.unless(
      // What the run could not look for, it still cannot.
      (comparison.counts[.persisting] ?? 0) == document.findingCount
        && comparison.findings.count - document.findingCount
          == document.end.gone?[.notEvaluated] ?? 0,
      "results differ from themselves: \(comparison.counts)")
  }

  private static func checkComparison(_ comparison: ResultsComparison) throws {
    _ = ComparisonReport(comparison, usesColor: true).text
    _ = comparison.cautions
    try comparison.writeLines { _ in }
  }

  private static func show(_ renderer: ResultsRenderer) throws {
    for format in OutputFormat.allCases { try renderer.render(format, usesColor: true) { _ in } }
  }

  /// The results with a true digest in the end record, which a changed byte breaks.
  private static func repaired(_ text: [UInt8]) -> [UInt8] {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count >= 3, let end = lines.dropLast().last else { return text }
    let mark = Array("\"records_sha256\":\"".utf8)
    guard let place = end.firstRange(of: mark), end.endIndex - place.upperBound > 64 else {
      return text
    }
    let body = lines[1..<lines.count - 2].map { $0 + [UInt8(ascii: "\n")] }.joined()
    let digits = Array("0123456789abcdef".utf8)
    let digest = SHA256.hash(data: Array(body)).flatMap {
      [digits[Int($0 >> 4)], digits[Int($0 & 15)]]
    }
    var repaired = text
    repaired.replaceSubrange(place.upperBound..<place.upperBound + 64, with: digest)
    return repaired
  }

  /// Results in memory that come in portions.
  private struct Portions: ResultsSource {
    let text: [UInt8]
    let portion: Int

    init(_ text: [UInt8], _ portion: Int) {
      self.text = text
      self.portion = portion
    }

    func bytes(at byteOffset: Int, count: Int) -> [UInt8] {
      Array(text.dropFirst(byteOffset).prefix(min(count, portion)))
    }
  }
}
