import Foundation
import FuzzTargets
import TestSupport
import Testing

extension FuzzTargetTests {
  /// Ledgers and results of somebody who can make checksums fit: each number in turn is one that no run
  /// writes, and the target says what must hold.
  struct ForgedFileTests {
    private static func seed(_ target: FuzzTarget, _ name: String) throws -> [UInt8] {
      let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzz/Seeds/\(target.rawValue)/\(name)")
      return [UInt8](try Data(contentsOf: path))
    }

    /// A seed that is refused leads a fuzzer nowhere.
    @Test(arguments: ["all", "events", "local-times", "logins", "verifications", "window"])
    func theSeedsOfLedgersAreTaken(name: String) throws {
      #expect(try ForgedLedger.isTaken(Self.seed(.ledger, name)))
    }

    @Test(arguments: ["few", "gone", "more", "two"])
    func theSeedsOfResultsAreTaken(name: String) throws {
      #expect(ForgedResults.areTaken(try Self.seed(.results, name)))
    }

    /// One that is new each time, or that of FORGED_SEED: the name of a test case says it.
    private static let seeds: [UInt64] = [
      ProcessInfo.processInfo.environment["FORGED_SEED"].flatMap { UInt64($0) }
        ?? UInt64.random(in: 1...1 << 40)
    ]

    private static func run(_ target: FuzzTarget, _ bytes: [UInt8], _ what: String) {
      do throws(FuzzFailure) { try target.run(bytes) } catch {
        Issue.record("\(target.rawValue), \(what): \(error)")
      }
    }

    private static let numbers: [UInt64] = [
      0, 1, 127, 255, 1 << 24 - 1, 1 << 31, 1 << 32 - 1, 1 << 43, 1 << 47, 1 << 48 - 1, 1 << 49 - 3,
      1 << 63, .max,
    ]

    @Test(arguments: ["all", "events", "window"], seeds)
    func anyNumberOfALedgerMayBeForged(name: String, random seedOfRandom: UInt64) throws {
      let seed = try Self.seed(.ledger, name)
      var random = SeededGenerator(seed: seedOfRandom)
      for _ in 0..<60 {
        let place = Int.random(in: 2..<seed.count, using: &random)
        let end = seed[place...].firstIndex { $0 < 0x80 } ?? seed.count - 1
        let number = Self.numbers.randomElement(using: &random) ?? 0
        Self.run(
          .ledger, Array(seed[..<place]) + Archives.varint(number) + Array(seed[(end + 1)...]),
          "\(name): \(number) at \(place)")
      }
    }

    /// What is taken gives its own bytes back, so no byte may be read and forgotten.
    @Test(arguments: ["few", "gone", "more"], seeds)
    func anyByteOfResultsMayBeForged(name: String, random seedOfRandom: UInt64) throws {
      // The first byte asks for a digest that fits.
      var seed = try Self.seed(.results, name)
      seed[0] |= 1
      var random = SeededGenerator(seed: seedOfRandom)
      for _ in 0..<Self.byteCount {
        let place = Int.random(in: 2..<seed.count, using: &random)
        let byte = Array("aZ0 _-/é\u{7F}".utf8).randomElement(using: &random) ?? 0
        var forged = seed
        forged[place] = byte
        Self.run(.results, forged, "\(name): \(byte) at \(place)")
      }
    }

    private static let byteCount =
      ProcessInfo.processInfo.environment["FORGED_COUNT"].flatMap { Int($0) } ?? 60

    private static let texts = [
      "0", "1", "167", "4294967296", "4398046511104", "4398046511103", "1e308", "1e-300", "0.5",
      "-0",
      "3000000", "999999999999999",
    ]

    @Test(arguments: ["few", "gone", "more"], seeds)
    func anyNumberOfResultsMayBeForged(name: String, random seedOfRandom: UInt64) throws {
      let seed = try Self.seed(.results, name)
      let text = String(decoding: seed.dropFirst(2), as: UTF8.self)
      let places = text.matches(of: /[:\[,]([0-9.]+)[,\]}]/).map(\.1)
      var random = SeededGenerator(seed: seedOfRandom)
      for _ in 0..<60 {
        guard let place = places.randomElement(using: &random),
          let number = Self.texts.randomElement(using: &random)
        else { continue }
        let forged = text.replacingCharacters(in: place.startIndex..<place.endIndex, with: number)
        Self.run(
          .results, [1, 0xFF] + Array(forged.utf8),
          "\(name): \(number) behind \(text[..<place.startIndex].suffix(40))")
      }
    }
  }
}
