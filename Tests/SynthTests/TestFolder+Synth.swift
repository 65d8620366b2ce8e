import CZlib
import Foundation
import TestSupport

@testable import postern_synth

extension TestFolder {
  /// Writes a run into the folder.
  @discardableResult
  func write(_ options: SynthOptions) throws -> Truth {
    try SynthRun(folder: path, options: options).write()
  }

  /// The files, by name, with their bytes as stored.
  func contents() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      files[name] = FileManager.default.contents(atPath: "\(path)/\(name)")
    }
    return files
  }

  /// The rows of a file whose fields hold no line ends, header left out, gzip taken off.
  func rows(of name: String) -> [String] {
    let text = String(decoding: inflated(name), as: UTF8.self)
    return text.split(separator: "\n").dropFirst().map(String.init)
  }

  /// The bytes of a plain or gzip file of one or several members.
  func inflated(_ name: String) -> [UInt8] {
    let file = unsafe gzopen("\(path)/\(name)", "rb")
    defer { unsafe gzclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe gzread(file, &chunk, UInt32(chunk.count))
      guard count > 0 else { return bytes }
      bytes += chunk[..<Int(count)]
    }
  }
}

extension SynthOptions {
  /// A small run with a seed.
  static func small(seed: UInt64 = 1, rows: Int = 5_000) -> SynthOptions {
    var options = SynthOptions()
    options.seed = seed
    options.rows = rows
    options.users = 60
    return options
  }
}
