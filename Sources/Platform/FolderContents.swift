import Glibc

/// What a folder holds, and what a link leads to: names as they are, in bytes.
package enum FolderContents {
  /// The names in a folder, in the order of their bytes.
  ///
  /// - Returns: `nil` when it cannot be read, and `errno` says why.
  package static func names(in folder: String) -> [String]? {
    guard let stream = unsafe opendir(PathText.bytes(folder)) else { return nil }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let bytes = unsafe withUnsafeBytes(of: entry.pointee.d_name) { name in
        unsafe Array(name.prefix { $0 != 0 })
      }
      let name = PathText.text(bytes)
      if name != ".", name != ".." { names.append(name) }
    }
    return errno == 0 ? names.sortedByBytes() : nil
  }

  /// What a symbolic link leads to; `nil` for what is none.
  package static func target(ofLink path: String) -> String? {
    var room = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink(PathText.bytes(path), &room, room.count)
    return count < 0 ? nil : PathText.text(room.prefix(count).map { UInt8(bitPattern: $0) })
  }
}

/// What the program was started with, in bytes.
package enum ProgramArguments {
  /// The words behind the program's own name; bytes that are no UTF-8 as in ``PathText``.
  package static var words: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { number in
      unsafe CommandLine.unsafeArgv[number].map { word in
        unsafe PathText.text(
          Array(UnsafeRawBufferPointer(start: word, count: strlen(word))))
      }
    }
  }
}
