import Testing

@testable import postern_synth

@Suite
struct SalesforceIdentifierTests {
  @Test
  func theLastThreeCharactersRepeatTheLetterCaseAsInARealId() {
    let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    let number = "H35Jt".reduce(UInt64(0)) { value, digit in
      value * 62 + UInt64(alphabet.firstIndex(of: digit) ?? 0)
    }
    let identifier = SalesforceIdentifier(prefix: .user, number: number)
    #expect(identifier.text == "005Hn00000H35JtIAJ")
  }

  @Test
  func idsOfDifferentNumbersDiffer() {
    let ids = Set((0..<1_000).map { SalesforceIdentifier(prefix: .user, number: $0).text })
    #expect(ids.count == 1_000)
  }
}
