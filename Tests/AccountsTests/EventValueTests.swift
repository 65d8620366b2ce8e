import SalesforceExports
import Testing

/// Values of event logs and real-time events.
@Suite struct EventValueTests {
  @Test func loginKeysOfSalesforcesFormArePackedWithoutLoss() {
    let key = "bY5Wfv8t/Ith7WVE"
    #expect(LoginKey(Array(key.utf8)) == LoginKey(Array(key.utf8)))
    // Every position and the case of letters count.
    for index in key.utf8.indices {
      var bytes = Array(key.utf8)
      let offset = key.utf8.distance(from: key.utf8.startIndex, to: index)
      bytes[offset] = bytes[offset] == 0x41 ? 0x42 : 0x41
      #expect(LoginKey(bytes) != LoginKey(Array(key.utf8)), "\(offset)")
    }
    #expect(LoginKey([UInt8]()) == nil)
    let long = Array("4u600000000000AAA1".utf8)
    #expect(LoginKey(long) == LoginKey(long) && LoginKey(long) != LoginKey(Array(long.dropLast())))
  }

  @Test(arguments: [
    ("/services/data/v58.0/query", 58), ("/services/async/41.0/job", 41),
    ("/services/Soap/u/29.0/00D000000000001", 29), ("/v21.0", 21), ("/v21.0?x=/v30.0", 21),
    ("/v21/query", 0), ("/services/data", 0), ("/files/report-58.0/x", 0), ("describeSObjects", 0),
    ("/v1234.0/x", 0), ("/vv58.0/x", 0), ("", 0), ("58.0.1/x", 0),
  ])
  func thePathNamesTheVersion(path: String, version: Int) {
    #expect(APIRequestShape.version(inPath: Array(path.utf8)) == version)
  }

  @Test(arguments: [
    ("58.0", "58.0"), ("v58.0", "58.0"), ("58", "58.0"), (" 58.00 ", "58.0"), ("9998.0", ""),
    ("", ""), ("0", ""), ("latest", "latest"), ("58.5", "58.5"),
  ])
  func versionsHaveOneForm(text: String, version: String) {
    #expect(APIRequestShape.version(text) == version)
  }

  @Test(arguments: [
    ("200", "2xx"), ("503", "5xx"), ("1", "succeeded"), ("FALSE", "failed"), ("Aborted", "Aborted"),
    ("", ""),
  ])
  func statusesAreClassed(text: String, status: String) {
    #expect(APIRequestShape.statusClass(text) == status)
  }
}
