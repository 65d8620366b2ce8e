import Crypto
import Findings
import Reports
import Results

/// What tests ask of an input of ``FuzzTarget/results``.
public enum ForgedResults {
  /// Whether all results in it are taken.
  public static func areTaken(_ bytes: [UInt8]) -> Bool {
    var input = FuzzInput(bytes)
    guard let results = try? ResultsProperty.taken(&input) else { return false }
    return results.allSatisfy { $0 }
  }
}

/// Results that are taken can be shown in every form, give their own bytes back and do not differ
/// from themselves; and it does not matter in which portions they are read.
enum ResultsProperty {
  /// Between the earlier and the later results, where there are two.
  private static let separator: UInt8 = 0x1C

  static func check(_ input: inout FuzzInput) throws {
    _ = try taken(&input)
  }

  /// Which of the results in an input are taken.
  static func taken(_ input: inout FuzzInput) throws -> [Bool] {
    let choices = input.choice()
    let portion = 1 + input.choice()
    let bytes = input.rest()
    let parts = bytes.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
    let texts = parts.map { choices & 1 == 1 ? repaired(Array($0)) : Array($0) }
    let results = try texts.map { try read($0, portion: portion) }
    for (text, results) in zip(texts, results) {
      if let results { try check(results, text) }
    }
    if results.count == 2, results[0] != nil, results[1] != nil {
      _ = try compare(texts[0], texts[1])
    }
    return results.map { $0 != nil }
  }

  private static func read(_ text: [UInt8], portion: Int) throws -> RenderedResults? {
    let whole = outcome { try RenderedResults(Portions(text, .max)) }
    let portions = outcome { try RenderedResults(Portions(text, portion)) }
    switch (whole, portions) {
    case (.success(let results), .success): return results
    case (.failure(let one), .failure(let other)):
      guard one is ResultsError, other is ResultsError else {
        throw FuzzFailure("results refused by another error: \(one), \(other)")
      }
      return nil
    default: throw FuzzFailure("taken or refused, depending on the portions")
    }
  }

  private static func outcome(
    _ read: () throws -> RenderedResults
  ) -> Result<RenderedResults, any Error> {
    Result(catching: read)
  }

  private static func check(_ results: RenderedResults, _ text: [UInt8]) throws {
    try FuzzFailure.unless(results.text(.jsonl) == text, "results do not give their own bytes back")
    for finding in results.findings {
      _ = FindingExplanation(finding, run: results.run, usesColor: true).text
    }
    let comparison = try compare(text, text)
    try FuzzFailure.unless(
      // What the run could not look for, it still cannot.
      (comparison.counts[.persisting] ?? 0) == results.findings.count,
      "results differ from themselves: \(comparison.counts)")
  }

  private static func compare(_ old: [UInt8], _ new: [UInt8]) throws -> ResultsComparison {
    let baseline = try FindingsBaseline(Portions(old, .max), name: "old", threads: 1)
    let comparison = try ResultsComparison(
      old: baseline, new: Portions(new, .max), name: "new", threads: 1, failOn: .high)
    _ = ComparisonReport(comparison, usesColor: true).text
    var text = ByteText()
    comparison.writeLines(exit: 0, into: &text)
    return comparison
  }

  /// The results with a true digest in the end record, which a changed byte breaks.
  private static func repaired(_ text: [UInt8]) -> [UInt8] {
    let mark = Array("\"records_sha256\":\"".utf8)
    // The last line is the end record; what a string holds has backslashes before its quotes.
    guard let end = text.dropLast().lastIndex(of: UInt8(ascii: "\n")),
      let place = text[end...].firstRange(of: mark), text.endIndex - place.upperBound > 64
    else { return text }
    let digits = Array("0123456789abcdef".utf8)
    var repaired = text
    repaired.removeSubrange(place.upperBound..<place.upperBound + 64)
    let digest = SHA256.hash(data: repaired).flatMap {
      [digits[Int($0 >> 4)], digits[Int($0 & 15)]]
    }
    repaired.insert(contentsOf: digest, at: place.upperBound)
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
