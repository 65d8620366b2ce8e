import Testing

extension FaultTable {
  private static func utf16(_ text: String, bigEndian: Bool = false) -> [UInt8] {
    text.utf16.flatMap { unit in
      let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return bigEndian ? pair.reversed() : pair
    }
  }

  private static func foreign(
    _ bytes: [UInt8], _ name: String, says: String? = nil, need: Need = .nothing
  ) -> Fault {
    // In a folder, where what is not recognised is passed over: this could be an export.
    let answer = Answer.incomplete(says: says ?? "is compressed by \(name)")
    return Fault("\(name), in a folder", answer, need: need) { trial in
      try trial.input("a.csv", Rows.soundBytes)
      try trial.input("b.csv", bytes + Rows.soundBytes)
    }
  }

  static let encodings: [Fault] = [
    foreign([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"),
    foreign(Array("BZh91AY".utf8), "bzip2"),
    foreign([0x28, 0xB5, 0x2F, 0xFD], "zstd", need: .noZstandard),
    foreign(
      [0x28, 0xB5, 0x2F, 0xFD], "damaged zstd", says: "has zstd data that cannot be inflated",
      need: .zstandard),
    foreign([0x04, 0x22, 0x4D, 0x18], "lz4"),
    foreign([0x1F, 0x9D, 0x90], "compress"),
    foreign([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7-Zip"),
    foreign(Array("Rar!".utf8) + [0x1A, 0x07, 0x00], "RAR"),
    .bytes("UTF-8 with a byte order mark", .complete()) { [0xEF, 0xBB, 0xBF] + Rows.soundBytes },
    .bytes("UTF-16, little end first, with a mark", .complete(says: "UTF-16")) {
      [0xFF, 0xFE] + utf16(Rows.sound)
    },
    .bytes("UTF-16, big end first, without a mark", .complete(says: "UTF-16")) {
      utf16(Rows.sound, bigEndian: true)
    },
    Fault("an export in UTF-16, in a folder", .complete(duplicate: 8)) { trial in
      try trial.input("a.csv", Rows.soundBytes)
      try trial.input("b.csv", [0xFF, 0xFE] + utf16(Rows.sound))
    },
    Fault("other text in UTF-16, in a folder, which is ignored", .complete()) { trial in
      try trial.input("a.csv", Rows.soundBytes)
      try trial.input("b.txt", [0xFF, 0xFE] + utf16("Colour,Shape\nred,round\n"))
    },
    .bytes("bytes that are no UTF-8, in a value", .complete(9, says: "Windows-1252")) {
      Rows.soundBytes + Rows.row(9).utf8.map { $0 == UInt8(ascii: "C") ? 0xFF : $0 }
    },
    .bytes("NUL bytes in a value", .complete(9)) {
      Rows.soundBytes + Rows.row(9).utf8.map { $0 == UInt8(ascii: "C") ? 0 : $0 }
    },
    .bytes("a program, not an export", .nothing(says: "not recognised")) {
      [0x7F, 0x45, 0x4C, 0x46] + [UInt8](repeating: 1, count: 300)
    },
    .bytes("NUL bytes alone", .nothing(says: "nothing but zeros")) {
      [UInt8](repeating: 0, count: 5_000)
    },
    .bytes("an empty file", .nothing(says: "the file is empty")) { [] },
    .bytes("line ends alone", .nothing(says: "is empty")) { Array("\n\r\n\r\n".utf8) },
  ]
}
