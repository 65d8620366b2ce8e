import SalesforceExports
import Testing

@testable import Accounts

/// Numbers of Ids.
struct NumberedIDsTests {
  @Test func idsKeepTheirNumbersWhileTheTableGrows() {
    let ids = (0..<5_000).map { number in
      SalesforceID(high: 1 << 40 | UInt64(number % 3), low: UInt32(number / 3) << 6)
    }
    var numbered = NumberedIDs()
    for (position, id) in ids.enumerated() {
      #expect(numbered.known(id) == nil)
      #expect(numbered.number(of: id) == UInt32(position + 1))
    }
    for (position, id) in ids.enumerated() {
      #expect(numbered.number(of: id) == UInt32(position + 1))
      #expect(numbered.known(id) == UInt32(position + 1))
    }
    #expect(numbered.ids == ids)
  }
}
