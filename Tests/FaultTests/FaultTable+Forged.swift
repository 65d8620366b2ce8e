import Crypto
import Foundation
import TestSupport
import Testing

extension FaultTable {
  /// A ledger of the eight sound rows.
  private static func ledger() throws -> [UInt8] {
    let trial = try Trial()
    trial.arguments = [
      try trial.input("l.csv", Rows.soundBytes), "--ledger", trial.output("x.ledger"),
    ]
    #expect(try trial.run().code == 0)
    return [UInt8](try Data(contentsOf: URL(filePath: trial.output("x.ledger"))))
  }

  /// What the sections of a ledger hold (docs/ledger-format.md).
  private static func sections(_ ledger: [UInt8]) -> [[UInt8]] {
    func number(_ place: Int) -> Int {
      ledger[place..<place + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    var sections: [[UInt8]] = []
    var place = 10
    while ledger[place] != 0 {
      let stored = ledger[(place + 13)..<(place + 13 + number(place + 1))]
      if ledger[place] == 2 { sections.append([]) }
      // Behind the two bytes of zlib's head.
      sections[sections.count - 1] += Archives.inflated(
        stored.dropFirst(2), atMost: number(place + 5))
      place += 13 + number(place + 1)
    }
    return sections
  }

  /// A ledger whose checksums fit its content.
  private static func sealed(_ sections: [[UInt8]]) -> [UInt8] {
    var file: [UInt8] =
      [0x89, 0x50, 0x53, 0x54, 0x4C, 0x0D, 0x0A, 0x1A] + Archives.little(UInt16(5))
    for section in sections {
      for start in stride(from: 0, to: section.count, by: 1 << 20) {
        let piece = Array(section[start..<min(start + 1 << 20, section.count)])
        let stored = [0x78, 0x9C] + Archives.deflated(piece) + adler(piece)
        file += [start == 0 ? 2 : 1] + Archives.little(UInt32(stored.count))
        file += Archives.little(UInt32(piece.count)) + Archives.little(Archives.crc(stored))
        file += stored
      }
    }
    file += [0] + Archives.little(UInt64(sections.joined().count))
    return file + Array(SHA256.hash(data: file))
  }

  /// The checksum of a zlib stream, the highest byte first.
  private static func adler(_ bytes: [UInt8]) -> [UInt8] {
    var (one, other) = (1, 0)
    for byte in bytes {
      one = (one + Int(byte)) % 65_521
      other = (other + one) % 65_521
    }
    return Archives.little(UInt32(other << 16 | one)).reversed()
  }

  /// Ledgers of which each has one number that is another.
  private static func forging(_ name: String, _ number: UInt64) -> Fault {
    Fault(name, .incomplete(nil, says: "its parts do not fit each other")) { trial in
      let sections = sections(try ledger())
      trial.arguments = [try trial.input("sound.csv", Rows.soundBytes)]
      for (section, content) in sections.enumerated() {
        for place in content.indices where place == 0 || content[place - 1] < 0x80 {
          let end = content[place...].firstIndex { $0 < 0x80 } ?? content.count - 1
          var forged = sections
          forged[section] =
            Array(content[..<place]) + Archives.varint(number) + Array(content[(end + 1)...])
          trial.arguments.append(try trial.input("\(section)-\(place).ledger", sealed(forged)))
        }
      }
    }
  }

  private static func damaged(
    _ name: String, _ says: String, _ damage: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) -> Fault {
    Fault(name, .incomplete(says: says)) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      try trial.input("x.ledger", damage(try ledger()))
    }
  }

  /// A ledger with a file of users of which one row was rejected, and that counts two by their reason.
  private static let rejecting = Fault(
    "a ledger that counts more rows by their reasons than were rejected, and its checksums fit",
    .incomplete(nil, says: "its parts do not fit each other")
  ) { trial in
    let sound = try Trial()
    sound.arguments = [
      try sound.input("l.csv", Rows.soundBytes),
      try sound.input("User.csv", Array("Id,Username,IsActive\nx,a@b.c,true\n".utf8)),
      "--ledger", sound.output("x.ledger"),
    ]
    #expect(try sound.run().code == 2)
    var sections = sections([UInt8](try Data(contentsOf: URL(filePath: sound.output("x.ledger")))))
    let reason = Array("invalid_id".utf8)
    let place = try #require(
      sections[0].indices.first { sections[0][$0...].starts(with: reason + [1]) })
    sections[0][place + reason.count] = 2
    trial.arguments = [
      try trial.input("sound.csv", Rows.soundBytes),
      try trial.input("x.ledger", sealed(sections)),
    ]
  }

  /// Results of an earlier run that are given as a baseline.
  private static func baseline(
    _ name: String, _ says: String, _ damage: @escaping @Sendable (String) -> String
  ) -> Fault {
    Fault(name, Answer(exit: 66, says: says)) { trial in
      let input = try trial.input("l.csv", Rows.soundBytes)
      trial.arguments = [input]
      let results = try trial.run().text
      let path = trial.root + "/baseline.jsonl"
      try damage(results).write(toFile: path, atomically: true, encoding: .utf8)
      trial.arguments = [input, "--baseline", path]
    }
  }

  /// Results whose digest fits, whatever they say.
  private static func sealed(_ results: String, _ text: String, _ other: String) -> String {
    let edited = results.replacing(text, with: other)
    let digest = /"records_sha256":"[0-9a-f]{64}"/
    let blank = edited.replacing(digest, with: "\"records_sha256\":\"\"")
    let digits = SHA256.hash(data: Data(blank.utf8)).map {
      String(String(256 + Int($0), radix: 16).dropFirst())
    }.joined()
    return edited.replacing(digest, with: "\"records_sha256\":\"\(digits)\"")
  }

  /// Results of an earlier run that are shown anew.
  private static func results(
    _ name: String, _ says: String, _ text: String, _ other: String
  ) -> Fault {
    Fault(
      name, Answer(exit: 66, says: says),
      check: { trial, _ in #expect(trial.outputs.isEmpty) },
      make: { trial in
        trial.arguments = [try trial.input("l.csv", Rows.soundBytes)]
        let results = try trial.run().text
        #expect(results.contains(text))
        let path = trial.root + "/results.jsonl"
        try sealed(results, text, other).write(toFile: path, atomically: true, encoding: .utf8)
        trial.verb = "report"
        trial.printsResults = false
        trial.arguments = [path, "-o", "jsonl:" + trial.output("again.jsonl")]
      })
  }

  static let forged: [Fault] = [
    damaged("a ledger that is cut", "is a ledger that was cut") { Array($0.dropLast(9)) },
    damaged("a ledger that something follows", "something follows its end") { $0 + [0] },
    damaged("a ledger of another form", "has ledger format version 2") { ledger in
      Array(ledger[..<8]) + [2] + Array(ledger[9...])
    },
    damaged("a bit of a ledger's block flipped", "checksum mismatch in the block") {
      Archives.flipping($0, byte: 40)
    },
    damaged("a bit of a ledger's digest flipped", "SHA-256 mismatch") {
      Archives.flipping($0, byte: $0.count - 1)
    },
    damaged("a ledger whose checksums fit, and that lacks its last part", "do not fit each other") {
      sealed(sections($0).dropLast())
    },
    damaged("a ledger whose checksums fit, and that has more parts", "do not fit each other") {
      sealed(sections($0) + [[0, 0]])
    },
    damaged(
      "a ledger whose checksums fit, and that lacks the end of a part", "do not fit each other"
    ) {
      sealed(sections($0).map { $0.count > 9 ? $0.dropLast() : $0 })
    },
    damaged("a ledger whose checksums fit, and that has more in a part", "do not fit each other") {
      sealed(sections($0).enumerated().map { $0 == 5 ? $1 + [0] : $1 })
    },
    damaged("a ledger of which a part begins nowhere", "no block begins at byte 10") {
      Archives.flipping($0, byte: 10)
    },
    damaged("a ledger of 80 MiB of zeros, whose checksums fit", "times what is stored") { _ in
      // The first parts of a ledger without anything, and blanks in the place of the others.
      sealed([[UInt8](repeating: 0, count: 80 << 20)])
    },
    forging("any one number of a ledger is 0, and its checksums fit", 0),
    forging("any one number of a ledger is 2³¹ − 1, and its checksums fit", 1 << 31 - 1),
    forging("any one number of a ledger is 2⁴⁴, and its checksums fit", 1 << 44),
    forging("any one number of a ledger is 2⁶⁴ − 1, and its checksums fit", .max),
    rejecting,
    baseline("a baseline that is cut in a line", "no end record") { String($0.dropLast(200)) },
    baseline("a baseline without its end record", "no end record") { results in
      results.split(separator: "\n").dropLast().map { $0 + "\n" }.joined()
    },
    baseline("a baseline with another word in a record", "records_sha256") {
      $0.replacing("\"license\":\"\"", with: "\"license\":\"x\"")
    },
    baseline("a baseline with another word in its end record", "records_sha256") {
      $0.replacing("\"exit\":0", with: "\"exit\":1")
    },
    results(
      "results whose digest fits, with a count that no org has", "a count is expected",
      "\"distinct_ips\":1", "\"distinct_ips\":4398046511105"),
    results(
      "results whose digest fits, with a day behind the year 9999", "days out of order",
      "\"day\":[0]", "\"day\":[3000000]"),
    results(
      "results whose digest fits, with columns of different length", "columns of different",
      "\"day\":[0]", "\"day\":[0,1]"),
    results(
      "results whose digest fits, with sums that are none", "is not the sum",
      "\"mfa_unknown\":8", "\"mfa_unknown\":7"),
    results(
      "results whose digest fits, of a run that took for ever", "is no time that a run takes",
      "\"elapsed_seconds\":", "\"elapsed_seconds\":99999999999"),
    results(
      "results whose digest fits, with members twice", "is expected",
      "\"account\":{", "\"account\":{},\"account\":{"),
  ]
}
