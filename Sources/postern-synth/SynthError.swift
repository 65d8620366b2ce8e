/// A failure that ends a run of the generator.
enum SynthError: Error, Equatable, CustomStringConvertible {
  /// A system call on a file failed with an `errno` value.
  case file(operation: String, path: String, code: Int32)
  /// zlib refused to compress.
  case compression(path: String, code: Int32)

  /// What happened, where, and what to do.
  var description: String {
    switch self {
    case .file(let operation, let path, let code):
      "cannot \(operation) \(path) (errno \(code)): check the path, its permissions and free space"
    case .compression(let path, let code):
      "cannot compress \(path) (zlib \(code)): try --compression none"
    }
  }
}
