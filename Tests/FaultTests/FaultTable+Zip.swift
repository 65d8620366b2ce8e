import TestSupport
import Testing

extension FaultTable {
  private typealias Entry = Archives.Entry
  private static let whole = Archives.zip([Entry(bytes: Rows.soundBytes)])
  private static let other = Array((Rows.header + Rows.rows(11...13)).utf8)

  private static let two = Archives.zip([
    Entry(name: "a.csv", bytes: Rows.soundBytes), Entry(name: "b.csv", bytes: other),
  ])

  /// Bytes between the one entry of an archive and its directory, which knows that it moved.
  private static func inserting(_ bytes: [UInt8]) -> [UInt8] {
    let directory = 46 + 5 + 22
    var archive = Array(whole.dropLast(directory)) + bytes
    let place = archive.count
    archive += whole.suffix(directory)
    archive.replaceSubrange(
      (archive.count - 6)..<(archive.count - 2), with: Archives.little(UInt32(place)))
    return archive
  }

  /// An archive of the sound rows, with an entry behind them that its directory does not list.
  private static func withUnlisted(_ entry: Entry) -> [UInt8] {
    inserting(Archives.zip([entry]).dropLast(46 + entry.name.utf8.count + 22))
  }

  static let zip: [Fault] = [
    Fault(
      "cut behind every byte", .incomplete(nil, says: "fetch"),
      check: { _, seen in
        let reasons = try seen.reasons()
        for cut in 0..<whole.count {
          #expect(reasons.contains { $0.contains("/in/\(cut).zip") }, "cut behind \(cut)")
        }
      },
      make: { trial in
        trial.arguments = [try trial.input("sound.csv", Rows.soundBytes)]
        for cut in 0..<whole.count {
          trial.arguments.append(try trial.input("\(cut).zip", whole.prefix(cut)))
        }
      }),
    .bytes("cut before the directory", .incomplete(says: "ends without a zip directory")) {
      Array(whole.prefix(whole.count - 22 - 46 - 5))
    },
    .bytes("stored, not compressed", .complete()) {
      Archives.zip([Entry(bytes: Rows.soundBytes, method: 0)])
    },
    .bytes("sizes behind the data", .complete()) {
      Archives.zip([Entry(bytes: Rows.soundBytes, hasDescriptor: true)])
    },
    .bytes(
      "sizes behind the data, cut before the directory",
      .incomplete(11, says: "ends without a zip directory")
    ) {
      let archive = Archives.zip([
        Entry(name: "a.csv", bytes: Rows.soundBytes, hasDescriptor: true),
        Entry(name: "b.csv", bytes: other, hasDescriptor: true),
      ])
      return Array(archive.prefix(archive.count - 22 - 2 * 51))
    },
    .bytes(
      "sizes behind the data, cut before the last of them",
      .incomplete(11, says: "ends before the checksum of its data")
    ) {
      let archive = Archives.zip([
        Entry(name: "a.csv", bytes: Rows.soundBytes, hasDescriptor: true),
        Entry(name: "b.csv", bytes: other, hasDescriptor: true),
      ])
      return Array(archive.prefix(archive.count - 22 - 2 * 51 - 7))
    },
    .bytes(
      "stored with the size behind the data, cut before the directory",
      .incomplete(3, says: "its end cannot be found")
    ) {
      let archive = Archives.zip([
        Entry(name: "a.csv", bytes: other),
        Entry(name: "b.csv", bytes: Rows.soundBytes, method: 0, hasDescriptor: true),
      ])
      return Array(archive.prefix(archive.count - 22 - 2 * 51))
    },
    .bytes("zip64", .complete()) {
      Archives.zip([Entry(bytes: Rows.soundBytes, isZip64: true)], isZip64: true)
    },
    .bytes("a comment", .complete()) {
      Archives.zip([Entry(bytes: Rows.soundBytes)], comment: "PK\u{5}\u{6} is no directory")
    },
    .bytes("a script before the archive", .complete()) {
      Archives.zip([Entry(bytes: Rows.soundBytes)], before: Array("#!/bin/sh\nexit\n".utf8))
    },
    .bytes("an archive behind another", .incomplete(says: "an archive before the one")) {
      whole + Archives.zip([Entry(name: "b.csv", bytes: other)])
    },
    .bytes("other bytes behind the directory, which are passed over", .complete()) {
      whole + Array("junk".utf8)
    },
    .bytes("no entries", .nothing(says: "holds no files")) { Archives.zip([]) },
    .bytes("folders only", .nothing(says: "holds no files")) {
      Archives.zip([Entry(name: "a/", method: 0)])
    },
    .bytes("entries of the same name, which are all read", .complete(11)) {
      Archives.zip([Entry(bytes: Rows.soundBytes), Entry(bytes: other)])
    },
    .bytes("an entry of no bytes beside another", .incomplete(says: "the file is empty")) {
      Archives.zip([Entry(name: "empty.csv", method: 0), Entry(bytes: Rows.soundBytes)])
    },
    .bytes("an encrypted entry beside another", .incomplete(3, says: "is encrypted")) {
      Archives.zip([Entry(name: "a.csv", bytes: Rows.soundBytes, flags: 1), Entry(bytes: other)])
    },
    .bytes("a method that is not read", .nothing(says: "by method 12; pack it again")) {
      Archives.zip([Entry(bytes: Rows.soundBytes, method: 12)])
    },
    .bytes("a zip inside a zip", .nothing(says: "is itself a zip file")) {
      Archives.zip([Entry(bytes: whole)])
    },
    .bytes("gzip inside a zip", .nothing(says: "is itself a gzip file")) {
      Archives.zip([Entry(bytes: Archives.gzip(Rows.soundBytes))])
    },
    Fault("a bit of the data flipped", .incomplete(nil, says: "l.csv")) { trial in
      trial.arguments = [
        try trial.input("l.zip", Archives.flipping(whole, byte: 120)),
        try trial.input("sound.csv", Rows.soundBytes), "--max-rejects", "9",
      ]
    },
    .bytes("a wrong CRC-32", .incomplete(says: "fails its CRC-32")) {
      // At byte 14 of the entry's header and byte 16 of the directory's record.
      Archives.flipping(
        Archives.flipping(whole, byte: 14), byte: whole.count - 22 - 51 + 16)
    },
    .bytes("a size that is not that of the data", .incomplete(says: "not to the 9 it states")) {
      Archives.zip([Entry(bytes: Rows.soundBytes, statedSize: 9)])
    },
    .bytes("an entry that contradicts the directory", .nothing(says: "contradicts the directory")) {
      Archives.zip([Entry(bytes: Rows.soundBytes, localCRC: 1)])
    },
    .bytes("an entry of another name than the directory's", .nothing(says: "is not where")) {
      Archives.zip([Entry(bytes: Rows.soundBytes, isUnnamedInLocalHeader: true)])
    },
    Fault("entries that share their data", .incomplete(nil, says: "entries that overlap")) {
      trial in
      trial.arguments = [
        try trial.input(
          "l.zip",
          Archives.zip([
            Entry(name: "a.csv", bytes: Rows.soundBytes),
            Entry(name: "b.csv", bytes: Rows.soundBytes, statedOffset: 0),
          ])), "--max-rejects", "9",
      ]
    },
    .bytes("more entries in the directory's end than there are", .incomplete(says: "damaged")) {
      Archives.zip([Entry(bytes: Rows.soundBytes)], statedCount: 9)
    },
    .bytes("no entries in the directory's end", .incomplete(says: "states 0 entries and lists 1")) {
      Archives.zip([Entry(bytes: Rows.soundBytes)], statedCount: 0)
    },
    .bytes(
      "fewer entries in the directory's end than there are",
      .incomplete(11, says: "states 1 entry and lists 2")
    ) {
      Archives.zip(
        [Entry(name: "a.csv", bytes: Rows.soundBytes), Entry(name: "b.csv", bytes: other)],
        statedCount: 1)
    },
    .bytes(
      "fewer entries in the directory's end of zip64",
      .incomplete(11, says: "states 1 entry and lists 2")
    ) {
      Archives.zip(
        [Entry(name: "a.csv", bytes: Rows.soundBytes), Entry(name: "b.csv", bytes: other)],
        isZip64: true, statedCount: 1)
    },
    .bytes(
      "an entry that the directory does not list",
      .incomplete(11, says: "holds more than its directory lists")
    ) {
      withUnlisted(Entry(name: "b.csv", bytes: other))
    },
    .bytes(
      "an entry of unknown size that the directory does not list",
      .incomplete(11, says: "holds more than its directory lists")
    ) {
      withUnlisted(Entry(name: "b.csv", bytes: other, hasDescriptor: true))
    },
    .bytes("zeros between an entry and the directory", .complete()) {
      inserting([UInt8](repeating: 0, count: 4_096))
    },
    .bytes(
      "other bytes between an entry and the directory",
      .incomplete(says: "holds more than its directory lists")
    ) {
      inserting([UInt8](repeating: 7, count: 30))
    },
    Fault(
      "a bit of the first bytes flipped, in a folder", .incomplete(3, says: "is not where"),
      make: { trial in
        try trial.input("l.zip", Archives.flipping(whole, byte: 1))
        try trial.input("other.csv", other)
      }),
    Fault(
      "a first block of zeros, in a folder", .incomplete(3, says: "l.zip"),
      make: { trial in
        try trial.input("l.zip", [UInt8](repeating: 0, count: 64) + whole.dropFirst(64))
        try trial.input("other.csv", other)
      }),
    Fault(
      "a bit of each byte flipped, but for those that mean nothing",
      .incomplete(nil, says: "fetch"),
      check: { trial, seen in
        // What is not named has all of its rows, or those of the two that are sound.
        let inputs = try #require(try seen.records().first?["inputs"] as? [Observation.Object])
        let reasons = try seen.reasons()
        for place in 0..<two.count where !reasons.contains(where: { $0.contains("/\(place).zip") })
        {
          let rows = inputs.filter { ($0["name"] as? String ?? "").contains("/\(place).zip!") }
            .reduce(0) { $0 + ($1["read"] as? Int ?? 0) }
          #expect(rows == 11, "byte \(place)")
        }
      },
      make: { trial in
        for place in 0..<two.count {
          try trial.input("\(place).zip", Archives.flipping(two, byte: place, bit: place % 8))
        }
      }),
    .bytes("one part of a split archive", .incomplete(says: "one part of a split archive")) {
      Archives.zip([Entry(bytes: Rows.soundBytes)], statedDisk: 3)
    },
    .bytes("a directory that lies beyond the end", .incomplete(says: "directory that is damaged")) {
      whole.dropLast(6) + Archives.little(UInt32(0x7FFF_FFFF)) + [0, 0]
    },
    .bytes("names that climb out, or are absolute: nothing is ever extracted", .complete(11)) {
      Archives.zip([
        Entry(name: "../../../../tmp/out.csv", bytes: Rows.soundBytes),
        Entry(name: "/etc/out.csv", bytes: other),
      ])
    },
    Fault(
      "a name that a terminal would obey", .complete(),
      check: { _, seen in
        #expect(!seen.errors.contains("\u{1B}") && !seen.output.contains(0x1B))
      },
      make: { trial in
        trial.arguments = [
          try trial.input(
            "l.zip", Archives.zip([Entry(name: "\u{1B}[2J", bytes: Rows.soundBytes)])),
          "--verbose",
        ]
      }),
    .bytes("a bomb of blank lines behind sound rows", .incomplete(says: "expansion_ratio")) {
      Archives.zip([Entry(bytes: Rows.soundBytes + [UInt8](repeating: 0x0A, count: 80 << 20))])
    },
    .bytes("ten thousand entries without a row", .complete()) {
      Archives.zip(
        (0..<10_000).map { Entry(name: "\($0).txt", method: 0) } + [Entry(bytes: Rows.soundBytes)])
    },
    Fault("an archive on standard input", .nothing(says: "cannot be read from a pipe")) { trial in
      trial.arguments = ["-"]
      trial.standardInput = whole
    },
  ]
}
