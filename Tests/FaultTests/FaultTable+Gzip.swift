import Foundation
import TestSupport
import Testing

extension FaultTable {
  private static let whole = Archives.gzip(Rows.soundBytes)

  static let gzip: [Fault] = [
    Fault(
      "cut behind every byte", .incomplete(nil, says: "fetch"),
      check: { _, seen in
        // A cut before the first byte is an empty file, behind the first no gzip file.
        let reasons = try seen.reasons()
        for cut in 0..<whole.count {
          #expect(reasons.contains { $0.contains("/in/\(cut).gz: ") }, "cut behind \(cut)")
        }
      },
      make: { trial in
        trial.arguments = [try trial.input("sound.csv", Rows.soundBytes)]
        for cut in 0..<whole.count {
          trial.arguments.append(try trial.input("\(cut).gz", whole.prefix(cut)))
        }
      }),
    Fault(
      "any one bit flipped, but for those that mean nothing", .incomplete(nil, says: "fetch"),
      check: { trial, seen in
        let reasons = try seen.reasons().map { $0.prefix { $0 != ":" } }
        #expect(reasons.count > whole.count * 6)
        let named = Set(reasons.compactMap { $0.split(separator: "/").last.map(String.init) })
        for byte in whole.indices {
          for bit in 0..<8 where !named.contains("\(byte)-\(bit).gz") {
            // The time of change means nothing, and two codes may stand for the same bytes.
            let gunzip = try Trial.run(["gzip", "-dc", trial.path("\(byte)-\(bit).gz")])
            #expect(gunzip.code == 0 && gunzip.output == Data(Rows.soundBytes), "\(byte)-\(bit)")
          }
        }
      },
      make: { trial in
        // Some flips make all times of a file local.
        trial.arguments = [
          try trial.input("sound.csv", Rows.soundBytes), "--time-zone", "UTC",
        ]
        for byte in whole.indices {
          for bit in 0..<8 {
            trial.arguments.append(
              try trial.input("\(byte)-\(bit).gz", Archives.flipping(whole, byte: byte, bit: bit)))
          }
        }
      }),
    .bytes("a bit of the CRC-32 flipped", .incomplete(says: "fails its CRC-32")) {
      Archives.flipping(whole, byte: whole.count - 8)
    },
    .bytes("a bit of the length flipped", .incomplete(says: "size does not match the trailer")) {
      Archives.flipping(whole, byte: whole.count - 4)
    },
    .bytes("a method that does not exist", .nothing(says: "unknown method 7")) {
      Archives.flipping(Archives.flipping(whole, byte: 2, bit: 3), byte: 2, bit: 0).enumerated()
        .map { $0.offset == 2 ? 7 : $0.element }
    },
    .bytes("flags that are not defined", .nothing(says: "flags that are not defined")) {
      Archives.flipping(whole, byte: 3, bit: 7)
    },
    .bytes("only the first two bytes", .nothing(says: "ends inside a gzip header")) {
      [0x1F, 0x8B]
    },
    .bytes("only a header", .nothing(says: "ends before its compressed data")) {
      Array(whole.prefix(10))
    },
    .bytes("extra field, name, comment and header checksum", .complete()) {
      Archives.gzip(Rows.soundBytes, flags: 30)
    },
    .bytes("a header that fails its checksum", .nothing(says: "fails its checksum")) {
      Archives.flipping(Archives.gzip(Rows.soundBytes, flags: 2), byte: 10)
    },
    .bytes("a member of no bytes alone", .nothing(says: "the file is empty")) { Archives.gzip([]) },
    .bytes("a thousand members of no bytes before the data", .complete()) {
      (0..<1_000).flatMap { _ in Archives.gzip([]) } + whole
    },
    .bytes("members that end inside a row", .complete()) {
      Archives.gzip(Array(Rows.soundBytes.prefix(500)))
        + Archives.gzip(Array(Rows.soundBytes.dropFirst(500)))
    },
    .bytes("a second member that is cut", .incomplete(says: "ends before its compressed data")) {
      whole + whole.prefix(40)
    },
    .bytes("zeros behind the data, as tapes have them", .complete()) {
      whole + [UInt8](repeating: 0, count: 4_096)
    },
    .bytes("other bytes behind the data", .incomplete(says: "has other bytes after its gzip data"))
    {
      whole + Array("garbage".utf8)
    },
    .bytes("gzip inside gzip", .nothing(says: "holds another archive")) { Archives.gzip(whole) },
    Fault("gzip inside gzip, in a folder", .incomplete(says: "holds another archive")) { trial in
      try trial.input("a.csv", Rows.soundBytes)
      try trial.input("b.gz", Archives.gzip(whole))
    },
    .bytes("a bomb of blank lines behind sound rows", .incomplete(says: "expansion_ratio")) {
      Archives.gzip(Rows.soundBytes + [UInt8](repeating: 0x0A, count: 80 << 20))
    },
    .bytes("a bomb of zeros", .nothing(says: "nothing but zeros")) {
      Archives.gzip([UInt8](repeating: 0, count: 80 << 20))
    },
    .bytes(
      "a bomb of one field", .incomplete(rejected: 1, says: "expansion_ratio")
    ) {
      Archives.gzip(Rows.soundBytes + [0x22] + [UInt8](repeating: 0x78, count: 80 << 20))
    },
    Fault("a bomb that the configuration allows", .complete()) { trial in
      let config = try trial.input("postern.yaml", "limits: {expansion_ratio: 2000}\n".utf8)
      let path = try trial.input(
        "l.gz",
        Archives.gzip(Rows.soundBytes + [UInt8](repeating: 0x0A, count: 80 << 20)))
      trial.arguments = [path, "--config", config]
    },
    Fault("more bytes than the configuration allows", .incomplete(nil, says: "expanded_bytes")) {
      trial in
      let config = try trial.input("postern.yaml", "limits: {expanded_bytes: 500}\n".utf8)
      trial.arguments = [
        try trial.input("l.gz", whole), "--config", config, "--max-rejects", "1",
      ]
    },
    .bytes("plain text named .gz", .complete(), file: "l.csv.gz") { Rows.soundBytes },
    .bytes("gzip named .csv", .complete(), file: "l.csv") { whole },
  ]
}
