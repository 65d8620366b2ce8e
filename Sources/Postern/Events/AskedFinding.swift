import Configuration
package import Results
import SalesforceExports

/// A finding whose rows are asked for.
package struct AskedFinding: Sendable {
  /// Its whole id.
  package let id: String
  /// Key of its account; `nil` for a finding about the org, and where that is not known.
  let account: String?
  /// Whether it is known to be about the org.
  let isOfOrganization: Bool
  /// The run that found it; `nil` without its results.
  package let run: RunRecord?
  /// Rows that the results hold.
  let evidence: [EvidenceRecord]

  /// Looks a finding up.
  ///
  /// - Parameters:
  ///   - text: Its id; with results as much of it as no other has.
  ///   - path: Results that hold it; `nil` for none.
  ///   - threads: Workers.
  /// - Throws: `ResultsError`; ``UsageError`` when there is no such finding.
  package init(_ text: String, in path: String?, threads: Int) throws {
    guard let path else {
      id = text.lowercased()
      guard id.hasPrefix("pf1:"), id.utf8.count == 36, id.utf8.dropFirst(4).allSatisfy(Self.isDigit)
      else {
        throw UsageError(
          "--finding \(text): expected pf1: and 32 digits; --results FILE looks up a part of it")
      }
      account = nil
      isOfOrganization = false
      run = nil
      evidence = []
      return
    }
    let saved = try SavedFinding(text, in: path, threads: threads)
    id = saved.finding.id
    account = saved.finding.account?.key
    isOfOrganization = saved.finding.account == nil
    run = saved.run
    evidence = saved.finding.evidence
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }

  /// Why its rows are not all shown, where judging the inputs does not give it.
  var absence: String {
    var text = "\(id): these inputs, judged with these options, do not give this finding"
    guard let run else { return text + "; give those of the scan that found it" }
    text += "; it was found in \(run.arguments.joined(separator: " "))"
    if !run.options.isEmpty { text += " with \(run.options.joined(separator: " "))" }
    return text + (evidence.isEmpty ? "" : "; the rows that its results hold are shown")
  }
}
