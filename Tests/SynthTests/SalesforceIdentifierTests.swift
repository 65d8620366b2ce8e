import Testing

@testable import postern_synth

@Suite
struct SalesforceIdentifierTests {
  @Test
  func idsOfDifferentNumbersDiffer() {
    let ids = Set((0..<1_000).map { SalesforceIdentifier(prefix: .user, number: $0).text })
    #expect(ids.count == 1_000)
  }
}
