import TestSupport
import Testing

extension FaultTable {
  private typealias Entry = Archives.Entry
  private static let whole = Archives.zip([Entry(bytes: Rows.soundBytes)])
  private static let other = Array((Rows.header + Rows.rows(11...13)).utf8)

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
    .bytes("no entries in the directory's end", .incomplete(says: "holds no files")) {
      Archives.zip([Entry(bytes: Rows.soundBytes)], statedCount: 0)
    },
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
