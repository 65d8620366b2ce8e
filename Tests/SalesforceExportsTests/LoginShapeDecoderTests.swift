import SalesforceExports
import TestSupport
import Testing

@Suite struct LoginShapeDecoderTests {
  /// Fields that columns may hold: known and unknown values, words for nothing, blanks and guards.
  private static let fields = [
    "", " ", "NA", "N/A", "null", "Application", "Remote Access 2.0", "Partner Product", "Success",
    "Multi-factor required", "Invalid Password", "no status", "UI Login", "58", "58.0", "v58,0",
    "9998.0", "TLSv1.2", "TLS 1.3", "Namibia", "DE", "SOAP Partner", "P", "=\"Chrome 126\"",
    "Standard ", "/services/oauth2/token", "/index.jsp", "OAuth User-Agent", "A", "i",
  ]

  @Test(arguments: SeededGenerator.seeds)
  func valuesThatAreDecodedOnceGiveTheShapesOfTheirRows(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for kind in [FileKind.loginHistory, .eventLogLogin] {
      var decoder = LoginShapeDecoder(kind: kind)
      var numbers = [[String: Int]](repeating: [:], count: ShapeField.allCases.count)
      for _ in 0..<400 {
        let row = ShapeField.allCases.map { _ in
          random.below(8) == 0 ? nil : Self.fields[random.below(Self.fields.count)]
        }
        let values = ShapeField.allCases.map { column -> Int in
          guard let field = row[column.rawValue] else { return 0 }
          if let known = numbers[column.rawValue][field] { return known }
          let number = decoder.add(field, of: column)
          numbers[column.rawValue][field] = number
          return number
        }
        #expect(
          decoder.shape(of: values) == LoginShape(fields: row, kind: kind), "seed \(seed), \(row)")
      }
    }
  }

  @Test func namibiaIsACountryUnlessOtherColumnsSayNothingTheSameWay() {
    func country(_ browser: String) -> String {
      var fields = [String?](repeating: nil, count: ShapeField.allCases.count)
      fields[ShapeField.country.rawValue] = "NA"
      fields[ShapeField.browser.rawValue] = browser
      return LoginShape(fields: fields, kind: .loginHistory).country
    }
    #expect(country("Chrome 126") == "NA")
    #expect(country("NA") == "")
  }
}
