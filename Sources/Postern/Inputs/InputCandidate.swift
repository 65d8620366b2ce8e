import Decompression
import Foundation
import Platform

/// A file, an entry of an archive, or standard input, before anything is known of its content.
struct InputCandidate: Sendable {
  /// Name in results: the path as given, or as found below a given folder; `a.zip!entry` and
  /// `a.tar!entry` inside an archive.
  let name: String
  /// Path to open; `-` is standard input.
  let path: String
  /// Entry of an archive.
  let entry: ArchiveEntry?
  /// Whether the user named the file itself.
  let isExplicit: Bool

  /// Whether its bytes come once: standard input, or a pipe.
  var isReadOnce: Bool { path == "-" || FileStamp(path: path)?.isRegular == false }
}

/// A file inside an archive.
enum ArchiveEntry: Sendable {
  case zip(ZipEntry)
  case tar(TarEntry)

  /// Its path in the archive.
  var name: String {
    switch self {
    case .zip(let entry): entry.name
    case .tar(let entry): entry.name
    }
  }

  /// Name of the archive's format in results.
  var format: String {
    switch self {
    case .zip: "zip"
    case .tar: "tar"
    }
  }

  /// Opens it.
  func open(limits: InflateLimits) throws(DecompressionError) -> ByteStream {
    switch self {
    case .zip(let entry): try ByteStream.open(entry: entry, limits: limits)
    case .tar(let entry): try ByteStream.open(entry: entry, limits: limits)
    }
  }
}

/// What a search for inputs met that cannot be read.
struct InputProblem: Error, Sendable {
  let name: String
  let detail: String
}

/// Finds the files that inputs stand for.
struct InputFinder {
  private(set) var candidates: [InputCandidate] = []
  private(set) var ignored: [(name: String, reason: String)] = []
  private(set) var problems: [InputProblem] = []
  private var seen: [FileStatus.Identity: String] = [:]
  private let limits: InflateLimits

  /// Finds the files of `inputs`, in the order of their names.
  init(_ inputs: [String], limits: InflateLimits) {
    self.limits = limits
    for input in inputs {
      if input == "-" {
        candidates.append(InputCandidate(name: "-", path: "-", entry: nil, isExplicit: true))
      } else {
        visit(input, isExplicit: true)
      }
    }
    candidates.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private mutating func visit(_ path: String, isExplicit: Bool) {
    guard let status = FileStatus(path: path) else {
      problems.append(InputProblem(name: path, detail: SystemError.text))
      return
    }
    if status.kind == .folder {
      guard seen.updateValue(path, forKey: status.identity) == nil else { return }
      visitFolder(path)
      return
    }
    if !isExplicit {
      guard status.kind == .regular else {
        ignored.append((path, "not a regular file"))
        return
      }
      let name = path.split(separator: "/").last ?? ""
      if name.hasPrefix(".") {
        ignored.append((path, "hidden file"))
        return
      }
    }
    if status.kind == .regular, let first = seen.updateValue(path, forKey: status.identity) {
      seen[status.identity] = first
      ignored.append((path, "the same file as \(first)"))
      return
    }
    addFile(path, isExplicit: isExplicit, isRegular: status.kind == .regular)
  }

  private mutating func visitFolder(_ path: String) {
    guard let names = FolderContents.names(in: path) else {
      problems.append(InputProblem(name: path, detail: "the folder cannot be read"))
      return
    }
    let base = path.hasSuffix("/") ? String(path.dropLast()) : path
    for name in names { visit(base + "/" + name, isExplicit: false) }
  }

  private mutating func addFile(_ path: String, isExplicit: Bool, isRegular: Bool) {
    // A pipe gives its first bytes once, so only regular files are looked into here.
    guard isRegular, Self.isZip(path) else {
      candidates.append(
        InputCandidate(name: path, path: path, entry: nil, isExplicit: isExplicit))
      return
    }
    do {
      let (entries, damage) = try ZipDirectory.readWhole(path: path, limits: limits)
      if let damage { problems.append(InputProblem(name: path, detail: damage.placedDetail)) }
      if let workbook = Self.workbook(entries.map(\.name)) {
        problems.append(
          InputProblem(name: path, detail: "is \(workbook); save its sheet as CSV in UTF-8"))
        return
      }
      for entry in entries {
        candidates.append(
          InputCandidate(
            name: path + "!" + entry.name, path: path, entry: .zip(entry), isExplicit: false))
      }
    } catch {
      problems.append(InputProblem(name: path, detail: error.placedDetail))
      // What a damaged archive still gives is read; the archive stays named as damaged.
      for entry in (try? ZipDirectory.readDamaged(path: path, limits: limits)) ?? [] {
        candidates.append(
          InputCandidate(
            name: path + "!" + entry.name, path: path, entry: .zip(entry), isExplicit: false))
      }
    }
  }

  /// What a zip archive with these entries is, where it is the file of a spreadsheet.
  private static func workbook(_ names: [String]) -> String? {
    if names.contains(where: { $0.hasPrefix("xl/") }) { return "an Excel workbook" }
    if names.contains("content.xml"), names.contains("mimetype") { return "an OpenDocument file" }
    return names.contains("Index/Document.iwa") ? "a Numbers document" : nil
  }

  /// The bytes from a place on; fewer at the end of the file, and where it cannot be read.
  private static func bytes(of descriptor: Int32, at offset: Int, count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let step = unsafe bytes.withUnsafeMutableBytes { room in
        unsafe pread(
          descriptor, UnsafeMutableRawBufferPointer(rebasing: room[filled...]).baseAddress,
          count - filled, off_t(offset + filled))
      }
      if step < 0, errno == EINTR { continue }
      guard step > 0 else { break }
      filled += step
    }
    return Array(bytes.prefix(filled))
  }

  private static func isZip(_ path: String) -> Bool {
    let descriptor = Interruption.openForReading(path)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let bytes = Self.bytes(of: descriptor, at: 0, count: 4)
    guard bytes.count == 4 else { return false }
    if Compression.detect(firstBytes: bytes) == .zip { return true }
    // Its first bytes may be damaged.
    let byteCount = FileStatus(descriptor: descriptor)?.byteCount ?? 0
    if byteCount > 22,
      ZipDirectory.endsArchive(Self.bytes(of: descriptor, at: byteCount - 22, count: 22))
    {
      return true
    }
    // A program or script that unpacks itself has the archive behind it.
    let isProgram = [[0x7F, 0x45, 0x4C, 0x46], [0x4D, 0x5A], [0x23, 0x21]].contains {
      bytes.starts(with: $0)
    }
    return isProgram && (try? ZipDirectory.read(path: path)) != nil
  }
}
